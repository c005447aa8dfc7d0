"""What `glokal validate` was given to read: files, folders, packed files, a stream.

One that can't be taken never stops the others: it is put aside with its error.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import GlokalError, InputError, Place, SourceError, UsageError
from glokal.core.files.bounded_read import size_of
from glokal.rdf.any_format import is_context, read_triples
from glokal.rdf.rdf_folder import list_rdf_files
from glokal.rdf.rdf_input import (
    ENDINGS,
    STANDARD_INPUT,
    Allowance,
    RdfInput,
    open_input,
)
from glokal.rdf.source_files import SourceFile
from glokal.validation.finding import Finding
from glokal.validation.skipped_files import skipped_finding


@dataclass
class GivenFiles:
    """Opens what was given; copies of what is packed or streamed go into `folder`.

    `exclude` are patterns of names below the given folders. `broken` are the errors of
    what can't be read, `notes` say what of the folders was left out.
    """

    folder: Path
    exclude: Sequence[str] = ()
    broken: list[GlokalError] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._allowance = Allowance()
        self._streams = 0

    def open(
        self, paths: Iterable[Path], named: ox.RdfFormat | None = None
    ) -> list[RdfInput]:
        """Return what can be read, folders as the files in them, each file once.

        `named` is the format of the paths that are no folder. Raises UsageError for a
        folder without RDF and an ending that is unknown where it is all that is given,
        InputError when the files are too large together.
        """
        given = [*paths]
        results: list[RdfInput] = []
        for path in given:
            if path == STANDARD_INPUT:
                self._streams += 1
                if self._streams > 1:
                    raise UsageError(
                        "Standard input (-) is given more than once.",
                        remedy="write all but one to a file.",
                    )
            inside = self._inside(path) if path.is_dir() else None
            for one in [path] if inside is None else inside:
                try:
                    results.append(
                        open_input(
                            one,
                            self.folder,
                            self._allowance,
                            named if inside is None else None,
                        )
                    )
                except UsageError as error:
                    # Alone it is wrong use; among others it must not hide theirs.
                    if len(given) == 1:
                        raise
                    self.broken.append(_placed(error, one))
                except (InputError, SourceError) as error:
                    self.broken.append(_placed(error, one))
        self._refuse_huge(results)
        return results

    def read(self, paths: Iterable[Path]) -> list[SourceFile]:
        """Return the files of a shapes graph, read; raises as `open`."""
        results = []
        for source in self.open(paths):
            prefixes: dict[str, str] = {}
            try:
                triples = tuple(read_triples(source, prefixes))
            except InputError as error:
                self.broken.append(error)
                continue
            results.append(source.source_file("shapes", triples, prefixes))
            self.note_context(source, len(triples))
        return results

    def note_context(self, source: RdfInput, triples: int) -> None:
        """Note that a file which is a context alone was passed over."""
        if not triples and source.ending == ".jsonld" and is_context(source.path):
            self.notes.append(skipped_finding(source.name, "context"))

    def _inside(self, folder: Path) -> list[Path]:
        contents = list_rdf_files(folder, self._skip if self.exclude else None)
        self.broken += contents.wrong
        if not contents.files and not contents.wrong:
            raise UsageError(
                f"The folder {folder} holds no RDF file.",
                remedy=f"name one with files that end in {ENDINGS}.",
            )
        self.notes += [skipped_finding(name, "hidden") for name in contents.hidden]
        self.notes += [skipped_finding(name, "plain-json") for name in contents.plain]
        return [file.path for file in contents.files]

    def _skip(self, name: str) -> bool:
        return any(matches(name, pattern) for pattern in self.exclude)

    def _refuse_huge(self, inputs: Iterable[RdfInput]) -> None:
        size = sum(size_of(source.path, source.name) for source in inputs)
        most = self._allowance.megabytes
        if size > most << 20:
            raise InputError(
                f"The files hold {size >> 20} MB together; {most} are allowed.",
                remedy="validate them in parts, or raise the limit with "
                "GLOKAL_DATA_MEGABYTES.",
            )


def matches(name: str, pattern: str) -> bool:
    """Whether a name below a folder is meant by a pattern, or lies in one that is.

    As in `.gitignore`: a pattern without / means any part of the name, one with it
    begins at the folder; ** stands for any number of parts.
    """
    parts = name.split("/")
    wanted = pattern.strip("/").split("/")
    if len(wanted) == 1:
        return any(fnmatch.fnmatchcase(part, wanted[0]) for part in parts)
    return _match(parts, wanted)


def _match(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    if wanted[0] == "**":
        rest = wanted[1:]
        return any(_match(parts[n:], rest) for n in range(len(parts) + 1))
    return (
        bool(parts)
        and fnmatch.fnmatchcase(parts[0], wanted[0])
        and _match(parts[1:], wanted[1:])
    )


def _placed(error: GlokalError, path: Path) -> GlokalError:
    if error.place is not None:
        return error
    return InputError(error.what, remedy=error.remedy, place=Place(str(path)))
