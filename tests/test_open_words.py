"""What a project is too small or too new for: denials, questions about several."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.answer_template import NOT_STATED, WHEN
from glokal.dataset.query_files import load_queries
from glokal.dataset.translation_files import source_texts
from glokal.dataset.workspace import Workspace
from glokal.server.app import make_app
from glokal.site.page_words import load_words
from tests.conftest import ROOT, glokal

NEUTRAL = {
    "nb": "Her er ingenting ført inn om dette.",
    "nn": "Her er ingenting ført inn om dette.",
    "en": "Nothing about this has been entered here.",
    "sv": "Här har inget om detta förts in.",
}
# What a text says that knows a document to be silent.
DENIALS = {
    "nb": ("strategien oppgir", "strategien nevner ikke", "ikke oppgitt", "vedlegget"),
    "nn": (
        "strategien oppgir",
        "strategien nemner ikkje",
        "ikkje oppgitt",
        "vedlegget",
    ),
    "en": ("does not state", "states no", "not stated", "appendix"),
    "sv": ("strategin anger", "anges inte", "bilagan"),
}


@pytest.fixture
def finished(region: Path) -> Path:
    """The region with the shared questions."""
    shutil.rmtree(region / "queries")
    shutil.rmtree(region / "expected")
    return region


@pytest.fixture
def unfinished(finished: Path) -> Path:
    region = finished
    settings = region / "publication.toml"
    text = settings.read_text("utf-8")
    marked = "unofficial = true\ncomplete = false"
    settings.write_text(text.replace("unofficial = true", marked), "utf-8")
    return region


def test_an_answer_without_rows_tells_nothing_of_the_document(unfinished: Path) -> None:
    answers = [q.answer for q in Workspace(load_project(unfinished)).queries]
    assert len([a for a in answers if a]) > 50
    for answer in filter(None, answers):
        for lang, forms in answer.forms.items():
            assert forms["none"] == NEUTRAL[lang]
            assert not {"silent", "rest", WHEN + NOT_STATED} & set(forms)


def test_a_document_that_was_read_whole_is_silent_where_nothing_is(
    finished: Path,
) -> None:
    answers = [q.answer for q in Workspace(load_project(finished)).queries if q.answer]
    assert not {a.forms["nb"]["none"] for a in answers} & {*NEUTRAL.values()}


def test_the_words_of_the_pages_deny_nothing(unfinished: Path) -> None:
    told = tomllib.loads(
        (ROOT / "src/glokal/dataset/open_words.toml").read_text("utf-8")
    )
    assert {*told} == {*NEUTRAL}
    texts = source_texts(Workspace(load_project(ROOT)).queries)
    for lang, words in told.items():
        assert {*words} == {*told["nb"]} <= {*texts}
        for key, text in words.items():
            assert not any(said in text.lower() for said in DENIALS[lang]), key
    words = load_words(
        Workspace(load_project(unfinished)).worded().project.translations
    )
    assert words["nb"]["cell_none"] == "ikke ført inn"
    # What only the documents' table has a word for keeps it.
    assert words["nb"]["side_table"] == "I tabellen"


def test_the_setting_is_true_or_false(unfinished: Path) -> None:
    settings = unfinished / "publication.toml"
    text = settings.read_text("utf-8").replace("complete = false", "complete = 3")
    settings.write_text(text, "utf-8")
    refused = glokal("check", cwd=unfinished)
    assert refused.returncode == 2
    assert "complete" in refused.stderr


def test_a_plan_of_one_municipality_has_no_questions_about_several(
    finished: Path,
) -> None:
    project = load_project(finished)
    files = Workspace(project).files
    municipality = ox.NamedNode(GLO + "Municipality")
    several = {t.subject for f in files for t in f.triples if t.object == municipality}
    assert len(several) > 1
    others = several - {min(several, key=str)}
    alone = [
        replace(f, triples=[t for t in f.triples if t.subject not in others])
        for f in files
    ]
    left_out = {q.slug for q in load_queries(project, files)} - {
        q.slug for q in load_queries(project, alone)
    }
    assert left_out == {
        "activities-of-all-municipalities",
        "joint-activities",
        "municipalities-of-region",
        "programmes-spanning-municipalities",
        "shared-things",
        "things-of-one-municipality",
        "things-of-two-municipalities",
    }


def test_the_api_denies_nothing_that_pages_do_not(
    strategy: Workspace, publication: Path
) -> None:
    """It reads the questions from the publication, with their own words for none."""
    path = "/api/queries/organisations-in-both.json"
    asked = {"organisation": "sunne-kommuner", "lang": "nb", "limit": "900"}
    told = {}
    for complete in (True, False):
        project = replace(strategy.project, root=publication, complete=complete)
        app = make_app(project, publication / "public")
        with TestClient(app) as client:
            answer = client.get(path, params=asked)
            assert answer.status_code == 200, answer.text
            assert answer.json()["rows"] == []
            told[complete] = answer.json()["answer"]
    assert told[True].startswith("Strategien oppgir ingen")
    assert told[False] == NEUTRAL["nb"]
