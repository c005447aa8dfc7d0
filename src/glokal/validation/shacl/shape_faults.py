"""A fault of a shapes graph: in words, at its place, with its shape."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.core.errors import Place, UsageError
from glokal.core.languages import nearest
from glokal.core.namespaces import RDF, SH
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, shorten, text_of
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.property_path import ValuesBySubject


@dataclass(frozen=True)
class ShapeFault:
    """A fault: its form in `shape_faults.toml`, the node and the triple it stands in.

    `predicate` is "" when the whole node is at fault. `term` is the IRI that
    --allow-unsupported may name, "" when the fault can't be left out.
    """

    form: str
    node: Term
    predicate: str
    value: Term | None
    told: Mapping[str, str] = field(hash=False)
    term: str = ""

    def words(
        self,
        about: ValuesBySubject,
        lang: str = "en",
        prefixes: Mapping[str, str] | None = None,
    ) -> str:
        """Return what is wrong and what to do, in a language."""
        known = {
            form: next(words[x] for x in nearest(lang) if x in words)
            for form, words in _words().items()
        }
        short = dict(prefixes or {})
        fields = dict(self.told)
        fields.setdefault("term", _written(self.value, short))
        if fields.get("n") == "0":
            fields["n"] = {"en": "no"}.get(lang, "ingen")
        remedy = "write" if fields.get("close") else "say-it"
        fields["remedy"] = known[remedy].format(close=fields.get("close", ""))
        owner = owner_of(about, self.node)
        fields["shape"] = known["nameless"]
        if owner is not None:
            fields["shape"] = _written(owner, short)
        text = known[self.form].format(**fields)
        if self.term:
            name = shorten(self.term, {**short, "sh": SH})
            text += " " + known["unsupported-option"].format(term=name)
        return text


class ShapesError(UsageError):
    """A shapes graph has faults; the first is the error, `others` has the rest."""

    @classmethod
    def of(
        cls,
        faults: Iterable[ShapeFault],
        about: ValuesBySubject,
        lang: str = "en",
        files: Iterable[SourceFile] = (),
    ) -> ShapesError:
        """Return the error for some faults, each at its place in the files."""
        given = list(files)
        prefixes = {p: ns for file in given for p, ns in file.prefixes.items()}
        # Each reads its file once, however many faults there are.
        locators = [Locator(file) for file in given]
        placed = [(fault_place(f, locators), f) for f in faults]
        placed.sort(key=lambda p: _order(p[0]))
        errors = [cls(f.words(about, lang, prefixes), place=at) for at, f in placed]
        errors[0].others = tuple(errors[1:])
        return errors[0]


def fault_place(fault: ShapeFault, locators: Iterable[Locator]) -> Place | None:
    """Return where a fault stands: its predicate, or a class that it names as type.

    Where the triple has no place of its own, it is that of the node.
    """
    elsewhere: Place | None = None
    for locator in locators:
        file = locator.file
        there = locator.mentioning({fault.node})
        own = [p for p in there if p.triple.subject == fault.node]
        for p in own:
            if p.triple.predicate.value == fault.predicate and (
                fault.value in (None, p.triple.object)
                or isinstance(fault.value, ox.BlankNode)
            ):
                is_type = fault.predicate == RDF + "type"
                return p.value if is_type or fault.form == "undescribed" else p.verb
        if elsewhere is None and own:
            elsewhere = own[0].subject
        elif elsewhere is None and any(t.subject == fault.node for t in file.triples):
            elsewhere = locator.subject(text_of(fault.node)) or Place(file.name)
    return elsewhere


def owner_of(about: ValuesBySubject, node: Term) -> ox.NamedNode | None:
    """Return the shape with a name that a node stands in, itself if it has one."""
    seen: set[Term] = set()
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, ox.NamedNode):
            return here
        if here in seen:
            continue
        seen.add(here)
        waiting += [
            subject
            for subject, details in about.items()
            if any(here in values for values in details.values())
        ]
    return None


def _written(term: Term | None, prefixes: Mapping[str, str]) -> str:
    if not isinstance(term, ox.NamedNode):
        return text_of(term)
    short = shorten(term.value, prefixes)
    return f"<{term.value}>" if short == term.value else short


def _order(place: Place | None) -> tuple[str, int, int]:
    return (place.file, place.line or 0, place.column or 0) if place else ("", 0, 0)


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("glokal.validation.shacl").joinpath("shape_faults.toml")
    results: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return results
