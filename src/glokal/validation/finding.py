"""A finding: where it is, what is wrong, what to do, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.core.errors import Place
from glokal.core.languages import nearest
from glokal.rdf.terms import Term
from glokal.validation.property_path import ShaclPath

# What a reader of each language reads as easily.
_NEAR = {
    "nb": ("nb", "no", "nn", ""),
    "nn": ("nn", "nb", "no", ""),
    "sv": ("sv", "nb", "no", "nn", ""),
    "en": ("en", ""),
}


class Severity(IntEnum):
    """How grave a finding is; the values are those of SHACL (section 2.1.4)."""

    INFO = 0
    WARNING = 1
    VIOLATION = 2

    @property
    def label(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Name:
    """A label in the reader's language, and the name as it is written in the data."""

    label: str = ""
    written: str = ""
    quotes: str = "«»"

    def __str__(self) -> str:
        if not self.label:
            return self.written
        quoted = f"{self.quotes[0]}{self.label}{self.quotes[1]}"
        return f"{quoted} ({self.written})" if self.written else quoted

    def __bool__(self) -> bool:
        return bool(self.label or self.written)


@dataclass(frozen=True, slots=True)
class ShownNames:
    """What a finding speaks of, in the reader's language; empty where there is none.

    `near` is what is allowed and looks like what was written.
    """

    focus: Name = Name()
    path: Name = Name()
    value: Name = Name()
    allowed: str = ""
    near: str = ""
    rule: Name = Name()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that a step found.

    `path` is the IRI of a property, or ""; `graph` names the file at fault, where a
    step knows it. `seen` is what stands at the place, where that is a value; SHACL
    leaves `value` empty when there are too many. `anchor` says where a blank node
    stands, for it has no name. `shape` and `component` say which constraint of SHACL
    was not met, and `route` by which path, when that is no property; other steps
    leave them out. `details` say why a shape inside the shape is not met,
    `source` which SPARQL constraint found it, `own_severity` the IRI of a severity that
    is none of SHACL's three. What is `advice` is told and fails no run.
    """

    step: str
    rule: str
    severity: Severity
    message: Mapping[str, str] = field(hash=False)
    place: Place | None = None
    seen: Term | None = None
    anchor: str = ""
    focus: Term | None = None
    path: str = ""
    value: Term | None = None
    graph: str = ""
    shape: Term | None = None
    component: str = ""
    route: ShaclPath | None = None
    advice: bool = False
    shown: ShownNames = ShownNames()
    details: tuple[Finding, ...] = ()
    source: Term | None = None
    own_severity: str = ""

    def text(self, lang: str) -> str:
        """Return the message in a language, else in the nearest, else in any."""
        for choice in (*nearest(lang), "en", ""):
            if choice in self.message:
                return self.message[choice]
        return next(iter(self.message.values()), "")


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by file, the worst first, then by place and rule."""

    def order(finding: Finding) -> tuple[str, int, int, int, str, str, str]:
        place = finding.place or Place("")
        return (
            place.file,
            -finding.severity,
            place.line or 0,
            place.column or 0,
            finding.rule,
            str(finding.focus),
            str(finding.value),
        )

    return sorted(findings, key=order)


def near_text(messages: Mapping[str, str], lang: str) -> str:
    """Return the text that a reader of a language reads as easily, "" for none."""
    for near in _NEAR[lang]:
        for language, text in messages.items():
            if language.partition("-")[0] == near:
                return text
    return ""


def known_messages(step: str) -> Mapping[str, Mapping[str, str]]:
    """Return what a step can say, by rule and language; {x} is filled in."""
    return _messages().get(step, {})


@cache
def _messages() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("glokal.validation").joinpath("messages.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class FocusNode:
    """A node that a finding is about, with the property of it and the value there."""

    node: str | Term | None
    path: str = ""
    value: Term | None = None


def make_finding(
    step: str,
    rule: str,
    *,
    severity: Severity = Severity.VIOLATION,
    focus: str | Term | FocusNode | None = None,
    place: Place | None = None,
    advice: bool = False,
    **filled: object,
) -> Finding:
    """Return a finding with the words that `messages.toml` has for its rule."""
    about = focus if isinstance(focus, FocusNode) else FocusNode(focus)
    node = _node(about.node) if isinstance(about.node, str) else about.node
    words = {k: v.format(**filled) for k, v in _messages()[step][rule].items()}
    return Finding(
        step,
        rule,
        severity,
        words,
        place,
        focus=node,
        path=about.path,
        value=about.value,
        advice=advice,
    )


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
