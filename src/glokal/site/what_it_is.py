"""The sentence at the top of a page that says what its thing is.

In come the kinds that are asserted of the thing and a few of its properties; the words
stand in `what_it_is.toml`. It says no more than the data do.
"""

from __future__ import annotations

from collections.abc import Iterable

from glokal.core.namespaces import GLO, RDF
from glokal.core.text_tables import table, texts
from glokal.site.graph_view import GraphView


def what_it_is(view: GraphView, iri: str, lang: str) -> str:
    """Return the sentence, "" for kinds that have no words."""
    words = texts("kinds", view.translations)[lang]
    kinds = set(view.objects(iri, RDF + "type"))
    order = table("kinds")["en"]["kinds"]
    said = [words["kinds"][kind] for kind in order if GLO + kind in kinds]
    if not said:
        return ""
    parts = {
        text.format(names=_listed(_nearest(view, iri, GLO + prop, lang), words["and"]))
        for prop, text in words["where"].items()
        if view.objects(iri, GLO + prop)
    }
    where = "".join(f" {part}" for part in sorted(parts))
    name = view.link(iri, lang).text
    # A thing of two kinds is called by the one that tells most: the first.
    sentence: str = words["sentence"].format(name=name, kind=said[0], where=where)
    return sentence


def _nearest(view: GraphView, iri: str, prop: str, lang: str) -> list[str]:
    """Return the names of a property's values without those that hold another one."""
    values = view.objects(iri, prop)
    wider = {w for v in values for w in view.objects(v, GLO + "subProgrammeOf")}
    return [v.text for v in view.linked((v for v in values if v not in wider), lang)]


def _listed(names: Iterable[str], last: str) -> str:
    *first, end = list(names)
    return ", ".join(first) + (last if first else "") + end
