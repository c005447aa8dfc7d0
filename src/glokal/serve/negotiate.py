"""Content negotiation: which of what we have does the client like best?

RFC 9110, sections 12.4.2 (quality values), 12.5.1 (Accept), 12.5.3 (Accept-Encoding),
12.5.4 (Accept-Language), 13.1.2 (If-None-Match).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# RFC 9110, section 12.4.2: at most three digits behind the point.
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


def choose(header: str, offered: Sequence[str]) -> str | None:
    """Return the offer that a header ranks highest, the first one when it is empty.

    Works for media types and for language tags. None when everything offered is
    refused. Ties go to the offer that stands first.
    """
    wishes = _wishes(header)
    if not wishes:
        return offered[0]
    ranked = [(_quality(offer.lower(), wishes), offer) for offer in offered]
    best = max(quality for quality, _ in ranked)
    if best <= 0:
        return None
    return next(offer for quality, offer in ranked if quality == best)


def takes_gzip(header: str) -> bool:
    """Whether an Accept-Encoding takes gzip; one that isn't there takes nothing."""
    wishes = dict(_wishes(header))
    return wishes.get("gzip", wishes.get("*", 0.0)) > 0


def is_known(header: str, tag: str) -> bool:
    """Whether an If-None-Match has the entity tag, compared weakly."""
    tags = re.findall(r'(?:W/)?"[^"]*"|\*', header)
    plain = tag.removeprefix("W/")
    return any(t == "*" or t.removeprefix("W/") == plain for t in tags)


def _wishes(header: str) -> list[tuple[str, float]]:
    return [_wish(part) for part in header.split(",") if part.strip()]


def _wish(part: str) -> tuple[str, float]:
    name, *parameters = (p.strip() for p in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            value = value.strip()
            quality = float(value) if _QUALITY.fullmatch(value) else 0.0
    return name.lower(), quality


def _quality(offer: str, wishes: list[tuple[str, float]]) -> float:
    fits = [(_fit(offer, name), quality) for name, quality in wishes]
    specific = max(fit for fit, _ in fits)
    if specific < 0:
        return 0.0
    return max(quality for fit, quality in fits if fit == specific)


def _fit(offer: str, name: str) -> int:
    # Norwegian without a form is bokmål for most readers (ISO 639: no, nb, nn).
    if name == offer or name.startswith(offer + "-") or (offer, name) == ("nb", "no"):
        return 3
    if name.endswith("/*") and offer.startswith(name[:-1]):
        return 2
    return 1 if name in ("*", "*/*") else -1
