"""Which texts of the settings a language lacks, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def texts_lacking(settings: Mapping[str, Any], first: str, lang: str) -> Iterator[str]:
    """Yield the settings that are texts by language, and have none in `lang`.

    Those are the tables with a text, or a list of words, in the `first` language.
    """
    for name, value in settings.items():
        if not isinstance(value, dict):
            continue
        if isinstance(value.get(first), (str, list)):
            if lang not in value:
                yield name
        else:
            yield from (f"{name}.{key}" for key in texts_lacking(value, first, lang))
