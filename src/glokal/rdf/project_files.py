"""The one rule for what is read of a project's folders (docs/configuration.md).

Each file is read, left out with a word, or refused with its place and what to do.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from glokal.core.errors import Place, SourceError, UsageError
from glokal.core.files.file_names import meant_ending, shown_name
from glokal.core.files.folder_walk import Contents, FoundFile, walk_folder
from glokal.core.settings import Project

STRATEGY, REFERENCE, SUPPLEMENT, REGISTER, PROVENANCE = (
    "strategy",
    "reference",
    "supplement",
    "register",
    "provenance",
)
DATA_KINDS = (STRATEGY, REFERENCE, SUPPLEMENT, REGISTER, PROVENANCE)
# Further documents of the strategy: text that statements rest on, like source.ttl.
DOCUMENTS = "source"
# The region's own codes, such as the subject areas of its mapping: data/codes.ttl.
CODE_LISTS = "codes"
# The graph of those that it takes up of the codes that regions have in common.
COMMON = "common-codes"
# Names that the graphs made by Glokal itself have.
_TAKEN = (COMMON, "inferred", "ontology", "standard-words", "view")
# Files that were meant to be read, in another format or under another name.
_RDF_ENDINGS = (
    *(".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".jsonld", ".turtle", ".shacl"),
    *(".rdfxml", ".ntriples", ".nquads"),
)
# A name of a file becomes part of an IRI, and of the names of files that are made.
_NAME = re.compile(r"[\w.-]+", re.ASCII)
# That of expected rows has the choice of parameters in it.
_ROWS = re.compile(r"[\w.,=-]+", re.ASCII)
# With the longest ending that is put behind it, a name must fit in 255 bytes, the
# limit of the usual file systems.
LONGEST_NAME = 200


@dataclass(frozen=True)
class FolderKind:
    """What a folder holds: the endings that are read, and others that belong there.

    `beside` are the endings of files that Glokal itself writes there and doesn't read
    again. `deep` is whether the folders in it are read as well.
    """

    read: tuple[str, ...]
    similar: tuple[str, ...] = _RDF_ENDINGS
    known: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    deep: bool = False
    name: re.Pattern[str] = _NAME


_KINDS = {
    "ontology": FolderKind((".ttl", ".rq"), known=("waivers.toml",)),
    "shapes": FolderKind((".ttl",)),
    "data": FolderKind((".ttl",), deep=True),
    "queries": FolderKind((".rq",), (".sparql",)),
    "expected": FolderKind((".csv",), (), name=_ROWS),
    "words": FolderKind((".po",), (".pot", ".mo", ".xliff")),
    "drafts": FolderKind((".ttl", ".applied.json"), beside=(".xlsx",)),
    "editions": FolderKind((".toml", ".ttl", ".nq.gz"), ()),
}
FOLDERS = tuple(_KINDS)
# What is a region's own: no folder that Glokal brings takes their place.
_OWN = ("data", "drafts", "editions", "expected", "words")


@dataclass
class Folder:
    """What a folder of a project holds: the files that are read, and the others.

    `wrong` are the faults, `left_out` has the name of each and why: hidden, empty,
    unknown, or no-query for expected rows without their query.
    """

    files: list[FoundFile] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[SourceError] = field(default_factory=list)

    def of(self, ending: str) -> list[FoundFile]:
        """Return the files with an ending; raises the first fault of the folder."""
        if self.wrong:
            raise self.wrong[0]
        return [file for file in self.files if file.path.name.endswith(ending)]


def folder_of(project: Project, name: str) -> Folder:
    """Return what is read of a folder of a project, or of the one Glokal brings.

    Raises SourceError for a folder that is none, InputError for one that can't be read,
    UsageError when there are no data at all.
    """
    kind = _KINDS[name]
    path = project.root / name if name in _OWN else project.folder(name)
    boundary = project.boundary(name)
    misnamed = [] if boundary else list(_misnamed(project, name))
    if boundary is None and name == "data" and not misnamed:
        called = project.root.resolve().name
        raise UsageError(
            f"{called} has no folder data.",
            remedy="read a document into it with glokal source import FILE, or put the "
            "region's Turtle files in data/strategy.",
            name="project.no_data",
            values={"folder": called},
        )
    if boundary is None and (name in _OWN or misnamed):
        return Folder(wrong=misnamed)
    contents = walk_folder(path, name, boundary)
    folder = Folder(wrong=list(contents.wrong))
    folder.left_out += [(hidden, "hidden") for hidden in contents.hidden]
    folder.wrong += _folders(contents, name, kind)
    folder.left_out += [(empty, "empty") for empty in contents.empty]
    for file in contents.files:
        error = _refused(file, name, kind)
        if error is not None:
            folder.wrong.append(error)
        elif file.path.name.endswith(kind.read):
            folder.files.append(file)
        elif file.path.name not in kind.known and not file.path.name.endswith(
            kind.beside
        ):
            folder.left_out.append((file.name, "unknown"))
    if name in ("queries", "expected"):
        beside = folder if name == "queries" else folder_of(project, "queries")
        orphans = _orphans(folder.files, beside.files)
        folder.left_out += [(file, "no-query") for file in orphans]
    if not folder.files and not folder.wrong and name in ("ontology", "shapes", "data"):
        folder.wrong.append(_nothing(name, kind))
    return folder


def left_out(project: Project) -> Iterator[tuple[str, str]]:
    """Yield what is not read of a project's own folders, and why."""
    for name in FOLDERS:
        try:
            if project.boundary(name) is not None:
                yield from folder_of(project, name).left_out
        except SourceError:
            # It is told of as refused.
            continue


