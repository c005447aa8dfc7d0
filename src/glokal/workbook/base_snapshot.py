"""What a workbook remembers of the register as it was when it was exported.

An import compares three sides by it: what it was, what the register says now, what the
workbook says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import dataclass

from glokal.core.settings import Project
from glokal.workbook.layout import BOOK_LANGUAGES, load_layout
from glokal.workbook.rows import SheetRow, WorkbookRows
from glokal.workbook.whole_file import whole_fault

# Workbooks of format 1 had no flat sheet, one language, and fewer columns.
_FORMAT, _FIRST = 2, 1


@dataclass(frozen=True)
class BaseSnapshot:
    """The rows and lists of an export, the municipality and the language it is for.

    `first` says that it is of the first format, which has no flat sheet.
    """

    scope: str
    lang: str
    first: bool
    rows: Mapping[str, Mapping[str, SheetRow]]
    lists: Mapping[str, Mapping[str, str]]


def write_snapshot(content: WorkbookRows, project: Project) -> list[str]:
    """Return the base as lines: a head with a digest, the lists, each row."""
    lines = [_line(["list", name, content.lists[name]]) for name in content.lists]
    lines += [
        _line(["row", sheet, key, row])
        for sheet, rows in content.rows.items()
        # The flat sheet shows what the others have.
        if sheet != "report"
        for key, row in rows.items()
    ]
    head = {
        "glokal": _FORMAT,
        "project": project.things,
        "scope": content.scope,
        "lang": content.lang,
        "digest": _digest(lines),
    }
    return [_line(head), *lines]


def read_snapshot(
    lines: list[str], project: Project, file: str, lang: str
) -> BaseSnapshot:
    """Return the base of a workbook.

    Raises WorkbookFault when it isn't one, is of another register, or was changed.
    """
    try:
        head, *rest = (json.loads(line) for line in lines if line)
        result, project_of = head["glokal"], head["project"]
        sound = head["digest"] == _digest([line for line in lines if line][1:])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise whole_fault("lost", lang, file) from error
    if result not in (_FIRST, _FORMAT):
        raise whole_fault("version", lang, file)
    if project_of != project.things:
        raise whole_fault("other_register", lang, file, project=project_of)
    # Whoever changes it can make its digest too: it is only proof against slips.
    if sound:
        with suppress(ValueError):
            return _read_rows(head, rest)
    raise whole_fault("changed", lang, file)


def _read_rows(head: dict[str, object], said: list[object]) -> BaseSnapshot:
    """Return the base; ValueError when it isn't made of what `write_snapshot`
    writes.
    """
    columns = {s.name: {*s.names} for s in load_layout().sheets}
    # It is shown on the flat sheet alone.
    columns["activity"].add("area")
    first = head["glokal"] == _FIRST
    lists: dict[str, dict[str, str]] = {}
    rows: dict[str, dict[str, SheetRow]] = {}
    for line in said:
        match line:
            case ["list", str(name), dict(labels)] if _is_text(labels):
                lists[name] = labels
            case ["row", str(name), str(key), dict(row)] if _is_text(row) and _fits(
                row.keys(), columns.get(name), first
            ):
                rows.setdefault(name, {})[key] = row
            case _:
                raise ValueError("no line of a base")
    scope, lang = head.get("scope"), head.get("lang", BOOK_LANGUAGES[0])
    if not isinstance(scope, str) or lang not in BOOK_LANGUAGES:
        raise ValueError("no municipality, or no language")
    return BaseSnapshot(scope, str(lang), first, rows, lists)


def _fits(there: Set[object], wanted: set[str] | None, first: bool) -> bool:
    return wanted is not None and (there == wanted or (first and there < wanted))


def _is_text(said: dict[object, object]) -> bool:
    return all(isinstance(k, str) and isinstance(v, str) for k, v in said.items())


def _line(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
