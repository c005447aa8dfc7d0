"""What the harvesters and the scorers ask, and what they take.

The national harvester wants 200, at most 75 MB, within ten minutes, and parses by the
Accept value that its source is set up with. The scorer asks with HEAD, and with GET
after 405, for ten seconds.
"""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pyoxigraph as ox

from glokal.core.errors import InputError, Place

MOST_BYTES = 75_000_000
HARVEST_SECONDS = 600
SCORE_SECONDS = 10
_NAME = re.compile(r"[^\W\d][\w.-]*$")
_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True)
class Download:
    """An answer over HTTP."""

    status: int
    media: str
    body: bytes


class HarvestClient:
    """Asks the publication's addresses of the local host; others are not asked."""

    def __init__(self, address: str, host: str) -> None:
        self.address, self.host = address, host
        self._kept: dict[float, http.client.HTTPConnection] = {}
        self._status: dict[str, int] = {}

    def is_ours(self, url: str) -> bool:
        """Whether a URL belongs to the publication."""
        return url.startswith(self.address)

    def get(
        self, url: str, *, accept: str = "*/*", seconds: float = HARVEST_SECONDS
    ) -> Download:
        """Fetch a URL of the publication."""
        return self._ask("GET", url, accept, seconds)

    def status(self, url: str) -> int:
        """Return the status that the scorer sees, each URL asked once."""
        plain = url.partition("#")[0]
        if plain not in self._status:
            answer = self._ask("HEAD", plain, "*/*", SCORE_SECONDS)
            if answer.status == 405:
                answer = self._ask("GET", plain, "*/*", SCORE_SECONDS)
            self._status[plain] = answer.status
        return self._status[plain]

    def close(self) -> None:
        """Let go of the connections."""
        for connection in self._kept.values():
            connection.close()

    def _ask(self, method: str, url: str, accept: str, seconds: float) -> Download:
        parts = urlsplit(self.host + url.removeprefix(self.address))
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        if seconds not in self._kept:
            self._kept[seconds] = http.client.HTTPConnection(
                parts.netloc, timeout=seconds
            )
        connection = self._kept[seconds]
        connection.request(method, target, headers={"Accept": accept})
        answer = connection.getresponse()
        media = answer.headers.get_content_type()
        return Download(answer.status, media, answer.read(MOST_BYTES + 1))


def harvest(client: HarvestClient, url: str, accept: str) -> list[ox.Triple]:
    """Return the triples of a source as the harvester gets them.

    Raises InputError for what makes the harvest fail.
    """
    answer = client.get(url, accept=accept)
    place = Place(url)
    if answer.status != 200:
        raise InputError(f"The harvest gets {answer.status} and stops.", place=place)
    if len(answer.body) > MOST_BYTES:
        raise InputError("The harvest takes at most 75 MB.", place=place)
    try:
        parsed = ox.parse(
            input=answer.body, format=_FORMATS[accept], base_iri="http://example.com/"
        )
        triples = [quad.triple for quad in parsed]
    except SyntaxError as error:
        raise InputError(f"The harvest can't read it: {error}.", place=place) from error
    for triple in triples:
        # It writes what it got as RDF/XML, where a predicate must end in a name.
        if not _NAME.search(triple.predicate.value):
            raise InputError(
                f"The harvest can't write <{triple.predicate.value}> as RDF/XML.",
                remedy="give the predicate an IRI that ends in a name.",
                place=place,
            )
    return triples
