"""Dumps: each format says the same in two libraries, and reads well."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from glokal.core.files.data_files import JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.core.files.spool import Spool
from glokal.core.namespaces import GLO, OWL, RDF, RDFS, SKOS, STANDARD_PREFIXES, XSD
from glokal.dataset.dumps import Dumps, named_quads, write_dumps
from glokal.dataset.workspace import Workspace
from glokal.rdf.canonical import (
    canonical_quads,
    canonical_text,
    canonical_triples,
    digest,
    in_default_graph,
)
from glokal.rdf.serializers import ordering
from glokal.rdf.serializers.csv_tables import class_tables
from glokal.rdf.serializers.formats import serialise, serialise_indexed
from glokal.rdf.sorted_dataset import SortedDataset
from glokal.rdf.sorted_graph import sorted_graph
from glokal.rdf.subject_index import SubjectIndex
from glokal.rdf.terms import shorten, text_of
from glokal.site.build_cache import BuildCache

THINGS = "https://w3id.org/glokal/id/"
READERS = {
    "ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "nt": (ox.RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdf": (ox.RdfFormat.RDF_XML, "xml"),
}


@pytest.fixture(scope="module")
def made(
    strategy: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Dumps]:
    root = tmp_path_factory.mktemp("dumps")
    written = BuildCache(root, root, strategy.project.cache("made"))
    return root, write_dumps(strategy, root, written)


@pytest.fixture(scope="module")
def turtle(made: tuple[Path, Dumps]) -> str:
    return (made[0] / "dump" / "glokal.ttl").read_text(encoding="utf-8")


def canonical(quads: list[ox.Quad]) -> str:
    return digest(quads)


def by_rdflib(text: bytes, fmt: str) -> list[ox.Quad]:
    """Read by RDFLib, handed over as N-Quads."""
    read = rdflib.Dataset()
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        # It would write 01 as 1, which is another literal.
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        # RDFLib's own readers use classes that RDFLib calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        read.parse(data=text, format=fmt)
        plain = read.serialize(format="nquads")
    return list(
        ox.parse(
            input=plain.replace(f"<{rdflib.graph.DATASET_DEFAULT_GRAPH_ID}> .", "."),
            format=ox.RdfFormat.N_QUADS,
        )
    )


@pytest.mark.parametrize("name", READERS)
def test_each_format_plain_and_packed_says_the_same_in_two_libraries(
    name: str, made: tuple[Path, Dumps], strategy: Workspace
) -> None:
    root, dumps = made
    ours, theirs = READERS[name]
    plain = (root / "dump" / f"glokal.{name}").read_bytes()
    packed = (root / "dump" / f"glokal.{name}.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    assert canonical(list(ox.parse(input=plain, format=ours))) == dumps.triples
    assert canonical(by_rdflib(plain, theirs)) == dumps.triples
    assert canonical(in_default_graph(strategy.asserted())) == dumps.triples


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [("trig", ox.RdfFormat.TRIG, "trig"), ("nq", ox.RdfFormat.N_QUADS, "nquads")],
)
def test_quads_say_the_same_in_two_libraries(
    name: str,
    ours: ox.RdfFormat,
    theirs: str,
    made: tuple[Path, Dumps],
    strategy: Workspace,
) -> None:
    root, dumps = made
    text = (root / "dump" / f"glokal.{name}").read_bytes()
    assert canonical(list(ox.parse(input=text, format=ours))) == dumps.quads
    assert canonical(by_rdflib(text, theirs)) == dumps.quads
    wanted = {str(q.graph_name) for q in named_quads(strategy)}
    assert {str(q.graph_name) for q in ox.parse(input=text, format=ours)} == wanted


def test_trig_declares_the_prefixes_in_use_in_order(made: tuple[Path, Dumps]) -> None:
    text = (made[0] / "dump" / "glokal.trig").read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([\w-]*): ", text, re.MULTILINE)
    body = text[text.rindex("@prefix ") :].partition("\n")[2]
    assert declared == sorted(declared)
    assert len(declared) > 30
    assert [p for p in declared if f"{p}:" not in body] == []


def test_a_name_goes_before_those_that_begin_with_it() -> None:
    note = ox.NamedNode(SKOS + "note")
    triples = [
        ox.Triple(ox.NamedNode(THINGS + name), note, ox.Literal("x"))
        for name in ("goal/a-b", "goal/a", "goal/a/b")
    ]
    document = json.loads(serialise(triples, JSONLD, STANDARD_PREFIXES, things=THINGS))
    assert [node["@id"].removeprefix(THINGS) for node in document["@graph"]] == [
        "goal/a", "goal/a-b", "goal/a/b",
    ]  # fmt: skip
    # In N-Triples the whole line counts, as in the canonical form.
    plain = serialise(triples, NTRIPLES, {})
    assert plain == canonical_text(in_default_graph(triples))


def test_no_two_graphs_share_a_blank_node(strategy: Workspace) -> None:
    """Blank nodes are a file's own; one label in two graphs would make them one."""
    held: dict[str, set[str]] = defaultdict(set)
    dataset = ox.Dataset(named_quads(strategy))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for quad in dataset:
        for term in (quad.subject, quad.object):
            if isinstance(term, ox.BlankNode):
                held[term.value].add(str(quad.graph_name))
    assert held
    assert all(len(graphs) == 1 for graphs in held.values())


