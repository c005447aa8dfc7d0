"""The values of a canned query's parameters, held against what the project knows."""

from __future__ import annotations

from collections.abc import Mapping

from glokal.core.errors import UsageError
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.labels import ThingTypes
from glokal.dataset.workspace import Workspace


def bind_known(
    workspace: Workspace, query: CannedQuery, values: Mapping[str, str], lang: str
) -> str:
    """Return the text of a query with values for its parameters, as slugs or IRIs.

    Raises UsageError for an unknown parameter, and for a value that names no thing of
    the parameter's kind; an empty answer would say something else.
    """
    text = query.bind(values, project=workspace.project, lang=lang)
    known = {str(t.subject) for f in workspace.files for t in f.triples}
    kinds = ThingTypes(t for f in workspace.files for t in f.triples)
    defaults = {p.name: p.default for p in query.parameters}
    for key, term in query.terms(values, workspace.project).items():
        if term not in known or not kinds.alike(term[1:-1], defaults[key]):
            near = query.closest_values(key, values[key], known)
            remedy = f"choose one of {near}."
            raise UsageError(
                f"There is no {key} {values[key]!r}.",
                remedy=remedy if near else f"leave it out; the data have no {key}.",
                name="unknown.value" if near else "unknown.any_value",
                values={"parameter": key, "word": values[key], "near": near},
            )
    return text
