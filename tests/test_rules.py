"""Rules in SPARQL give what HermiT gives, or say by name what they do not cover."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.inferences import COUNTED
from glokal.dataset.standard_words import standard_words
from glokal.dataset.workspace import Workspace
from glokal.rdf import scratch_store
from glokal.reasoning import rules
from glokal.reasoning.axioms import distinct_names, logical_axioms
from glokal.reasoning.entailments import InconsistentError, of_interest
from glokal.reasoning.rule_queries import queries_in
from glokal.reasoning.rules import infer_by_rules, reason_by_rules
from glokal.reasoning.unsupported_axioms import UncoveredError
from tests.conftest import glokal
from tests.hermit_process import Hermit, NotOwlError
from tests.rule_forms import (
    AXIOMS,
    CLASHES,
    EX,
    FORMS,
    NO_CLASH,
    REFUSED,
    UNNAMED,
    declared,
    parse,
)

ONTOLOGY = [f"ontology/{name}.ttl" for name in ("core", "axioms", "codes")]
FOLDERS = ("rules/single", "rules/joined")
QUIET = settings(
    max_examples=40,
    suppress_health_check=list(HealthCheck),
)
# A rule may have several forms.
NAMED = {f"{n}-{form.rule}": form for n, form in enumerate(FORMS)}


def closed(triples: list[ox.Triple]) -> set[ox.Triple]:
    return {*triples, *infer_by_rules(triples)}


def told(triples: set[ox.Triple]) -> set[ox.Triple]:
    return {t for t in triples if of_interest(t, (EX,))}


@pytest.mark.parametrize("project", ["strategy", "region"])
def test_the_real_graphs_get_the_same_entailments(
    project: str, request: pytest.FixtureRequest
) -> None:
    workspace = (
        request.getfixturevalue("strategy")
        if project == "strategy"
        else Workspace(load_project(request.getfixturevalue("region")))
    )
    by_hermit = set(workspace.entailments.inferred)
    by_rules = reason_by_rules(
        workspace.reasoned_over, namespaces=(GLO,), different=COUNTED
    ).inferred
    assert by_rules == by_hermit
    assert len(by_hermit) > (700 if project == "strategy" else 40)


@pytest.mark.parametrize("name", NAMED)
def test_each_rule_gives_what_hermit_gives_and_is_needed(
    name: str, hermit: Hermit, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = NAMED[name]
    follows = set(parse(form.follows))
    by_hermit = hermit.ask(declared(form.given))
    assert by_hermit is not None
    assert told(closed(declared(form.given))) == told(by_hermit)
    assert follows <= infer_by_rules(declared(form.given))
    assert not follows & set(declared(form.given))

    def fewer(folder: str) -> dict[str, str]:
        return {n: q for n, q in queries_in(folder).items() if n != form.rule}

    assert sum(len(fewer(f)) < len(queries_in(f)) for f in FOLDERS) == 1
    monkeypatch.setattr(rules, "queries_in", fewer)
    assert not follows <= infer_by_rules(declared(form.given))


def test_each_rule_and_each_clash_has_its_graph() -> None:
    assert {form.rule for form in FORMS} == {n for f in FOLDERS for n in queries_in(f)}
    assert {name.partition(",")[0] for name in CLASHES} == set(queries_in("clashes"))
    assert {name.partition(",")[0] for name in UNNAMED} == set(queries_in("unnamed"))


@pytest.mark.parametrize("name", CLASHES)
def test_a_clash_is_found_where_hermit_finds_one(name: str, hermit: Hermit) -> None:
    assert hermit.ask(declared(CLASHES[name])) is None
    with pytest.raises(InconsistentError, match="example"):
        infer_by_rules(declared(CLASHES[name]))


@pytest.mark.parametrize("name", NO_CLASH)
def test_no_clash_is_found_where_hermit_finds_none(name: str, hermit: Hermit) -> None:
    by_hermit = hermit.ask(declared(NO_CLASH[name]))
    assert by_hermit is not None
    assert told(closed(declared(NO_CLASH[name]))) == told(by_hermit)


@pytest.mark.parametrize("said", REFUSED)
def test_an_axiom_that_no_rule_covers_is_refused_by_name(said: str) -> None:
    with pytest.raises(UncoveredError) as caught:
        infer_by_rules(declared(REFUSED[said]))
    assert said.replace("of :", f"of {EX}") in str(caught.value)
    assert 'engine = "hermit"' in caught.value.remedy


@pytest.mark.parametrize("name", UNNAMED)
def test_a_thing_that_must_have_more_than_is_named_is_refused(name: str) -> None:
    text, missing = UNNAMED[name]
    with pytest.raises(UncoveredError, match=r"id/a has more under .*id/p "):
        infer_by_rules(declared(text))
    infer_by_rules(declared(text + missing))


individuals = st.sampled_from("abcdef")
facts = st.one_of(
    st.builds(":{} a :{} .".format, individuals, st.sampled_from("ABCD")),
    *[
        st.builds(
            ":{} :{} :{} .".format, individuals, st.sampled_from("pqrs"), individuals
        )
    ]
    * 3,
    st.builds(':{} :text "{}" .'.format, individuals, st.sampled_from("12")),
    st.builds(":{} owl:sameAs :{} .".format, individuals, individuals),
)


def answer_of_rules(triples: list[ox.Triple], namespace: str) -> set[ox.Triple] | None:
    try:
        return {t for t in closed(triples) if of_interest(t, (namespace,))}
    except InconsistentError:
        return None
    except UncoveredError:
        # Then the rules have said that they would give less.
        assume(False)
        raise


def answer_of_hermit(
    hermit: Hermit, triples: list[ox.Triple], namespace: str
) -> set[ox.Triple] | None:
    try:
        found = hermit.ask(triples)
    except NotOwlError:
        assume(False)
        raise
    return None if found is None else {t for t in found if of_interest(t, (namespace,))}


@QUIET
@given(
    axioms=st.lists(st.sampled_from(AXIOMS), min_size=2, max_size=8, unique=True),
    stated=st.lists(facts, min_size=3, max_size=12, unique=True),
)
def test_any_axioms_over_any_facts_give_the_same(
    hermit: Hermit, axioms: list[str], stated: list[str]
) -> None:
    triples = declared(" ".join([*axioms, *stated]))
    assert answer_of_rules(triples, EX) == answer_of_hermit(hermit, triples, EX)


REGION = """
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix code: <https://w3id.org/glokal/code/> .
@prefix id: <https://example.org/id/> .
id:a1 a glo:MunicipalAuthority . id:a2 a glo:MunicipalAuthority .
id:a3 a glo:MunicipalAuthority . id:a4 a glo:MunicipalAuthority .
id:a5 a glo:MunicipalAuthority . id:o1 a glo:CooperationNetwork .
id:o2 a glo:Organisation . id:t1 a glo:Project . id:t2 a glo:Festival .
id:p1 a glo:Programme . id:p2 a glo:Programme . id:p3 a glo:Programme .
"""
bodies = st.sampled_from(["a1", "a2", "a3", "a4", "a5", "o1", "o2"])
activities = st.sampled_from(["t1", "t2"])
programmes = st.sampled_from(["p1", "p2", "p3"])
statuses = st.sampled_from(["accepted", "accepted", "disputed"])
SITUATION = (
    "id:{kind}-{0}-{1} a glo:{kind} ; glo:{one} id:{0} ; glo:{other} id:{1} ;"
    " glo:verificationStatus <https://w3id.org/glokal/code/verification-status/{2}> ."
)
statements = st.one_of(
    st.builds(
        SITUATION.replace("{kind}", "Membership")
        .replace("{one}", "member")
        .replace("{other}", "membershipIn")
        .format,
        bodies,
        bodies,
        statuses,
    ),
    *[
        st.builds(
            SITUATION.replace("{kind}", "Participation")
            .replace("{one}", "participant")
            .replace("{other}", "participationIn")
            .format,
            bodies,
            activities,
            statuses,
        )
    ]
    * 3,
    st.builds("id:{} glo:supportedUnder id:{} .".format, activities, programmes),
    st.builds("id:{} glo:subProgrammeOf id:{} .".format, programmes, programmes),
    st.builds(
        "id:{} glo:inSphere code:cooperation-sphere\\/{} .".format,
        programmes,
        st.sampled_from(["nordic", "eu"]),
    ),
    st.builds("id:{} glo:governs id:m{} .".format, bodies, st.sampled_from("12")),
    st.builds(
        "id:t1 glo:{} id:o2 .".format, st.sampled_from(["fundedBy", "hasParticipant"])
    ),
)


@settings(QUIET, max_examples=15)
@given(stated=st.lists(statements, min_size=4, max_size=24, unique=True))
def test_any_facts_of_a_region_give_the_same(
    hermit: Hermit, strategy: Workspace, stated: list[str]
) -> None:
    given = parse(REGION + " ".join(stated))
    words = [t for f in strategy.files if f.name in ONTOLOGY for t in f.triples]
    logic = logical_axioms([*words, *given])
    triples = [*logic, *distinct_names(logic, COUNTED)]
    assert answer_of_rules(triples, GLO) == answer_of_hermit(hermit, triples, GLO)


# Large graphs


@pytest.fixture
def in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few triples be a portion, and some more be too many for memory."""
    monkeypatch.setattr(rules, "PORTION", 3)
    monkeypatch.setattr(scratch_store, "PORTION", 5)
    monkeypatch.setattr(scratch_store, "IN_MEMORY", 12)


