"""Real servers on loopback, started for the tests and stopped after them."""

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
    with running(args, folder, port):
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
    with running(args, folder, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def web_server(name: str, site: Path, folder: Path) -> Iterator[str]:
    """A web server (Debian's apache2, nginx-light, caddy) by its name; its address.

    `site` is what lies at the root of the host, with a publication somewhere in it,
    whose own rules for the server are read; `folder` is for the server's files.
    """
    port = free_port()
    settings, args = _WEB_SERVERS[name](site, folder, port)
    (folder / "settings").write_text(settings, encoding="utf-8")
    with running([_installed(str(args[0])), *args[1:]], folder, port):
        yield f"http://127.0.0.1:{port}"


def _installed(name: str) -> str:
    program = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise RuntimeError(f"{name} is missing: make debian installs it")
    return program


def _apache(site: Path, folder: Path, port: int) -> tuple[str, list[object]]:
    modules = "mpm_event authz_core deflate dir filter headers mime rewrite".split()
    # Debian's own list of types gives other names to some endings.
    (folder / "mime.types").write_text("text/html html\n", encoding="utf-8")
    loaded = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
        for name in modules
    )
    settings = f"""
{loaded}
ServerName localhost
Listen 127.0.0.1:{port}
User www-data
Group www-data
PidFile {folder}/pid
Mutex file:{folder}
ErrorLog {folder}/error.log
TypesConfig {folder}/mime.types
DocumentRoot {site}
<Directory {site}>
  AllowOverride FileInfo
  Require all granted
</Directory>
"""
    return settings, ["apache2", "-f", folder / "settings", "-DFOREGROUND"]


@contextlib.contextmanager
def password_proxy(
    address: str, user: str, password: str, folder: Path
) -> Iterator[str]:
    """Nginx before another server, with a password (Basic); gives its own address."""
    inside = folder / "proxy"
    inside.mkdir()
    words = inside / "passwords"
    words.write_text(f"{user}:{{PLAIN}}{password}\n", encoding="utf-8")
    port = free_port()
    settings, args = _nginx_with(
        f"""
    client_max_body_size 64m;
    auth_basic "engine";
    auth_basic_user_file {words};
    location / {{
      proxy_pass {address};
      proxy_set_header Host $http_host;
    }}
""",
        inside,
        port,
        # Who reads the passwords at each request, in a folder closed to others.
        user="root",
    )
    (inside / "settings").write_text(settings, encoding="utf-8")
    with running([_installed("nginx"), *args[1:]], inside, port):
        yield f"http://127.0.0.1:{port}"


def _nginx(site: Path, folder: Path, port: int) -> tuple[str, list[object]]:
    (rules,) = site.rglob("_nginx.conf")
    return _nginx_with(f"    root {site};\n    include {rules};\n", folder, port)


def _nginx_with(
    server: str, folder: Path, port: int, user: str = "www-data"
) -> tuple[str, list[object]]:
    own = "\n".join(
        f"  {what}_temp_path {folder}/{what};"
        for what in "client_body proxy fastcgi uwsgi scgi".split()
    )
    as_user = f"user {user};" if os.geteuid() == 0 else ""
    settings = f"""
{as_user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
{own}
  access_log off;
  server {{
    listen 127.0.0.1:{port};
{server}
  }}
}}
"""
    return settings, ["nginx", "-p", folder, "-c", folder / "settings"]


def _caddy(site: Path, folder: Path, port: int) -> tuple[str, list[object]]:
    (rules,) = site.rglob("_Caddyfile")
    settings = f"""{{
  admin off
  auto_https off
  storage file_system {folder}
}}
http://127.0.0.1:{port} {{
  root * {site}
  import {rules}
}}
"""
    flags = ["--adapter", "caddyfile", "--config", folder / "settings"]
    # What it keeps for the next time goes away with the folder.
    kept = (f"XDG_{name}_HOME={folder}" for name in ("CONFIG", "DATA"))
    return settings, ["env", *kept, "caddy", "run", *flags]


_WEB_SERVERS = {"apache": _apache, "nginx": _nginx, "caddy": _caddy}


@contextlib.contextmanager
def running(args: list[object], folder: Path, port: int) -> Iterator[None]:
    log = folder / "server.log"
    with program(args, folder, log, stdout=True) as server:
        # A busy machine takes its time; a program that has ended is seen at once.
        for _ in range(2000):
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
