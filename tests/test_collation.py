"""Sorting in each language, held against ICU: Node's `Intl.Collator`.

Words are real names of municipalities and counties, and others made by chance of the
letters that a language's rules name.
"""

from __future__ import annotations

import csv
import json
import random
import string
import subprocess
import tomllib
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from glokal.core.collation import sort_key
from tests.conftest import ROOT

NODE = ROOT / ".venv/bin/node"
PACKAGE = ROOT / "src/glokal/core"
RULES: dict[str, str] = tomllib.loads((PACKAGE / "collation.toml").read_text("utf-8"))[
    "rules"
]
# What CLDR has no rules for stands as in the root.
LANGUAGES = sorted({*RULES, "en", "de", "fr", "nl", "pt", "it", "sv-FI", "de-CH"})
SCRIPTS = {
    "el": "αβγδεζηθικλμνξοπρστυφχψωςάέήΐ",
    "he": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "hy": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "ka": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
}
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґѓќўјљњћџђ"
ASKED = """
const [lang, words] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const order = new Intl.Collator(lang, { numeric: true });
const steps = words.slice(1).map((word, n) => order.compare(words[n], word));
console.log(JSON.stringify(steps.map(Math.sign)));
"""


def icu(lang: str, words: list[str]) -> list[int]:
    """Return how ICU has each word to the next: -1 for before, 0 for the same."""
    run = subprocess.run(
        [NODE, "-e", ASKED],
        input=json.dumps([lang, words]),
        capture_output=True,
        text=True,
        check=True,
    )
    steps: list[int] = json.loads(run.stdout)
    return steps


@cache
def places() -> tuple[str, ...]:
    names = set()
    for file in sorted((PACKAGE / "countries").glob("*.csv")):
        with Path(file).open(encoding="utf-8", newline="") as lines:
            names |= {row["name"] for row in csv.DictReader(lines)}
    return tuple(sorted(names))


def made_words(lang: str) -> list[str]:
    """Return words by chance, of the letters of a language and of some others."""
    chance = random.Random(lang)
    own = [c for c in RULES.get(lang, "") if unicodedata.category(c) in ("Ll", "Lo")]
    letters = [*string.ascii_lowercase, *"éèüöäåøæß", *own, *own]
    if "Cyrl" in RULES.get(lang, ""):
        letters += CYRILLIC * 2
    letters += SCRIPTS.get(lang, "") * 2
    words = set()
    for _ in range(600):
        word = "".join(chance.choices(letters, k=chance.randint(1, 4)))
        if chance.random() < 0.3:
            word = word.capitalize() if len(word.capitalize()) == len(word) else word
        if chance.random() < 0.1:
            word += chance.choice([" ", "-", ".", "’", " 10", " 9"]) + "a"
        # ICU reads two letters as one through an accent, which no name asks for.
        if not {x + y for x in "aA" for y in "åäàáâãÅÄ"} & set(
            map("".join, pairwise(word))
        ):
            words.add(unicodedata.normalize("NFC", word))
    return sorted(words)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_sorts_as_icu_does(lang: str) -> None:
    words = [*places(), *made_words(lang)]
    ours = sorted(words, key=lambda word: sort_key(word, lang))
    wrong = [
        (ours[n], ours[n + 1]) for n, step in enumerate(icu(lang, ours)) if step > 0
    ]
    assert not wrong, (len(wrong), wrong[:12])


@pytest.mark.parametrize(
    ("lang", "ordered"),
    [
        ("nb", ["Zoo", "Ærfugl", "Ødegaard", "Åfjord", "Aalesund"]),
        ("da", ["Zoo", "Ærø", "Øster", "Ålborg", "Aarhus"]),
        ("sv", ["Zinkgruvan", "Åre", "Ängelholm", "Örebro"]),
        ("fi", ["Vaasa", "Ypäjä", "Åbo", "Äänekoski", "Öja"]),
        ("de", ["Aachen", "Ähre", "Bonn", "Österreich", "Ostsee", "Zürich"]),
        ("en", ["Åland", "apple", "Århus", "Zoo"]),
        ("nb", ["Klasse 2", "klasse 9", "Klasse 10", "Klasse 100"]),
        ("cs", ["hrad", "chata", "jih"]),
        ("xx", ["a", "B", "c"]),
    ],
)
def test_names_that_people_know(lang: str, ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=lambda name: sort_key(name, lang)) == ordered


def test_accents_count_before_case_and_both_after_letters() -> None:
    words = ["côte", "cote", "Cote", "coté", "cotes"]
    ordered = ["cote", "Cote", "coté", "côte", "cotes"]
    assert sorted(words, key=lambda word: sort_key(word, "en")) == ordered


def test_letters_in_parts_and_whole_are_one() -> None:
    for lang in ("nb", "sv", "vi"):
        assert sort_key("A\u030are", lang) == sort_key("Åre", lang)


def test_what_is_written_in_no_listed_script_comes_last_and_always_alike() -> None:
    words = ["日本", "ไทย", "Zoo", "한국", "100", "«a»"]
    assert sorted(words, key=lambda word: sort_key(word, "nb"))[:3] == [
        "«a»",
        "100",
        "Zoo",
    ]
