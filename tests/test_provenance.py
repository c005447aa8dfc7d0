"""Provenance: which passage says which statement, and each way in which that breaks."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.core.settings import load_project
from glokal.dataset.dumps import named_quads
from glokal.dataset.releases.record import record_edition
from glokal.dataset.releases.removed_things import find_removed
from glokal.dataset.sorted_graphs import sorted_graphs
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.edit import edit_turtle
from glokal.rdf.turtle.formatter import write_turtle
from glokal.source.passage_support import Citations
from glokal.source.provenance import SAME_READING, StatementNode, node_triples
from glokal.source.statements import ours, statement_iri
from glokal.validation.finding import Finding, Severity
from glokal.validation.pipeline import run_checks
from glokal.validation.provenance import READINGS_IN, check_provenance
from tests.conftest import ROOT, glokal
from tests.draw_statements import NUMBER, draw, passages, short_name

ID = "https://w3id.org/glokal/id/"
GRAPH = "https://w3id.org/glokal/graph/provenance/strategy"
STATED_IN = ox.NamedNode(GLO + "statedIn")
# By hand from the text: subject, property, object, and where the words begin.
BY_HAND = [
    ("plan/internasjonal-strategi", "endDate", "2027", ["Internasjonal strategi"]),
    (
        "plan/internasjonal-strategi",
        "ownedBy",
        "organisation/innherred-regionrad",
        ["Strategien eies"],
    ),
    (
        "plan/internasjonal-strategi",
        "refersToPlan",
        "plan/innherredsbyen",
        ["Det er utarbeidet en strategi for samferdsel"],
    ),
    (
        "plan/internasjonal-strategi",
        "refersToPlan",
        "plan/innherredsstrategien",
        ["Innherredsstrategien for 2021-2023"],
    ),
    (
        "plan/internasjonal-strategi",
        "refersToPlan",
        "plan/naeringsstrategi",
        ["NÆRINGSSTRATEGI FOR INNHERRED"],
    ),
    *(
        (
            "plan/internasjonal-strategi",
            "buildsOn",
            f"plan/kommuneplanens-samfunnsdel-{municipality}",
            ["Den internasjonale strategien til Innherredsregionen bygger på"],
        )
        for municipality in ("inderoy", "levanger", "snasa", "steinkjer", "verdal")
    ),
    (
        "organisation/kun",
        "listedAs",
        "code/collaborator-group/knowledge",
        ["KUN Senter for kunnskap"],
    ),
    (
        "organisation/naboer-ab",
        "hasCounterpartIn",
        "place/jamtland",
        ["Naboer AB – Samarbeid"],
    ),
    (
        "organisation/ntnu",
        "listedAs",
        "code/collaborator-group/europe-office",
        ["Trøndelags Europakontor og deres"],
    ),
    (
        "organisation/ntnu",
        "listedAs",
        "code/collaborator-group/knowledge",
        ["KUN Senter for kunnskap"],
    ),
    (
        "programme/eos",
        "listedAs",
        "code/collaborator-group/international-body",
        ["Internasjonale organer"],
    ),
    (
        "membership/trondelags-europakontor-innherred-regionrad",
        "role",
        "code/role/board-member",
        ["Innherred regionråd er medlem"],
    ),
    (
        "membership/trondelags-europakontor-innherred-regionrad",
        "role",
        "code/role/member",
        ["Innherredsregionen vil bl.a.", "Innherred regionråd er medlem"],
    ),
]


def findings(workspace: Workspace) -> list[Finding]:
    return list(
        check_provenance(workspace.files, workspace.choices, workspace.provenance)
    )


def rules(folder: Path) -> set[str]:
    return {f.rule for f in findings(Workspace(load_project(folder)))}


@pytest.fixture
def copied(real_copy: Path) -> Workspace:
    """The real strategy, copied, so that its files may be broken."""
    return Workspace(load_project(real_copy))


def edit(
    workspace: Workspace,
    file: str,
    removed: list[ox.Triple],
    added: list[ox.Triple],
) -> set[str]:
    """Change a file of a project; return the rules that its provenance breaks then."""
    root = workspace.project.root
    path = root / file
    path.write_text(
        edit_turtle(path.read_text(encoding="utf-8"), file, removed, added, {}),
        encoding="utf-8",
    )
    return rules(root)


def stated(iri: str, passage: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(iri), STATED_IN, ox.NamedNode(passage))


def test_a_statement_is_called_by_the_digest_of_its_line(strategy: Workspace) -> None:
    # Written out by the grammar of canonical N-Triples, not by our own writer.
    line = (
        f"<{ID}plan/internasjonal-strategi> <{GLO}endDate> "
        '"2027"^^<http://www.w3.org/2001/XMLSchema#gYear> .'
    )
    name = f"{ID}statement/{hashlib.sha256(line.encode()).hexdigest()}"
    found = {n.iri: n for n in strategy.provenance.nodes.values()}
    assert found[name].triple.object.value == "2027"
    quoted = ox.Triple(
        ox.NamedNode(ID + "a/b"),
        ox.NamedNode(GLO + "statement"),
        ox.Literal('«Sammen\n"for"\\ en', language="nb"),
    )
    line = f'<{ID}a/b> <{GLO}statement> "«Sammen\\n\\"for\\"\\\\ en"@nb .'
    digest = hashlib.sha256(line.encode()).hexdigest()
    assert statement_iri(quoted, ID) == f"{ID}statement/{digest}"


def test_every_statement_has_one_node_and_none_is_ambiguous(
    strategy: Workspace,
) -> None:
    counts = strategy.provenance.counts()
    assert counts["ambiguous"] == 0
    assert counts["derived"] + counts["chosen"] == counts["statements"] >= 1150
    assert counts["read"] * READINGS_IN <= counts["statements"]
    # What is ours is listed; all else in the strategy's files is a statement.
    known = {entry.term for entry in ours()} | {GLO + "statement"}
    said = {
        t
        for f in strategy.files
        if f.name.startswith("data/strategy/")
        for t in f.triples
        if t.predicate.value not in known
    }
    assert said == {
        t for t in strategy.provenance.nodes if t.predicate.value != GLO + "statement"
    }
    assert findings(strategy) == []


@pytest.mark.parametrize(("subject", "name", "value", "words"), BY_HAND)
def test_the_passages_are_those_that_a_reader_finds(
    strategy: Workspace, subject: str, name: str, value: str, words: list[str]
) -> None:
    wanted = value if value.isdigit() else f"https://w3id.org/glokal/{value}"
    if value.partition("/")[0] not in ("code",) and not value.isdigit():
        wanted = ID + value
    (node,) = [
        n
        for t, n in strategy.provenance.nodes.items()
        if text_of(t.subject) == ID + subject
        and t.predicate.value == GLO + name
        and text_of(t.object) == wanted
    ]
    source = strategy.provenance.source
    texts = [source.passages[p].text for p in node.passages]
    assert len(texts) == len(words)
    for text, beginning in zip(texts, words, strict=True):
        assert text.startswith(beginning)


def test_the_nodes_are_seen_by_graph_only(strategy: Workspace) -> None:
    statement = "?s a <http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement>"
    assert not strategy.store.select(f"SELECT ?s {{ {statement} }}", name="t").rows
    asked = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {statement} }} }}"
    rows = strategy.store.select(asked, name="t").rows
    # What is inferred has nodes, too, in a graph of its own (test_explanations.py).
    assert {text_of(row[0]) for row in rows} == {GRAPH, strategy.derivation_graph}
    sent = sorted_graphs(strategy)
    graphs, default = sent.named, set(sent.default)
    nodes = set(strategy.provenance_triples)
    assert set(graphs[GRAPH]) == nodes
    assert not nodes.intersection(default)
    assert not nodes.intersection(strategy.reasoned_over)
    assert not nodes.intersection(strategy.asserted())
    quads = [q for q in named_quads(strategy) if q.graph_name == ox.NamedNode(GRAPH)]
    assert {q.triple for q in quads} == nodes


def test_a_thing_with_several_passages_needs_a_choice(copied: Workspace) -> None:
    (node, *_) = (n for n in copied.provenance.nodes.values() if n.chosen)
    file = next(
        f.name
        for f in copied.choices
        if any(text_of(t.subject) == node.iri for t in f.triples)
    )
    assert edit(copied, file, node_triples(node), []) == {"choice"}


def test_a_statement_that_has_changed_leaves_its_node_behind(
    copied: Workspace,
) -> None:
    plan = ox.NamedNode(ID + "plan/innherredsbyen")
    old, new = (
        ox.Triple(
            plan,
            ox.NamedNode(GLO + "endDate"),
            ox.Literal(year, datatype=ox.NamedNode(f"{XSD}gYear")),
        )
        for year in ("2040", "2041")
    )
    # It has one passage, so its node follows by itself; the words don't say 2041.
    assert edit(copied, "data/strategy/plans.ttl", [old], [new]) == {"silent-derived"}
    things = copied.project.things
    names = {n.iri for n in Workspace(copied.project).provenance.nodes.values()}
    assert statement_iri(new, things) in names
    assert statement_iri(old, things) not in names


XSD = "http://www.w3.org/2001/XMLSchema#"


def chosen(
    workspace: Workspace, subject: str, name: str
) -> tuple[str, list[ox.Triple]]:
    """Return the file and the triples of the node of a statement that was chosen."""
    for triple, node in workspace.provenance.nodes.items():
        about = text_of(triple.subject) == ID + subject
        if about and triple.predicate.value == GLO + name and node.chosen:
            made = node_triples(node)
            for file in workspace.choices:
                if made[0] in file.triples:
                    return file.name, made
    raise AssertionError(f"{subject} {name} has no chosen node")


BREAKS: dict[str, tuple[str, str, str, str]] = {
    # The case of A1: an end date beside the sentence on another plan's period.
    "another plan's years": (
        "plan/internasjonal-strategi",
        "endDate",
        "01695-01815",
        "silent",
    ),
    "the cell without the group": (
        "organisation/kun",
        "listedAs",
        "09621-09709",
        "silent",
    ),
    "only the name of the company": (
        "organisation/naboer-ab",
        "hasCounterpartIn",
        "12100-12109",
        "silent",
    ),
    "a passage of another thing": (
        "plan/internasjonal-strategi",
        "ownedBy",
        "07357-07488",
        "foreign",
    ),
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_passage_that_says_something_else_is_found(
    copied: Workspace, case: str
) -> None:
    subject, name, passage, rule = BREAKS[case]
    file, made = chosen(copied, subject, name)
    iri = text_of(made[0].subject)
    old = [t for t in made if t.predicate == STATED_IN]
    assert edit(copied, file, old, [stated(iri, f"{ID}passage/{passage}")]) == {rule}


def test_a_derived_citation_is_read_too(copied: Workspace) -> None:
    medsam = ox.NamedNode(ID + "activity/medsam")
    old, new = (
        ox.Triple(medsam, ox.NamedNode(GLO + "fundedBy"), ox.NamedNode(ID + other))
        for other in ("organisation/forskningsradet", "organisation/imdi")
    )
    found = edit(copied, "data/strategy/activities.ttl", [old], [new])
    assert found == {"silent-derived"}


def test_a_reading_lets_a_citation_stand(copied: Workspace) -> None:
    file, made = chosen(copied, "organisation/kun", "listedAs")
    iri = text_of(made[0].subject)
    old = [t for t in made if t.predicate == STATED_IN]
    said = ox.Literal("Prosjektet viser hva KUN kan.", language="nb")
    new = [
        stated(iri, f"{ID}passage/09621-09709"),
        ox.Triple(ox.NamedNode(iri), ox.NamedNode(GLO + "reading"), said),
    ]
    assert edit(copied, file, old, new) == set()


def test_readings_are_few_and_each_its_own(copied: Workspace) -> None:
    made = copied.provenance
    unread = [n for n in made.nodes.values() if not n.reading]
    nodes = list({n.passages: n for n in unread}.values())
    (most_said,) = Counter(n.passages for n in unread).most_common(1)

    def with_readings(
        number: int, text: str, nodes: list[StatementNode] = nodes
    ) -> set[str]:
        read = {
            n.triple: replace(n, reading={"nb": text.format(at=at)}, chosen=True)
            for at, n in enumerate(nodes[:number])
        }
        changed = replace(made, choices={**made.choices, **read})
        found = check_provenance(copied.files, copied.choices, changed)
        return {f.rule for f in found}

    assert with_readings(SAME_READING, "Slik er det lest.") == set()
    assert with_readings(SAME_READING + 1, "Slik er  det LEST.") == {"same-reading"}
    # One passage is read once, whatever it says.
    same = [n for n in unread if n.passages == most_said[0]]
    assert len(same) > SAME_READING
    assert with_readings(len(same), "Slik er det lest.", same) == set()
    read = [n for n in made.nodes.values() if n.reading]
    acts = {(n.passages, *sorted(n.reading.values())) for n in read}
    most = len(made.statements) // READINGS_IN - len(acts)
    assert with_readings(most, "Lest som nummer {at}.", unread) == set()
    assert with_readings(most + 1, "Lest som nummer {at}.", unread) == {"readings"}


def test_a_node_names_one_statement_by_its_digest(copied: Workspace) -> None:
    file, made = chosen(copied, "organisation/kun", "listedAs")
    wrong = ox.NamedNode(f"{ID}statement/{'0' * 64}")
    renamed = [ox.Triple(wrong, t.predicate, t.object) for t in made]
    assert edit(copied, file, made, renamed) == {"name"}
    assert edit(copied, file, [], made) == {"node"}
    lone = [t for t in renamed if t.predicate.value != RDF + "object"]
    assert edit(copied, file, [renamed[3]], []) == {"node"} and len(lone) < len(made)


def test_a_node_without_its_statement_is_told_and_taken_away(
    copied: Workspace,
) -> None:
    file, made = chosen(copied, "organisation/kun", "listedAs")
    gone = ox.Triple(made[1].object, made[2].object, made[3].object)
    assert edit(copied, "data/strategy/organisations.ttl", [gone], []) == {"stray"}
    root = copied.project.root
    done = glokal("anchor", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "1 er tatt bort" in done.stdout
    assert rules(root) == set()
    assert text_of(made[0].subject) not in (root / file).read_text(encoding="utf-8")


def test_anchor_proposes_what_the_words_say(copied: Workspace) -> None:
    wanted = {t: n.passages for t, n in copied.provenance.nodes.items()}
    read = {n.triple for n in copied.provenance.nodes.values() if n.reading}
    root = copied.project.root
    for file in copied.choices:
        file.path.unlink()
    looked = glokal("anchor", "--dry-run", cwd=root)
    assert not list((root / "data/provenance").glob("*.ttl"))
    done = glokal("anchor", cwd=root)
    # What a person reads out of the words is left to a person.
    assert looked.returncode == done.returncode == 1
    proposed = Workspace(load_project(root)).provenance
    # Those with a reading that have one passage need no choice; their node is derived.
    assert {s.triple for s in proposed.open} <= read
    right = [proposed.of(t) == wanted[t] for t in proposed.nodes if t not in read]
    assert sum(right) / len(right) > 0.9
    again = glokal("anchor", cwd=root)
    assert "skrevet" not in again.stdout


def test_taking_the_record_away_makes_nothing_right(
    copied: Workspace,
) -> None:
    for file in copied.choices:
        file.path.unlink()
    root = copied.project.root
    found = findings(Workspace(load_project(root)))
    choices = [f for f in found if f.rule == "choice"]
    assert len(choices) > 200
    assert {(f.severity, f.advice) for f in choices} == {(Severity.WARNING, True)}
    # The readings went with the folder.
    silent = {(f.rule, f.advice) for f in found if f.rule.startswith("silent-")}
    assert silent == {("silent-derived", True), ("silent-open", True)}
    # A project whose documents were imported has begun: nothing of it is advice.
    (root / "source").mkdir()
    (root / "source" / "strategy-2023-2027.txt").write_text("x", encoding="utf-8")
    step = run_checks(Workspace(load_project(root)), only=("quotes",))
    again = step.findings
    faults = [f for f in again if f.rule in ("choice", "silent-derived", "silent-open")]
    assert len({f.rule for f in faults}) == 3 and not any(f.advice for f in faults)
    assert "glokal anchor" in choices[0].text("en")
    done = glokal("check", "--only", "quotes", "--lang", "en", cwd=root)
    assert done.returncode == 1, done.stdout
    assert "glokal anchor" in done.stdout


def test_the_report_counts(strategy: Workspace) -> None:
    done = glokal(
        "check", "--only", "quotes", "--lang", "en", cwd=strategy.project.root
    )
    counts = strategy.provenance.counts()
    told = re.search(
        r"Statements of the source: (\d+), of which (\d+) derived, (\d+) chosen, "
        r"(\d+) read; ambiguous: (\d+)",
        done.stdout,
    )
    assert told is not None, done.stdout
    names = ("statements", "derived", "chosen", "read", "ambiguous")
    assert [int(n) for n in told.groups()] == [counts[name] for name in names]


def test_most_wrong_passages_are_found(strategy: Workspace) -> None:
    """Each statement with a passage that it doesn't have, taken in turn."""
    made = strategy.provenance
    citations = Citations(strategy.files, made.source)
    passages = sorted(made.source.passages)

    def wrong() -> Iterator[bool]:
        for at, (triple, node) in enumerate(made.nodes.items()):
            others = [p for p in passages if p not in node.passages]
            yield bool(citations.silent(triple, [others[at * 37 % len(others)]]))

    found = list(wrong())
    assert sum(found) / len(found) > 0.85


