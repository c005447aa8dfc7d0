"""Services as the environment says: login, time, size."""

from __future__ import annotations

import os
from collections.abc import Collection

from glokal.core.auth.credentials import read_login
from glokal.core.auth.login import Login
from glokal.core.child_process import number_setting
from glokal.core.http_client import HttpClient
from glokal.store.remote import RemoteStore


def open_endpoint(endpoint: str, graphs: Collection[str] = ()) -> RemoteStore:
    """Return the service at an address, with the limits and login of the environment.

    Raises UsageError for an address or a limit that is none.
    """
    return RemoteStore(
        endpoint,
        graphs=graphs,
        seconds=_seconds(),
        megabytes=int(number_setting("GLOKAL_DATA_MEGABYTES", 512)),
        login=_login(),
    )


def write_client() -> HttpClient:
    """Return what writes to a service, with the limits and login of the environment."""
    return HttpClient(_login(), seconds=_seconds())


def _seconds() -> float:
    return number_setting("GLOKAL_ENDPOINT_SECONDS", 60)


def _login() -> Login | None:
    return read_login(os.environ, _seconds())
