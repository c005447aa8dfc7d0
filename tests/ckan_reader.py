"""CKAN's own reader of catalogues, asked by tests: CKAN and ckanext-dcat as they are.

Run by the Python of `.venv/ckan` (`make ckan`), which has nothing of ours: a catalogue
in Turtle comes in, the datasets as CKAN would keep them go out, for each language.
"""

from __future__ import annotations

import json
import sys

from ckan.plugins.toolkit import config  # type: ignore[import-not-found]
from ckanext.dcat.processors import RDFParser  # type: ignore[import-not-found]


def read(text: str, lang: str) -> list[object]:
    """Return the datasets of a catalogue, for a portal in a language."""
    config["ckan.locale_default"] = lang
    parser = RDFParser()
    parser.parse(text, _format="turtle")
    return [*parser.datasets()]


if __name__ == "__main__":
    catalogue = sys.stdin.read()
    json.dump({lang: read(catalogue, lang) for lang in sys.argv[1:]}, sys.stdout)
