"""What an import says: the rows that are taken and not, the faults in words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from glokal.workbook.changes import NEW, CellFault, ImportPlan, RowChange
from glokal.workbook.layout import load_layout
from glokal.workbook.read_workbook import SubmittedWorkbook

_MOST = 5


def report_texts(lang: str) -> Mapping[str, str]:
    """Return the words of a language."""
    return _words()[lang]


def fault_text(fault: CellFault, asked: RowChange, lang: str) -> str:
    """Return a fault in words; a shape speaks for itself."""
    if fault.name == "shape":
        return str(fault.details[lang])
    mine = asked.row.get("name_nb", "")
    return report_texts(lang)[fault.name].format(**{"mine": mine, **fault.details})


def report_lines(
    plan: ImportPlan, filled: SubmittedWorkbook, lang: str
) -> Iterator[str]:
    """Yield lines that tell what becomes of each row that asks for something."""
    words, layout = report_texts(lang), load_layout()
    for heading, rows in (
        (words["accepted"], plan.accepted),
        (words["rejected"], plan.rejected),
    ):
        if rows:
            yield f"{heading}: {len(rows)}"
        for request in rows:
            sheet = layout.sheet(request.line.sheet)
            place = f"{sheet.title}, {words['row']} {request.line.number}"
            state = words[NEW if request.state == NEW else "changed"]
            key = request.key
            if request.state == NEW and not request.faults:
                key = words["frozen"].format(key=key)
            titles = ", ".join(
                c.title for c in sheet.columns if c.name in request.edits
            )
            name = request.row.get("name_nb", "")
            message = f"«{name}» " if name else ""
            yield f"  {place}: {message}({', '.join(x for x in (state, key) if x)})"
            if request.state != NEW and titles:
                yield f"      {titles}"
            for fault in request.faults:
                column = filled.columns.get((sheet.name, fault.column), "")
                cell = f"{column}{request.line.number}: " if column else ""
                yield f"      {cell}{fault_text(fault, request, lang)}"
    yield from _notes(plan, words)


def _notes(plan: ImportPlan, words: Mapping[str, str]) -> Iterator[str]:
    if plan.missing:
        names = [key for _, key in plan.missing]
        yield words["missing"].format(n=len(names), names=_some(names))
    if plan.hidden:
        yield words["hidden"].format(n=plan.hidden)
    if plan.ignored:
        yield words["ignored"].format(names=_some(list(plan.ignored)))


def _some(names: list[str]) -> str:
    more = f" … (+{len(names) - _MOST})" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.workbook").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
