"""The VoID description of the graph (https://www.w3.org/TR/void/)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

import pyoxigraph as ox

from glokal.catalogue.graph_builder import TripleBuilder
from glokal.catalogue.identifiers import Identifiers
from glokal.core.files.data_files import DataFile
from glokal.core.namespaces import (
    DCAT,
    DCTERMS,
    FOAF,
    RDF,
    SPDX,
    STANDARD_PREFIXES,
    VOID,
)
from glokal.dataset.dumps import Dumps, is_derived
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES
from glokal.rdf.sorted_graph import distinct_objects, distinct_subjects
from glokal.rdf.terms import integer, shorten, text_of
from glokal.source.shared_values import SharedValues


def void(
    workspace: Workspace, triples: Collection[ox.Triple], dumps: Dumps
) -> list[ox.Triple]:
    """Return the VoID description of the default graph's asserted triples.

    Sections 3.3, 4.1 and 4.5 of the note.
    """
    project = workspace.project
    out = TripleBuilder()
    node = Identifiers(project).iri("dataset")
    out.node(node, VOID + "Dataset")
    out.texts(node, DCTERMS + "title", project.title)
    out.iri(node, DCTERMS + "license", project.licence)
    out.iri(node, FOAF + "homepage", project.address)
    used, kinds = _words(triples)
    for vocabulary in sorted(_vocabularies({*used, *map(text_of, kinds)})):
        out.iri(node, VOID + "vocabulary", vocabulary)
    out.typed(node, VOID + "uriSpace", project.things, "string")
    out.typed(node, DCTERMS + "modified", project.modified, "date")
    for dump in dumps.files:
        packed = dumps.packed[dump.path]
        for file in (dump, packed):
            address = project.address + file.path
            _measured(out, file, address)
            out.typed(address, DCTERMS + "modified", project.modified, "date")
            if dump.media in SUFFIXES and not is_derived(dump):
                out.iri(node, VOID + "dataDump", address)
    classes = Counter(
        {text_of(k): n for k, n in kinds.items() if isinstance(k, ox.NamedNode)}
    )
    for name, number in (
        ("triples", len(triples)),
        ("distinctSubjects", sum(1 for _ in distinct_subjects(triples))),
        ("distinctObjects", distinct_objects(triples)),
        ("properties", len(used)),
        ("classes", len(classes)),
    ):
        out.append(_count(node, name, number))
    _partitions(out, node, "class", "entities", classes)
    _partitions(out, node, "property", "triples", used)
    _properties_of_classes(out, node, triples)
    return out


def _words(triples: Iterable[ox.Triple]) -> tuple[Counter[str], Counter[object]]:
    """Return the properties and the classes in use, and how often they are."""
    used, kinds = Counter[str](), Counter[object]()
    for t in triples:
        used[t.predicate.value] += 1
        if t.predicate.value == RDF + "type":
            kinds[t.object] += 1
    return used, kinds


def _vocabularies(words: Collection[str]) -> set[str]:
    """Return the namespaces, among those with a usual prefix, of the words used."""
    return {
        namespace
        for namespace in STANDARD_PREFIXES.values()
        if any(word.startswith(namespace) for word in words)
    }


def _measured(out: TripleBuilder, dump: DataFile, address: str) -> None:
    """Say the size and the SHA-256 of a file.

    They stand here and not in the catalogue, where the profiles contradict each other.
    """
    out.typed(address, DCAT + "byteSize", dump.size, "nonNegativeInteger")
    checksum = f"{address}#sha256"
    out.iri(address, SPDX + "checksum", checksum)
    out.node(checksum, SPDX + "Checksum")
    out.iri(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    out.typed(checksum, SPDX + "checksumValue", dump.sha256, "hexBinary")


def _properties_of_classes(
    out: TripleBuilder, node: str, triples: Collection[ox.Triple]
) -> None:
    """Say which properties the instances of each class have, and to which classes.

    Editors of queries complete what is typed by these. They are parts of the partition
    of the class, and named so.
    """
    # Many things have the same classes.
    classes = SharedValues({})
    for t in triples:
        if t.predicate.value == RDF + "type" and isinstance(t.subject, ox.NamedNode):
            classes.add(text_of(t.subject), text_of(t.object))
    classes.finish()
    used: Counter[tuple[str, str]] = Counter()
    leads: Counter[tuple[str, str, str]] = Counter()
    for t in triples:
        for kind in classes[text_of(t.subject)]:
            used[kind, t.predicate.value] += 1
            if isinstance(t.object, ox.NamedNode):
                for other in classes[text_of(t.object)]:
                    leads[kind, t.predicate.value, other] += 1
    for (kind, prop), number in sorted(used.items()):
        whole = _part(node, "class", kind)
        part = f"{whole}#{_local(prop)}"
        out.iri(whole, VOID + "propertyPartition", part)
        out.iri(part, VOID + "property", prop)
        out.append(_count(part, "triples", number))
    for (kind, prop, other), number in sorted(leads.items()):
        part = f"{_part(node, 'class', kind)}#{_local(prop)}"
        end = f"{part}-{_local(other)}"
        out.iri(part, VOID + "classPartition", end)
        out.iri(end, VOID + "class", other)
        out.append(_count(end, "triples", number))


def _local(iri: str) -> str:
    name = shorten(iri, STANDARD_PREFIXES).removeprefix("glo:")
    return re.sub(r"[^A-Za-z0-9]+", "-", name)


def _part(node: str, kind: str, iri: str) -> str:
    return f"{node}-{kind}-{_local(iri)}"


def _count(node: str, unit: str, number: int) -> ox.Triple:
    return ox.Triple(ox.NamedNode(node), ox.NamedNode(VOID + unit), integer(number))


def _partitions(
    out: TripleBuilder, node: str, kind: str, unit: str, counts: Counter[str]
) -> None:
    for iri, count in sorted(counts.items()):
        part = _part(node, kind, iri)
        out.iri(node, f"{VOID}{kind}Partition", part)
        out.iri(part, VOID + kind, iri)
        out.append(_count(part, unit, count))
