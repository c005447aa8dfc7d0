"""The prefixes that what is written of a project is shortened with."""

from __future__ import annotations

from glokal.core.namespaces import RDF
from glokal.dataset.workspace import Workspace
from glokal.source.statements import STATEMENT


def all_prefixes(workspace: Workspace) -> dict[str, str]:
    """Return the prefixes that the source files declare, sorted."""
    results: dict[str, str] = {}
    for file in workspace.files:
        results.update(file.prefixes)
    return dict(sorted(results.items()))


def statement_prefixes(workspace: Workspace) -> dict[str, str]:
    """Return the prefixes for the nodes of statements (`glokal.source.provenance`)."""
    return {"rdf": RDF, "statement": f"{workspace.project.things}{STATEMENT}/"}
