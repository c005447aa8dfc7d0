"""What is said of a thing, statement by statement; and what the whole graph covers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyoxigraph as ox

from glokal.assistants.answers import (
    DISPUTED,
    OTHER_SOURCE,
    REPORTED,
    STATED,
)
from glokal.assistants.publication_index import Library
from glokal.assistants.thing_types import own_type
from glokal.assistants.tools import tool_words
from glokal.core.namespaces import GLO, OWL, RDF
from glokal.dataset.labels import LABEL_PROPERTIES
from glokal.dataset.views import IN_STRATEGY, VIEWS
from glokal.rdf.terms import text_of
from glokal.site.page_values import in_language
from glokal.sparql.plain_values import plain_value

# Statements of one thing that an answer has at most.
MOST = 200
_NOT_TOLD = (*LABEL_PROPERTIES, RDF + "type", GLO + "statedIn")


def statements_of(
    library: Library, iri: str, lang: str, seen: str = IN_STRATEGY
) -> dict[str, Any]:
    """Return a thing's names and what is said of it, each with status and words.

    What was reported is among it when `seen` is the view of that.
    """
    view = library.view
    names = [t.object for t in view.out(iri) if t.predicate.value in LABEL_PROPERTIES]
    told = [t for t in view.out(iri) if t.predicate.value not in _NOT_TOLD]
    said = [
        _statement(library, t, lang)
        for t in told
        if t.object in in_language([u.object for u in told], lang)
    ]
    said += [
        _statement(library, t, lang)
        for t in sorted(view.into(iri), key=str)
        if t.predicate.value.startswith(GLO) and view.path(text_of(t.subject))
    ]
    if seen == IN_STRATEGY:
        said = [s for s in said if s["status"] != REPORTED]
    return {
        "thing": iri,
        "label": library.label(iri, lang),
        "names": {
            n.language or "": n.value for n in names if isinstance(n, ox.Literal)
        },
        "type": own_type(library.names, iri).removeprefix(GLO)
        or (view.kind_iris(iri) or [""])[0].removeprefix(GLO),
        "page": library.page(iri, lang),
        "total": len(said),
        "statements": said[:MOST],
    }


def _statement(library: Library, triple: ox.Triple, lang: str) -> dict[str, Any]:
    view = library.view
    subject, predicate = text_of(triple.subject), triple.predicate.value
    passages = library.cited.provenance.of(triple)
    value = view.cell(triple.object, lang)
    return {
        "about": subject,
        "aboutLabel": view.link(subject, lang).text,
        "property": view.term(predicate, lang),
        "value": None
        if isinstance(triple.object, ox.Triple)
        else plain_value(triple.object),
        "label": value.text,
        "status": _status(library, triple),
        "quotations": [library.quotation(p, lang).values() for p in passages],
    }


def _status(library: Library, triple: ox.Triple) -> str:
    view = library.view
    if triple in view.added or triple in view.registered:
        return OTHER_SOURCE
    if triple in view.reported:
        return REPORTED
    status = view.objects(text_of(triple.subject), GLO + "verificationStatus")
    return DISPUTED if any(s.endswith("/disputed") for s in status) else STATED


def coverage_of(library: Library, lang: str) -> dict[str, Any]:
    """Return what the graph has, and what it doesn't."""
    view, project, own = library.view, library.project, "en" if lang == "en" else "nb"
    counts = Counter(
        kind
        for iri in library.names.things()
        for kind in library.names.classes(iri)
        if kind.startswith(GLO)
    )
    classes = [
        kind for kind in view.subjects_of_type(OWL + "Class") if kind.startswith(GLO)
    ]
    having = {c for t in _stated_types(library) for c in library.names.above(t)}
    without = [kind for kind in classes if kind not in having]
    return {
        "strategy": library.strategy_title(lang),
        "edition": project.version,
        "modified": str(project.modified),
        "unofficial": project.unofficial,
        "address": library.home(lang),
        "licence": project.licence,
        "views": list(VIEWS),
        "has": [
            {
                "type": kind.removeprefix(GLO),
                "label": library.label(kind, lang),
                "things": number,
            }
            for kind, number in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        ],
        "passages": len(library.cited.provenance.source.passages),
        "hasNone": [library.label(kind, lang) for kind in without],
        "limits": tool_words()[own]["limits"],
        "askInstead": project.contact.email or project.contact.url,
        "note": tool_words()["note"],
    }


def _stated_types(library: Library) -> set[str]:
    return {
        text_of(t.object)
        for triples in (
            library.workspace.inferred,
            *(f.triples for f in library.workspace.files),
        )
        for t in triples
        if t.predicate.value == RDF + "type"
    }
