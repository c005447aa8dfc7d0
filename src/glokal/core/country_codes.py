"""The countries of ISO 3166-1, by their codes of three letters (pycountry)."""

from __future__ import annotations

import pycountry


def is_country(code: str) -> bool:
    """Whether a code of three capital letters is one that ISO 3166-1 has given."""
    return pycountry.countries.get(alpha_3=code) is not None


def country_meant(text: str) -> str:
    """Return the code for a code of two letters or an English name, "" for another."""
    try:
        found = pycountry.countries.lookup(text.strip())
    except LookupError:
        return ""
    return str(found.alpha_3)


def code_of_three(code: str) -> str:
    """Return the code of three letters for one of two, "" for another."""
    found = pycountry.countries.get(alpha_2=code) if code else None
    return str(found.alpha_3) if found else ""
