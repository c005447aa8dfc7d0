"""The sentence at the top of a page that says what its thing is.

In come the kinds that are asserted of the thing, a few of its properties and what is
tied to it; the words stand in `what_it_is.toml`. It says no more than the data do, and
nothing where that would be the kind alone, which stands above it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from glokal.core.namespaces import GLO, RDF
from glokal.core.text_tables import table, texts
from glokal.dataset.answer_sentence import number_in_words
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_words import counted
from glokal.site.relations import RelationIndex

# Of kinds whose words tell more than the name of the kind.
_TELLING = {"SubjectArea", "CollaboratorGroup"}
# So many municipalities are named, of more the number is said.
_NAMED = 5


def what_it_is(view: GraphView, net: RelationIndex, iri: str, lang: str) -> str:
    """Return the sentence, "" for kinds without words and where it says nothing."""
    words = texts("kinds", view.translations)[lang]
    kinds = set(view.objects(iri, RDF + "type"))
    order = table("kinds")["en"]["kinds"]
    found = [kind for kind in order if GLO + kind in kinds]
    if not found:
        return ""
    parts = {
        text.format(names=_listed(_nearest(view, iri, GLO + prop, lang), words["and"]))
        for prop, text in words["where"].items()
        if view.objects(iri, GLO + prop)
    }
    told = [*sorted(parts), *_told(view, net, iri, lang, words, found[0])]
    if not told and found[0] not in _TELLING:
        return ""
    name = view.link(iri, lang).text
    # A thing of two kinds is called by the one that tells most: the first.
    kind = words["kinds"][found[0]]
    where = "".join(f" {part}" for part in told)
    sentence: str = words["sentence"].format(name=name, kind=kind, where=where)
    return sentence


def _told(
    view: GraphView,
    net: RelationIndex,
    iri: str,
    lang: str,
    words: Mapping[str, Any],
    kind: str,
) -> list[str]:
    """Return for whom the appendix lists a thing, or how much is tied to it."""
    spelt = texts("sentence", view.translations)[lang]["numbers"]
    if number := len(net.at.get(iri, ())):
        key = "under" if kind == "Programme" else "tied"
        form = counted(words, key, number, lang, f"{key}_many")
        return [form.format(number=number_in_words(number, spelt))]
    whose = {
        area
        for t in view.into(iri)
        if t.predicate.value == GLO + "refersTo"
        for authority in view.objects(text_of(t.subject), GLO + "entryOf")
        for area in view.objects(authority, GLO + "governs")
    }
    if len(whose) > _NAMED:
        form = words["listed_many"]
        return [form.format(number=number_in_words(len(whose), spelt))]
    names = [v.text for v in view.linked(whose, lang)]
    return [words["listed"].format(names=_listed(names, words["and"]))] if names else []


def _nearest(view: GraphView, iri: str, prop: str, lang: str) -> list[str]:
    """Return the names of a property's values without those that hold another one."""
    values = view.objects(iri, prop)
    wider = {w for v in values for w in view.objects(v, GLO + "subProgrammeOf")}
    return [v.text for v in view.linked((v for v in values if v not in wider), lang)]


def _listed(names: Iterable[str], last: str) -> str:
    *first, end = list(names)
    return ", ".join(first) + (last if first else "") + end
