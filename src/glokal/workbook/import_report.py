"""What an import says: the rows that are taken and not, the faults in words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from glokal.core.plurals import filled as filled_in
from glokal.workbook.changes import NEW, CellFault, ImportPlan, RowChange
from glokal.workbook.layout import Layout
from glokal.workbook.personal_data import redacted
from glokal.workbook.read_workbook import SubmittedWorkbook
from glokal.workbook.remarks import COLOUR, DRAWING, STRIKE, Remark

_MOST = 5


def report_texts(lang: str) -> Mapping[str, str]:
    """Return the words of a language."""
    return _words()[lang]


def import_fault_text(fault: CellFault, asked: RowChange, lang: str) -> str:
    """Return a fault in words; a shape speaks for itself."""
    if fault.name == "shape":
        return str(fault.details[lang])
    return report_texts(lang)[fault.name].format(**_details(fault, asked))


def _details(fault: CellFault, asked: RowChange) -> Mapping[str, object]:
    return {"mine": asked.row.get("name_nb", ""), **fault.details}


def report_lines(
    plan: ImportPlan, filled: SubmittedWorkbook, lang: str
) -> Iterator[str]:
    """Yield lines that tell what becomes of each row that asks for something."""
    words, layout = report_texts(lang), filled.layout
    for heading, rows in (
        (words["accepted"], plan.accepted),
        (words["rejected"], plan.rejected),
    ):
        if rows:
            yield f"{heading}: {len(rows)}"
        for request in rows:
            yield from _row_lines(request, layout, filled, lang)
    yield from _notes(plan, lang)


def _row_lines(
    request: RowChange, layout: Layout, filled: SubmittedWorkbook, lang: str
) -> Iterator[str]:
    words = report_texts(lang)
    sheet = layout.sheet(request.line.sheet)
    place = f"{sheet.title}, {words['row']} {request.line.number}"
    state = words[NEW if request.state == NEW else "changed"]
    if request.again:
        state = words["again"]
    key = request.key
    if request.state == NEW and not request.faults:
        key = words["frozen"].format(key=key)
    titles = ", ".join(c.title for c in sheet.columns if c.name in request.edits)
    name = request.row.get("name_nb", "")
    message = f"«{name}» " if name else ""
    yield f"  {place}: {message}({', '.join(x for x in (state, key) if x)})"
    if request.state != NEW and titles:
        yield f"      {titles}"
    for fault in request.faults:
        column = filled.columns.get((sheet.name, fault.column), "")
        cell = f"{column}{request.line.number}: " if column else ""
        yield f"      {cell}{import_fault_text(fault, request, lang)}"
        hint = words.get(f"{fault.name}_editor")
        if hint:
            yield f"          {hint.format(**_details(fault, request))}"


def remark_lines(
    remarks: tuple[Remark, ...], lang: str, *, public: bool = False
) -> Iterator[str]:
    """Yield what was said beside the cells, a line each.

    With `public`, names of persons, telephone numbers and mail addresses are left out.
    """
    words = report_texts(lang)
    for remark in remarks:
        if remark.kind == DRAWING:
            yield words["drawing"]
            continue
        if remark.kind in (COLOUR, STRIKE):
            said = words[remark.kind].format(rows=remark.cell, colour=remark.text)
            yield f"{remark.sheet}: {said}"
            continue
        hidden = redacted(remark.text, "[…]")
        text = hidden if public else remark.text
        about = f", «{remark.about}»" if remark.about else ""
        head = f", {remark.head}" if remark.head else ""
        personal = f" ({words['personal']})" if hidden != remark.text else ""
        text = " / ".join(text.splitlines())
        yield (
            f"{remark.sheet} {remark.cell} ({words[remark.kind]}{head}{about}): "
            f"{text}{personal}"
        )


def _notes(plan: ImportPlan, lang: str) -> Iterator[str]:
    words = report_texts(lang)
    accepted = {a.line.number for a in plan.accepted}
    rows = [f"{n} ← {above}" for n, above in plan.offered.items() if n in accepted]
    if rows:
        yield words["offered"].format(rows=", ".join(rows))
    if plan.proposals:
        names = [f"«{a.row['name_nb']}» ({a.key})" for a in plan.proposals]
        yield words["proposals"].format(names=", ".join(names))
    if plan.missing:
        names = [key for _, key in plan.missing]
        yield filled_in(words["missing"], lang, n=len(names), names=_some(names))
    if plan.hidden:
        yield filled_in(words["hidden"], lang, n=plan.hidden)
    if plan.notes:
        yield words["old_letters"].format(names=", ".join(plan.notes))
    if plan.remarks:
        yield words["remarks"].format(n=len(plan.remarks))
        for line in remark_lines(plan.remarks, lang):
            yield f"  {line}"


def _some(names: list[str]) -> str:
    more = f" … (+{len(names) - _MOST})" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.workbook").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
