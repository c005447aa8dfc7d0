"""Takes each setting out of a TOML file by its kind: a date, an address, a text."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from glokal.core.organisation_numbers import EXAMPLE_NUMBERS, fits_country
from glokal.core.settings.addresses import base_fault, fault
from glokal.core.settings.toml_file import SettingsFile, quoted

# Where a new day begins first.
_FIRST_ZONE = datetime.timezone(datetime.timedelta(hours=14))
# A century.
_MOST_DAYS = 36_525
# Of a publication on the web; a year before it is a slip.
_FIRST_YEAR = 1990
_WEB = '"https://www.example.org/"'


class Reader(SettingsFile):
    """The settings of a file; every method raises ConfigError with place and example.

    A key is written as in the file: the table, a point, the name.
    """

    def value(self, key: str, kind: type, example: str) -> Any:
        """Return a setting of a type; its example when it is missing.

        What is missing is told of by `finish`, all of it at once.
        """
        value = self._found(key, example)
        if value is None:
            self._missing.append(key)
            value = tomllib.loads(f"example = {example}")["example"]
        if not isinstance(value, kind):
            self.wrong(key, "is", example, repr(value))
        return value

    def number(self, key: str, default: int | float, most: int) -> int | float:
        """Return a number above 0 and up to the most, a whole one when the default is.

        The default, an int then, is returned when the setting isn't there. It may be 0,
        and then the setting may.
        """
        example = f"{default or 1:g}"
        result = self._found(key, example)
        if result is None:
            return default
        kinds = (int,) if isinstance(default, int) else (int, float)
        wrong = isinstance(result, bool) or not isinstance(result, kinds)
        if wrong or not (result > 0 or result == default):
            self.wrong(key, "no_limit", example, repr(result))
        if result > most:
            self.wrong(key, "most", example, repr(result), most=most)
        return type(default)(result)

    def truth(self, key: str, default: bool) -> bool:
        """Return true or false, the default when the setting isn't there."""
        example = "false" if default else "true"
        if self._found(key, example) is None:
            return default
        return bool(self.value(key, bool, example))

    def date(self, key: str) -> datetime.date:
        """Return a date that has come somewhere on earth; a point in time isn't one.

        The clock is used to refuse and for nothing else.
        """
        value: datetime.date = self.value(key, datetime.date, "2026-01-31")
        if isinstance(value, datetime.datetime):
            self.wrong(key, "time_of_day", str(value.date()), value)
        now = datetime.datetime.now(_FIRST_ZONE).date()
        if value.year < _FIRST_YEAR:
            self.wrong(key, "before_web", "2026-01-31", value)
        if value > now:
            today = str(datetime.datetime.now().astimezone().date())
            self.wrong(key, "not_come", today, value)
        return value

    def match(self, key: str, pattern: str, example: str, most: int = 255) -> str:
        """Return a text that fits a pattern as a whole, of up to so many characters."""
        value: str = self.value(key, str, f'"{example}"')
        if len(value) > most:
            self.wrong(key, "too_long", f'"{example}"', len(value), most=most)
        if not re.fullmatch(pattern, value):
            self.wrong(key, "is", f'"{example}"', repr(value))
        return value

    def one_of(self, key: str, known: Iterable[str], *, needed: bool = True) -> str:
        """Return a text that is one of those known; the first when it needn't be."""
        choices = tuple(known)
        if not needed and self._found(key, f'"{choices[0]}"') is None:
            return choices[0]
        value: str = self.value(key, str, f'"{choices[0]}"')
        if value not in choices:
            known = ", ".join(choices)
            self.wrong(key, "none_of", f'"{choices[0]}"', repr(value), known=known)
        return value

    def days(self, key: str, otherwise: int) -> int:
        """Return a whole number of days above zero; `otherwise` when it isn't there."""
        if self._found(key, str(otherwise)) is None:
            return otherwise
        value: int = self.value(key, int, str(otherwise))
        if isinstance(value, bool) or not 0 < value <= _MOST_DAYS:
            self.wrong(key, "is", str(otherwise), repr(value))
        return value

    def path(self, key: str, example: str, *, otherwise: str) -> str:
        """Return a path as it is written; `otherwise` when it isn't there."""
        if self._found(key, example) is None:
            return otherwise
        value: str = self.value(key, str, example)
        if not value.strip() or "\0" in value:
            self.wrong(key, "is", example, repr(value))
        return value

    def url(self, key: str, *, needed: bool = True) -> str:
        """Return a web address; "" when it isn't there and needn't be."""
        if not needed and self._found(key, _WEB) is None:
            return ""
        value: str = self.value(key, str, _WEB)
        self._web(key, value, _WEB)
        return value

    def urls(self, key: str, starts: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of addresses with one of the starts, empty when not there."""
        example = f'["{starts[-1]}…"]'
        values = self.words(key, example, needed=False)
        for value in values:
            self._web(key, value, example)
            if not value.startswith(starts):
                begin = ", ".join(starts)
                self.wrong(key, "begins_none", example, repr(value), known=begin)
        return values

    def address(self, key: str) -> str:
        """Return a web address that other addresses begin with."""
        value = self.url(key)
        what, right = base_fault(value)
        if what:
            self.wrong(key, what, f'"{right}"', repr(value))
        return value

    def email(self, key: str) -> str:
        """Return an e-mail address, "" when it isn't there."""
        if self._found(key, '"post@example.org"') is None:
            return ""
        return self.match(key, r"[^@\s:<>]+@[^@\s:<>]+\.[a-z]+", "post@example.org")

    def organisation_number(self, key: str, country: str) -> str:
        """Return an organisation number of a country ("" for any), "" for none."""
        example = f'"{EXAMPLE_NUMBERS.get(country, EXAMPLE_NUMBERS["NOR"])}"'
        if self._found(key, example) is None:
            return ""
        value: str = self.value(key, str, example)
        if not value.strip() or not fits_country(value, country):
            of = country or ", ".join(EXAMPLE_NUMBERS)
            self.wrong(key, "no_number", example, repr(value), country=of)
        return value

    def words(self, key: str, example: str, *, needed: bool = True) -> tuple[str, ...]:
        """Return a list of texts, none of them empty, none twice."""
        if not needed and self._found(key, example) is None:
            return ()
        values = self.value(key, list, example)
        seen = set()
        for value in values:
            if not isinstance(value, str) or not value.strip():
                self.wrong(key, "has", example, repr(value))
            if value.casefold() in seen:
                self.wrong(key, "twice", _listed(values), repr(value))
            seen.add(value.casefold())
        if needed and not values:
            self.wrong(key, "empty", example)
        return tuple(values)

    def keywords(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """Return a list of keywords: each a text of its own, on one line."""
        values = self.words(key, '["partnere"]', needed=needed)
        for value in values:
            parts = [" ".join(part.split()) for part in re.split(r"[,;\n]", value)]
            if parts != [value]:
                one_each = _listed([p for p in parts if p])
                self.wrong(key, "no_keyword", one_each, repr(value))
        return values

    def some_of(
        self, key: str, known: Iterable[str], *, needed: bool = True
    ) -> tuple[str, ...]:
        """Return a list of texts that are among those known."""
        choices = tuple(known)
        example = f'["{choices[0]}"]'
        values = self.words(key, example, needed=needed)
        for value in values:
            if value not in choices:
                known = ", ".join(choices)
                self.wrong(key, "has_none_of", example, repr(value), known=known)
        return values

    def texts(
        self, key: str, languages: tuple[str, ...], *, one_line: bool = False
    ) -> Mapping[str, str]:
        """Return a text in each of the languages, and in what others it has."""
        results = {}
        for language in dict.fromkeys((*languages, *self.languages)):
            named = f"{key}.{language}"
            if self._found(named, '"a text"') is None and language not in languages:
                continue
            text: str = self.value(named, str, '"a text"')
            if not text.strip():
                self.wrong(named, "empty", '"a text"')
            if one_line and text != (line := " ".join(text.split())):
                self.wrong(named, "line_breaks", quoted(line))
            results[language] = text
        return results

    def tables(self, key: str, example: str) -> Mapping[str, Mapping[str, str]]:
        """Return a table of tables of words, whatever their names; empty without it."""
        value = self.settings.get(key, {})
        example = f'"{example}"'
        if not isinstance(value, dict):
            shown = f"{{ a-name = {example} }}"
            self.wrong(f"{key}.a-name", "is", shown, repr(value))
        results: dict[str, dict[str, str]] = {}
        for name, entries in value.items():
            if not isinstance(entries, dict):
                shown = f"{{ a-name = {example} }}"
                self.wrong(f"{key}.{name}", "is", shown, repr(entries))
            results[name] = {}
            for inner in entries:
                named = f"{key}.{name}.{inner}"
                results[name][inner] = self.value(named, str, example)
        return results

    def _web(self, key: str, value: str, example: str) -> None:
        if what := fault(value):
            # A password in it is not shown once more.
            shown = repr(value) if "@" not in value else "…@…"
            self.wrong(key, what, example, shown)


def _listed(values: Sequence[object]) -> str:
    """Return texts as a list in TOML, each once."""
    once = {str(v).casefold(): str(v) for v in reversed(values)}
    return f"[{', '.join(quoted(v) for v in reversed(once.values()))}]"
