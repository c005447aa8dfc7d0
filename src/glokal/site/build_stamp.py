"""Whether a publication is already what a build would make.

The mark of a build holds two digests: of everything that went in (sources, settings,
Glokal itself, the libraries), and of everything that came out. When both still hold,
building again would change no byte. Anybody can write such a mark, so it counts only
when the cache, which is signed, has the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from glokal.core.files.folder_entries import folders_below
from glokal.core.settings import SETTINGS, Project
from glokal.core.signed_cache import read_plain
from glokal.rdf.project_files import FOLDERS, folder_of
from glokal.site.build_environment import environment_digest
from glokal.site.finished_files import finish_file

STAMP = ".glokal"


def input_digest(project: Project) -> str:
    """Return the digest of all that a build reads."""
    package = Path(__file__).parents[1]
    read = (f for name in FOLDERS for f in folder_of(project, name).files)
    files = [(file.name, file.path) for file in read]
    files += [(p.relative_to(package.parent).as_posix(), p) for p in _in(package)]
    files.insert(0, (SETTINGS, project.root / SETTINGS))
    named = [(name, _of_file(path)) for name, path in files]
    return _digest([*named, ("environment", environment_digest())])


def package_digest() -> str:
    """Return the digest of what pages are made with: Glokal, its libraries."""
    package = Path(__file__).parents[1]
    files = ((p.relative_to(package).as_posix(), p) for p in _in(package))
    named = [(name, _of_file(path)) for name, path in files]
    return _digest([*named, ("environment", environment_digest())])


def file_digests(root: Path) -> dict[str, str]:
    """Return the digest of each file of a built publication, by its path."""
    return {
        "/".join(parts): _of_file(root.joinpath(*parts))
        for parts in sorted(_parts_in(root))
    }


def output_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of a built publication by those of its files; not its mark."""
    return _digest((name, result) for name, result in digests.items() if name != STAMP)


def is_up_to_date(project: Project, target: Path) -> bool:
    """Whether a folder holds exactly what a build would make."""
    return is_made_from(project, target, lambda: input_digest(project))


def is_made_from(project: Project, target: Path, inputs: Callable[[], str]) -> bool:
    """Whether a folder holds what a build of these inputs, by their digest, has made.

    The project is the one whose cache knows what has been built.
    """
    text = project.cache("made").read(_entry(target))
    try:
        if text is None or read_plain(target / STAMP) != text.encode():
            return False
    except OSError:
        return False
    made_from, result = text.split()
    # What has changed costs no look at what there is.
    if made_from != inputs():
        return False
    if any(path.is_symlink() for path in target.rglob("*")):
        return False
    return result == output_digest(file_digests(target))


def is_of_these_sources(project: Project, target: Path) -> bool:
    """Whether a publication says that it was made of the sources as they are.

    Its mark alone is looked at, so that this holds for a copy, too; for what is only
    told, never for what is left out because of it.
    """
    try:
        text = read_plain(target / STAMP).decode()
    except (OSError, UnicodeDecodeError):
        return False
    return text.split()[:1] == [input_digest(project)]


def write_stamp(
    project: Project, root: Path, digests: Mapping[str, str] | None = None
) -> None:
    """Write the mark of a finished build; `digests` are as `file_digests` has them."""
    write_mark(root, input_digest(project), digests)


def write_mark(
    root: Path, inputs: str, digests: Mapping[str, str] | None = None
) -> None:
    """Write the mark of a finished build that was made from inputs of this digest."""
    told = file_digests(root) if digests is None else digests
    text = f"{inputs}\n{output_digest(told)}\n"
    (root / STAMP).write_text(text, encoding="utf-8")
    finish_file(root, STAMP)


def remember_stamp(project: Project, target: Path) -> None:
    """Remember what has been built in a folder, so that it is known again."""
    text = (target / STAMP).read_text(encoding="utf-8")
    project.cache("made").write(_entry(target), text)


def name_of(target: Path) -> str:
    """Return a name for a publication's folder, to keep things by."""
    return hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:16]


def _entry(target: Path) -> str:
    return f"{name_of(target)}.mark"


def _in(folder: Path) -> Iterator[Path]:
    for parts in sorted(_parts_in(folder)):
        yield folder.joinpath(*parts)


def _parts_in(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield the parts of the path of each file in a folder.

    The bytes that Python has compiled are left out.
    """
    start = len(str(folder)) + 1
    for here, entries in folders_below(folder):
        parts = tuple(here[start:].split("/")) if here[start:] else ()
        if "__pycache__" not in parts:
            for entry in entries:
                if entry.is_file():
                    yield (*parts, entry.name)


def _of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(named: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.sha256()
    for name, content in named:
        digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()
