"""Real SPARQL services on loopback, started for the tests and stopped after them."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pyoxigraph as ox

from glokal.core.settings import load_project
from glokal.server.build_snapshot import QUADS
from glokal.site.build_stamp import write_stamp
from tests.conftest import ROOT

GRAPH = "http://e/graph"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def oxigraph(folder: Path, *, read_only: bool = False) -> Iterator[str]:
    """Oxigraph's own server (the wheel `oxigraph`); gives its address.

    Updates are open; with `read_only` it serves what the folder has.
    """
    port = free_port()
    program = Path(sys.executable).parent / "oxigraph"
    way = "serve-read-only" if read_only else "serve"
    args = [program, way, "--location", folder, "--bind", f"127.0.0.1:{port}"]
    with _running(args, folder, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso (Debian's virtuoso-opensource-7-bin); gives its address."""
    program = shutil.which("virtuoso-t")
    if program is None:
        raise RuntimeError(
            "virtuoso-t is missing: sudo apt-get install virtuoso-opensource-7-bin"
        )
    port, sql = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(
        f"""
[Database]
DatabaseFile = {folder}/v.db
TransactionFile = {folder}/v.trx
LockFile = {folder}/v.lck
ErrorLogFile = {folder}/v.log
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 20000
ServerThreads = 10
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
""",
        encoding="utf-8",
    )
    args = [program, "+foreground", "+configfile", settings]
    with _running(args, folder, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _running(args: list[object], folder: Path, port: int) -> Iterator[None]:
    log = folder / "server.log"
    with program(args, folder, log, stdout=True) as server:
        for _ in range(300):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{args[0]} did not start")
        if server.poll() is not None:
            raise RuntimeError(log.read_text(errors="replace"))
        yield


@contextlib.contextmanager
def program(
    args: Iterable[object], folder: Path, log: Path, *, stdout: bool = False, **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a folder, with what it says of errors in a file.

    Afterwards it is gone: one that doesn't stop when told to is killed, and that is
    a failure. (Left alone, it would be waited for without an end.)
    """
    with (
        log.open("wb") as told,
        subprocess.Popen(
            list(map(str, args)),
            cwd=folder,
            env=os.environ | env,
            stdout=told if stdout else subprocess.DEVNULL,
            stderr=told,
        ) as started,
    ):
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(30)
            except subprocess.TimeoutExpired:
                started.kill()
                raise


@dataclasses.dataclass(frozen=True)
class Server:
    """A `glokal serve` at work: its address, its process, what it has told so far."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        # What is said to people when it starts is no part of the log.
        told = self.log.read_text().splitlines()
        return [json.loads(line) for line in told if line.startswith("{")]


@contextlib.contextmanager
def serving(project: Path, *args: str, **settings: str) -> Iterator[Server]:
    """Run `glokal serve` with these arguments and settings."""
    port = free_port()
    log = project / f"{port}.log"
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "glokal", "serve", "--port", port, *args]
    with program(command, project, log, **settings) as started:
        for _ in range(300):
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{address}/readyz").status_code == 200:
                    break
            assert started.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            raise AssertionError(f"it was never ready: {log.read_text()}")
        yield Server(address, started, log)


def small_publication(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """Make a project with a publication of these quads and no pages; return it."""
    shutil.copy(ROOT / "publication.toml", folder)
    (folder / "data" / "strategy").mkdir(parents=True)
    public = folder / "public"
    (public / QUADS).parent.mkdir(parents=True)
    ox.serialize(quads, str(public / QUADS), ox.RdfFormat.N_QUADS)
    write_stamp(load_project(folder), public)
    return folder


def fill_oxigraph(address: str, triples: Iterable[ox.Triple]) -> str:
    """Put the triples into the default graph; give the endpoint's address."""
    _put(f"{address}/store?default", triples)
    return f"{address}/query"


def fill_virtuoso(
    address: str, triples: Iterable[ox.Triple], graph: str = GRAPH
) -> str:
    """Put the triples into a graph; give the endpoint's address."""
    target = f"{address}/sparql-graph-crud-auth?graph-uri={graph}"
    # Asked for its challenge first: a large body would come before it, and be cut off.
    try:
        urllib.request.urlopen(urllib.request.Request(target, method="HEAD"))
        raise AssertionError("Virtuoso asked for no login")
    except urllib.error.HTTPError as error:
        challenge = error.headers["WWW-Authenticate"].partition(" ")[2]
    parts = urllib.request.parse_keqv_list(urllib.request.parse_http_list(challenge))
    passwords = urllib.request.HTTPPasswordMgr()
    passwords.add_password(parts["realm"], address, "dba", "dba")
    handler = urllib.request.HTTPDigestAuthHandler(passwords)
    asked = urllib.request.Request(target, method="PUT")
    _put(target, triples, f"Digest {handler.get_authorization(asked, parts)}")
    return f"{address}/sparql"


def _put(address: str, triples: Iterable[ox.Triple], login: str = "") -> None:
    body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    request = urllib.request.Request(address, data=body, method="PUT")
    # Turtle holds N-Triples, and each server knows it by this name.
    request.add_header("Content-Type", "text/turtle")
    if login:
        request.add_header("Authorization", login)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status in (200, 201, 204), answer.read()
