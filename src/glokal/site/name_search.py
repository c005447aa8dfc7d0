"""The index of names that search looks in first, in the browser and in `glokal serve`.

One file a language, made with the pages: each thing, each question and each page of
the menus with its names in all languages and spellings, folded (`search_key`).
`static/names.js` reads the same file and follows the same rules; a test holds the two
together.

A hit has every word that was asked for. Its rank is 0 when a name is just that, 1 when
the words stand in a name whole, 2 when they begin words of a name. Only where nothing
else is found, rank 3 counts: words that are a letter or two from those of a name, the
nearest first, and few of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rapidfuzz.distance import OSA

from glokal.core.files.data_files import write_new
from glokal.core.namespaces import GLO, RDFS, SKOS
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.name_likeness import fold_name
from glokal.site.disputed import disputes_membership
from glokal.site.graph_view import GraphView
from glokal.site.pages.thing_list import is_supporting

_NAMES = (
    RDFS + "label",
    *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
    GLO + "organisationNumber",
    GLO + "municipalityNumber",
)
# What is looked for by what it is, too: the words for it in each language.
_CALLED = "SourceConflict"
# Where several things have the words in a name, in this order; then all others.
_FIRST = ("Municipality", "County", "Programme", "Organisation", "Network", "Country")
_DISPUTE, _QUESTION, _PLACE = (len(_FIRST) + n for n in (1, 2, 3))
EXACT, WHOLE, BEGUN, MISSPELT = range(4)
# From so many letters one may be wrong, and from so many two.
_ONE_WRONG, _TWO_WRONG = 5, 9
LONGEST, MOST = 200, 20
# Of names that are nearly what was asked for so many are shown.
MOST_NEAR = 5


@dataclass(frozen=True)
class NamedPage:
    """A page that is found by name.

    `title` is in the page's language but for `lang`; `keys` are its names as they are
    compared; `weight` is lower for what comes first. `also` are other addresses that
    lead to the page.
    """

    title: str
    lang: str
    href: str
    kind: str
    weight: int
    keys: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedHit:
    """A page that was found, and how well its name answers (see the module)."""

    page: NamedPage
    rank: int


def search_key(text: str) -> str:
    """Return a text as names are compared.

    Without case, accents and signs; æ, ä, aa and ae are a, ø and oe are o: what a
    keyboard lacks makes no other name.
    """
    spelt = fold_name(text).replace("aa", "a").replace("ae", "a")
    return spelt.replace("oe", "o")


def index_file(lang: str) -> str:
    """Return the path of the index of a language in the publication."""
    return f"names.{lang}.json"


def named_pages(
    view: GraphView,
    queries: Iterable[CannedQuery],
    lang: str,
    words: Mapping[str, Any],
    places: Iterable[tuple[str, str]] = (),
) -> list[NamedPage]:
    """Return the pages that are found by name, `places` by titles and paths."""
    question = words["question"]
    results = []
    for iri in view.things():
        if view.leading(iri) != iri or is_supporting(view, iri):
            continue
        every = view.together(iri)
        kinds = [k for one in every for k in view.kind_iris(one)]
        names = [
            t.object.value
            for one in every
            for t in view.out(one)
            if t.predicate.value in _NAMES and isinstance(t.object, ox.Literal)
        ]
        link = view.link(iri, lang)
        weight = min(
            (n for n, kind in enumerate(_FIRST) if GLO + kind in kinds),
            default=_DISPUTE if GLO + _CALLED in kinds else len(_FIRST),
        )
        keys = dict.fromkeys(filter(None, map(search_key, (link.text, *names))))
        if weight == _DISPUTE:
            told = words["search_two_things"]
            if disputes_membership(view, iri):
                told = [*told, *words["search_disputed"]]
            keys.update(dict.fromkeys(map(search_key, told)))
        kind = ", ".join(dict.fromkeys(k.text for k in view.kinds(iri, lang)))
        results.append(
            NamedPage(
                link.text,
                link.lang,
                link.href,
                kind,
                weight,
                tuple(keys),
                tuple(view.own_path(one) for one in every[1:]),
            )
        )
    for query in queries:
        title = query.summary[lang]
        path = f"query/{query.slug}/"
        key = search_key(title)
        results.append(NamedPage(title, "", path, question, _QUESTION, (key,)))
    results += [
        NamedPage(title, "", path, "", _PLACE, (search_key(title),))
        for title, path in places
    ]
    return results


def write_names(root: Path, lang: str, pages: Sequence[NamedPage]) -> None:
    """Write the index of a language, the same bytes each time."""
    told = [[p.title, p.lang, p.href, p.kind, p.weight, p.keys, p.also] for p in pages]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    write_new(root / index_file(lang), f"{text}\n".encode())


def read_names(index: bytes) -> list[NamedPage]:
    """Return the pages in the index of a language, a file of a built publication."""
    return [
        NamedPage(title, other, href, kind, weight, tuple(keys), tuple(also))
        for title, other, href, kind, weight, keys, also in json.loads(index)
    ]


def find_names(
    pages: Iterable[NamedPage], asked: str, *, misspelt: bool = False
) -> list[NamedHit]:
    """Return the pages whose names have every word, the best first.

    With `misspelt`, those whose names nearly have them.
    """
    key = search_key(asked[:LONGEST])
    words = key.split()
    if not words:
        return []
    hits = []
    for page in pages:
        ranks = []
        for name in page.keys:
            slips = _slips(words, name) if misspelt else 0
            rank = MISSPELT if misspelt else _rank(words, key, name)
            if slips is not None and rank is not None:
                ranks.append((rank, slips, len(name)))
        if ranks:
            rank, slips, length = min(ranks)
            order = (rank, slips, page.weight, length, page.title, page.href)
            hits.append((order, page))
    hits.sort(key=lambda hit: hit[0])
    most = MOST_NEAR if misspelt else MOST
    return [NamedHit(page, order[0]) for order, page in hits[:most]]


def _slips(words: Iterable[str], name: str) -> int | None:
    """Return how many letters are wrong in words of a name, None if they aren't."""
    total = 0
    for word in words:
        found = [n for o in name.split() if (n := _wrong(word, o)) is not None]
        if not found:
            return None
        total += min(found)
    return total


def _rank(words: list[str], key: str, name: str) -> int | None:
    theirs = name.split()
    if name == key or name.replace(" ", "") == key.replace(" ", ""):
        return EXACT
    if all(w in theirs for w in words):
        return WHOLE
    if all(any(other.startswith(w) for other in theirs) for w in words):
        return BEGUN
    return None


def _wrong(word: str, other: str) -> int | None:
    """Return how many letters of a word are a slip, None if it is another word.

    Digits are never one.
    """
    if other.startswith(word):
        return 0
    if word[0] != other[0] or any(sign.isdigit() for sign in word):
        return None
    allowed = (len(word) >= _ONE_WRONG) + (len(word) >= _TWO_WRONG)
    wrong: int = OSA.distance(word, other)
    return wrong if wrong <= allowed else None
