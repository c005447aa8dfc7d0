"""The IRIs of what a catalogue describes; no change of address changes them."""

from __future__ import annotations

import pycountry

from glokal.core.files.data_files import (
    CSV,
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    TRIG,
    TURTLE,
)
from glokal.core.namespaces import (
    EU_DATA_THEMES,
    EU_FILE_TYPES,
    EU_LANGUAGES,
    EU_LICENCES,
    REGISTERED_ORGANISATION,
    STANDARD_PREFIXES,
)
from glokal.core.organisation_numbers import is_norwegian
from glokal.core.settings import Project

_LANGUAGE_CODES = {"nb": "NOB", "nn": "NNO", "en": "ENG", "sv": "SWE"}
FILE_TYPES = {
    TURTLE: "RDF_TURTLE",
    NTRIPLES: "RDF_N_TRIPLES",
    JSONLD: "JSON_LD",
    RDFXML: "RDF_XML",
    TRIG: "RDF_TRIG",
    NQUADS: "RDF_N_QUADS",
    CSV: "CSV",
}


def language_code(lang: str) -> str:
    """Return the code of a language in the EU's list, that of ISO 639-3."""
    known = pycountry.languages.get(alpha_2=lang.partition("-")[0])
    return _LANGUAGE_CODES.get(lang) or (known.alpha_3.upper() if known else "UND")


def catalogue_prefixes(project: Project) -> dict[str, str]:
    """Return the prefixes that a catalogue is written with."""
    kinds = (
        "catalog", "collection", "concept", "contact", "dataset", "distribution",
        "information-model", "model-element", "model-property", "named-graph",
        "organisation", "service",
    )  # fmt: skip
    return {
        **STANDARD_PREFIXES,
        **{kind: f"{project.things}{kind}/" for kind in kinds},
        "file-type": EU_FILE_TYPES,
        "language": EU_LANGUAGES,
        "licence": EU_LICENCES,
        "theme": EU_DATA_THEMES,
    }


class Identifiers:
    """The IRIs of one publication: each holds its slug, for regions that share a base.

    A portal refuses a catalogue that uses an IRI which another source has.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.graph = project.slug

    def made(self, kind: str, slug: str) -> str:
        """Return the IRI of something of a kind."""
        return f"{self.project.things}{kind}/{slug}"

    def iri(self, kind: str) -> str:
        """Return the IRI of what the publication has one of."""
        return self.made(kind, self.project.slug)

    def dataset(self, slug: str) -> str:
        """Return the IRI of a dataset."""
        return self.made("dataset", slug)

    def concept(self, slug: str) -> str:
        """Return the IRI of a concept."""
        return self.made("concept", f"{self.project.slug}-{slug}")

    @property
    def series(self) -> str:
        """The series of editions."""
        return self.dataset(f"{self.project.slug}-editions")

    @property
    def service(self) -> str:
        """The SPARQL endpoint as a data service."""
        return self.made("service", f"{self.project.slug}-sparql")

    @property
    def rights(self) -> str:
        """The statement of rights, which the whole catalogue shares."""
        return self.made("catalog", f"{self.project.slug}-rights")

    @property
    def period(self) -> str:
        """The period that the datasets cover."""
        return self.made("dataset", f"{self.project.slug}-period")

    @property
    def contact(self) -> str:
        """The contact point."""
        return self.iri("contact")

    @property
    def publisher(self) -> str:
        """The publisher, by the national catalogue of organisations when registered."""
        number = self.project.publisher.number
        if is_norwegian(number):
            return REGISTERED_ORGANISATION + number
        return self.made("organisation", self.project.publisher.slug)