# The Turtle, as a reader sees it.


LONG = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""')


def blocks(text: str) -> list[str]:
    """The blocks of a Turtle text: what stands between empty lines outside strings."""
    whole = re.sub(LONG, '"…"', text)
    found = re.split(r"\n\n(?=\S)", whole)
    return [b for b in found if not b.startswith(("@prefix", "#"))]


def test_only_the_prefixes_in_use_are_declared(turtle: str) -> None:
    declared = re.findall(r"^@prefix ([\w-]*): ", turtle, re.MULTILINE)
    body = turtle[turtle.rindex("@prefix ") :].partition("\n")[2]
    outside = re.sub(
        r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\]|\\.)*"|<[^>]*>', "", body
    )
    used = set(
        re.findall(
            r"(?<![\w-])([a-z][\w-]*):", re.sub(r"^#.*$", "", outside, flags=re.M)
        )
    )
    datatypes = set(re.findall(r"\^\^([\w-]+):", body))
    assert declared == sorted(set(declared))
    assert set(declared) == used | datatypes
    assert len(declared) > 30


def test_a_prefix_that_nothing_uses_is_left_out() -> None:
    triple = ox.Triple(
        ox.NamedNode(THINGS + "goal/a"), ox.NamedNode(SKOS + "note"), ox.Literal("x")
    )
    text = serialise([triple], TURTLE, STANDARD_PREFIXES, things=THINGS).decode()
    assert re.findall(r"^@prefix (\w+):", text, re.MULTILINE) == ["skos"]
    document = json.loads(serialise([triple], JSONLD, STANDARD_PREFIXES))
    assert set(document["@context"]) == {"@version", "@vocab", "skos", "note"}


def test_headers_come_first_then_things_by_kind(turtle: str) -> None:
    first = next(b for b in blocks(turtle))
    # The ontology itself before its modules.
    assert first.startswith("<https://w3id.org/glokal/def> a owl:Ontology")
    headings = re.findall(
        r"^# (.+)$", turtle[turtle.rindex("@prefix ") :], re.MULTILINE
    )
    lists = [h for h in headings if h.startswith("code list: ")]
    kinds = headings[: headings.index(lists[0])]
    assert kinds == sorted(kinds)
    assert {"municipality", "plan", "programme", "vision"} <= set(kinds)
    assert headings[-4:] == [
        "classes", "properties", "words of other vocabularies", "axioms",
    ]  # fmt: skip
    for kind in kinds:
        part = turtle.partition(f"\n# {kind}\n")[2].partition("\n# ")[0]
        subjects = re.findall(r"^(\S+) ", part, re.MULTILINE)
        starts = [s for s in subjects if s.startswith(f"{kind}:")]
        assert starts == sorted(starts)
        assert starts


def test_each_subject_has_one_block_with_its_name_first(
    turtle: str, strategy: Workspace
) -> None:
    subjects: Counter[str] = Counter()
    named = 0
    for block in blocks(turtle):
        subject = block.split()[0]
        subjects[subject] += subject not in ("[]", "[")
        lines = block.split("\n")
        for label in ("rdfs:label", "skos:prefLabel"):
            if any(line.startswith(f"  {label}") for line in lines):
                named += 1
                assert lines[1].startswith(f"  {label}"), block
    assert max(subjects.values()) == 1
    labels = {RDFS + "label", SKOS + "prefLabel"}
    asserted = {t.subject for t in strategy.asserted() if t.predicate.value in labels}
    assert named == len(asserted) > 300


