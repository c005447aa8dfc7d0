"""Drafted statements that nobody has confirmed: the project can't be published so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glokal.core.settings import Project
from glokal.rdf.source_files import SourceFile
from glokal.source.draft_files import marked_things, unconfirmed
from glokal.validation.finding import Finding, make_finding

STEP = "quotes"


def check_drafts(files: Iterable[SourceFile], project: Project) -> Iterator[Finding]:
    """Yield a finding for each thing that has the mark of a draft.

    It stands in `drafts/`, or somebody has moved it to the data with its mark.
    """
    for iri, place, document in unconfirmed(project):
        command = f"glokal draft apply drafts/{document}.xlsx"
        yield make_finding(STEP, "draft", focus=iri, place=place, command=command)
    for file in files:
        for node in sorted(marked_things(file.triples), key=str):
            yield make_finding(STEP, "draft-in-data", focus=node, graph=file.graph)
