"""The life of an entry: reports with sources, what was true on a day, what is stale."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import ACTIVITY_STATUS
from glokal.core.settings import load_project
from glokal.dataset.activity_status import (
    StatusReport,
    read_reports,
    status_of,
    valid_on,
)
from glokal.dataset.stale import stale_on
from glokal.dataset.workspace import Workspace
from glokal.site.build import build_site
from glokal.validation.pipeline import run_checks
from tests.conftest import copy_project, glokal

ID = "https://fjordland.example/id/"
REGISTER = """@prefix activity: <https://fjordland.example/id/activity/> .
@prefix activity-status: <https://w3id.org/glokal/code/activity-status/> .
@prefix authority: <https://fjordland.example/id/authority/> .
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix participation: <https://fjordland.example/id/participation/> .
@prefix programme: <https://fjordland.example/id/programme/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix report: <https://fjordland.example/id/report/> .
@prefix verification-status: <https://w3id.org/glokal/code/verification-status/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

activity:vinterleir a glo:Project ;
  rdfs:label
    "Vinterleir"@nb ,
    "Winter camp"@en ;
  glo:supportedUnder programme:nordplus .

participation:vinterleir-nes a glo:Participation ;
  glo:participant authority:nes ;
  glo:participationIn activity:vinterleir ;
  glo:verificationStatus verification-status:accepted .

report:brevvenner-2026-06-30 a glo:Report ;
  glo:activityStatus activity-status:ended ;
  glo:checkedOn "2026-06-30"^^xsd:date ;
  glo:endDate "2026-05-31"^^xsd:date ;
  glo:reportSource "Årsmelding 2026, side 4" ;
  glo:reportsOn activity:brevvenner ;
  glo:vouchedBy authority:vik .

report:vinterleir-2026-02-01 a glo:Report ;
  glo:activityStatus activity-status:running ;
  glo:checkedOn "2026-02-01"^^xsd:date ;
  glo:reportSource "Vedtak 12/26" ;
  glo:reportsOn activity:vinterleir , participation:vinterleir-nes ;
  glo:startDate "2026-01-10"^^xsd:date ;
  glo:vouchedBy authority:nes .
"""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture(scope="module")
def lived(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region with a register: one activity new, one ended."""
    folder = copy_project(warm_region, tmp_path_factory.mktemp("lived") / "fjordland")
    (folder / "data" / "register").mkdir()
    file = folder / "data" / "register" / "reports.ttl"
    file.write_text(REGISTER, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def work(lived: Path) -> Workspace:
    return Workspace(load_project(lived))


def test_the_register_passes_the_checks_and_the_strategy_answers_as_before(
    work: Workspace,
) -> None:
    report = run_checks(work)
    # Nobody has chosen passages for the invented region's statements; it is advised.
    assert [f.text("en") for f in report.findings if not f.advice] == []
    assert "competency" in report.steps


QUESTION = ("query", "municipalities-in-programme")
ASK = (*QUESTION, "--param", "programme=nordplus", "--format", "csv")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (None, {"Nes", "Vik"}),  # What the strategy says.
        ("2025-06-01", {"Nes", "Vik"}),  # Before anything was reported.
        ("2026-05-31", {"Nes", "Vik"}),  # The last day of the pen friends.
        ("2026-06-01", {"Nes"}),  # The winter camp goes on.
    ],
)
def test_what_was_true_on_a_day_can_be_asked(
    asked: str | None, named: set[str], lived: Path
) -> None:
    told = glokal(*ASK, *(("--as-of", asked) if asked else ()), cwd=lived)
    assert told.returncode == 0, told.stderr
    rows = told.stdout.splitlines()[1:]
    assert {row.rpartition(",")[2] for row in rows} == named


def test_what_is_new_is_true_from_its_start(lived: Path) -> None:
    asked = "SELECT ?a WHERE { ?a a <https://w3id.org/glokal/def#Project> }"
    for when, rows in (("2026-01-09", 0), ("2026-01-10", 1)):
        told = glokal("sparql", asked, "--format", "csv", "--as-of", when, cwd=lived)
        assert len(told.stdout.splitlines()) == 1 + rows, (when, told.stderr)


@pytest.mark.parametrize(
    ("when", "said"),
    [("2024-12-31", "begins on 2025-01-01"), ("31.12.2026", "som ikke er en dato")],
)
def test_a_day_that_can_t_be_answered_is_refused(
    when: str, said: str, lived: Path
) -> None:
    told = glokal(*ASK, "--as-of", when, cwd=lived)
    assert told.returncode == 2
    assert said in told.stderr


