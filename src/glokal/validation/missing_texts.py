"""What the data of a project lack in a further language, and what of it is known.

The shapes that would ask for it are asked: nothing is looked for by other rules than
those of the check. Known are citations and reasons that an import wrote, countries
(CLDR), and municipalities and counties that stand in the list of their country under
the name that they have here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox
from babel import Locale

from glokal.core.country_lists import COUNTY, MUNICIPALITY, CountryList
from glokal.core.namespaces import GLO, RDFS
from glokal.core.project_countries import country_lists
from glokal.core.settings import Project
from glokal.dataset.text_drafts import MissingText
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.known_texts import known_citation, known_reason
from glokal.validation.finding import Finding
from glokal.validation.pipeline import run_checks

_LISTED = {"municipalityNumber": MUNICIPALITY, "countyNumber": COUNTY}
# A name that is the same in so many languages is perhaps the same in another.
_ENOUGH = 2


def missing_texts(project: Project, lang: str) -> tuple[Workspace, list[MissingText]]:
    """Return what is missing in a language, in the order of the files, and the data.

    Raises SourceError when a source can't be read.
    """
    languages = tuple(dict.fromkeys((*project.languages, lang)))
    workspace = Workspace(replace(project, languages=languages))
    found = run_checks(workspace, only=("shacl",), lang="en").findings
    asked = {
        (text_of(f.focus), f.path): f
        for f in found
        if f.focus is not None and f.path and f.rule.endswith(f"-{lang}")
    }
    known = _Known(workspace, lang)
    missing = [known.told(*key, finding) for key, finding in asked.items()]
    return workspace, sorted(missing, key=lambda m: (m.file, m.line, m.path))


class _Known:
    def __init__(self, workspace: Workspace, lang: str) -> None:
        self._lang = lang
        self._lists = country_lists(workspace.project)
        self._said: dict[tuple[str, str], list[tuple[SourceFile, ox.Literal]]] = {}
        # Readings stand beside the data, with the choice of passages.
        for file in (*workspace.files, *workspace.choices):
            for t in file.triples:
                if isinstance(t.object, ox.Literal):
                    key = text_of(t.subject), t.predicate.value
                    self._said.setdefault(key, []).append((file, t.object))

    def told(self, subject: str, path: str, finding: Finding) -> MissingText:
        literals = self._said.get((subject, path), [])
        texts = {x.language: x.value for _, x in literals if x.language}
        place = finding.place
        file = place.file if place else (literals[0][0].name if literals else "")
        line = (place and place.line) or 1
        known = self._known(subject, path, texts)
        same = set(texts.values())
        alike = len(texts) >= _ENOUGH and len(same) == 1 and path == RDFS + "label"
        proposal = "" if known or not alike else same.pop()
        return MissingText(subject, path, file, line, texts, known, proposal)

    def _known(self, subject: str, path: str, texts: Mapping[str, str]) -> str:
        if path == GLO + "citation":
            return known_citation(texts, self._lang)
        if path == GLO + "uncoveredReason":
            return known_reason(texts, self._lang)
        if path != RDFS + "label":
            return ""
        if code := self._value(subject, "countryCode"):
            return _country_name(code, self._lang)
        return next(self._listed_names(subject, texts), "")

    def _listed_names(self, subject: str, texts: Mapping[str, str]) -> Iterator[str]:
        for name, kind in _LISTED.items():
            code = self._value(subject, name)
            for listed in self._lists if code else ():
                yield from _names(listed, kind, code, texts, self._lang)

    def _value(self, subject: str, name: str) -> str:
        found = self._said.get((subject, GLO + name), [])
        return found[0][1].value if found else ""


def _country_name(code: str, lang: str) -> str:
    """Return what CLDR calls a country, "" where it has no name for it."""
    return str(Locale.parse(lang, sep="-").territories.get(code, ""))


def _names(
    listed: CountryList, kind: str, code: str, texts: Mapping[str, str], lang: str
) -> Iterator[str]:
    """Yield what a listed unit is called, if it has one of its listed names here.

    The name in the language goes first, then the one that it is known by here.
    """
    units = listed.units.get((kind, code), ())
    here = [u.name for u in units if u.name in texts.values()]
    if here:
        yield from (u.name for u in units if u.language == lang)
        yield here[0]
