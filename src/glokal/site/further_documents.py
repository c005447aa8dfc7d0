"""What stands in a further document alone, and what the pages call that document.

A project may have an action plan beside its strategy. What only the plan says is not
said by the strategy, and its page names the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glokal.core.namespaces import GLO
from glokal.site.graph_view import GraphView

_STATED = ("statedIn", "affirmedIn", "omittedIn")


def further_document(view: GraphView, iri: str, lang: str) -> str:
    """Return what the document is called that alone speaks of a thing.

    "" where the strategy does, where nothing does, and in a project of one document. A
    document is called as the plan that it documents, else by its own title.
    """
    if len(view.instances("SourceDocument")) < 2:
        return ""
    said_in = {d for one in view.together(iri) for d in _documents(view, one)}
    if not said_in or any(is_strategy(view, document) for document in said_in):
        return ""
    called = view.linked({_called(view, document) for document in said_in}, lang)
    return ", ".join(value.text for value in called)


def passages_named_by_document(view: GraphView) -> frozenset[str]:
    """Return the pages of passages whose citation begins with their document."""
    if len(view.instances("SourceDocument")) < 2:
        return frozenset()
    return frozenset(
        view.path(passage)
        for passage in view.instances("SourcePassage")
        for document in view.objects(passage, GLO + "passageOf")
        if not is_strategy(view, document)
    )


def is_strategy(view: GraphView, document: str) -> bool:
    """Whether a document documents a strategy, and no other plan."""
    strategies = view.instances("InternationalStrategy")
    return any(p in strategies for p in view.objects(document, GLO + "documents"))


def words_of_document(words: Mapping[str, Any], document: str) -> Mapping[str, Any]:
    """Return the words of a page about what a further document alone says."""
    own = words["of_document"].items()
    return {**words, **{name: text.format(document=document) for name, text in own}}


def _documents(view: GraphView, iri: str) -> set[str]:
    """Return the documents of the passages of a thing; of a passage its own."""
    passages = [p for name in _STATED for p in view.objects(iri, GLO + name)]
    return {d for p in (iri, *passages) for d in view.objects(p, GLO + "passageOf")}


def _called(view: GraphView, document: str) -> str:
    return next(iter(view.objects(document, GLO + "documents")), document)
