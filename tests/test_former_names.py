"""A name that is corrected to one that no passage has: quotations still speak of it.

How the strategy writes each name was read in its text: «Inclusivate», «Naboer AB»,
«Forskningsrådet» without the word «Norges».
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import RDFS, SKOS
from glokal.dataset.workspace import Workspace
from glokal.workbook.former_names import former_names
from tests.contact import Book, run

THINGS = "https://w3id.org/glokal/id/"
Label = tuple[str, str]


def triple(key: str, predicate: str, label: Label) -> ox.Triple:
    text, language = label
    return ox.Triple(
        ox.NamedNode(THINGS + key),
        ox.NamedNode(predicate),
        ox.Literal(text, language=language),
    )


INCLUSIVATE = ("Inclusivate", "nb"), ("Inclusivate", "en")


@pytest.mark.parametrize(
    ("key", "old", "new", "kept"),
    [
        # The passages still have the name in the other language.
        ("activity/inclusivate", INCLUSIVATE[:1], [("Inkludering", "nb")], []),
        # One of the two is enough, that of the source's language.
        (
            "activity/inclusivate",
            INCLUSIVATE,
            [("Inkludering på tvers", "nb"), ("Inclusion", "en")],
            INCLUSIVATE[:1],
        ),
        # The words of the new name are those of the passages.
        ("activity/inclusivate", INCLUSIVATE, [("INCLUSIVATE", "nb")], []),
        # Nothing was called otherwise before.
        ("organisation/naboer-ab", [], [("Naboer", "nn")], []),
    ],
)
def test_an_old_name_stays_where_a_passage_has_no_other(
    key: str,
    old: list[Label],
    new: list[Label],
    kept: list[Label],
    strategy: Workspace,
) -> None:
    label, other = RDFS + "label", SKOS + "altLabel"
    out, found = former_names(
        strategy.files,
        [triple(key, label, x) for x in old],
        [triple(key, label, x) for x in new],
    )
    assert (out, found) == ([], [triple(key, other, x) for x in kept])


def test_another_name_that_becomes_the_name_is_no_other_name(
    strategy: Workspace,
) -> None:
    label, other = RDFS + "label", SKOS + "altLabel"
    key, full = "organisation/forskningsradet", ("Norges forskningsråd", "nb")
    out, kept = former_names(
        strategy.files,
        [triple(key, label, ("Forskningsrådet", "nb"))],
        [triple(key, label, full)],
    )
    assert out == [triple(key, other, full)]
    assert kept == [triple(key, other, ("Forskningsrådet", "nb"))]


def test_names_that_no_passage_has_are_taken_with_all_checks(real_copy: Path) -> None:
    path = real_copy / "r.xlsx"
    assert run("sheet", "export", path, cwd=real_copy).returncode == 0
    book = Book(path)
    names = {"Tiltak": "Inkludering på tvers", "Tiltak (engelsk)": "Inclusion"}
    book.put("Meld", "activity/inclusivate", **names)
    names = {"Navn (bokmål)": "Grenselaget", "Navn (engelsk)": "The border people"}
    book.put("Partnere", "organisation/naboer-ab", **names)
    book.save()
    done = run("sheet", "import", path, "--yes", cwd=real_copy)
    assert done.returncode == 0, done.stdout + done.stderr
    for file, name in (("activities", "Inclusivate"), ("organisations", "Naboer AB")):
        text = (real_copy / "data" / "strategy" / f"{file}.ttl").read_text("utf-8")
        assert f'skos:altLabel "{name}"@nb' in text
