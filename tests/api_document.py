"""Write docs/api.md from the docstrings of `glokal.api`.

`python -m tests.api_document` rewrites what stands between the marks of the document.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from glokal import api

DOCUMENT = Path(__file__).parents[1] / "docs" / "api.md"
START, END = "<!-- api -->\n", "<!-- /api -->\n"


def _text(thing: object) -> str:
    """Return a docstring as Markdown: examples become blocks of code."""
    text = inspect.getdoc(thing) or ""
    parts = text.split("\n\n")
    shown = [
        f"```pycon\n{part}\n```" if part.startswith(">>> ") else " ".join(part.split())
        for part in parts
    ]
    return "\n\n".join(shown)


def _signature(thing: object) -> str:
    assert callable(thing)
    text = str(inspect.signature(thing))
    # The module's own names and the standard ones are read more easily bare.
    return (
        re.sub(r"'([^']*)'", r"\1", text)
        .replace("(self, ", "(")
        .replace("(self)", "()")
    )


def _members(kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"### `{kind.__name__}.{name}`\n\n{_text(member)}\n"
        elif inspect.isfunction(member):
            shown = f"{kind.__name__}.{name}{_signature(member)}"
            yield f"### `{shown}`\n\n{_text(member)}\n"


def reference() -> str:
    """Return the reference: the module, then what it lists, functions first."""
    listed = [getattr(api, name) for name in api.__all__]
    functions = [each for each in listed if inspect.isfunction(each)]
    kinds = [each for each in listed if inspect.isclass(each)]
    lines = [_text(api), ""]
    for each in functions:
        lines += [f"## `{each.__name__}{_signature(each)}`", "", _text(each), ""]
    for kind in sorted(kinds, key=lambda k: (k is not api.Project, k.__name__)):
        lines += [f"## `{kind.__name__}`", "", _text(kind), ""]
        if dataclasses.is_dataclass(kind) and kind is not api.Project:
            fields = [f"`{f.name}: {f.type}`" for f in dataclasses.fields(kind)]
            lines += [textwrap.fill(", ".join(fields), 10_000), ""]
        lines += _members(kind) if kind is api.Project else ()
    return "\n".join(lines).rstrip() + "\n"


def document() -> str:
    """Return the document with the reference as it is now."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    return f"{before}{START}\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
