"""Queries of the closed list, made at random: small ones, and the worst there are.

Big joins, parts that share nothing, the same predicate again and again, predicates that
are variables, filters that leave no row.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyoxigraph as ox

from glokal.core.namespaces import RDF

E = "http://e/"
TYPE = f"<{RDF}type>"
_NAMES = "abcdef"


class Terms:
    """Terms of a graph to make queries of: those that are seldom come as often."""

    def __init__(self, store: ox.Store, most: int = 3000) -> None:
        predicates: dict[str, None] = {}
        subjects: dict[str, None] = {}
        objects: dict[str, None] = {}
        self.classes: dict[str, None] = {}
        default = ox.DefaultGraph()
        for number, quad in enumerate(
            store.quads_for_pattern(None, None, None, default)
        ):
            if str(quad.predicate) == TYPE:
                self.classes[str(quad.object)] = None
            predicates[str(quad.predicate)] = None
            # The first ones, and then here and there.
            if number < most or number % 97 == 0:
                if isinstance(quad.subject, ox.NamedNode):
                    subjects[str(quad.subject)] = None
                if isinstance(quad.object, ox.NamedNode) or (
                    isinstance(quad.object, ox.Literal) and len(str(quad.object)) < 200
                ):
                    objects[str(quad.object)] = None
        self.predicates = [*predicates, f"<{E}nothing>"]
        self.subjects = [*subjects, f"<{E}nobody>"]
        self.objects = [*objects, '"nothing"', "7"]
        self.kinds = [*self.classes, f"<{E}NoClass>"]


def queries(terms: Terms, seed: int, number: int) -> Iterator[str]:
    """Yield queries of the closed list about terms; the same for the same seed."""
    made = random.Random(seed)
    for _ in range(number):
        yield _query(made, terms)


def _query(made: random.Random, terms: Terms) -> str:
    size = made.choice((1, 1, 2, 2, 2, 3, 3, 4, 5))
    # One variable for all subjects, a chain, anything, or parts that share nothing.
    shape = made.choice(("star", "star", "chain", "any", "apart"))
    verb = made.choice(terms.predicates) if made.random() < 0.2 else ""
    patterns, names = [], set[str]()
    for at in range(size):
        subject, object_ = {
            "star": ("?a", f"?{_NAMES[at + 1]}"),
            "chain": (f"?{_NAMES[at]}", f"?{_NAMES[at + 1]}"),
            "any": (f"?{made.choice('abc')}", f"?{made.choice('def')}"),
            "apart": (f"?s{at}", f"?o{at}"),
        }[shape]
        kind = verb or made.choice([*terms.predicates, TYPE, TYPE, "?p", f"?p{at}"])
        if made.random() < 0.15:
            subject = made.choice(terms.subjects)
        if kind == TYPE and made.random() < 0.8:
            object_ = made.choice(terms.kinds)
        elif made.random() < 0.2:
            object_ = made.choice(terms.objects)
        patterns.append(f"{subject} {kind} {object_} .")
        names |= {t[1:] for t in (subject, kind, object_) if t.startswith("?")}
    listed = sorted(names)
    filters = ""
    if listed and made.random() < 0.5:
        filters = " ".join(
            f"FILTER({_condition(made, made.choice(listed), terms)})"
            for _ in range(made.choice((1, 1, 2)))
        )
    body = f"{{ {' '.join(patterns)} {filters} }}"
    if not listed or made.random() < 0.1:
        return f"ASK {body}"
    shown = "*" if made.random() < 0.4 else " ".join(f"?{n}" for n in listed[:3])
    distinct = "DISTINCT " if made.random() < 0.15 else ""
    order = ""
    if made.random() < 0.5:
        keys = made.sample(listed, min(len(listed), made.choice((1, 1, 2, 3))))
        order = " ORDER BY " + " ".join(
            f"DESC(?{key})" if made.random() < 0.3 else f"?{key}" for key in keys
        )
    limit = f" LIMIT {made.choice((0, 1, 10, 100, 1000, 10**7))}"
    limit = limit if made.random() < 0.6 else ""
    offset = f" OFFSET {made.choice((1, 20))}" if made.random() < 0.1 else ""
    return f"SELECT {distinct}{shown} {body}{order}{limit}{offset}"


def _condition(made: random.Random, name: str, terms: Terms) -> str:
    constant = made.choice([*terms.objects, *terms.subjects])
    sign = made.choice("= != < > <= >=".split())
    return made.choice(
        (
            f"?{name} {sign} {constant}",
            f'?{name} = "what nobody has"',
            f"?{name} {sign} {made.randrange(100)}",
            f"BOUND(?{name})",
            f'LANG(?{name}) = "nb"',
            f'LANGMATCHES(LANG(?{name}), "n")',
            f"!(?{name} {sign} {constant}) && ?{name} != {made.choice(terms.subjects)}",
            f"?{name} = {constant} || ?{name} = {made.choice(terms.objects)}",
        )
    )


def uneven_graph(things: int) -> Iterator[ox.Quad]:
    """Yield a graph in which means say little, about nine triples a thing.

    One thing has a value of each tenth of them, one value most things; classes have
    one, some, and nearly all things; texts are short and long.
    """
    made = random.Random(7)

    def name(text: str) -> ox.NamedNode:
        return ox.NamedNode(E + text)

    is_a, hub = ox.NamedNode(RDF + "type"), name("thing/0")
    for at in range(things):
        thing = name(f"thing/{at}")
        kind = "Rare" if at % 30_000 == 7 else "Some" if at % 500 == 1 else "Usual"
        yield ox.Quad(thing, is_a, name(kind))
        yield ox.Quad(thing, is_a, name(f"Class{at % 100}"))
        for tongue in ("nb", "nn", "en")[: 1 + at % 3]:
            label = ox.Literal(f"What thing {at} is called", language=tongue)
            yield ox.Quad(thing, name("label"), label)
        yield ox.Quad(thing, name("number"), ox.Literal(made.randrange(50)))
        yield ox.Quad(thing, name("next"), name(f"thing/{(at + 1) % things}"))
        yield ox.Quad(thing, name("near"), name(f"thing/{made.randrange(things)}"))
        yield ox.Quad(thing, name("of"), hub)
        yield ox.Quad(thing, name("weight"), ox.Literal(made.random()))
        if at % 10 == 0:
            yield ox.Quad(hub, name("has"), thing)
        if at % 1000 == 0:
            text = ox.Literal(f"{at} " + "x" * made.choice((300, 30_000)))
            yield ox.Quad(thing, name("text"), text)
