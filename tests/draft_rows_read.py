"""The appendix as `data/strategy` has it, to hold a draft of its table against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from glokal.core.namespaces import GLO, RDFS, SKOS
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.source.draft_row import DraftRow


def listed(rows: Sequence[DraftRow], *columns: str) -> list[tuple[str, ...]]:
    return [
        (*(r.values[c] for c in columns), " ".join(r.quote.split()))
        for r in rows
        if r.sheet == "entries"
    ]


def entries(workspace: Workspace) -> Counter[tuple[str, ...]]:
    """The appendix as data/strategy has it: municipality, subject area, quotation."""
    said: dict[str, dict[str, str]] = {}
    for file in workspace.files:
        for t in file.triples:
            if getattr(t.object, "language", None) in (None, "nb"):
                of = said.setdefault(text_of(t.subject), {})
                of[t.predicate.value] = text_of(t.object)
    results: Counter[tuple[str, ...]] = Counter()
    for of in said.values():
        if GLO + "entryOf" in of:
            municipality = said[of[GLO + "entryOf"]][GLO + "governs"]
            area = said[of[GLO + "inSubjectArea"]][SKOS + "prefLabel"]
            quote = " ".join(of[GLO + "exactQuote"].split())
            results[said[municipality][RDFS + "label"], area, quote] += 1
    assert results.total() == 64
    return results
