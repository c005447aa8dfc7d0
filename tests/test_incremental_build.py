"""A build over the last one is a fresh build, byte for byte, whatever was edited.

A small project is edited again and again; after each edit its publication is built over
the one of before, and once more in a folder that nothing is taken over from.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.build import Publication, build_site

STRATEGY = "data/strategy/fjordland.ttl"
QUESTION = "queries/municipalities-in-programme.rq"
SETTINGS = "publication.toml"
WORDS = "words/en.po"
# The order of the edits: what one leaves behind is there for the next.
SEED = 3

_ACTIVITY = """
activity:kor a glo:Exchange ;
  rdfs:label "Korreise"@nb , "A choir travels"@en ;
  glo:statedIn passage:00170-00198 ;
  glo:supportedUnder programme:nordplus .
"""
_WORD = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "words.all_things"
msgid "Contents A–Z"
msgstr "All of it A–Z"
"""


def _replace(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _changed_name(root: Path) -> None:
    _replace(root, STRATEGY, '"Pen friends"@en', '"Letters"@en')


def _name_of_what_many_name(root: Path) -> None:
    _replace(root, STRATEGY, '"Nes"@nb', '"Neset"@nb')


def _removed_thing(root: Path) -> None:
    text = (root / STRATEGY).read_text(encoding="utf-8")
    start = text.index("\nparticipation:brevvenner-vik a ")
    end = text.index(" .\n", start) + len(" .\n")
    (root / STRATEGY).write_text(text[:start] + text[end:], encoding="utf-8")


def _added_activity(root: Path) -> None:
    text = (root / STRATEGY).read_text(encoding="utf-8")
    (root / STRATEGY).write_text(text + _ACTIVITY, encoding="utf-8")


def _question(root: Path) -> None:
    _replace(root, QUESTION, "Which municipalities have", "Which areas have")


def _settings(root: Path) -> None:
    _replace(root, SETTINGS, '"The strategy of Fjordland"', '"Fjordland abroad"')
    _replace(root, SETTINGS, "modified = 2026-01-15", "modified = 2026-02-20")


def _first_language(root: Path) -> None:
    # The first one has the root, so that every page stands elsewhere.
    _replace(root, SETTINGS, '["nb", "en"]', '["en", "nb"]')


def _word(root: Path) -> None:
    (root / WORDS).parent.mkdir()
    (root / WORDS).write_text(_WORD, encoding="utf-8")


EDITS: tuple[Callable[[Path], None], ...] = (
    _changed_name,
    _name_of_what_many_name,
    _removed_thing,
    _added_activity,
    _question,
    _settings,
    _first_language,
    _word,
)


def _build(root: Path, name: str) -> Publication:
    made = build_site(Workspace(load_project(root)), root / name)
    assert made is not None
    return made


def _files(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in sorted(root.rglob("*"))
        if p.is_file()
    }


def _compare(root: Path, edit: str) -> None:
    over, fresh = _files(root / "public"), _files(root / "fresh")
    assert over.keys() == fresh.keys(), edit
    assert [name for name in fresh if over[name] != fresh[name]] == [], edit


def test_a_build_over_the_last_one_is_a_fresh_build(region: Path) -> None:
    with (region / SETTINGS).open("a", encoding="utf-8") as settings:
        settings.write('\n[reason]\nengine = "rules"\n')
    edits = list(EDITS)
    random.Random(SEED).shuffle(edits)
    _build(region, "public")
    reused = 0
    for edit in edits:
        edit(region)
        reused += _build(region, "public").reused
        assert _build(region, "fresh").reused == 0
        _compare(region, edit.__name__)
        # So that the next fresh build finds nothing to take over.
        shutil.rmtree(region / "fresh")
    assert reused > 100 * len(edits) // 2
