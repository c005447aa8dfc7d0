"""A build over the last one is a fresh build, byte for byte, whatever was edited.

A small project is edited again and again; after each edit its publication is built over
the one of before, and once more in a folder that nothing is taken over from. A copy of
the publication of before, made of links to its files, tells that none was written to.
"""

from __future__ import annotations

import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site import build, build_cache
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
CODES = "https://w3id.org/glokal/code/subject-area/"
_ENTRY = """
entry:nes-education-2 a glo:MappingEntry ;
  glo:entryOf authority:nes ;
  glo:exactQuote "Nordplus Junior" ;
  glo:inSubjectArea <https://w3id.org/glokal/code/subject-area/education> ;
  glo:refersTo programme:nordplus-junior ;
  glo:statedIn passage:00204-00232 .
"""
_PREFIXES = """@prefix activity: <https://fjordland.example/id/activity/> .
@prefix activity-status: <https://w3id.org/glokal/code/activity-status/> .
@prefix authority: <https://fjordland.example/id/authority/> .
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix participation: <https://fjordland.example/id/participation/> .
@prefix programme: <https://fjordland.example/id/programme/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix report: <https://fjordland.example/id/report/> .
@prefix role: <https://w3id.org/glokal/code/role/> .
@prefix verification-status: <https://w3id.org/glokal/code/verification-status/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_BEGUN = """
activity:{slug} a glo:Exchange ;
  {more} ;
  rdfs:label "{slug}"@nb .

participation:{slug}-{who} a glo:Participation ;
  glo:participant authority:{who} ;
  glo:participationIn activity:{slug} ;
  glo:role role:participant ;
  glo:verificationStatus verification-status:accepted .

report:{slug} a glo:Report ;
  glo:activityStatus activity-status:running ;
  glo:checkedOn "2026-01-13"^^xsd:date ;
  glo:reportSource "A decision" ;
  glo:reportsOn activity:{slug} , participation:{slug}-{who} ;
  glo:vouchedBy authority:{who} .
"""
_UNDER, _OVER = "glo:supportedUnder programme:nordplus", 'rdfs:label "Band"@en'
_REPORTS = {
    "ended": """
report:ended a glo:Report ;
  glo:activityStatus activity-status:ended ;
  glo:checkedOn "2026-01-12"^^xsd:date ;
  glo:endDate "2025-12-31"^^xsd:date ;
  glo:reportSource "A last report" ;
  glo:reportsOn activity:brevvenner ;
  glo:vouchedBy authority:vik .
