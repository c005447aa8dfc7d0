"""Programmes and countries as plans write them, in what a draft proposes."""

from __future__ import annotations

from pathlib import Path

import pytest

from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.programme_names import programme_in
from tests.drafted_region import begin, document, drafted


@pytest.mark.parametrize(
    ("text", "programme"),
    [
        ("Interreg Sverige–Norge – skogsveier", "Interreg Sverige-Norge"),
        ("Skogsvägar (Interreg Sverige-Norge)", "Interreg Sverige-Norge"),
        ("Interreg Sverige – Norge: skogsveier", "Interreg Sverige-Norge"),
        ("Interreg Vest-Norden Nord, kystled", "Interreg Vest-Norden Nord"),
        ("Søker Interreg Nord, med partnere", "Interreg Nord"),
        ("Interreg – språkkurs", "Interreg"),
        ("Interreg. Kommunen er med", "Interreg"),
        ("Nordplus Junior – brevvenner", "Nordplus Junior"),
        ("Erasmus+ Kurs", "Erasmus+"),
        ("Livet er fint", ""),
    ],
)  # fmt: skip
def test_the_longer_name_of_a_programme_wins(text: str, programme: str) -> None:
    found = programme_in(text)
    assert (found.name if found else "") == programme


@pytest.mark.parametrize(
    ("language", "text", "countries"),
    [
        ("nb", "Elevutveksling med Finland", ["Finland"]),
        ("nb", "Språkkurs på Malta", ["Malta"]),
        ("nb", "Til Italia, Spania og Malta i mai", ["Italia", "Spania", "Malta"]),
        ("nb", "Møter i Norge og Danmark", ["Danmark"]),
        ("nb", "Interreg Sverige–Norge", []),
        ("nb", "Kurs i finland", []),
        ("nn", "Utveksling frå Noreg til Færøyane", ["Færøyane"]),
        ("sv", "Studieresa till Tyskland.", ["Tyskland"]),
        ("sv", "Utbyte med Bosnien och Hercegovina", ["Bosnien och Hercegovina"]),
        ("en", "Pupils in the exchange with Germany and Poland", ["Germany", "Poland"]),
        ("xx", "Kurs i Finland", []),
    ],
)  # fmt: skip
def test_a_country_is_told_by_the_word_before_it(
    language: str, text: str, countries: list[str]
) -> None:
    found = DraftVocabulary(language).countries_in(text, ["NOR"])
    assert found == countries


def test_a_draft_proposes_both(tmp_path: Path) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    item = "Skogsveier med Finland (Interreg Sverige–Norge)"
    table = [["Kommune", "Næring"], ["Tynset", item], ["Røros", "Tur i Norge"]]
    book = drafted(folder, document(tmp_path / "plan.docx", "Fjellet", (), table))
    one, other = book.rows("Oppføringer")
    assert (one["Program"], one["Motpart i"]) == ("Interreg Sverige-Norge", "Finland")
    assert other["Motpart i"] == ""
