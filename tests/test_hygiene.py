"""Hygiene: each rule has a mutant that it catches, and the whole data passes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import GLO, XSD
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import ONTOLOGY, SourceFile
from glokal.sparql.reader import read_query
from glokal.sparql.rewrite import MOST_GRAPHS, rewrite
from glokal.validation.finding import Severity
from glokal.validation.outside_base import check_base
from glokal.validation.sparql_rules import DATA_RULES, check_hygiene, load_rules
from tests.conftest import ROOT

ID = "https://fjordland.example/id/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPED = f"<{ID}place/x> a <{GLO}Place> . "
MUTANTS = {
    "thing-has-type": (
        "strategy",
        f"<{ID}place/x> <{GLO}inCountry> <{ID}region/fjordland> .",
    ),
    "reference-is-known": (
        "strategy",
        f"{TYPED} <{ID}place/x> <{GLO}inCountry> <{ID}country/y> .",
    ),
    "term-is-declared": (
        "strategy",
        f"{TYPED} <{ID}place/x> <{GLO}inContry> <{ID}region/fjordland> .",
    ),
    "iri-has-type-and-slug": ("strategy", f"<{ID}place/Straße> a <{GLO}Place> ."),
    "data-has-no-blank-node": (
        "strategy",
        f"{TYPED} <{ID}place/x> <{GLO}inCountry> [] .",
    ),
    "reference-keeps-to-names": (
        "reference",
        f'{TYPED} <{ID}place/x> <{GLO}startDate> "x" .',
    ),
    "supplement-stands-apart": ("supplement", TYPED),
    "register-rests-on-reports": ("register", TYPED),
    "strategy-rests-on-passages": ("strategy", f"<{ID}exchange/x> a <{GLO}Exchange> ."),
    "inferred-is-not-asserted": (
        "strategy",
        f"<{ID}authority/vik> <{GLO}memberOf> <{ID}organisation/fjordlandsradet> .",
    ),
    "label-is-unique": (
        "strategy",
        f'<{ID}municipality/x> a <{GLO}Municipality> ; <{LABEL}> "Vik"@nb .',
    ),
    "type-is-class": (
        "strategy",
        f"{TYPED} <{ID}place/x> a <{ID}region/fjordland> .",
    ),
    "property-fits-thing": (
        "strategy",
        f"{TYPED} <{ID}place/x> <{GLO}elementNumber> 1 .",
    ),
    "value-fits-datatype": (
        "strategy",
        f'{TYPED} <{ID}place/x> <{GLO}startDate> "2023-02-29"^^<{XSD}date> .',
    ),
    "text-is-trimmed": (
        "strategy",
        f'{TYPED} <{ID}place/x> <{LABEL}> " Vik"@nb .',
    ),
}


def test_each_rule_has_a_mutant_and_words_in_each_language() -> None:
    rules = load_rules(DATA_RULES)
    assert {r.name for r in rules} == set(MUTANTS)
    assert len(rules) >= 10
    for rule in rules:
        assert set(rule.message) == set(PAGE_LANGUAGES)


@pytest.mark.parametrize("slug", MUTANTS)
def test_a_rule_catches_its_mutant(region: Path, slug: str) -> None:
    kind, text = MUTANTS[slug]
    folder = region / "data" / kind
    folder.mkdir(exist_ok=True)
    (folder / "mutant.ttl").write_text(text, encoding="utf-8")
    workspace = Workspace(load_project(region))
    found = list(check_hygiene(workspace.asserted_store, workspace.project))
    assert slug in {f.rule for f in found}
    assert all(f.focus for f in found)


def test_a_place_type_is_taken_from_the_vocabulary(region: Path) -> None:
    """The type of a name in the reference data is a place, at whatever depth."""
    folder = region / "data" / "reference"
    folder.mkdir(exist_ok=True)
    for word in ("Place", "Country", "Goal"):
        text = f'<{ID}place/{word.lower()}> a <{GLO}{word}> ; <{LABEL}> "X"@nb .'
        (folder / f"{word.lower()}.ttl").write_text(text, encoding="utf-8")
    workspace = Workspace(load_project(region))
    found = check_hygiene(workspace.asserted_store, workspace.project)
    kept = [f.value for f in found if f.rule == "reference-keeps-to-names"]
    assert kept == [ox.NamedNode(GLO + "Goal")]


BROUGHT = sorted(
    path
    for folder in ("src/glokal", "queries", "ontology")
    for path in (ROOT / folder).rglob("*.rq")
    # Not the templates, which are no queries yet.
    if "$" not in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", BROUGHT, ids=lambda path: path.stem)
def test_no_query_that_comes_with_glokal_is_asked_of_each_graph(path: Path) -> None:
    """However many files a project has: each of them is a graph."""
    query = read_query(path.read_text(encoding="utf-8")).query
    rewrite(query, lambda: [f"urn:graph:{n}" for n in range(MOST_GRAPHS + 1)])


FOREIGN = {
    "hasCounterpartIn": f"<{ID}activity/x> <{GLO}hasCounterpartIn> <{ID}place/x> .",
    "Membership": f"<{ID}membership/x> a <{GLO}Membership> .",
    "memberOf": f"<{ID}place/x> <http://www.w3.org/ns/org#memberOf> <{ID}place/y> .",
}


@pytest.mark.parametrize("word", FOREIGN)
def test_what_is_no_name_is_kept_out_of_reference_data(region: Path, word: str) -> None:
    folder = region / "data" / "reference"
    folder.mkdir(exist_ok=True)
    (folder / "mutant.ttl").write_text(FOREIGN[word], encoding="utf-8")
    workspace = Workspace(load_project(region))
    found = check_hygiene(workspace.asserted_store, workspace.project)
    assert word in " ".join(
        f"{f.path} {f.value}" for f in found if f.rule == "reference-keeps-to-names"
    )


def test_the_region_and_the_strategy_are_clean(
    region: Path, strategy: Workspace
) -> None:
    for workspace in (Workspace(load_project(region)), strategy):
        found = check_hygiene(workspace.asserted_store, workspace.project)
        assert list(found) == []


@pytest.mark.parametrize(
    ("base", "things", "outside"),
    [
        # All of the file, none of it, and the one that another base has.
        ("https://fjordland.example/", ("https://fjordland.example/id/x",) * 2, 0),
        ("https://fjordland.example/", ("https://fjordland.test/id/x", f"{ID}y"), 1),
        ("https://fjordland.test/", (f"{ID}x", f"{ID}y"), 2),
        # What begins alike and isn't below it.
        ("https://fjordland.example/id/a/", (f"{ID}ab/x",), 1),
    ],
)
def test_things_outside_the_base_are_one_error_with_their_number(
    base: str, things: tuple[str, ...], outside: int, warm_region: Path
) -> None:
    project = load_project(warm_region)
    vocabulary = [f for f in Workspace(project).files if f.kind == ONTOLOGY]
    text = "".join(f"<{thing}> a <{GLO}Place> .\n" for thing in things)
    # A document of others has no class of the ontology, and is no thing of ours.
    text += "<https://elsewhere.example/> a <http://xmlns.com/foaf/0.1/Document> .\n"
    triples = tuple(ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    file = SourceFile(
        "data/strategy/x.ttl", warm_region / "x.ttl", "urn:x", "strategy",
        tuple(quad.triple for quad in triples), {},
    )  # fmt: skip
    asked = dataclasses.replace(project, base=base)
    found = list(check_base([*vocabulary, file], asked))
    assert len(found) == bool(outside)
    for finding in found:
        assert finding.rule == "outside-base"
        assert finding.severity is Severity.VIOLATION
        number = f"{outside} of {len(set(things))} things don't begin with {base}"
        assert number in finding.text("en")