def test_long_text_stands_in_triple_quotes_and_not_in_escapes(turtle: str) -> None:
    assert '"""' in turtle
    outside = re.sub(LONG, "", turtle)
    assert not re.search(r'"(?:[^"\\\n]|\\.)*\\n', outside)


# JSON-LD, as a reader sees it.


def test_jsonld_is_short_words_with_links_and_texts_by_language(
    made: tuple[Path, Dumps],
) -> None:
    document = json.loads((made[0] / "dump" / "glokal.jsonld").read_bytes())
    context, graph = document["@context"], document["@graph"]
    thing = next(n for n in graph if n["@id"] == "municipality:verdal")
    assert list(thing)[:3] == ["@id", "@type", "label"]
    assert thing["@type"] == "Municipality"
    assert thing["label"]["nb"] == "Verdal"
    assert thing["inCounty"] == "county:trondelag"
    assert context["inCounty"] == {"@id": "glo:inCounty", "@type": "@id"}
    assert context["startDate"] == {"@id": "glo:startDate", "@type": "xsd:gYear"}
    assert not any("http" in str(value) for value in thing.get("statedIn", ()))
    chain = next(n for n in graph if "propertyChainAxiom" in n)
    assert list(chain["propertyChainAxiom"]) == ["@list"]


FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    JSONLD: ox.RdfFormat.JSON_LD,
    RDFXML: ox.RdfFormat.RDF_XML,
}
names = st.sampled_from(["a", "b", "c", "thing/x", "thing/y"])
iris = names.map(lambda n: ox.NamedNode(THINGS + n))
blank = st.integers(0, 4).map(lambda n: ox.BlankNode(f"n{n}"))
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8
) | st.sampled_from(["a\nb", 'say "x"', "\\", "æøå", '""', ' "', "|"])
literals = (
    texts.map(ox.Literal)
    | st.tuples(texts, st.sampled_from(["nb", "en", "sma"])).map(
        lambda x: ox.Literal(x[0], language=x[1])
    )
    | st.tuples(
        st.sampled_from(["1", "01", "-2", "1.50", "true", "2026-01-31", "1e3"]),
        st.sampled_from(["integer", "decimal", "boolean", "date", "double", "string"]),
    ).map(lambda x: ox.Literal(x[0], datatype=ox.NamedNode(XSD + x[1])))
)
predicates = st.sampled_from(
    [GLO + "member", GLO + "label", RDFS + "label", SKOS + "note", RDF + "first",
     RDF + "rest", RDF + "value", "http://www.w3.org/ns/org#member", GLO + "glo"]
).map(ox.NamedNode)  # fmt: skip
plain_triples = st.builds(ox.Triple, iris | blank, predicates, iris | blank | literals)
typed = st.builds(
    ox.Triple,
    iris | blank,
    st.just(ox.NamedNode(RDF + "type")),
    st.sampled_from([GLO + "Thing", OWL + "Class", SKOS + "Concept"]).map(ox.NamedNode),
)
nil = ox.NamedNode(RDF + "nil")


@st.composite
def graphs(draw: st.DrawFn) -> list[ox.Triple]:
    """Random graphs: rings and shared blank nodes, lists, odd literals."""
    made = draw(st.lists(plain_triples | typed, max_size=14))
    for number in range(draw(st.integers(0, 2))):
        members = draw(st.lists(iris | literals, min_size=1, max_size=3))
        cells = [ox.BlankNode(f"l{number}{n}") for n in range(len(members))]
        for cell, member, rest in zip(cells, members, [*cells[1:], nil], strict=True):
            made += [
                ox.Triple(cell, ox.NamedNode(RDF + "first"), member),
                ox.Triple(cell, ox.NamedNode(RDF + "rest"), rest),
            ]
        made.append(ox.Triple(draw(iris), ox.NamedNode(SKOS + "memberList"), cells[0]))
    return canonical_triples(made)


