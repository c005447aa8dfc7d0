"""Numbers of organisations, by the rules of the country whose register gave them.

Norway: nine digits, the first 8 or 9, the last by modulus 11 (Brønnøysund Register
Centre, "Om organisasjonsnummeret"). Sweden: ten digits, the third at least 2, which
tells them from the numbers of persons, the last by Luhn's formula (Skatteverket, SKV
709). Of other countries no rule is known, and any number is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

# One that is right, by country (three letters of ISO 3166-1): Digitaliserings-
# direktoratet and Sveriges Kommuner och Regioner.
EXAMPLE_NUMBERS = {"NOR": "991825827", "SWE": "2220000315"}
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)


def fits_country(number: str, country: str) -> bool:
    """Whether a number can be one of a country; of "", of any whose rule is known."""
    if not country:
        return any(rule(number) for rule in _RULES.values())
    rule = _RULES.get(country)
    return rule is None or rule(number)


def is_norwegian(number: str) -> bool:
    """Whether a number can be one of the Norwegian register of entities."""
    if not _digits(number, 9) or number[0] not in "89":
        return False
    return _weighed(number) % 11 == 0


def _is_swedish(number: str) -> bool:
    if not _digits(number, 10) or number[2] < "2":
        return False
    doubled = (int(d) * (2 - n % 2) for n, d in enumerate(number))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _weighed(number: str) -> int:
    return sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=True))


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


_RULES: Mapping[str, Callable[[str], bool]] = {
    "NOR": is_norwegian,
    "SWE": _is_swedish,
}