@pytest.mark.usefixtures("in_portions")
@pytest.mark.parametrize("name", NAMED)
def test_a_rule_over_portions_on_disk_gives_the_same(name: str) -> None:
    graph = declared(NAMED[name].given)
    by_portions = closed(graph)
    with pytest.MonkeyPatch.context() as whole:
        whole.setattr(rules, "PORTION", 1000)
        whole.setattr(scratch_store, "IN_MEMORY", 1000)
        assert by_portions == closed(graph)


@pytest.mark.usefixtures("in_portions")
@pytest.mark.parametrize(
    "said",
    [
        ":A :isA :B . :isA rdfs:subPropertyOf rdfs:subClassOf .",
        ":A :p :c . :c :q :B . rdfs:subClassOf owl:propertyChainAxiom ( :p :q ) .",
    ],
)
def test_an_axiom_that_follows_late_counts_for_every_statement(said: str) -> None:
    things = " ".join(f":x{n} a :A ." for n in range(20))
    inferred = infer_by_rules(declared(f"{things} {said}"))
    assert set(parse(things.replace(":A", ":B"))) <= inferred


def test_a_graph_is_gone_through_and_not_looked_into(region: Path) -> None:
    class Streamed(Collection[ox.Triple]):
        def __init__(self, triples: Collection[ox.Triple]) -> None:
            self._triples = triples

        def __iter__(self) -> Iterator[ox.Triple]:
            return iter(self._triples)

        def __len__(self) -> int:
            return len(self._triples)

        def __contains__(self, triple: object) -> bool:
            raise AssertionError

    workspace = Workspace(load_project(region))
    given = workspace.reasoned_over
    by_rules = reason_by_rules(given, namespaces=(GLO,), different=COUNTED).inferred
    assert by_rules
    assert by_rules.isdisjoint(given)
    assert (
        reason_by_rules(Streamed(given), namespaces=(GLO,), different=COUNTED).inferred
        == by_rules
    )
    view = [*workspace.asserted(), *by_rules]
    words = standard_words(view, workspace.rules)
    assert words == standard_words(Streamed(view), workspace.rules)
    assert set(words).isdisjoint(view)


