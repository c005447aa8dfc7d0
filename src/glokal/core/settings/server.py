"""How a server behaves on its machine: `serve.toml`, the environment, or neither.

What the publication says stands in `publication.toml`; this differs from machine to
machine, and changing it makes no new publication.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from glokal.core.errors import UsageError
from glokal.core.settings.toml_file import read_toml
from glokal.core.settings.toml_reader import Reader

FILE = "serve.toml"
_TABLE = "serve"
# Where a server makes its own files unless another folder is named.
STATE = ".cache/glokal/serve"


@dataclass(frozen=True)
class Serving:
    """What readers may take, each and together, and whom to believe.

    Seconds and megabytes are limits of one query (`query_…`), of its answer
    (`answer_…`), of a request that comes in (`request_seconds`), of a reader that takes
    nothing (`reader_seconds`), of a stop (`stop_seconds`). `per_client` is how many
    queries one address may have at work. `proxies` are addresses whose word about the
    client is taken, `services` the endpoints that SERVICE may ask, `functions` those
    besides SPARQL 1.1's own that a query may use. `held_megabytes` is what all answers
    may have together that wait for their readers; `state_dir` is where the server makes
    its own files, below the project or absolute. With `in_process` small queries of a
    closed list are answered by the server's own process (docs/decisions/0095);
    `file_processes` are those that answer small files beside it (docs/decisions/0106).
    """

    query_seconds: float = 20.0
    query_megabytes: int = 1024
    answer_megabytes: int = 64
    answer_rows: int = 100_000
    held_megabytes: int = 256
    per_client: int = 16
    workers: int = 2
    heavy_workers: int = 3
    connections: int = 500
    request_seconds: float = 20.0
    reader_seconds: float = 60.0
    stop_seconds: float = 30.0
    proxies: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    state_dir: str = STATE
    in_process: bool = False
    file_processes: int = 0


# The most that each setting may be: a file that came with the data must not be able to
# ask for a million processes. Seconds are a day, megabytes a terabyte.
_MOST = {
    "answer_rows": 100_000_000,
    "per_client": 1000,
    "workers": 64,
    "heavy_workers": 64,
    "connections": 100_000,
    "file_processes": 16,
}
_MOST_SECONDS, _MOST_MEGABYTES = 86_400, 1 << 20


def openings(serving: Serving) -> list[str]:
    """Return what the settings open to others, a line each, to be told at the start."""
    entries = []
    if serving.services:
        entries.append(f"Queries may ask by SERVICE: {', '.join(serving.services)}")
    if serving.functions:
        entries.append(f"Queries may use the functions: {', '.join(serving.functions)}")
    if serving.proxies:
        entries.append(
            "Who a client is, is taken from X-Forwarded-For of: "
            f"{', '.join(serving.proxies)}"
        )
    if serving.in_process:
        entries.append("Small queries are answered by the server's own process")
    if serving.state_dir != STATE:
        entries.append(f"The server's own files are in: {serving.state_dir}")
    return entries


def load_serving(root: Path) -> Serving:
    """Return the settings of the file in a folder; the environment's come first.

    A setting `x` is GLOKAL_X in the environment, a list with commas. Raises ConfigError
    with place and example for the file, UsageError for the environment.
    """
    path = root / FILE
    settings, text = read_toml(path, FILE) if os.path.lexists(path) else ({}, "")
    read = Reader(settings, text, name=FILE)
    values: dict[str, Any] = {}
    for field in fields(Serving):
        written = os.environ.get(f"GLOKAL_{field.name.upper()}")
        result = _from_file(read, field.name, field.default)
        if written is not None:
            result = _from_environment(field.name, written, field.default)
        values[field.name] = result
    read.finish()
    return Serving(**values)


def _from_file(read: Reader, name: str, default: Any) -> Any:
    key = f"{_TABLE}.{name}"
    if isinstance(default, tuple):
        result = read.words(key, _EXAMPLES[name], needed=False)
        if wrong := _wrong_item(name, result):
            read.wrong(key, "has", _EXAMPLES[name], repr(wrong))
        return result
    if isinstance(default, str):
        return read.path(key, _EXAMPLES[name], otherwise=default)
    if isinstance(default, bool):
        return read.truth(key, default)
    return read.number(key, default, _most(name))


def _most(name: str) -> int:
    if name in _MOST:
        return _MOST[name]
    return _MOST_SECONDS if name.endswith("seconds") else _MOST_MEGABYTES


def _from_environment(name: str, written: str, default: Any) -> Any:
    variable = f"GLOKAL_{name.upper()}"
    if isinstance(default, tuple):
        results = tuple(part.strip() for part in written.split(",") if part.strip())
        if wrong := _wrong_item(name, results):
            raise UsageError(
                f"{variable} has {wrong!r}.",
                remedy=f"set it like {_EXAMPLES[name]}, without quotes and brackets.",
            )
        return results
    if isinstance(default, str):
        if not written.strip():
            raise UsageError(
                f"{variable} is empty.",
                remedy=f"set it like {_EXAMPLES[name]}, without quotes, or unset it.",
            )
        return written
    if isinstance(default, bool):
        if written not in _TRUTHS:
            raise UsageError(
                f"{variable} is {written!r}, which is neither true nor false.",
                remedy="set it to true or false, or unset it.",
            )
        return _TRUTHS[written]
    try:
        number = type(default)(written)
    except ValueError:
        number = -1
    if not (0 < number <= _most(name) or number == default):
        whole = "whole number" if isinstance(default, int) else "number"
        least = "from 0" if default == 0 else "above 0 and up"
        raise UsageError(
            f"{variable} is {written!r}, which is not {least} to {_most(name):d}.",
            remedy=f"set it to a {whole} such as {default or 1:g}, or unset it.",
        )
    return number


_TRUTHS = {"true": True, "false": False}
_EXAMPLES = {
    "proxies": '["127.0.0.1"]',
    "services": '["https://sparql.example.org/"]',
    "functions": '["http://www.opengis.net/def/function/geosparql/distance"]',
    "state_dir": '"/var/lib/glokal"',
}


def _wrong_item(name: str, values: tuple[str, ...]) -> str:
    for value in values:
        if name == "proxies":
            try:
                ipaddress.ip_network(value)
            except ValueError:
                return value
        elif not value.startswith(("http://", "https://")):
            return value
    return ""