@settings(max_examples=150)
@given(graphs())
def test_any_graph_survives_turtle_and_jsonld(graph: list[ox.Triple]) -> None:
    wanted = digest(in_default_graph(graph))
    for media, fmt in ((TURTLE, ox.RdfFormat.TURTLE), (JSONLD, ox.RdfFormat.JSON_LD)):
        text = serialise(graph, media, STANDARD_PREFIXES, things=THINGS)
        read = list(ox.parse(input=text, format=fmt))
        assert digest(read) == wanted, text.decode()
        again = serialise(
            list(reversed(graph)), media, STANDARD_PREFIXES, things=THINGS
        )
        assert again == text


@settings(max_examples=150)
@given(graphs(), st.sampled_from([1, 300, 1 << 20]))
def test_any_sorted_graph_is_written_alike_in_portions(
    graph: list[ox.Triple], most: int
) -> None:
    index = SubjectIndex(sorted_graph(graph, Spool()).named())
    wanted = digest(in_default_graph(graph))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "_MOST", most)
        for media, fmt in FORMATS.items():
            parts = serialise_indexed(index, media, STANDARD_PREFIXES, things=THINGS)
            text = b"".join(parts)
            read = list(ox.parse(input=text, format=fmt))
            assert digest(read) == wanted, text.decode()
            if most == 1 << 20:
                whole = serialise(graph, media, STANDARD_PREFIXES, things=THINGS)
                assert text == whole


def test_parts_of_a_file_share_no_label() -> None:
    """A label is one node in all of a file (Turtle, section 2.6)."""
    text = f"""<{THINGS}goal/a> <urn:p> _:x ; <urn:q> _:x .
        <{THINGS}move/b> <urn:p> _:y ; <urn:q> _:y ."""
    graph = canonical_triples(
        quad.triple for quad in ox.parse(input=text, format=ox.RdfFormat.TURTLE)
    )
    written = serialise(graph, TURTLE, STANDARD_PREFIXES, things=THINGS)
    read = list(ox.parse(input=written, format=ox.RdfFormat.TURTLE))
    assert digest(read) == digest(in_default_graph(graph)), written.decode()


@settings(max_examples=100)
@given(st.lists(st.tuples(graphs(), st.sampled_from("abc")), max_size=3))
def test_any_sorted_dataset_has_the_lines_of_its_quads(
    parts: list[tuple[list[ox.Triple], str]],
) -> None:
    # Blank nodes of one label in two graphs are one node.
    held: dict[str, list[ox.Triple]] = {}
    for triples, name in parts:
        held.setdefault(f"urn:{name}", []).extend(triples)
    spool = Spool()
    dataset = SortedDataset({n: sorted_graph(t, spool) for n, t in held.items()})
    quads = [
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name))
        for name, triples in held.items()
        for t in triples
    ]
    expected = canonical_quads(quads)
    assert b"".join(dataset.lines()) == canonical_text(expected)
    assert dataset.digest == digest(quads)
    by_graph = sorted(expected, key=lambda q: (str(q.graph_name), str(q)))
    assert list(dataset.by_graph()) == by_graph


@settings(max_examples=40)
@given(graphs())
def test_any_jsonld_is_read_alike_by_rdflib(graph: list[ox.Triple]) -> None:
    text = serialise(graph, JSONLD, STANDARD_PREFIXES, things=THINGS)
    assert digest(by_rdflib(text, "json-ld")) == digest(in_default_graph(graph))


# Tables.