def a_report(
    checked: str, status: str = "", start: str = "", end: str = ""
) -> StatusReport:
    return StatusReport(
        f"x:{checked}",
        ("x:a",),
        ACTIVITY_STATUS + status if status else "",
        day(start) if start else None,
        day(end) if end else None,
        day(checked),
        "x:b",
        "A letter",
    )


PLANNED = a_report("2025-01-01", "planned")
RUNNING = a_report("2025-06-01", "running")
TO_END = a_report("2025-06-01", "running", end="2026-06-30")
ENDED = a_report("2026-01-01", "ended")
GOES_ON = a_report("2026-07-01", "running")


@pytest.mark.parametrize(
    ("reports", "known", "holds"),
    [
        ([], True, {"2023-01-01": True, "2030-01-01": True}),
        ([], False, {"2030-01-01": False}),
        ([PLANNED], False, {"2025-01-01": False, "2030-01-01": False}),
        ([PLANNED, RUNNING], False, {"2025-05-31": False, "2025-06-01": True}),
        ([RUNNING, ENDED], True, {"2025-12-31": True, "2026-01-02": False}),
        ([TO_END], True, {"2026-06-30": True, "2026-07-01": False}),
        # A later word that it goes on counts for more than an old plan.
        ([TO_END, GOES_ON], True, {"2026-07-01": True, "2030-01-01": True}),
    ],
)
def test_the_newest_word_counts(
    reports: list[StatusReport], known: bool, holds: Mapping[str, bool]
) -> None:
    got = {d: valid_on(day(d), reports, known=known) for d in holds}
    assert got == holds


def test_each_part_has_the_source_that_says_it(work: Workspace) -> None:
    reports = read_reports(work.files)[f"{ID}activity/vinterleir"]
    life = status_of([*reports, a_report("2026-09-01", "ended")])
    assert life.start and life.status and life.checked
    assert life.start.source == "Vedtak 12/26"
    assert life.status.source == life.checked.source == "A letter"
    assert life.end is None


def test_stale_is_judged_by_a_given_day(work: Workspace) -> None:
    def stale(on: str, days: int) -> list[str]:
        found = stale_on(work.files, day(on), days)
        return [each.iri.rpartition("/")[2] for each in found]

    # Before its report, nobody had checked either of them.
    assert stale("2026-01-31", 365) == ["brevvenner", "vinterleir"]
    # What has ended needs no more checks; the limit itself is not too old.
    assert stale("2026-07-01", 150) == []
    assert stale("2026-07-02", 150) == ["vinterleir"]


def test_the_command_lists_what_is_stale(lived: Path) -> None:
    told = glokal("stale", "--on", "2027-12-31", "--lang", "en", cwd=lived)
    assert told.returncode == 1
    assert told.stdout == (
        "Winter camp\n    last checked 2026-02-01 (Nes Municipality); "
        "Nes Municipality\nNot checked in the 365 days before 2027-12-31: 1.\n"
    )
    assert glokal("stale", "--on", "2026-07-01", cwd=lived).returncode == 0
    told = glokal("stale", "--on", "2027-12-31", "--format", "csv", cwd=lived)
    assert "Vinterleir,Pågår," in told.stdout


def test_pages_show_what_was_reported_with_its_source(
    work: Workspace, tmp_path: Path
) -> None:
    build_site(work, tmp_path / "public")
    page = (tmp_path / "public/doc/activity/brevvenner/index.html").read_text("utf-8")
    for said in ("Meldt til registeret", "Avsluttet", "Årsmelding 2026, side 4"):
        assert said in page
    page = (tmp_path / "public/en/doc/municipality/nes/index.html").read_text("utf-8")
    assert "by what was reported to the register" in page
    assert "Winter camp" in page
    # The strategy says nothing of it, so its page doesn't say that it does.
    page = (tmp_path / "public/en/doc/activity/vinterleir/index.html").read_text(
        "utf-8"
    )
    assert "What was reported to the register" in page
    assert "What the strategy says" not in page
    quads = ox.parse(path=tmp_path / "public" / "dump" / "glokal.ttl")
    # The data of the strategy stay the strategy's.
    assert not any("vinterleir" in str(q.subject) for q in quads)
