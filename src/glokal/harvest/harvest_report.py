"""The rehearsal told: as text for people, as JSON for programs."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.characters import log_text, one_line, visible_json
from glokal.core.namespaces import SHAPE
from glokal.harvest.missed_indicators import miss_reason, point_lines
from glokal.harvest.portal_page import Field, PortalPage, title_of
from glokal.harvest.quality_score import Missed
from glokal.harvest.simulation import Broken, HarvestResult, ScoredDataset
from glokal.harvest.waivers import PortalWaiver, waiver_of_indicator
from glokal.rdf.terms import text_of

# Letters of a value that are told of.
_LONGEST = 100


def render_report(rehearsal: HarvestResult, fmt: str, lang: str) -> str:
    """Return the rehearsal as `text` in a language, or as `json`."""
    if fmt == "json":
        payload = json.dumps(_plain(rehearsal), ensure_ascii=False, indent=2)
        return visible_json(payload + "\n")
    return log_text("\n".join(map(one_line, _Text(rehearsal, lang).lines())) + "\n")


class _Text:
    def __init__(self, rehearsal: HarvestResult, lang: str) -> None:
        self.found, self.lang, self.words = rehearsal, lang, _words()[lang]

    def lines(self) -> Iterator[str]:
        for heading, payload in (
            ("harvest", self._harvest()),
            ("rules", self._rules()),
            ("points", point_lines(self.found, self.words, self.lang)),
            ("page", self._page()),
            ("dropped", iter(self.found.dropped or [self.words["nothing_dropped"]])),
            ("links", self._links()),
            ("waived", self._waived()),
            ("told", self._told()),
        ):
            lines = list(payload)
            if lines:
                yield self.words[heading]
                yield from (f"  {line}".rstrip() for line in lines)
                yield ""
        if self.found.stale:
            yield self.words["stale"]
        if len(self.found.profiles) == 1:
            yield self.words["no_shapes"]
        yield self.words["clean" if self.found.clean else "unclean"]

    def _say(self, key: str, **values: object) -> str:
        return self.words[key].format(**values)

    def _harvest(self) -> Iterator[str]:
        for h in self.found.harvested:
            yield self._say(
                "refused" if h.fault else "taken",
                url=h.url,
                accept=h.source.accept,
                fault=h.fault,
                triples=len(h.triples),
            )

    def _rules(self) -> Iterator[str]:
        for profile in self.found.profiles:
            broken = [b for b in self.found.broken if b.profile == profile]
            waived = sum(b.waiver is not None for b in broken)
            key = "broken" if waived < len(broken) else "met_but" if waived else "met"
            count = len(broken) - waived
            details = self._say(key, profile=profile, count=count, waived=waived)
            slips = self.found.slips.get(profile)
            yield details + (self._say("slips", slips=slips) if slips else "")
            yield from (f"  {_line(b, self.lang)}" for b in broken if b.waiver is None)

    def _page(self) -> Iterator[str]:
        for dataset in self.found.datasets:
            yield title_of(dataset.page) or dataset.iri
            yield from (f"  {line}" for line in self._fields(dataset.page.fields))
            # The files of a dataset are alike: those that differ are told of.
            for file, fields in self._files(dataset.page):
                yield f"  {self._say('file', file=file)}"
                yield from (f"    {line}" for line in self._fields(fields))
            if dataset.unread:
                yield "  " + self._say("silent", silent=", ".join(dataset.unread))
            if dataset.unread_on_files:
                silent = ", ".join(dataset.unread_on_files)
                yield "  " + self._say("silent_files", silent=silent)

    def _fields(self, fields: Iterable[Field]) -> Iterator[str]:
        for field in fields:
            values = "; ".join(_short(v) for v in field.values) or "—"
            mark = f"  ({self.words['missing']})" if field.is_missing else ""
            yield f"{field.name}: {values}{mark}"

    def _files(self, page: PortalPage) -> Iterator[tuple[str, tuple[Field, ...]]]:
        """Yield the first file, and each that lacks something."""
        for number, (file, fields) in enumerate(page.files.items()):
            if number == 0 or any(field.is_missing for field in fields):
                yield file, fields

    def _links(self) -> Iterator[str]:
        links = self.found.links
        yield self._say(
            "followed",
            followed=links.followed,
            dead=len(links.dead),
            outside=links.outside,
        )
        for d in links.dead:
            yield self._say("dead", source=d.source, target=d.target, status=d.status)

    def _waived(self) -> Iterator[str]:
        counted: Counter[tuple[str, PortalWaiver]] = Counter()
        for broken in self.found.broken:
            if broken.waiver:
                counted[_name(broken), broken.waiver] += 1
        for dataset in self.found.datasets:
            for missed in _missed(dataset):
                waiver = waiver_of_indicator(missed.indicator.name, dataset.iri)
                if waiver:
                    counted[missed.indicator.name, waiver] += 1
        for (name, waiver), count in sorted(counted.items(), key=lambda c: c[0][0]):
            decision = self._say("decision", decision=waiver.decision)
            yield f"{name} ({count}): {waiver.words[self.lang]} ({decision})"

    def _told(self) -> Iterator[str]:
        if self.found.contact_is_homepage:
            yield self.words["contact_is_homepage"]
        for result in self.found.told:
            yield dict(result.messages).get(self.lang, text_of(result.shape))


def _missed(dataset: ScoredDataset) -> Iterator[Missed]:
    for result in dataset.scores:
        yield from result.missed


def _plain_fields(fields: Iterable[Field]) -> dict[str, list[str]]:
    return {field.path: list(field.values) for field in fields}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _name(broken: Broken) -> str:
    return text_of(broken.result.shape).removeprefix(SHAPE)


def _line(broken: Broken, lang: str) -> str:
    result = broken.result
    words = dict(result.messages)
    details = words.get(lang) or words.get("en") or next(iter(words.values()), "")
    where = f"{text_of(result.focus)} {text_of(result.path)}".strip()
    return f"{where}: {details or result.component.rpartition('#')[2]}"


def _plain(harvest_result: HarvestResult) -> dict[str, Any]:
    return {
        "clean": harvest_result.clean,
        "stale": harvest_result.stale,
        "harvested": [
            {
                "type": h.source.kind,
                "url": h.url,
                "accept": h.source.accept,
                "triples": len(h.triples),
                "fault": h.fault,
            }
            for h in harvest_result.harvested
        ],
        "datasets": [
            {
                "iri": d.iri,
                "title": title_of(d.page),
                "scores": {
                    s.portal: {
                        "points": s.points,
                        "reachable": s.reachable,
                        "excellent": s.excellent,
                        "met": {i.name: i.points[s.portal] for i in s.met},
                    }
                    for s in d.scores
                },
                "missed": [
                    {
                        "portal": m.portal,
                        "indicator": m.indicator.name,
                        "points": m.points,
                        "reachable": m.reachable,
                        "waived": waiver_of_indicator(m.indicator.name, d.iri)
                        is not None,
                        "reason": miss_reason(m, _words()["en"], "en"),
                    }
                    for m in _missed(d)
                ],
                "notRead": d.unread,
                "notReadOnFiles": d.unread_on_files,
                "page": _plain_fields(d.page.fields),
                "files": {f: _plain_fields(s) for f, s in d.page.files.items()},
                "empty": [f.path for f in d.page.missing()],
            }
            for d in harvest_result.datasets
        ],
        "dropped": harvest_result.dropped,
        "broken": [
            {
                "profile": b.profile,
                "rule": _name(b),
                "focus": text_of(b.result.focus),
                "message": _line(b, "en"),
                "waived": b.waiver is not None,
            }
            for b in harvest_result.broken
        ],
        "links": {
            "followed": harvest_result.links.followed,
            "outside": harvest_result.links.outside,
            "dead": [vars(d) for d in harvest_result.links.dead],
        },
    }


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.harvest").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
