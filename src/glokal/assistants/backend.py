"""What the tools need of whoever answers queries, within that one's limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from glokal.dataset.views import IN_STRATEGY
from glokal.sparql.store_interface import Table


class Backend(Protocol):
    """Answers queries about one publication for one client.

    `view` is one of `dataset.views.VIEWS`. Both raise UsageError, with what to do,
    for a query that is wrong or over a limit.
    """

    async def ask(self, text: str, view: str = IN_STRATEGY) -> Table | bool:
        """Return the rows of a SELECT, or the answer to an ASK."""

    async def why_empty(self, text: str, view: str = IN_STRATEGY) -> Mapping[str, str]:
        """Return why a SELECT has no rows, in words by language; {} if unknown."""