""",
    "begun": _BEGUN.format(slug="turne", who="vik", more=_UNDER),
    # Another page differs then, to which pages lead that are as they were.
    "too": _BEGUN.format(slug="korps", who="nes", more=_OVER),
}
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


def _entries(root: Path) -> None:
    """One is changed and one is added."""
    old, new = "subject-area/education>", "subject-area/culture>"
    _replace(root, STRATEGY, f"@prefix subject-area: <{CODES}> .", "")
    text = (root / STRATEGY).read_text(encoding="utf-8")
    text = text.replace("subject-area:education", f"<{CODES}education>")
    start = text.index("\nentry:nes-education-1 a ")
    entry = text[start:].partition(" .\n")[0]
    text = text.replace(entry, entry.replace(old, new)) + _ENTRY
    (root / STRATEGY).write_text(text, encoding="utf-8")


def _citation(root: Path) -> None:
    _replace(root, "data/source.ttl", '"Sentence 1"@en', '"The first sentence"@en')


def _question(root: Path) -> None:
    _replace(root, QUESTION, "Which municipalities have", "Which areas have")


def _order_of_an_answer(root: Path) -> None:
    _replace(root, QUESTION, "\nORDER BY ?", "\nORDER BY DESC(?municipality) ?")


def _report(root: Path, name: str) -> None:
    folder = root / "data" / "register"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.ttl").write_text(_PREFIXES + _REPORTS[name], encoding="utf-8")


def _reported_end(root: Path) -> None:
    _report(root, "ended")


def _reported_beginning(root: Path) -> None:
    _report(root, "begun")


def _another_reported_beginning(root: Path) -> None:
    _report(root, "too")


def _settings(root: Path) -> None:
    _replace(root, SETTINGS, '"The strategy of Fjordland"', '"Fjordland abroad"')
    _replace(root, SETTINGS, "modified = 2026-01-15", "modified = 2026-02-20")
    _replace(root, SETTINGS, 'type = "RegionalAuthority"', 'type = "LocalAuthority"')


def _first_language(root: Path) -> None:
    # The first one has the root, so that every page stands elsewhere.
    _replace(root, SETTINGS, '["nb", "en"]', '["en", "nb"]')


def _word(root: Path) -> None:
    (root / WORDS).parent.mkdir()
    (root / WORDS).write_text(_WORD, encoding="utf-8")


def _meddled_pages(root: Path) -> None:
    """Somebody has changed the last publication itself; then a name is changed."""
    public = root / "public"
    pages = sorted((public / "doc" / "passage").glob("*/index.html"))
    pages[0].unlink()
    # In its place: the same file, with other bytes.
    with pages[1].open("r+", encoding="utf-8") as page:
        page.write("<!-- mine -->")
    pages[2].chmod(0o600)
    pages[3].rename(root / "elsewhere.html")
    pages[3].symlink_to(root / "elsewhere.html")
    (public / "doc" / "activity").rename(root / "elsewhere")
    (public / "doc" / "activity").symlink_to(root / "elsewhere")
    pages[4].chmod(0o666)
    _replace(root, STRATEGY, '"Brevvenner"@nb', '"Brevvennene"@nb')


EDITS: tuple[Callable[[Path], None], ...] = (
    _changed_name,
    _name_of_what_many_name,
    _removed_thing,
    _added_activity,
    _entries,
    _citation,
    _question,
    _order_of_an_answer,
    _meddled_pages,
    _reported_end,
    _settings,
    _first_language,
    _word,
)


def _build(root: Path, name: str) -> Publication:
    made = build_site(Workspace(load_project(root)), root / name)
    assert made is not None
    return made


# Builds the project of the working folder by three processes, however small it is, and
# says how many files were taken over and how many copies there were.
_BY_COPIES = """
import os
from pathlib import Path
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site import build, shared_dumps, shared_pages, shared_work

os.sched_getaffinity = lambda pid: {0, 1, 2}
shared_pages.WORTH_A_COPY, shared_pages._AT_ONCE = 1, 5
shared_dumps._WORTH_A_COPY = build._WORTH_A_COPY = 0
copies = []
usual = shared_work._Copy.told
def told(copy):
    copies.append(copy)
    result = usual(copy)
    assert result[1] is not None
    return result
