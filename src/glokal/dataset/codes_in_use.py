"""The codes of the lists that a reader looks things up by, as far as the data use them.

A list may be shared by all regions, and a region may have codes of its own: what shows
on its pages and in its catalogue is what its data name.
"""

from __future__ import annotations

from collections.abc import Iterable

from glokal.core.namespaces import GLO, RDF
from glokal.rdf.project_files import CODE_LISTS
from glokal.rdf.source_files import ONTOLOGY, SourceFile
from glokal.rdf.terms import text_of

# Codes that a reader looks things up by; the others only qualify a statement.
LOOKED_UP = (
    "SubjectArea",
    "CollaboratorGroup",
    "CooperationSphere",
    "Topic",
    "Group",
)


def codes_in_use(files: Iterable[SourceFile]) -> dict[str, str]:
    """Return the codes that things are looked up by and the data name, by IRI.

    Each has the path of its page below `code/`: the list, the last part of the IRI,
    whatever namespace a region has for its codes.
    """
    files = tuple(files)
    lists = (ONTOLOGY, CODE_LISTS)
    kinds = {GLO + kind: as_slug(kind) for kind in LOOKED_UP}
    codes = {
        t.subject: kind
        for f in files
        for t in f.triples
        if t.predicate.value == RDF + "type" and (kind := text_of(t.object)) in kinds
    }
    told = (t for f in files if f.kind not in lists for t in f.triples)
    named = {t.object for t in told if t.object in codes}
    return {
        text_of(code): f"{kinds[kind]}/{_last_part(text_of(code))}"
        for code, kind in codes.items()
        if code in named
    }


def as_slug(name: str) -> str:
    """Return the name of a class as a part of an address: `subject-area`."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


def _last_part(iri: str) -> str:
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]
