"""Quotations: the strategy's text, and every way in which an anchor can break."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_sources
from glokal.validation.finding import Severity
from glokal.validation.quotations import check_quotes
from tests.conftest import REGION, ROOT

DEFAULT_TEXT = ROOT / ".." / "shared" / "source" / "strategy-2023-2027.txt"


def source_text() -> Path | None:
    """Return the strategy's text, which stays out of the repository."""
    given = os.environ.get("GLOKAL_SOURCE_TEXT")
    path = ROOT / (given or DEFAULT_TEXT)
    if path.is_file():
        return path
    # Where it isn't beside the repository, `.ci/run` says what is left out.
    assert not given, f"GLOKAL_SOURCE_TEXT is {given}, which is no file."
    return None


def test_every_passage_stands_in_the_text_word_for_word(strategy: Workspace) -> None:
    text = source_text()
    assert list(check_quotes(strategy.files, text=text)) == []
    ours = check_quotes(
        read_sources(load_project(REGION)), text=REGION / "strategy.txt"
    )
    assert list(ours) == []


def test_the_appendix_has_64_entries_of_42_things(strategy: Workspace) -> None:
    refers = [
        t
        for f in strategy.files
        for t in f.triples
        if t.predicate.value == GLO + "refersTo"
    ]
    assert len(refers) == 64
    assert len({t.object for t in refers}) == 42


def test_the_passages_left_out_are_listed_with_their_reason(
    strategy: Workspace,
) -> None:
    found = list(check_quotes(strategy.files, list_uncovered=True))
    text = (ROOT / "data/source.ttl").read_text(encoding="utf-8")
    assert len(found) == text.count("glo:uncoveredReason") > 0
    for finding in found:
        assert finding.severity == Severity.INFO
        assert finding.text("nb") != finding.text("en") != ""


def test_no_local_path_or_user_name_is_published(strategy: Workspace) -> None:
    for file in strategy.files:
        text = file.path.read_text(encoding="utf-8")
        assert "Users/" not in text
        assert "Downloads" not in text


SOURCE = "data/source.ttl"
STRATEGY = "data/strategy/fjordland.ttl"
BREAKS = {
    "length": (SOURCE, 'exactText "NES"', 'exactText "NESS"'),
    "overlap": (SOURCE, "glo:startOffset 157 ;", "glo:startOffset 125 ;"),
    "anchor": (
        STRATEGY,
        "region:fjordland a glo",
        "region:more a glo:CooperationRegion .\n\nregion:fjordland a glo",
    ),
    "quotation": (
        STRATEGY,
        'exactQuote "Nordplus Junior – b',
        'exactQuote "Nordplus Junior - b',
    ),
    "reading": (
        SOURCE,
        'readingText "Nordplus Junior – brevvenner"',
        'readingText "Nordplus Junior – gode brevvenner"',
    ),
    "wording": (
        STRATEGY,
        "region:fjordland a glo",
        "<https://fjordland.example/id/goal/x> a glo:Goal ;\n"
        "  glo:statedIn passage:00033-00115 ;\n"
        '  glo:statement "Flere brevvenner"@nb .\n\nregion:fjordland a glo',
    ),
    "coverage": (
        STRATEGY,
        "  glo:statedIn passage:00000-00031 .",
        "  glo:statedIn passage:00033-00115 .",
    ),
    "reason": (
        SOURCE,
        '  glo:exactText "NES" ;',
        '  glo:exactText "NES" ;\n  glo:uncoveredReason "x"@nb ;',
    ),
    "digest": (SOURCE, '"sha256:', '"sha256:0'),
    "text": (SOURCE, 'exactText "NES"', 'exactText "NAS"'),
    "no-passages": (SOURCE, "a glo:SourcePassage", "a glo:Passage"),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_each_fault_is_found(region: Path, rule: str) -> None:
    name, old, new = BREAKS[rule]
    path = region / name
    text = path.read_text(encoding="utf-8")
    if rule == "overlap":
        import re

        starts = re.findall(r"glo:startOffset (\d+)", text)
        old, new = f"glo:startOffset {starts[-1]} ", f"glo:startOffset {starts[-2]} "
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = check_quotes(
        read_sources(load_project(region)), text=REGION / "strategy.txt"
    )
    assert rule in {f.rule for f in found}


@pytest.mark.parametrize(
    ("rule", "text"),
    [("gap", "Noe mer.\n"), ("rest", "")],
)
def test_text_that_no_passage_holds_is_found(
    tmp_path: Path, rule: str, text: str
) -> None:
    whole = (REGION / "strategy.txt").read_text(encoding="utf-8")
    changed = tmp_path / "strategy.txt"
    changed.write_text(text + whole if rule == "gap" else whole + "Mer.\n", "utf-8")
    found = check_quotes(read_sources(load_project(REGION)), text=changed)
    assert rule in {f.rule for f in found}
