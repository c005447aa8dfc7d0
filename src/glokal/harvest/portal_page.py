"""The page of a dataset at data.norge.no, field by field, as the portal would print it.

Which fields there are, and where the portal's program looks for each, stands in
`portal_page.toml` with the programs and their dates.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import DCAT, DCTERMS, STANDARD_PREFIXES
from glokal.harvest.dataset_extract import TriplesBySubject
from glokal.rdf.terms import text_of

# The order in which the portal looks for a text, after the reader's own language.
_FALLBACK = ("nb", "no", "nn", "en")
# What not every publication's data or settings have.
_MAY_BE_UNSAID = frozenset(
    {
        "dcat:contactPoint/vcard:hasEmail",
        "dcterms:conformsTo",
        "dcterms:spatial",
        "dcterms:subject",
        "dcterms:temporal/dcat:endDate",
        "dcterms:temporal/dcat:startDate",
    }
)


@dataclass(frozen=True)
class Field:
    """A field of the page: its path in the catalogue, its name, what stands there.

    `is_said` tells whether the catalogue has something at the path, printed or not.
    """

    path: str
    name: str
    values: tuple[str, ...]
    is_said: bool

    @property
    def is_missing(self) -> bool:
        """Whether the portal finds nothing where our data has something to say."""
        return not self.values and (self.is_said or self.path not in _MAY_BE_UNSAID)


@dataclass(frozen=True)
class PortalPage:
    """What the portal shows of a dataset, and of each of its files by their IRIs."""

    fields: tuple[Field, ...]
    files: Mapping[str, tuple[Field, ...]]

    def missing(self) -> list[Field]:
        """Return the fields that are empty and need not be, each once."""
        files = (field for fields in self.files.values() for field in fields)
        results = (field for field in (*self.fields, *files) if field.is_missing)
        return list(dict.fromkeys(results))


def page_of(about: TriplesBySubject, dataset: str, lang: str) -> PortalPage:
    """Return the page of a dataset that was cut out of its catalogue.

    `about` is what the harvester has of it; nothing is taken from elsewhere.
    """
    specs = _specs()
    files = sorted(text_of(o) for o in _objects(about, dataset, DCAT + "distribution"))
    return PortalPage(
        _fields(about, dataset, specs["dataset"], lang),
        {file: _fields(about, file, specs["file"], lang) for file in files},
    )


def _fields(
    about: TriplesBySubject, node: str, specs: Sequence[Mapping[str, Any]], lang: str
) -> tuple[Field, ...]:
    return tuple(_field(about, node, spec, lang) for spec in specs)


def _field(
    about: TriplesBySubject, node: str, spec: Mapping[str, Any], lang: str
) -> Field:
    path: str = spec["path"]
    *links, last = path.split("/")
    nodes = [node]
    for link in links:
        nodes = [text_of(o) for n in nodes for o in _objects(about, n, _iri(link))]
    results = [o for n in nodes for o in _objects(about, n, _iri(last))]
    values = _printed(about, results, spec, lang)
    return Field(path, spec["name"][lang], values, bool(results))


def _printed(
    about: TriplesBySubject,
    results: Sequence[object],
    spec: Mapping[str, Any],
    lang: str,
) -> tuple[str, ...]:
    if spec["label"] == "text":
        return _texts(results, lang, every=spec["path"] == "dcat:keyword")
    if spec["label"] == "iri":
        return tuple(sorted(text_of(o) for o in results))
    label = _iri(spec["label"])
    values: list[str] = []
    for value in results:
        texts = _texts(_objects(about, text_of(value), label), lang)
        if not texts and spec.get("or_iri"):
            texts = (text_of(value),)
        values += texts
    return tuple(sorted(values))


def _texts(
    terms: Sequence[object], lang: str, *, every: bool = False
) -> tuple[str, ...]:
    """Return the text that the portal prints; with `every` all in that language."""
    literals = [t for t in terms if isinstance(t, ox.Literal)]
    for language in (lang, *_FALLBACK):
        wanted = {language, ""} if language == "no" else {language}
        texts = sorted(t.value for t in literals if (t.language or "") in wanted)
        if texts:
            return tuple(texts if every else texts[:1])
    return ()


def _objects(about: TriplesBySubject, node: str, predicate: str) -> list[object]:
    return [t.object for t in about.get(node, ()) if t.predicate.value == predicate]


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return STANDARD_PREFIXES[prefix] + local


@cache
def _specs() -> Mapping[str, list[dict[str, Any]]]:
    file = resources.files("glokal.harvest").joinpath("portal_page.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def title_of(page: PortalPage) -> str:
    """Return the heading of a page, "" when it has none."""
    results = (f.values for f in page.fields if _iri(f.path) == DCTERMS + "title")
    return next((values[0] for values in results if values), "")