def test_tables_hold_every_statement_about_a_things_and_no_other(
    made: tuple[Path, Dumps], strategy: Workspace
) -> None:
    asserted = strategy.asserted()
    about: dict[str, set[tuple[str, str]]] = defaultdict(set)
    classes: dict[str, set[str]] = defaultdict(set)
    for t in asserted:
        iri, value = text_of(t.subject), text_of(t.object)
        column = shorten(t.predicate.value, STANDARD_PREFIXES)
        if isinstance(t.object, ox.Literal) and t.object.language:
            column += f"@{t.object.language}"
        about[iri].add((column, value))
        if t.predicate.value == RDF + "type" and value.startswith(GLO):
            classes[value.removeprefix(GLO)].add(iri)
    root, dumps = made
    assert len(dumps.tables) == len(classes) > 40
    for name, members in classes.items():
        file = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
        text = (root / "dump" / "csv" / f"{file}.csv").read_text("utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert {row["iri"] for row in rows} == members
        for row in rows:
            told = {
                (column, re.sub(r"\\([\\|])", r"\1", value))
                for column, cell in row.items()
                if column != "iri" and cell
                for value in re.findall(r"(?:[^\\|]|\\.)+", cell, re.DOTALL)
            }
            assert told == about[row["iri"]]


def test_a_bar_in_a_value_is_not_taken_for_two_values() -> None:
    thing, note = ox.NamedNode(THINGS + "a/b"), ox.NamedNode(SKOS + "note")
    triples = [
        ox.Triple(thing, ox.NamedNode(RDF + "type"), ox.NamedNode(GLO + "Goal")),
        ox.Triple(thing, note, ox.Literal("one|two\\")),
        ox.Triple(thing, note, ox.Literal('three, "four"\nfive')),
    ]
    ((name, text),) = class_tables(triples)
    assert name == "goal"
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["skos:note"] == 'one\\|two\\\\|three, "four"\nfive'


# Marks of the graph, and of the files.


def test_the_digest_is_that_of_the_sorted_statements(strategy: Workspace) -> None:
    """Without blank nodes RDFC-1.0 is sorted N-Quads; RDFLib writes them too."""
    named = [
        t
        for t in strategy.asserted()
        if not isinstance(t.subject, ox.BlankNode)
        and not isinstance(t.object, ox.BlankNode)
    ]
    graph = rdflib.Graph()
    plain = ox.serialize(named, format=ox.RdfFormat.N_TRIPLES)
    assert plain is not None
    graph.parse(data=plain, format="nt")
    lines = graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    theirs = b"".join(sorted(line for line in lines if line.strip()))
    assert canonical_text(in_default_graph(named)) == theirs
    assert digest(in_default_graph(named)) == hashlib.sha256(theirs).hexdigest()


def test_the_digest_minds_what_is_said_and_not_how() -> None:
    def parsed(text: str) -> list[ox.Quad]:
        return list(ox.parse(input=text, format=ox.RdfFormat.TURTLE))

    one = "<a:b> <c:d> [ <e:f> 1 ] , _:x . _:x <e:f> 2 ."
    other = "_:q <e:f> 2 . <a:b> <c:d> _:q , _:p . _:p <e:f> 1 ."
    assert digest(parsed(one)) == digest(parsed(other))
    assert digest(parsed(one)) != digest(parsed(other.replace("2", "3")))
    # The first example of the specification's tests: the digest of nothing.
    assert digest([]) == hashlib.sha256(b"").hexdigest()


def test_published_digests_are_those_of_the_dumps(made: tuple[Path, Dumps]) -> None:
    root, dumps = made
    text = (root / "dump" / "RDFC-1.0").read_text(encoding="utf-8")
    assert text == f"{dumps.triples}  triples\n{dumps.quads}  quads\n"
    sums = (root / "dump" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ")) for line in sums)
    there = {
        p.relative_to(root / "dump").as_posix()
        for p in (root / "dump").rglob("*")
        if p.is_file()
    }
    assert set(listed) == there - {"SHA256SUMS", "RDFC-1.0"}
    for name, digest_ in listed.items():
        raw = (root / "dump" / name).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == digest_


def test_whoever_has_the_quads_can_check_the_published_digest(
    made: tuple[Path, Dumps],
) -> None:
    root, _ = made
    text = (root / "dump" / "RDFC-1.0").read_text(encoding="utf-8")
    published = dict(reversed(line.split("  ")) for line in text.splitlines())
    raw = (root / "dump" / "glokal.nq").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == published["quads"]


def test_packed_files_hold_no_clock_and_no_name(made: tuple[Path, Dumps]) -> None:
    root, dumps = made
    for file in dumps.packed.values():
        raw = (root / file.path).read_bytes()
        # RFC 1952, section 2.3: no flags (so no name), and a time of nothing.
        assert raw[:3] == b"\x1f\x8b\x08"
        assert raw[3:8] == bytes(5)


def test_rdfxml_names_every_predicate(made: tuple[Path, Dumps]) -> None:
    """The national harvester writes what it gets as RDF/XML, and stops if it can't."""
    text = (made[0] / "dump" / "glokal.rdf").read_bytes()
    assert list(ox.parse(input=text, format=ox.RdfFormat.RDF_XML))
    assert serialise([], RDFXML, {}) == serialise([], RDFXML, {})
