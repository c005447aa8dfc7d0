"""The functions of SPARQL 1.1, how many values each takes, and the casts (section 17).

Rules [121] to [124] of the grammar, and section 17.5 for the casts.
"""

from __future__ import annotations

from collections.abc import Mapping

from glokal.core.namespaces import XSD

# Fewest and most values; any number where the most is -1.
BUILTINS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys("NOW RAND STRUUID UUID".split(), (0, 0)),
    "BNODE": (0, 1),
    **dict.fromkeys(
        """ABS BOUND CEIL DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IRI ISBLANK ISIRI
        ISLITERAL ISNUMERIC ISURI LANG LCASE MD5 MINUTES MONTH ROUND SECONDS SHA1 SHA256
        SHA384 SHA512 STR STRLEN TIMEZONE TZ UCASE URI YEAR""".split(),
        (1, 1),
    ),
    **dict.fromkeys(
        """CONTAINS LANGMATCHES SAMETERM STRAFTER STRBEFORE STRDT STRENDS STRLANG
        STRSTARTS""".split(),
        (2, 2),
    ),
    **dict.fromkeys(("REGEX", "SUBSTR"), (2, 3)),
    "IF": (3, 3),
    "REPLACE": (3, 4),
    **dict.fromkeys(("COALESCE", "CONCAT"), (0, -1)),
}
# Those of section 17.5, and of the same kind (XPath's constructor functions) those that
# every engine has though SPARQL 1.1 does not list them.
CASTS = frozenset(
    XSD + name
    for name in """boolean dateTime decimal double float integer string
    date time duration dayTimeDuration yearMonthDuration
    gDay gMonth gMonthDay gYear gYearMonth""".split()
)
# Two answers to the same query may differ.
VOLATILE = frozenset("BNODE NOW RAND STRUUID UUID".split())
