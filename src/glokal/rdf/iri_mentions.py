"""Where an IRI is written out in JSON-LD or RDF/XML, by the forms it may have there.

It is what is told of a subject whose values have no places of their own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

import pyoxigraph as ox


def mention(
    data: bytes,
    fmt: ox.RdfFormat | None,
    iri: str,
    prefixes: Mapping[str, str],
    base: str,
) -> int | None:
    """Return the byte at which a subject's IRI begins in a file, None for nowhere.

    `prefixes` are those that the IRI may be shortened by, `base` is what relative IRIs
    stand under, but for an `xml:base`. What isn't JSON-LD is read as RDF/XML.
    """
    forms = [iri, *_shortened(iri, prefixes)]
    if fmt == ox.RdfFormat.JSON_LD:
        text = "|".join(re.escape(json.dumps(f, ensure_ascii=False)) for f in forms)
        pattern = rf'"@id"\s*:\s*({text})'
    else:
        bases = re.findall(rb"""\bxml:base\s*=\s*["']([^"']+)["']""", data)
        for known in (*bases, base.encode()):
            forms += _relative(iri, known.decode())
        text = "|".join(re.escape(_in_xml(f)) for f in forms)
        name = re.escape(_in_xml(iri.rpartition("#")[2]))
        pattern = rf"""\babout\s*=\s*["']({text})["']|\bID\s*=\s*["']({name})["']"""
    match = re.search(pattern.encode(), data)
    return match.start(match.lastindex or 0) if match else None


def _relative(iri: str, base: str) -> list[str]:
    """Return the ways in which an IRI may be written against a base."""
    document = base.partition("#")[0]
    folder = document[: document.rfind("/") + 1]
    return [iri[len(b) :] for b in (document, folder) if iri.startswith(b)]


def _in_xml(text: str) -> str:
    # No quotation mark is left to escape: none stands in an IRI.
    return html.escape(text, quote=False)


def _shortened(iri: str, prefixes: Mapping[str, str]) -> list[str]:
    return [
        f"{prefix}:{iri[len(namespace) :]}"
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace)
    ]