@pytest.mark.parametrize(
    "term", [RDFS + "label", SKOS + "editorialNote", GLO + "verificationStatus"]
)
def test_what_is_ours_has_its_reason_in_each_language(term: str) -> None:
    (entry,) = [e for e in ours() if e.term == term]
    assert set(entry.reason) == set(PAGE_LANGUAGES)
    assert all(entry.reason.values())


def test_a_written_proposal_is_formatted(copied: Workspace) -> None:
    for file in copied.choices:
        text = write_turtle(file.triples, dict(file.prefixes))
        assert text == file.path.read_text(encoding="utf-8")


def test_a_changed_object_retires_the_node_and_names_the_next(region: Path) -> None:
    before = Workspace(load_project(region))
    record_edition(before)
    plan = "https://fjordland.example/id/plan/strategy"

    def end(workspace: Workspace) -> str:
        (node,) = [
            n
            for t, n in workspace.provenance.nodes.items()
            if t.subject == ox.NamedNode(plan) and t.predicate.value == GLO + "endDate"
        ]
        return node.iri

    assert find_removed(before) == []
    file = region / "data/strategy/fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    assert text.count('"2028') == 1
    file.write_text(text.replace('"2028', '"2029'), encoding="utf-8")
    after = Workspace(load_project(region))
    (gone,) = find_removed(after)
    assert (gone.iri, gone.replaced_by) == (end(before), end(after))
    assert gone.iri != gone.replaced_by
    # What was said goes with it; nothing comes instead of what is no longer said.
    file.write_text(text.replace("glo:endDate", "glo:startDate"), encoding="utf-8")
    (gone,) = find_removed(Workspace(load_project(region)))
    assert (gone.iri, gone.replaced_by) == (end(before), "")
    assert {t.predicate.value for t in gone.said} >= {RDF + "subject", RDF + "object"}


def test_the_statements_that_were_read_are_those_that_are_drawn(
    strategy: Workspace,
) -> None:
    page = (ROOT / "docs/statements-read.md").read_text(encoding="utf-8")
    seed = page.partition("tests.draw_statements ")[2].split()[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    read = {row[0].strip("`"): row[2] for row in rows}
    drawn = draw(strategy.provenance, seed)
    # Where this fails the data have changed: read what is new in the draw against its
    # passages, and write down what you find.
    assert read == {short_name(node): passages(node) for node in drawn}
    assert len(read) == NUMBER
    assert all(row[3].startswith("yes") for row in rows)
