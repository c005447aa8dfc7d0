"""The environment of child processes: an allow-list, and no path that is relative.

What a child gets is what the operator needs it to have. Whatever makes a program load
code (LD_PRELOAD, PYTHONSTARTUP, JAVA_TOOL_OPTIONS, NODE_OPTIONS, GIT_…) is left out,
and so is every entry of a search path that stands for the working folder: an empty one,
`.` or `bin`. The working folder may hold anything (SECURITY.md).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Who and where the user is, the language, the time zone, temporary files, certificates.
_NAMES = frozenset(
    "HOME USER LOGNAME LANG LANGUAGE TZ TZDIR TERM NO_COLOR TMPDIR TMP TEMP "
    "SSL_CERT_FILE SSL_CERT_DIR PYTHONDONTWRITEBYTECODE PYTHONNOUSERSITE "
    "http_proxy https_proxy all_proxy no_proxy "
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY".split()
)
_STARTS = ("LC_", "XDG_", "GLOKAL_")
# Lists of folders: only the absolute ones.
_PATHS = frozenset(
    "PATH PYTHONPATH PYTHONHOME PYTHONUSERBASE LD_LIBRARY_PATH DYLD_LIBRARY_PATH "
    "DYLD_FALLBACK_LIBRARY_PATH".split()
)
# The login for a service: only for the child that asks the service.
LOGIN_START = "GLOKAL_ENDPOINT_"
LOGIN = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
# What begins so, and is none: how long a service may take.
_NO_LOGIN = frozenset({"GLOKAL_ENDPOINT_SECONDS"})


def clean_environment(
    *, login: bool = False, source: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment for a child process, made from this process's own.

    With `login` it has the login for a SPARQL service, too. `source` stands for
    `os.environ` in tests.
    """
    results: dict[str, str] = {}
    for name, value in (os.environ if source is None else source).items():
        if _is_login(name):
            results |= {name: value} if login else {}
        elif name in _NAMES or name.startswith(_STARTS):
            results[name] = value
        elif name in _PATHS and (folders := _absolute(value)):
            results[name] = folders
    return results


def _is_login(name: str) -> bool:
    own = name.startswith(LOGIN_START) and name not in _NO_LOGIN
    return own or name in LOGIN


def foreign_environment() -> dict[str, str]:
    """Return the environment for a program that isn't Glokal's: without GLOKAL_…."""
    own = clean_environment()
    return {
        name: value for name, value in own.items() if not name.startswith("GLOKAL_")
    }


def _absolute(value: str) -> str:
    folders = value.split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if Path(folder).is_absolute())
