"""What a graph says in the words of the standards, made of what it says in our own.

The rules are the queries (`.rq`, SPARQL 1.1 CONSTRUCT) beside the ontology; no other
rule counts, and none sees what another made. They read a view with what follows in it,
links to other vocabularies among it (docs/decisions/0070). What they give is given to
no reasoner.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.core.files.spool import Spool
from glokal.core.settings import Project
from glokal.rdf.project_files import folder_of
from glokal.rdf.scratch_store import scratch_store
from glokal.rdf.sorted_graph import sorted_graph, without
from glokal.rdf.source_files import read_text
from glokal.rdf.spooled_triples import TripleHolder
from glokal.sparql.constructed import constructed
from glokal.sparql.prepare import is_volatile, read
from glokal.sparql.seen_part import SeenPart
from glokal.sparql.tree import Query

RULE = ".rq"
# The last part of the name of the graph that holds them.
STANDARD_WORDS = "standard-words"


@dataclass(frozen=True)
class StandardWordsRule:
    """A rule: its name, what it is for by its first comment, its query."""

    name: str
    purpose: str
    query: Query


def read_rules(project: Project) -> tuple[StandardWordsRule, ...]:
    """Return the rules of a project's ontology, in the order of their names.

    Raises SourceError with the place for what is no CONSTRUCT, or would give another
    result another day or reach the network.
    """
    return tuple(
        _rule(read_text(file.path, file.name), file.name, file.path.stem)
        for file in folder_of(project, "ontology").of(RULE)
    )


def standard_words(
    triples: Collection[ox.Triple], rules: Collection[StandardWordsRule]
) -> Collection[ox.Triple]:
    """Return what the rules add to what a default graph says itself, sorted.

    The graph is gone through three times, and only what the rules can see is kept for
    them (`glokal.sparql.seen_part`), on disk when it is much; so is what they add.
    """
    seen, spool = SeenPart((rule.query for rule in rules), triples), Spool()
    with scratch_store() as store:
        store.add(filter(seen.sees, triples))
        results = (t for r in rules for t in constructed(store.engine, r.query))
        made = sorted_graph(results, spool)
    words = {t.predicate for t in made}
    said = sorted_graph((t for t in triples if t.predicate in words), spool)
    return TripleHolder().keep(without(made, said, spool))


def _rule(text: str, file: str, name: str) -> StandardWordsRule:
    query = read(text, file).query
    if query.form != "CONSTRUCT":
        raise SourceError(
            f"The rule is a {query.form} query.",
            remedy="write it as CONSTRUCT: it says what is added.",
            place=Place(file, 1),
        )
    if is_volatile(query) or query.graphs or query.graph_variables:
        raise SourceError(
            "The rule gives something else each time, or looks into named graphs.",
            remedy="leave out NOW, RAND, UUID, STRUUID, BNODE and GRAPH: a rule sees "
            "one default graph.",
            place=Place(file, 1),
        )
    comments = [line for line in text.splitlines() if line.startswith("# ")]
    purpose = " ".join(line.removeprefix("# ") for line in comments)
    return StandardWordsRule(name, purpose, query)
