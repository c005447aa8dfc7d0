"""A recorded session with the language server, as docs/editors.md shows it.

`python -m tests.editing_session` prints it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from lsprotocol import types as lsp

from tests.conftest import ROOT
from tests.test_lsp import Editor, editor

FILE = "data/supplement/organisations.ttl"
DATE, NO_DATE = '"2021-07-01"^^xsd:date', '"2021-06-31"^^xsd:date'
TERM, MISSPELT = "glo:startDate", "glo:startDato"


def record() -> str:
    """Return the session as text: what is written, underlined, said and fixed."""
    return asyncio.run(_record())


async def _record() -> str:
    text = (ROOT / FILE).read_text(encoding="utf-8")
    entries = [f"{FILE} is opened."]
    async with editor(ROOT, FILE) as held:
        entries += _shown(text, await held.write(text))
        entries.append(f"\nThe date becomes {NO_DATE}.")
        wrong = text.replace(DATE, NO_DATE, 1)
        entries += _shown(wrong, await held.write(wrong))
        entries.append("\nThe date is written rightly again.")
        entries += _shown(text, await held.write(text))
        entries.append(f"\n{TERM} becomes {MISSPELT}.")
        wrong = text.replace(TERM, MISSPELT, 1)
        found = await held.write(wrong)
        entries += _shown(wrong, found)
        entries += await _fixed(held, wrong, found)
    return "\n".join(entries)


async def _fixed(held: Editor, text: str, found: list[lsp.Diagnostic]) -> list[str]:
    (fault,) = [d for d in found if d.data]
    actions = await held.client.text_document_code_action_async(
        lsp.CodeActionParams(held.document, fault.range, lsp.CodeActionContext([fault]))
    )
    action = (actions or [])[0]
    assert isinstance(action, lsp.CodeAction)
    assert action.edit is not None and action.edit.changes is not None
    (edit,) = action.edit.changes[held.uri]
    lines = text.splitlines(keepends=True)
    line, at = edit.range.start.line, edit.range.start.character
    lines[line] = (
        lines[line][:at] + edit.new_text + lines[line][edit.range.end.character :]
    )
    fixed = "".join(lines)
    return [
        f"\nThe fix “{action.title}” is taken.",
        *_shown(fixed, await held.write(fixed)),
    ]


def _shown(text: str, found: Iterable[lsp.Diagnostic]) -> list[str]:
    results = []
    for fault in found:
        start, end = fault.range.start, fault.range.end
        results += [
            f"{start.line + 1:>5} {text.splitlines()[start.line]}",
            " " * (6 + start.character) + "~" * (end.character - start.character),
            f"      {fault.message}",
        ]
    return results or ["      Nothing is underlined."]


def main() -> None:
    """Print the session."""
    print(record())


if __name__ == "__main__":
    main()
