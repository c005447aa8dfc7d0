"""What a workbook remembers of the register as it was when it was exported.

An import compares three sides by it: what it was, what the register says now, what the
workbook says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from glokal.core.errors import InputError, Place
from glokal.core.settings import Project
from glokal.workbook.layout import load_layout
from glokal.workbook.rows import Row, WorkbookRows

_FORMAT = 1


@dataclass(frozen=True)
class BaseSnapshot:
    """The rows and lists of an export, and the municipality it was made for."""

    scope: str
    rows: Mapping[str, Mapping[str, Row]]
    lists: Mapping[str, Mapping[str, str]]


def write_snapshot(content: WorkbookRows, project: Project) -> list[str]:
    """Return the base as lines: a head with a digest, the lists, each row."""
    lines = [_line(["list", name, content.lists[name]]) for name in content.lists]
    lines += [
        _line(["row", sheet, key, row])
        for sheet, rows in content.rows.items()
        for key, row in rows.items()
    ]
    head = {
        "glokal": _FORMAT,
        "project": project.things,
        "scope": content.scope,
        "digest": _digest(lines),
    }
    return [_line(head), *lines]


def read_snapshot(lines: list[str], project: Project, file: str) -> BaseSnapshot:
    """Return the base of a workbook.

    Raises InputError when it isn't one, is of another register, or was changed.
    """
    try:
        head, *rest = (json.loads(line) for line in lines if line)
        result, project_of = head["glokal"], head["project"]
        sound = head["digest"] == _digest([line for line in lines if line][1:])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _wrong("has lost what it remembers of the register", file) from error
    if result != _FORMAT:
        raise _wrong("was made by another version of Glokal", file)
    if project_of != project.things:
        raise _wrong(f"belongs to another register, {project_of}", file)
    # Whoever changes it can make its digest too: it is only proof against slips.
    if sound:
        with suppress(ValueError):
            return _read_rows(head, rest)
    raise _wrong("has been changed in its hidden sheet", file)


def _read_rows(head: dict[str, object], said: list[object]) -> BaseSnapshot:
    """Return the base; ValueError when it isn't made of what `write_snapshot`
    writes.
    """
    columns = {s.name: {c.name for c in s.columns} for s in load_layout().sheets}
    lists: dict[str, dict[str, str]] = {}
    rows: dict[str, dict[str, Row]] = {}
    for line in said:
        match line:
            case ["list", str(name), dict(labels)] if _is_text(labels):
                lists[name] = labels
            case ["row", str(name), str(key), dict(row)] if _is_text(
                row
            ) and row.keys() == columns.get(name):
                rows.setdefault(name, {})[key] = row
            case _:
                raise ValueError("no line of a base")
    scope = head.get("scope")
    if not isinstance(scope, str):
        raise ValueError("no municipality")
    return BaseSnapshot(scope, rows, lists)


def _is_text(said: dict[object, object]) -> bool:
    return all(isinstance(k, str) and isinstance(v, str) for k, v in said.items())


def _line(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _wrong(what: str, file: str) -> InputError:
    return InputError(
        f"The workbook {what}.",
        remedy="export it anew with glokal sheet export, and fill in that one.",
        place=Place(file),
    )
