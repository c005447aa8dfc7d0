"""What the rules do not cover, refused by name so that they never silently give less.

An axiom is refused for its form, before the rules run. A thing is refused after they
have run, when an axiom says that it has something which the graph does not name:
rules follow what is named only, and HermiT also what must be.
"""

from __future__ import annotations

import pyoxigraph as ox

from glokal.core.errors import ToolError
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.rdf.terms import shorten
from glokal.reasoning.rule_queries import rows_of

_REMEDY = 'set engine = "hermit" under [reason] in publication.toml'


class UncoveredError(ToolError):
    """The rules would give less than HermiT."""


def refuse_uncovered(store: ox.Store) -> None:
    """Raise UncoveredError when an axiom has a form that no rule covers."""
    results = sorted(
        {(_short(form), _short(of)) for form, of in rows_of(store, "forms")}
    )
    if results:
        named = ", ".join(f"{form} (of {of})" if of else form for form, of in results)
        raise UncoveredError(
            f"No rule covers {named}.",
            remedy=f"say it in a form that the rules cover, or {_REMEDY}.",
        )


def refuse_unnamed(store: ox.Store) -> None:
    """Raise UncoveredError when a thing must have something that is not named."""
    results = sorted(set(rows_of(store, "unnamed")))
    if results:
        thing, needed = results[0]
        more = f" So it is with {len(results) - 1} more." if len(results) > 1 else ""
        raise UncoveredError(
            f"By the axioms {_short(thing)} has more under {_short(needed)} than the "
            f"graph names, and the rules follow only what is named.{more}",
            remedy=f"name it, or {_REMEDY}.",
        )


def _short(iri: str) -> str:
    return shorten(iri, STANDARD_PREFIXES)
