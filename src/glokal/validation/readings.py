"""Readings: a passage made legible, and a wording, say what stands in the source.

A reading joins what the file has broken (line ends, hyphens, bullets) and adds no word.
A wording may leave words out at its ends, and may be translated; one of its languages
is the source's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, text_of
from glokal.validation.finding import Finding, make_finding

_KEPT = ("exactText", "readingText", "redacted", "startOffset", "statedIn", "statement")


def check_readings(files: Iterable[SourceFile], step: str) -> Iterator[Finding]:
    """Yield each reading and each wording that isn't in its passage."""
    properties: dict[str, dict[Any, list[Any]]] = {name: {} for name in _KEPT}
    for file in files:
        for t in file.triples:
            of = properties.get(t.predicate.value.removeprefix(GLO))
            if of is None or isinstance(t.subject, ox.Triple):
                continue
            if not isinstance(t.object, ox.Triple):
                of.setdefault(t.subject, []).append(t.object)
    for passage, (exact, *_) in properties["exactText"].items():
        for reading in properties["readingText"].get(passage, ()):
            same = _letters(text_of(reading)) == _letters(text_of(exact))
            if not same and passage not in properties["redacted"]:
                path = GLO + "readingText"
                yield make_finding(
                    step, "reading", focus=passage, path=path, value=reading
                )

    def start(passage: Term) -> int:
        offset = text_of(next(iter(properties["startOffset"].get(passage, ())), None))
        return int(offset) if offset.isdigit() else 0

    for element, wordings in properties["statement"].items():
        passages = sorted(properties["statedIn"].get(element, ()), key=start)
        texts = [
            properties["exactText"][p][0]
            for p in passages
            if p in properties["exactText"]
        ]
        whole = "".join(_letters(text_of(text)) for text in texts)
        if whole and not any(_letters(text_of(w)) in whole for w in wordings):
            path = GLO + "statement"
            yield make_finding(
                step, "wording", focus=element, path=path, value=wordings[0]
            )


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
