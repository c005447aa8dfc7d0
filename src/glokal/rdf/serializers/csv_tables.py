"""CSV per class: a row a thing, a column a property and language (RFC 4180).

Several values stand in one cell with | between them; a | or a \\ in a value has a \\ in
front. Links are IRIs, so that tables can be joined.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import GLO, OWL, RDF, STANDARD_PREFIXES
from glokal.rdf.terms import shorten, text_of

_SOLE = "iri"
_LANGUAGES = ("", "nb", "nn", "en", "sma")


def class_tables(triples: Collection[ox.Triple]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of a table for each class of the project's words.

    A thing of two classes stands in both tables. The ontology's own terms are no
    things and stand in none.
    """
    members: dict[str, list[str]] = defaultdict(list)
    about: dict[str, list[ox.Triple]] = {}
    for t in triples:
        if t.predicate.value == RDF + "type" and isinstance(t.subject, ox.NamedNode):
            kind = text_of(t.object)
            if kind.startswith(GLO):
                members[kind].append(t.subject.value)
                about[t.subject.value] = []
    for t in triples:
        if isinstance(t.subject, ox.NamedNode) and t.subject.value in about:
            about[t.subject.value].append(t)
    for kind in sorted(members):
        rows = {iri: _row(about[iri]) for iri in sorted(set(members[kind]))}
        yield _file_name(kind.removeprefix(GLO)), _table(rows)


def _row(triples: list[ox.Triple]) -> dict[str, str]:
    cells: dict[str, list[str]] = defaultdict(list)
    for t in triples:
        if t.predicate.value == RDF + "type" and text_of(t.object).startswith(OWL):
            continue
        column = shorten(t.predicate.value, STANDARD_PREFIXES)
        if isinstance(t.object, ox.Literal) and t.object.language:
            column += f"@{t.object.language}"
        cells[column].append(re.sub(r"([\\|])", r"\\\1", text_of(t.object)))
    return {column: "|".join(sorted(values)) for column, values in cells.items()}


def _table(rows: dict[str, dict[str, str]]) -> str:
    columns = sorted({column for row in rows.values() for column in row}, key=_order)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_SOLE, *columns])
    writer.writerows(
        [iri, *(row.get(c, "") for c in columns)] for iri, row in rows.items()
    )
    return out.getvalue()


def _order(column: str) -> tuple[bool, str, int, str]:
    """Names first, then the rest by the alphabet; bokmål before other languages."""
    name, _, language = column.partition("@")
    rank = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return name not in ("rdfs:label", "skos:prefLabel"), name, rank, language


def _file_name(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
