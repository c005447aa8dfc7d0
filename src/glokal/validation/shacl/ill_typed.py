"""Literals whose text is none of their datatype, which engines let pass.

sh:datatype asks for well-formed literals (SHACL, section 4.1.2). The engines know some
datatypes of XML Schema, each its own. What is ill-typed is given to them under another
datatype, so that it is what it says it is to none, however deep the shape is that asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import SH, XSD
from glokal.rdf.terms import text_of
from glokal.validation.property_path import ValuesBySubject

# No data have it; `as_written` takes it out of a report again.
_ELSEWHERE = "urn:x-glokal:ill-typed:"
# What the engine `shacl` judges itself, and rightly.
_JUDGED = frozenset(
    """
    string langString boolean integer decimal double float date dateTime time duration
    byte short int unsignedByte unsignedShort unsignedInt positiveInteger
    nonNegativeInteger negativeInteger nonPositiveInteger
    """.split()
)
# Data of so many bytes are looked through for all datatypes: a second engine judges
# them too, and knows fewer.
_SMALL = 1 << 20
_PART = 1 << 20


def _ranged(least: int | None, most: int | None) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            return False
        # Longer ones are out of any range that has an end.
        digits = text.lstrip("+-0")[:40]
        number = -int(digits or "0") if text[0] == "-" else int(digits or "0")
        return (least is None or number >= least) and (most is None or number <= most)

    return holds


def _form(pattern: str) -> Callable[[str], bool]:
    # Compiled when it is first used: most runs use none of them.
    return lambda text: re.fullmatch(pattern, text) is not None


def _zone(pattern: str) -> str:
    return pattern + r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"


_YEAR = r"(?P<y>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH, _DAY = r"(?P<m>0[1-9]|1[0-2])", r"(?P<d>0[1-9]|[12][0-9]|3[01])"
_CLOCK = (
    r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
)
_HOURS = r"T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?"
_FLOAT = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_NAME = "[:A-Z_a-z\u00c0-\ufffd][-.:0-9A-Z_a-z\u00b7-\ufffd]*"


def _dated(pattern: str) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        match = re.fullmatch(pattern, text)
        if match is None:
            return False
        parts = match.groupdict()
        # The calendar repeats itself after 400 years; a year that isn't said is a leap
        # year (XML Schema 1.1, part 2, section 3.3.12).
        year = int(parts.get("y") or "2000") % 400 + 400
        try:
            date(year, int(parts["m"]), int(parts["d"]))
        except ValueError:
            return False
        return True

    return holds


# The lexical spaces of XML Schema 1.1, part 2, sections 3.3 and 3.4.
_WELL_FORMED: dict[str, Callable[[str], bool]] = {
    "boolean": _form("true|false|1|0"),
    "integer": _ranged(None, None),
    "decimal": _form(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "double": _form(_FLOAT),
    "float": _form(_FLOAT),
    "date": _dated(_zone(f"{_YEAR}-{_MONTH}-{_DAY}")),
    "dateTime": _dated(_zone(f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}")),
    "dateTimeStamp": _dated(
        f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}" + _zone("").removesuffix("?")
    ),
    "time": _form(_zone(_CLOCK)),
    "gYear": _form(_zone(_YEAR)),
    "gYearMonth": _form(_zone(f"{_YEAR}-{_MONTH}")),
    "gMonthDay": _dated(_zone(f"--{_MONTH}-{_DAY}")),
    "gDay": _form(_zone(f"---{_DAY}")),
    "gMonth": _form(_zone(f"--{_MONTH}")),
    "duration": _form(
        rf"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:{_HOURS})?"
    ),
    "dayTimeDuration": _form(rf"-?P(?=[0-9T])(?:[0-9]+D)?(?:{_HOURS})?"),
    "yearMonthDuration": _form(r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?"),
    "hexBinary": _form("(?:[0-9A-Fa-f]{2})*"),
    "base64Binary": _form(
        "(?:(?:[A-Za-z0-9+/] ?){4})*"
        "(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
        "|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?="
        "|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?"
    ),
    "language": _form("[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"),
    "normalizedString": _form("[^\t\n\r]*"),
    "token": _form("(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?"),
    "Name": _form(_NAME),
    "NCName": _form(_NAME.replace(":", "")),
    "NMTOKEN": _form(f"[{_NAME.partition('][')[2].removesuffix('*')}+"),
    "byte": _ranged(-(2**7), 2**7 - 1),
    "short": _ranged(-(2**15), 2**15 - 1),
    "int": _ranged(-(2**31), 2**31 - 1),
    "long": _ranged(-(2**63), 2**63 - 1),
    "unsignedByte": _ranged(0, 2**8 - 1),
    "unsignedShort": _ranged(0, 2**16 - 1),
    "unsignedInt": _ranged(0, 2**32 - 1),
    "unsignedLong": _ranged(0, 2**64 - 1),
    "nonNegativeInteger": _ranged(0, None),
    "positiveInteger": _ranged(1, None),
    "nonPositiveInteger": _ranged(None, 0),
    "negativeInteger": _ranged(None, -1),
}


def is_ill_typed(literal: ox.Literal) -> bool:
    """Whether the text of a literal is none of its datatype of XML Schema."""
    holds = _WELL_FORMED.get(literal.datatype.value.removeprefix(XSD))
    known = literal.datatype.value.startswith(XSD) and holds is not None
    return known and holds is not None and not holds(literal.value)


def ill_typed(about: ValuesBySubject, data: Path, engine: str) -> frozenset[ox.Literal]:
    """Return the ill-typed literals of the data that a shape may ask the datatype of.

    Those are left out that the engine judges itself, unless the data are small.
    """
    named = {
        text_of(value).removeprefix(XSD)
        for details in about.values()
        for value in details.get(SH + "datatype", ())
        if text_of(value).startswith(XSD)
    } & _WELL_FORMED.keys()
    if engine == "shacl" and data.stat().st_size > _SMALL:
        named -= _JUDGED
    if not named:
        return frozenset()
    return frozenset(filter(is_ill_typed, _literals(data, named)))


def _literals(data: Path, kinds: Collection[str]) -> Iterator[ox.Literal]:
    ends = tuple(f'"^^<{XSD}{kind}> .\n'.encode() for kind in kinds)
    with data.open("rb") as file:
        while part := file.readlines(_PART):
            lines = b"".join(line for line in part if line.endswith(ends))
            for quad in ox.parse(input=lines, format=ox.RdfFormat.N_TRIPLES):
                if isinstance(quad.object, ox.Literal):
                    yield quad.object


def _renamed(literal: ox.Literal) -> ox.Literal:
    kind = literal.datatype.value.removeprefix(XSD)
    return ox.Literal(literal.value, datatype=ox.NamedNode(_ELSEWHERE + kind))


def without_them(
    triples: Iterable[ox.Triple], found: Collection[ox.Literal]
) -> Iterator[ox.Triple]:
    """Yield triples with ill-typed literals under another datatype."""
    for t in triples:
        if isinstance(t.object, ox.Literal) and t.object in found:
            yield ox.Triple(t.subject, t.predicate, _renamed(t.object))
        else:
            yield t


def as_written(report: str) -> str:
    """Return a report with the datatypes that the data have."""
    return report.replace(_ELSEWHERE, XSD)
