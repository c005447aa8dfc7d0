"""YAML as values: the headers of queries and rules.

LibYAML reads it ten times as fast as PyYAML's own parser, which words its errors
better and knows when a text is nested too deeply: what LibYAML refuses it reads again,
and what is nested deeply it reads alone, since LibYAML's reader would end the process.
"""

from __future__ import annotations

from typing import Any

import yaml

_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Far more than a header has, and far less than a stack holds.
_DEEP = 50


def read_yaml(text: str) -> Any:
    """Return what a text says (YAML 1.1, plain values only), None for an empty one.

    Raises yaml.YAMLError with the place, and RecursionError.
    """
    try:
        if _is_flat(text):
            # Both make plain values only.
            return yaml.load(text, Loader=_FAST)  # noqa: S506
    except yaml.YAMLError:
        pass
    return yaml.safe_load(text)


def _is_flat(text: str) -> bool:
    """Whether nothing is nested deeply. Events are told one by one, without a stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_FAST):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEP:
            return False
    return True
