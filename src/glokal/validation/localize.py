"""Findings and syntax errors in words that each reader knows."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.errors import GlokalError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import Finding, Name, ShownNames, near_text
from glokal.validation.property_path import ShaclPath, ValuesBySubject, read_path
from glokal.validation.shacl.constraint_messages import ConstraintMessages


def localize_findings(
    findings: Iterable[Finding],
    names: DisplayNames,
    shapes: ValuesBySubject,
    known: Collection[str] = (),
) -> list[Finding]:
    """Return the findings with names for what they speak of, each with a message.

    `shapes` says what each shape of a SHACL finding holds. A shape's own message is
    kept; when it is in a language of its own, it stands behind our words. `known` are
    the IRIs that may have been meant where one is unknown.
    """
    words = ConstraintMessages(names, shapes, known)
    # Many findings are about one thing, and many say the same.
    things: dict[Term | None, Name] = {}
    said: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def thing(term: Term | None) -> Name:
        if term not in things:
            things[term] = names.thing(term)
        return things[term]

    # The same shape is met often, and says the same each time.
    fields: dict[
        tuple[Term | None, str, str, str], tuple[Name, ShaclPath | None, str, str]
    ] = {}
    results = []
    for f in findings:
        kind = words.kind_of(f.shape, f.component, f.value)
        key = f.shape, f.component, f.path, kind
        if key not in fields:
            route = shape_path(shapes, f.shape)
            prop = names.path(f.path, f.shape, route)
            fields[key] = (
                prop,
                route,
                words.allowed(f.shape, f.component),
                words.message(f.shape, f.component, prop, kind) if f.component else "",
            )
        prop, route, allowed, built_in = fields[key]
        owner = names.owner(f.shape)
        rule = f.rule if owner is None else owner.value
        message = f.message
        if built_in:
            message = {**message, names.lang: _message(f, built_in, names.lang)}
        message = said.setdefault(tuple(message.items()), message)
        shown = ShownNames(
            focus=thing(f.focus),
            path=prop,
            value=thing(f.seen if f.value is None else f.value),
            allowed=allowed,
            near=words.near(f),
            rule=names.rule(rule),
        )
        # What is inside is told once under each finding, in its own words.
        inside = localize_findings(f.details, names, shapes, known) if f.details else []
        results.append(
            dataclasses.replace(
                f,
                rule=rule,
                message=message,
                route=route,
                shown=shown,
                details=tuple(inside),
            )
        )
    return results


def spoken_of(finding: Finding) -> Iterator[str]:
    """Yield the IRIs that a finding speaks of, and those inside it."""
    terms = (finding.focus, finding.value, finding.seen, finding.shape)
    yield from (text_of(t) for t in terms if isinstance(t, ox.NamedNode))
    yield finding.path
    for detail in finding.details:
        yield from spoken_of(detail)


def _message(finding: Finding, built_in: str, lang: str) -> str:
    near = near_text(finding.message, lang)
    others = [text for _, text in sorted(finding.message.items())]
    return near or " ".join([built_in, *(f"«{text}»" for text in others[:1])])


def shape_path(shapes: ValuesBySubject, shape: Term | None) -> ShaclPath | None:
    """Return the path of a shape, None when it has none."""
    if shape is None:
        return None
    term = next(iter(shapes.get(shape, {}).get(SH + "path", ())), None)
    return read_path(shapes, term) if term is not None else None


def explain(error: GlokalError) -> dict[str, str]:
    """Return what an error says in each language: what is wrong, then what to do.

    The usual messages of the parsers have words of their own; another is shown as it
    is, with a sentence around it.
    """
    other = _errors()["other"]
    return _known(error) or {
        lang: other[lang].format(what=error.what) for lang in PAGE_LANGUAGES
    }


def in_language(error: GlokalError, lang: str) -> GlokalError:
    """Return the error with its words in a language, itself when it has none."""
    words = explain(error) if "syntax error" in error.what else _known(error)
    return type(error)(words[lang], place=error.place) if words else error


def _known(error: GlokalError) -> dict[str, str]:
    for known in _errors()["error"]:
        match = re.search(known["pattern"], error.what)
        if match:
            filled = match.groupdict(default="")
            return {lang: known[lang].format(**filled) for lang in PAGE_LANGUAGES}
    return {}


@cache
def _errors() -> dict[str, Any]:
    file = resources.files("glokal.validation").joinpath("errors.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
