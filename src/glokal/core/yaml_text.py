"""YAML as values: the headers of queries and rules.

LibYAML reads it ten times as fast as PyYAML's own parser, which words its errors
better and knows when a text is nested too deeply: what LibYAML refuses it reads again.
"""

from __future__ import annotations

from typing import Any

import yaml

_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """Return what a text says (YAML 1.1, plain values only), None for an empty one.

    Raises yaml.YAMLError with the place, and RecursionError.
    """
    try:
        # Both make plain values only.
        return yaml.load(text, Loader=_FAST)  # noqa: S506
    except yaml.YAMLError:
        return yaml.safe_load(text)