shared_work._Copy.told = told
made = build.build_site(Workspace(load_project(Path.cwd())), Path("public").absolute())
print(made.reused, len(copies))
"""


def _build_by_copies(root: Path) -> int:
    """Build as three processes, in one without threads; return the files taken over."""
    command = [sys.executable, "-W", "error", "-c", _BY_COPIES]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    reused, copies = map(int, done.stdout.split())
    # Of the dumps and of the index one; two or three of things, of names that lead on,
    # of files.
    assert copies >= 1 + 1 + 2 + 2 + 3
    return reused


File = tuple[int, bytes]


def _files(root: Path) -> dict[str, File]:
    """Return the permissions and the bytes of each file; no link is followed."""
    return {
        p.relative_to(root).as_posix(): (
            stat.S_IMODE(p.lstat().st_mode),
            p.readlink().as_posix().encode() if p.is_symlink() else p.read_bytes(),
        )
        for p in sorted(root.rglob("*"))
        if p.is_symlink() or p.is_file()
    }


def _compare(over: Mapping[str, File], fresh: Mapping[str, File], edit: str) -> None:
    assert over.keys() == fresh.keys(), edit
    assert [name for name in fresh if over[name] != fresh[name]] == [], edit


def _linked(root: Path, name: str) -> Path:
    """Return a copy of the publication that shares its files."""
    copy = root / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root / "public", copy, symlinks=True, copy_function=os.link)
    return copy


def _built_over(root: Path, edit: str, *, by_copies: bool = False) -> int:
    """Build over the last publication, compare with a fresh one; return what was kept.

    The fresh one is made by one process.
    """
    earlier = _linked(root, "earlier")
    before = _files(earlier)
    reused = _build_by_copies(root) if by_copies else _build(root, "public").reused
    _compare(_files(earlier), before, f"{edit}: the last publication")
    assert _build(root, "fresh").reused == 0
    _compare(_files(root / "public"), _files(root / "fresh"), edit)
    # So that the next fresh build finds nothing to take over.
    shutil.rmtree(root / "fresh")
    return reused


def _reason_by_rules(region: Path) -> None:
    with (region / SETTINGS).open("a", encoding="utf-8") as settings:
        settings.write('\n[reason]\nengine = "rules"\n')


def _compared(root: Path, edit: str) -> None:
    """Compare a publication that was built over others with a fresh one."""
    assert _build(root, "fresh").reused == 0
    _compare(_files(root / "public"), _files(root / "fresh"), edit)
    shutil.rmtree(root / "fresh")


def test_what_was_changed_in_place_with_its_time_set_back_is_made_anew(
    region: Path,
) -> None:
    """No copy of the publication is made here: a link would change what is known."""
    _reason_by_rules(region)
    _build(region, "public")
    for page in (region / "public" / "doc" / "passage").rglob("index.html"):
        before = page.stat()
        with page.open("r+b") as file:
            file.write(b"<!mine")
        os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    _changed_name(region)
    assert _build(region, "public").reused > 0
    _compared(region, "changed in place")


def test_a_build_after_one_that_was_broken_off_is_a_fresh_build(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known is then of the publication before, or of the one before that."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    _reason_by_rules(region)
    _build(region, "public")
    for edit, place, name in (
        (_changed_name, build, "finish_files"),
        # The new publication is in its place by then.
        (_citation, build_cache.BuildCache, "save"),
    ):
        edit(region)
        with monkeypatch.context() as broken:
            broken.setattr(place, name, end)
            with pytest.raises(KeyboardInterrupt):
                _build(region, "public")
    _name_of_what_many_name(region)
    assert _build(region, "public").reused > 0
    _compared(region, "broken off")


@pytest.mark.parametrize(("half", "by_copies"), [(0, False), (1, True)])
def test_a_build_over_the_last_one_is_a_fresh_build(
    region: Path, half: int, by_copies: bool
) -> None:
    _reason_by_rules(region)
    edits = list(EDITS)
    random.Random(SEED).shuffle(edits)
    edits = edits[half::2]
    _build(region, "public")
    reused = 0
    for edit in edits:
        edit(region)
        reused += _built_over(region, edit.__name__, by_copies=by_copies)
    assert reused > 100 * len(edits) // 2


def test_a_page_is_made_anew_when_what_it_leads_to_has_another_view(
    region: Path,
) -> None:
    """What the page itself tells is the same; that its link leads elsewhere is not."""
    _reason_by_rules(region)
    _reported_beginning(region)
    _build(region, "public")
    _another_reported_beginning(region)
    _built_over(region, "another report", by_copies=True)


def test_dumps_of_the_same_graph_are_taken_over(region: Path) -> None:
    _reason_by_rules(region)
    _build(region, "public")
    dump = region / "public" / "dump"
    before = {p.name: p.stat().st_ino for p in dump.iterdir() if p.is_file()}
    same = {"glokal.ttl", "glokal.rdf", "glokal.jsonld", "glokal.nt", "glokal.nq.gz"}
    _question(region)
    _built_over(region, "a question")
    assert all((dump / name).stat().st_ino == before[name] for name in same)
    _changed_name(region)
    _built_over(region, "a name")
    assert all((dump / name).stat().st_ino != before[name] for name in same)


def test_what_another_package_has_made_is_made_anew(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _reason_by_rules(region)
    _build(region, "public")
    _changed_name(region)
    monkeypatch.setattr(build_cache, "package_digest", lambda: "of another package")
    assert _built_over(region, "another package") == 0