def test_a_project_chooses_its_engine(warm_region: Path, region: Path) -> None:
    by_hermit = Workspace(load_project(region)).entailments
    shutil.rmtree(region / ".cache")
    settings = region / "publication.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[reason]\nengine = "rules"\n')
    by_rules = Workspace(load_project(region)).entailments
    assert by_rules.inferred == by_hermit.inferred
    assert not (region / ".cache").exists()
    clash = "<https://x.example/id/a/b> a glo:Programme , glo:Project .\n"
    data = region / "data" / "strategy" / "fjordland.ttl"
    text = data.read_text(encoding="utf-8")
    clash += "<https://x.example/id/a/b> glo:inSphere <https://x.example/id/a/c> .\n"
    data.write_text(text + clash, encoding="utf-8")
    done = glokal("check", "--only", "owl", "--lang", "en", cwd=region)
    assert done.returncode == 1, done.stderr
    assert "is both" in done.stdout
    union = "<http://www.w3.org/2002/07/owl#disjointUnionOf>"
    more = f"glo:Programme {union} ( glo:Project ) .\n"
    data.write_text(text + more, encoding="utf-8")
    done = glokal("check", "--only", "owl", cwd=region)
    assert done.returncode == 2
    assert "No rule covers owl:disjointUnionOf (of glo:Programme)." in done.stderr
    assert "Traceback" not in done.stderr
