"""Write docs/api.md from the docstrings of `glokal.api`.

`python -m tests.api_document` rewrites what stands between the marks of the document.
"""

from __future__ import annotations

import dataclasses
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path

from glokal import api

DOCUMENT = Path(__file__).parents[1] / "docs" / "api.md"
START, END = "<!-- api -->\n", "<!-- /api -->\n"
_POSITIONAL = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)


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
    """Return how a function is called, with its types as they are written."""
    assert callable(thing)
    shown, kind = [], inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.signature(thing)
    for each in signature.parameters.values():
        if each.name == "self":
            continue
        if each.kind is each.KEYWORD_ONLY and kind in _POSITIONAL:
            shown.append("*")
        kind = each.kind
        stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(kind, "")
        given = "" if each.default is each.empty else f" = {each.default!r}"
        shown.append(f"{stars}{each.name}: {each.annotation}{given}")
    return f"({', '.join(shown)}) -> {signature.return_annotation}"


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
    for kind in sorted(kinds, key=_place_of):
        lines += [f"## `{kind.__name__}`", "", _text(kind), ""]
        if dataclasses.is_dataclass(kind) and kind is not api.Project:
            fields = [f"`{f.name}: {f.type}`" for f in dataclasses.fields(kind)]
            lines += [textwrap.fill(", ".join(fields), 10_000), ""]
        lines += _members(kind) if kind is api.Project else ()
    lines += ["## `PlainValue`", "", f"`{api.PlainValue}`", ""]
    return "\n".join(lines).rstrip() + "\n"


def _place_of(kind: type) -> tuple[bool, bool, str]:
    """Order what is listed: the project, plain values by name, then errors."""
    error = issubclass(kind, api.GlokalError)
    return (
        kind is not api.Project,
        error,
        "" if kind is api.GlokalError else kind.__name__,
    )


def document() -> str:
    """Return the document with the reference as it is now."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    return f"{before}{START}\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