def refused(project: Project) -> Iterator[SourceError]:
    """Yield each fault in what a project's folders hold, none in what files say."""
    for name in FOLDERS:
        try:
            yield from folder_of(project, name).wrong
        except SourceError as error:
            yield error


def data_kind(file: FoundFile) -> str:
    """Return which kind of data a file in `data/` holds, by its folder.

    Beside the folders lie the text of the strategy and the region's codes.
    """
    parts = file.name.split("/")
    if len(parts) > 2:
        return parts[1] if parts[1] != DOCUMENTS else STRATEGY
    return kind_beside(file.path.stem)


def kind_beside(name: str) -> str:
    """Return which kind of data a file holds that lies in no folder of `data/`."""
    return CODE_LISTS if name in (CODE_LISTS, COMMON) else STRATEGY


def _orphans(files: list[FoundFile], queries_in: list[FoundFile]) -> Iterator[str]:
    """Yield the names of expected rows that belong to no query."""
    names = [file.path.name for file in queries_in]
    queries = tuple(n.removesuffix("rq") for n in names if n.endswith(".rq"))
    for file in files:
        if file.path.name.endswith(".csv") and not file.path.name.startswith(queries):
            yield file.name


def _folders(contents: Contents, name: str, kind: FolderKind) -> Iterator[SourceError]:
    for folder in contents.folders:
        _, first, *rest = folder.split("/")
        if rest or (name == "data" and first in (*DATA_KINDS, DOCUMENTS)):
            continue
        if name == "data":
            inside = (f.name for f in contents.files if f.name.startswith(f"{folder}/"))
            yield _unknown_kind(next(inside, folder), first)
        elif not kind.deep:
            yield SourceError(
                f"Folders in {name} are not read.",
                remedy=f"move its files up into {name}, or take it away.",
                place=Place(folder),
            )


def _unknown_kind(place: str, name: str) -> SourceError:
    close = difflib.get_close_matches(name.lower(), DATA_KINDS, n=1, cutoff=0.6)
    perhaps = f"; perhaps data/{close[0]} is meant" if close else ""
    return SourceError(
        f"The folder data/{name} is none of {', '.join(DATA_KINDS)}{perhaps}.",
        remedy=f"call it data/{close[0]}, or move its files to one of them."
        if close
        else "move its files to one of them.",
        place=Place(place),
    )


def _refused(file: FoundFile, folder: str, kind: FolderKind) -> SourceError | None:
    name = file.path.name
    place = Place(file.name)
    if folder == "data" and file.name.split("/")[1:] in [
        [known] for known in DATA_KINDS
    ]:
        return SourceError(
            "This is a file, where a folder should be.",
            remedy="make it a folder, or give it another name.",
            place=place,
        )
    if folder == "queries" and name.endswith(_KINDS["expected"].read):
        return SourceError(
            "Expected rows stand in the folder expected.",
            remedy=f"move it to expected/{shown_name(name)}.",
            place=place,
        )
    if name.endswith(kind.read):
        return _wrong_name(file, folder, kind)
    meant = meant_ending(name, kind.read, kind.similar)
    if not meant or name in kind.known:
        return None
    if folder == "editions":
        return None
    return SourceError(
        f"The name of the file does not end in {meant}, so it would not be read.",
        remedy=f"save it as it should be under a name that ends in {meant}, or take "
        "it away.",
        place=place,
    )


def _wrong_name(file: FoundFile, folder: str, kind: FolderKind) -> SourceError | None:
    place = Place(file.name)
    parts = file.name.split("/")[1:]
    for part in parts:
        if not kind.name.fullmatch(part):
            return SourceError(
                "The name of the file can't be part of the IRI of its graph.",
                remedy="give the file a name of ASCII letters, digits, - and _.",
                place=place,
            )
        if len(part) > LONGEST_NAME:
            return SourceError(
                f"The name has {len(part)} characters; {LONGEST_NAME} are allowed.",
                remedy="shorten it.",
                place=place,
            )
    if folder == "data" and parts[0].removesuffix(".ttl") in _TAKEN:
        return SourceError(
            f"A graph of the name {parts[0].removesuffix('.ttl')} is made by Glokal.",
            remedy="give the file another name.",
            place=place,
        )
    return None


def _nothing(name: str, kind: FolderKind) -> SourceError:
    remedy = "put Turtle files in it"
    if name != "data":
        remedy += f", or remove it: the {name} that Glokal brings is used then"
    return SourceError(
        f"The folder {name} has no file that ends in {kind.read[0]}.",
        remedy=f"{remedy}.",
        place=Place(name),
    )


def _misnamed(project: Project, wanted: str) -> Iterator[SourceError]:
    """Yield the folders that were perhaps meant to be the one that is missing."""
    for path in sorted(project.root.iterdir()):
        name = shown_name(path.name)
        if difflib.get_close_matches(name.lower(), FOLDERS, 1, 0.8) != [wanted]:
            continue
        if path.is_dir() and _holds(path, _KINDS[wanted].read):
            yield SourceError(
                f"The folder {name} is not read; {wanted} would be.",
                remedy=f"call it {wanted}, or something less like it.",
                place=Place(name),
            )


def _holds(path: Path, endings: tuple[str, ...]) -> bool:
    return any(result.name.endswith(endings) for result in path.rglob("*"))
