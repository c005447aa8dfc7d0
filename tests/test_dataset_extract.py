"""A dataset cut out of its catalogue: what goes with it, and what stays behind.

What is expected was read from the national harvester's own program: it follows every
link from the dataset but those to other datasets and series.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.harvest.dataset_extract import (
    by_subject,
    catalogues,
    classes_of,
    datasets_of,
    extract_dataset,
)

E = "http://e/"
TEXT = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix e: <http://e/> .
e:cat a dcat:Catalog ; dcat:dataset e:one, e:series, e:untyped, "text" ; e:p e:two .
[] a dcat:Catalog ; dcat:dataset e:two .
e:notcat a dcat:Dataset ; dcat:dataset e:two .
e:one a dcat:Dataset ; e:p e:two, e:file, e:nowhere, "e:word", _:b ; e:self e:one .
e:file a dcat:Distribution ; e:p e:deep ; e:back e:one .
e:deep e:p e:deeper, e:file .
e:deeper e:p "end" .
_:b e:p e:deep .
e:two a dcat:Dataset ; e:p e:apart .
e:apart e:p "not reached" .
e:series a dcat:DatasetSeries ; e:p e:apart .
e:member a dcat:Dataset ; dcat:inSeries e:series .
e:stray a dcat:Dataset ; dcat:inSeries e:two .
e:untyped e:p "no kind" .
"""


def triples() -> list[ox.Triple]:
    return [q.triple for q in ox.parse(input=TEXT, format=ox.RdfFormat.TURTLE)]


def test_catalogues_with_an_iri_are_found() -> None:
    assert catalogues(by_subject(triples())) == [f"{E}cat"]


def test_datasets_are_those_listed_and_those_in_a_listed_series() -> None:
    about = by_subject(triples())
    assert datasets_of(about, f"{E}cat") == [f"{E}one", f"{E}series", f"{E}member"]
    assert datasets_of(about, f"{E}nowhere") == []


def test_the_kinds_of_a_node_are_its_types() -> None:
    about = by_subject(triples())
    assert classes_of(about, f"{E}one") == {"http://www.w3.org/ns/dcat#Dataset"}
    assert classes_of(about, f"{E}untyped") == set()


@pytest.mark.parametrize(
    ("dataset", "subjects"),
    [
        ("one", {"one", "file", "deep", "deeper", "_"}),
        ("two", {"two", "apart"}),
        ("member", {"member"}),
    ],
)
def test_all_that_is_reached_goes_along_but_other_datasets(
    dataset: str, subjects: set[str]
) -> None:
    given = triples()
    found = extract_dataset(by_subject(given), f"{E}{dataset}")

    def name(subject: object) -> str:
        return (
            "_" if isinstance(subject, ox.BlankNode) else str(subject)[len(E) + 1 : -1]
        )

    assert {name(t.subject) for t in found} == subjects
    # Of what goes along everything does, the links to other datasets too.
    own = {t.subject for t in found}
    assert found == [t for subject in dict.fromkeys(t.subject for t in found)
                     for t in given if t.subject == subject]  # fmt: skip
    assert len(own) == len(subjects)
