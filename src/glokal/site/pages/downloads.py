"""The page of the files: tables for people first, then the graph for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.catalogue.harvest_sources import harvest_sources
from glokal.core.collation import sort_key
from glokal.core.files.data_files import DataFile
from glokal.core.locales import decimal_mark
from glokal.core.namespaces import GLO
from glokal.dataset.dumps import Dumps
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.renderer import PageRenderer
from glokal.site.whole_tables import WholeTable

_KILO = 1000
_UNITS = ("B", "kB", "MB", "GB")


@dataclass(frozen=True)
class OfferedFile:
    """A file on the page: what is in it, its size in words, and the packed one's."""

    what: Value
    file: DataFile
    size: str
    packed: DataFile
    packed_size: str


def write_downloads(
    view: GraphView,
    pages: PageRenderer,
    dumps: Dumps,
    whole: Mapping[str, Sequence[WholeTable]],
) -> None:
    """Write the page of the files in each language; `whole` are the tables of all."""
    for lang in pages.project.languages:
        words = pages.words[lang]
        tables = [(f, _named(view, f, lang)) for f in dumps.tables]
        pages.render(
            "dump.html",
            lang,
            "dump/",
            words["dump"],
            crumbs=[(words["dump"], "")],
            dumps=dumps,
            whole=whole[lang],
            files=_offered(_described(dumps.files, words), dumps, lang),
            reported=_offered(_described(dumps.reported, words), dumps, lang),
            tables=_offered(
                sorted(tables, key=lambda t: sort_key(t[1].text, lang)), dumps, lang
            ),
            catalogues=[
                s.path.partition(".")[0] for s in harvest_sources(pages.project)
            ],
        )


def size_in_words(size: int, lang: str) -> str:
    """Return a number of bytes as people write it: 519 kB, 1,4 MB.

    Units are those of the SI, thousands and not 1,024.
    """
    number, unit = float(size), 0
    while round(number) >= _KILO and unit < len(_UNITS) - 1:
        number, unit = number / _KILO, unit + 1
    digits = 1 if unit and number < 10 else 0
    text = f"{number:.{digits}f}".removesuffix(".0")
    return f"{text.replace('.', decimal_mark(lang))} {_UNITS[unit]}"


def _offered(
    files: Iterable[tuple[DataFile, Value]], dumps: Dumps, lang: str
) -> list[OfferedFile]:
    results = []
    for file, what in files:
        packed = dumps.packed[file.path]
        sizes = size_in_words(file.size, lang), size_in_words(packed.size, lang)
        results.append(OfferedFile(what, file, sizes[0], packed, sizes[1]))
    return results


def _described(
    files: Iterable[DataFile], words: Mapping[str, Any]
) -> list[tuple[DataFile, Value]]:
    """Return the files of the graph, each with what is in it and in which form."""
    said = words["dump_files"]
    results = []
    for file in files:
        stem, _, suffix = file.name.rpartition(".")
        part = next((p for p in ("inferred", "standard-words") if stem.endswith(p)), "")
        results.append((file, Value(said.get(part or suffix, file.name))))
    return results


def _named(view: GraphView, file: DataFile, lang: str) -> Value:
    """Return the label of the class that a table has, by the name of its file."""
    parts = file.name.partition(".")[0].split("-")
    label = view.link(GLO + "".join(map(str.capitalize, parts)), lang)
    return Value(label.text[:1].upper() + label.text[1:], label.lang)
