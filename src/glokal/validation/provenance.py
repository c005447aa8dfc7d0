"""Provenance: every statement of the strategy against the passages that it cites.

Each statement has one node with the smallest passages that say it. Where the words of a
passage don't speak of what the statement says, the node tells why a person reads it so;
such readings are few, and none is made in bulk.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.rdf.source_files import SourceFile
from glokal.source.passage_support import Citations
from glokal.source.provenance import (
    SAME_READING,
    Provenance,
    StatementNode,
    broken_nodes,
    read_alike,
    reading_key,
)
from glokal.source.statements import STATEMENT, SUPPORT, SourceStatement, statement_iri
from glokal.validation.finding import Finding, FocusNode, Severity, make_finding

STEP = "quotes"
# More than one reading for so many statements is told.
READINGS_IN = 10
_STATED_IN = SUPPORT[0]


def check_provenance(
    files: Sequence[SourceFile],
    chosen: Sequence[SourceFile],
    provenance: Provenance,
    *,
    imported: bool = False,
) -> Iterator[Finding]:
    """Yield what is wrong with the nodes of the statements of `files`.

    `chosen` are the files of `data/provenance/`, `imported` says that the project's
    documents were read by `glokal source import`. A project that has neither has not
    begun yet: there, each finding is a warning that fails nothing. One that was
    imported has, or taking the folder away would make right what nobody has read.
    """
    if not provenance.source.passages:
        return
    begun = bool(chosen) or imported
    for finding in _all(files, chosen, provenance):
        yield finding if begun else _as_advice(finding)


def _as_advice(finding: Finding) -> Finding:
    return dataclasses.replace(finding, severity=Severity.WARNING, advice=True)


def _all(
    files: Sequence[SourceFile], chosen: Sequence[SourceFile], provenance: Provenance
) -> Iterator[Finding]:
    citations = Citations(files, provenance.source)
    waiting: list[Finding] = []
    without: list[Finding] = []
    wrong: list[Finding] = []
    silent: list[Finding] = []
    silent_open: list[Finding] = []
    # Statements are as many as triples, and gone through once.
    for statement, node in provenance.traced():
        triple, passages = statement.triple, statement.passages
        if node is not None:
            wrong += _node(node, statement)
            silent += _silent_choice(node, citations)
        elif not passages:
            without.append(_of(triple, "no-node"))
        elif len(passages) == 1:
            silent += [
                _of(triple, "silent-derived")
                for _ in citations.silent(triple, passages)
            ]
        else:
            waiting.append(_of(triple, "choice"))
            if not chosen and not any(citations.speaks(triple, p) for p in passages):
                silent_open.append(_of(triple, "silent-open"))
    yield from waiting
    for iri in broken_nodes(chosen):
        yield make_finding(STEP, "node", focus=iri)
    for stray in provenance.stray:
        yield make_finding(STEP, "stray", focus=stray.iri)
    yield from (*without, *wrong, *silent)
    yield from _readings(provenance)
    yield from silent_open


def _node(node: StatementNode, statement: SourceStatement) -> Iterator[Finding]:
    things, _, _ = node.iri.rpartition(f"{STATEMENT}/")
    if node.iri != (named := statement_iri(node.triple, things)):
        yield make_finding(STEP, "name", focus=node.iri, expected=named)
    if not node.passages:
        yield make_finding(STEP, "no-passage", focus=node.iri)
    for passage in node.passages:
        if passage not in statement.passages:
            value = ox.NamedNode(passage)
            yield make_finding(
                STEP, "foreign", focus=FocusNode(node.iri, _STATED_IN, value)
            )


def _silent_choice(node: StatementNode, citations: Citations) -> Iterator[Finding]:
    """Yield each passage of a chosen node that doesn't speak of its object."""
    if node.reading:
        return
    for passage in citations.silent(node.triple, node.passages):
        value = ox.NamedNode(passage)
        yield make_finding(STEP, "silent", focus=FocusNode(node.iri, _STATED_IN, value))


def _readings(provenance: Provenance) -> Iterator[Finding]:
    """Yield that readings are many, which a person may have reasons for, and those that
    stand for several passages in the same words.

    What is said by one passage is read once, however many statements it makes.
    """
    # Only what a person has chosen has a reading.
    read = [n for n in provenance.taken if n.reading]
    alike = read_alike(read)
    acts = {(n.passages, *map(reading_key, n.reading.values())) for n in read}
    number, statements = len(acts), provenance.counts()["statements"]
    if number * READINGS_IN > statements:
        yield make_finding(
            STEP,
            "readings",
            severity=Severity.WARNING,
            focus=read[0].iri,
            advice=True,
            number=number,
            statements=statements,
        )
    path = GLO + "reading"
    for by_passages in alike.values():
        number = len(by_passages)
        for nodes in list(by_passages.values())[SAME_READING:]:
            for node in nodes:
                yield make_finding(
                    STEP, "same-reading", focus=FocusNode(node.iri, path), number=number
                )


def _of(triple: ox.Triple, rule: str) -> Finding:
    subject, value = triple.subject, triple.object
    assert not isinstance(subject, ox.Triple) and not isinstance(value, ox.Triple)
    return make_finding(
        STEP, rule, focus=FocusNode(subject, triple.predicate.value, value)
    )
