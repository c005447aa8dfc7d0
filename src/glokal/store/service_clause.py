"""SERVICE: the endpoints that are allowed, asked for the rest of a query."""

from __future__ import annotations

from collections.abc import Collection

from glokal.core.errors import InputError, ToolError
from glokal.sparql.federation import Ask, Rows
from glokal.store.remote import RemoteStore


def service_asker(allowed: Collection[str]) -> Ask:
    """Return what asks an endpoint of the list a SELECT.

    ToolError and InputError when it gives no answer, unless SILENT was written.
    """

    def ask(
        endpoint: str, query: str, silent: bool, limits: tuple[int, ...]
    ) -> Rows | None:
        assert endpoint in allowed
        try:
            result = RemoteStore(endpoint).forward(query, limits)
        except (ToolError, InputError):
            if silent:
                return None
            raise
        return result.columns, result.rows

    return ask
