"""What makes a finding the same one when lines have moved.

Its rule, the thing, the property and the value; never a line. Findings that are alike
in all of that are counted, so that one more of them is a new one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import pyoxigraph as ox

from glokal.rdf.terms import Term
from glokal.validation.finding import Finding


def add_fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return an identity of 32 hexadecimal digits for each finding, in their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    results = [""] * len(findings)
    for number in sorted(range(len(findings)), key=lambda n: _place(findings[n])):
        payload = _told(findings[number])
        seen[payload] += 1
        text = "\n".join([*payload, str(seen[payload])])
        results[number] = hashlib.sha256(text.encode()).hexdigest()[:32]
    return results


def _told(f: Finding) -> tuple[str, ...]:
    file = f.place.file if f.place and f.focus is None else ""
    # What has no thing to speak of is told apart by its words.
    words = f.text("en") if f.focus is None else ""
    focus = f.anchor or _key(f.focus)
    return f.step, f.rule, f.component, file, focus, f.path, _key(f.value), words


def _key(term: Term | None) -> str:
    """Return a term as N-Triples; the name of a blank node has no meaning."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    return str(term) if term is not None else ""


def _place(f: Finding) -> tuple[str, int, int, str]:
    place = f.place
    if place is None:
        return "", 0, 0, f.rule
    return place.file, place.line or 0, place.column or 0, f.rule
