"""What is disputed says so wherever it stands, in words that every medium keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from glokal.site.graph_view import Value


def marked(value: Value, words: Mapping[str, Any], *, disputed: bool) -> Value:
    """Return a value with the word for a disputed tie behind it, if it is one."""
    if not disputed:
        return value
    word = words["brief"]["disputed"].lower()
    return replace(value, text=f"{value.text} ({word})")
