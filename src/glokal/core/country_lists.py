"""Municipalities and counties of a country, with their codes and names.

Lists of Norway and Sweden come with Glokal (`countries/packs.toml` says from where),
and an installed package may bring others. A project's own `countries/XXX.csv` takes the
place of either. docs/countries.md has the form.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError, ToolError
from glokal.core.files.symlinks import refuse_way_out
from glokal.core.plugins import COUNTRIES, call_plugin, plugins

FOLDER = "countries"
COUNTY, MUNICIPALITY = AREA_KINDS = ("county", "municipality")
COLUMNS = ("kind", "code", "part_of", "name", "language")
# What a list may have besides.
NUTS = "nuts"


@dataclass(frozen=True)
class ListedUnit:
    """A name of a municipality or a county; `language` is "" where it isn't known.

    `nuts` is the code of the unit in Eurostat's classification, "" where it has none.
    """

    kind: str
    code: str
    part_of: str
    name: str
    language: str
    nuts: str = ""


@dataclass(frozen=True)
class CountryList:
    """The units of a country, by kind and code; each has at least one name.

    `source` is where they are from, in words, `nuts_source` where their NUTS codes are.
    """

    country: str
    units: Mapping[tuple[str, str], tuple[ListedUnit, ...]]
    source: str = ""
    nuts_source: str = ""

    def codes_of(self, kind: str, name: str) -> list[str]:
        """Return the codes of the units that have a name, in any of its languages."""
        asked = name.casefold()
        return [
            code
            for (of, code), units in self.units.items()
            if of == kind and any(unit.name.casefold() == asked for unit in units)
        ]

    def nuts_of(self, kind: str, code: str) -> str:
        """Return the NUTS code of a unit, "" where the list has none."""
        units = self.units.get((kind, code), ())
        return next((unit.nuts for unit in units if unit.nuts), "")

    def has(self, kind: str, code: str) -> bool:
        """Whether there is such a code."""
        return (kind, code) in self.units


def country_list(root: Path, country: str) -> CountryList | None:
    """Return the list of a country (three letters of ISO 3166-1), None without one.

    `root` is the project's folder. Raises SourceError for a list that isn't in the
    form, with its line and column, and ToolError for that of an installed package.
    """
    name = f"{FOLDER}/{country}.csv"
    own = root / name
    if own.is_file():
        refuse_way_out(root, own, name)
        return _read(own.read_bytes(), name, country)
    if country in plugins(COUNTRIES):
        return _added(country)
    return _brought(country)


@cache
def _added(country: str) -> CountryList:
    path = call_plugin(COUNTRIES, country)
    try:
        return _read(Path(path).read_bytes(), f"{country}.csv", country)
    except (TypeError, OSError, SourceError) as error:
        raise ToolError(
            f"The plugin {country} gave no list of that country: {error}",
            remedy="tell those who keep it, or uninstall it.",
        ) from error


@cache
def _brought(country: str) -> CountryList | None:
    file = resources.files("glokal.core").joinpath(f"countries/{country}.csv")
    if not file.is_file():
        return None
    packs = resources.files("glokal.core").joinpath("countries/packs.toml")
    of = tomllib.loads(packs.read_text(encoding="utf-8"))[country]
    read = _read(file.read_bytes(), file.name, country)
    nuts = tomllib.loads(packs.read_text(encoding="utf-8"))["nuts"]
    return replace(read, source=_source(of), nuts_source=_source(nuts))


def _source(of: Mapping[str, str]) -> str:
    return f"{of['source']}, {of['address']} ({of['copy']})"


def _read(raw: bytes, name: str, country: str) -> CountryList:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SourceError(
            "The file is not UTF-8.",
            remedy="save it as CSV in UTF-8.",
            place=Place(name, line),
        ) from error
    units: dict[tuple[str, str], tuple[ListedUnit, ...]] = {}
    lines = list(_rows(text, name))
    counties = {unit.code for _, unit in lines if unit.kind == COUNTY}
    for line, unit in lines:
        if unit.part_of and unit.part_of not in counties:
            raise _wrong(
                name, line, "part_of", f"no county has the code {unit.part_of}"
            )
        key = (unit.kind, unit.code)
        units[key] = (*units.get(key, ()), unit)
    return CountryList(country, units, name, name)


def _rows(text: str, name: str) -> Iterator[tuple[int, ListedUnit]]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        columns = tuple(next(reader, ()))
        if columns not in (COLUMNS, (*COLUMNS, NUTS)):
            raise SourceError(
                "The columns are not those of such a list.",
                remedy=f"let the first line be {','.join(COLUMNS)}",
                place=Place(name, 1),
            )
        for cells in reader:
            if any(cells):
                yield reader.line_num, _unit(cells, columns, name, reader.line_num)
    except csv.Error as error:
        raise SourceError(
            f"The line is no CSV: {error}.",
            remedy="see to the quotation marks.",
            place=Place(name, reader.line_num),
        ) from error


def _unit(
    cells: list[str], columns: tuple[str, ...], name: str, line: int
) -> ListedUnit:
    if len(cells) != len(columns):
        raise SourceError(
            f"The line has {len(cells)} cells.",
            remedy=f"write {len(columns)}: {','.join(columns)}",
            place=Place(name, line),
        )
    unit = ListedUnit(*(cell.strip() for cell in cells))
    if unit.kind not in AREA_KINDS:
        raise _wrong(
            name, line, "kind", f"{unit.kind!r} is none of {', '.join(AREA_KINDS)}"
        )
    for column in ("code", "name"):
        if not getattr(unit, column):
            raise _wrong(name, line, column, "it is empty")
    if unit.kind == COUNTY and unit.part_of:
        raise _wrong(name, line, "part_of", "a county is part of none")
    if unit.nuts and not _is_nuts(unit.nuts):
        raise _wrong(name, line, NUTS, f"{unit.nuts!r} is no NUTS code")
    if unit.language:
        try:
            ox.Literal(unit.name, language=unit.language)
        except ValueError as error:
            told = f"{unit.language!r} is no language tag"
            raise _wrong(name, line, "language", told) from error
    return unit


def _is_nuts(code: str) -> bool:
    """Whether a code is made as those of NUTS: a country, then one to three signs."""
    country, rest = code[:2], code[2:]
    plain = code.isascii() and code.isalnum() and code == code.upper()
    return plain and country.isalpha() and 1 <= len(rest) <= 3


def _wrong(name: str, line: int, column: str, told: str) -> SourceError:
    return SourceError(
        f"Column {column}: {told}.",
        remedy="correct the cell; docs/countries.md has the form.",
        place=Place(name, line, (*COLUMNS, NUTS).index(column) + 1),
    )
