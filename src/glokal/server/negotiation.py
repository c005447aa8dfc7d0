"""Content negotiation: which of what we have does the client like best?

RFC 9110, sections 12.5.1 (Accept), 12.5.3 (Accept-Encoding), 12.5.4 (Accept-Language),
13.1.2 (If-None-Match).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from glokal.core.files.data_files import MARKDOWN
from glokal.server.header_lists import (
    CACHED,
    LONGEST_CACHED,
    ListElement,
    read_entity_tags,
    read_list,
)
from glokal.server.response_formats import HTML


def choose(header: str, offered: Sequence[str]) -> str | None:
    """Return the offer that a header ranks highest, the first one when it is empty.

    Works for media types and for language tags. None when everything offered is
    refused. Ties go to the offer that stands first.
    """
    if len(header) > LONGEST_CACHED:
        return _chosen(header, tuple(offered))
    return _cached_choice(header, tuple(offered))


@lru_cache(CACHED)
def _cached_choice(header: str, offered: tuple[str, ...]) -> str | None:
    return _chosen(header, offered)


def _chosen(header: str, offered: tuple[str, ...]) -> str | None:
    elements = read_list(header)
    if not elements:
        return offered[0]
    ranked = [(quality(offer, elements), offer) for offer in offered]
    best = max(weight for weight, _ in ranked)
    if best <= 0:
        return None
    return next(offer for weight, offer in ranked if weight == best)


def choose_page(header: str, *others: str) -> str | None:
    """Return HTML, Markdown or another offer, whichever a header ranks highest.

    What browsers send ranks HTML first; who names Markdown and HTML alike, or only
    Markdown beside `*/*`, is a program that reads text. Who doesn't name it gets it
    only when nothing else will do.
    """
    if MARKDOWN in {element.name for element in read_list(header)}:
        return choose(header, (MARKDOWN, HTML, *others))
    return choose(header, (HTML, *others, MARKDOWN))


def quality(offer: str, elements: Sequence[ListElement]) -> float:
    """Return the weight that a header gives an offer: that of its closest element."""
    fits = [
        (_closeness(offer.lower(), element), element.weight) for element in elements
    ]
    closest = max((closeness for closeness, _ in fits), default=0)
    if not closest:
        return 0.0
    return max(weight for closeness, weight in fits if closeness == closest)


def takes_gzip(header: str) -> bool:
    """Whether an Accept-Encoding takes gzip; one that isn't there takes nothing."""
    weights = {e.name: e.weight for e in read_list(header)}
    by_name = weights.get("gzip", weights.get("x-gzip"))
    return (weights.get("*", 0.0) if by_name is None else by_name) > 0


def is_known_type(header: str, tag: str, *, whatever: bool = True) -> bool:
    """Whether an If-None-Match has the entity tag, compared weakly.

    "*" stands for any, unless it isn't known yet whether there will be one.
    """
    known = {tag.removeprefix("W/"), *("*" if whatever else ())}
    return not known.isdisjoint(read_entity_tags(header))


def _closeness(offer: str, element: ListElement) -> int:
    """Return how closely an element of a header names an offer, 0 for not at all.

    With parameters a type is one of several that have its name; what we have is the
    one without, or with charset=utf-8, and given to who asks for another (`profile` of
    JSON-LD, `version` of Turtle) unless the plain one is named, too.
    """
    name = element.name
    if name in ("*", "*/*"):
        return 1
    if name.endswith("/*"):
        return 2 if offer.startswith(name[:-1]) else 0
    if name == offer:
        return 3 if any(key != "charset" for key, _ in element.parameters) else 4
    # Norwegian without a form is bokmål for most readers (ISO 639: no, nb, nn).
    language = name.partition("-")[0]
    if "/" not in name and (language == offer or (offer, language) == ("nb", "no")):
        return 4
    return 0
