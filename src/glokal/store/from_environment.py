"""Services as the environment says: login, time, size."""

from __future__ import annotations

import os
from collections.abc import Collection

from glokal.core.auth.credentials import read_login
from glokal.core.auth.login import Login
from glokal.core.child_process import number_setting
from glokal.core.errors import InputError, ToolError
from glokal.core.http_client import HttpClient
from glokal.sparql.federation import Ask, ServiceRows
from glokal.store.remote import AnswerLimits, RemoteStore


def open_endpoint(endpoint: str, graphs: Collection[str] = ()) -> RemoteStore:
    """Return the service at an address, with the limits and login of the environment.

    Raises UsageError for an address or a limit that is none.
    """
    return RemoteStore(
        endpoint,
        graphs=graphs,
        limits=AnswerLimits(
            _seconds(), int(number_setting("GLOKAL_DATA_MEGABYTES", 512))
        ),
        login=_login(),
    )


def write_client() -> HttpClient:
    """Return what writes to a service, with the limits and login of the environment."""
    return HttpClient(_login(), seconds=_seconds())


def _seconds() -> float:
    return number_setting("GLOKAL_ENDPOINT_SECONDS", 60)


def _login() -> Login | None:
    return read_login(os.environ, _seconds())


def service_asker(allowed: Collection[str]) -> Ask:
    """Return what asks an endpoint of the list a SELECT.

    ToolError and InputError when it gives no answer, unless SILENT was written.
    """

    def ask(
        endpoint: str, query: str, silent: bool, limits: tuple[int, ...]
    ) -> ServiceRows | None:
        assert endpoint in allowed
        try:
            result = RemoteStore(endpoint).forward(query, limits)
        except (ToolError, InputError):
            if silent:
                return None
            raise
        return result.columns, result.rows

    return ask
