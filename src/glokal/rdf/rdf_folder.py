"""The files of a folder that hold RDF, by their endings and the keywords of JSON-LD."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from glokal.core.errors import InputError, Place, SourceError
from glokal.core.files.bounded_read import as_input
from glokal.core.files.file_names import meant_ending
from glokal.core.files.folder_walk import Contents, Skip, walk_folder
from glokal.rdf.rdf_input import FORMATS_BY_ENDING, PACKED, ending_of, has_known_ending

# The first part of a JSON file, in which JSON-LD has one of its keywords.
_SMALL = 1 << 20
_KEYWORDS = ("context", "graph", "id", "type")


def rdf_files(folder: Path, skip: Skip | None = None) -> Contents:
    """Return the files of a folder and of those below it that hold RDF, by their names.

    A link is followed when it leads to something in the folder. `skip` tells which
    names below the folder are passed over. Raises InputError for the first thing that
    can't be taken, or was meant to be read.
    """
    contents = list_rdf_files(folder, skip)
    for error in contents.wrong:
        raise InputError(error.what, remedy=error.remedy, place=error.place)
    return contents


def list_rdf_files(folder: Path, skip: Skip | None = None) -> Contents:
    """Return what `rdf_files` does, with all that can't be taken in `wrong`.

    A file such as `x.ttl.txt` was meant to be read, but not `x.ttl.sha256` beside
    `x.ttl`. JSON is taken when it is JSON-LD, with a keyword of it in its first part.
    """
    with as_input():
        contents = walk_folder(folder, str(folder), folder, portable=False, skip=skip)
    known, plain = [], []
    listed = {file.name for file in contents.files}
    for file in contents.files:
        # Packed beside itself, as publishers and hosts have it, a file is read once.
        copy = file.name.endswith(PACKED) and file.name.removesuffix(PACKED) in listed
        if copy or not has_known_ending(file.path.name):
            continue
        is_json = ending_of(file.path.name) == (".json", False)
        if is_json and not _has_keyword(file.path):
            plain.append(file.name)
        else:
            known.append(file)
    names = {file.name for file in known} | set(plain)
    wrong = list(contents.wrong)
    for file in contents.files:
        if file.name in names or file.name.rpartition(".")[0] in names:
            continue
        meant = meant_ending(file.path.name, FORMATS_BY_ENDING, ())
        if meant:
            wrong.append(
                SourceError(
                    f"The name of the file does not end in {meant}, so it would not be "
                    "read.",
                    remedy="save it as it should be under a name that ends in "
                    f"{meant}, or take it away.",
                    place=Place(file.name),
                )
            )
    return dataclasses.replace(contents, files=known, wrong=wrong, plain=plain)


def _has_keyword(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_SMALL)
    return any(f'"@{word}"'.encode() in head for word in _KEYWORDS)
