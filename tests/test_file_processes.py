"""A server with file processes: the same answers as without, whatever comes."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import random
import re
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pyoxigraph as ox
import pytest

from glokal.core.settings import load_project
from glokal.server.file_processes.child import FileChild
from glokal.server.file_processes.messages import Bounds
from glokal.server.file_processes.supervisor import FileProcesses
from glokal.site.build_stamp import write_stamp
from tests import servers
from tests.test_server import LIGHT, ask, children, wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

PROGRAM = "glokal.server.file_processes.file_process"
SETTINGS = {
    "GLOKAL_FILE_PROCESSES": "2",
    "GLOKAL_REQUEST_SECONDS": "1",
    "GLOKAL_CONNECTIONS": "40",
}


def published(folder: Path, word: str = "one") -> Path:
    graph = ox.NamedNode("https://w3id.org/glokal/graph/strategy/x")
    quads = [ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), graph, graph)]
    servers.small_publication(folder, quads)
    write_files(folder, word)
    return folder


def write_files(project: Path, word: str) -> None:
    """Put the files of a build into the publication, and its mark."""
    public = project / "public"
    for name in ("a.txt", "b.txt", "index.html"):
        (public / name).write_text(f"{name} {word}\n" * 30)
    write_stamp(load_project(project), public)


def file_processes(server: servers.Server) -> list[int]:
    def is_one(pid: int) -> bool:
        try:
            return PROGRAM in Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            return False

    return [pid for pid in children(server.process.pid) if is_one(pid)]


def takes_connections(server: servers.Server) -> bool:
    """Whether all file processes have begun: they wait for connections."""

    def has_begun(pid: int) -> bool:
        return any("eventpoll" in name for name in descriptors(pid))

    found = file_processes(server)
    return len(found) == 2 and all(map(has_begun, found))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    project = published(tmp_path_factory.mktemp("beside"))
    with servers.serving(project, **SETTINGS) as started:
        wait_for(lambda: takes_connections(started))
        yield started


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    project = published(tmp_path_factory.mktemp("plain"))
    settings = {**SETTINGS, "GLOKAL_FILE_PROCESSES": "0"}
    with servers.serving(project, **settings) as started:
        yield started


class Client:
    """A connection on which requests are sent in pieces; as if at one address."""

    def __init__(self, server: servers.Server) -> None:
        host, port = urlsplit(server.address).hostname, urlsplit(server.address).port
        self.socket = socket.create_connection((host, port), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._data = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *pieces: bytes) -> bool:
        try:
            for piece in pieces:
                self.socket.sendall(piece)
        except OSError:
            return False
        return True

    def answer(self, method: bytes = b"GET") -> bytes:
        """Return the next answer without its date, what there is of it at an end."""
        while b"\r\n\r\n" not in self._data and self._more():
            pass
        head, end, _ = self._data.partition(b"\r\n\r\n")
        sized = re.search(rb"(?i)content-length: (\d+)", head)
        empty = method == b"HEAD" or not sized or b" 304 " in head[:20]
        size = len(head + end) + (0 if empty or not sized else int(sized[1]))
        while len(self._data) < size and self._more():
            pass
        got, self._data = self._data[:size], self._data[size:]
        return re.sub(rb"(?i)\r\ndate: [^\r]*", b"", got)

    def _more(self) -> bool:
        try:
            part = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self._data += part
        return bool(part)


def get(path: str = "/a.txt", more: str = "", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: h.example\r\n{more}\r\n".encode()


USUAL = [get(), get("/b.txt"), get(more="Accept: text/html\r\n"), get("/")]
OTHER = [
    *(get("/c.txt"), get("/a.txt?x"), get("/healthz"), get("/sparql?query=ASK%7B%7D")),
    *(get("/index.html"), get("//a.txt"), get("/id/x/y"), get("*")),
    get(method="HEAD"),
    get(method="OPTIONS"),
    get(method="DELETE"),
    get(more='If-None-Match: "x"\r\n'),
    get(more="If-None-Match: *\r\n"),
    get(more="Range: bytes=0-9\r\n"),
    get(more="Accept-Encoding: gzip\r\n"),
    get(more="Connection: keep-alive\r\n"),
    get(more="Content-Length: 3\r\n") + b"abc",
    get(more="Transfer-Encoding: chunked\r\n") + b"3\r\nabc\r\n0\r\n\r\n",
    get(more="X-Unknown: 1\r\n"),
    get(more="Host: other\r\n"),
    get(more="Upgrade: h2c\r\nConnection: upgrade\r\n"),
    get("/sparql", "Content-Type: application/sparql-query\r\nContent-Length: 5\r\n",
        "POST") + b"ASK{}",
]  # fmt: skip


_CLOSES = "Connection: close\r\n"
# What a client sends before it sends no more.
HALF_CLOSED = (
    get(),
    get(more=_CLOSES),
    get() + get(more=_CLOSES),
    get("/nope", _CLOSES),
    get(more="If-None-Match: *\r\n"),
    get("/sparql?query=ASK%7B%7D", _CLOSES),
    get("/sparql?query=ASK%7B%7D") + get("/nope") + get(),
)


def cut(data: bytes, chance: random.Random) -> list[bytes]:
    ends = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(3)))
    return [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]


def broken(data: bytes, chance: random.Random) -> bytes:
    """Return a request with a fault, which ends as a request does and not before."""
    while True:
        at = chance.randrange(len(data))
        new = chance.choice(
            [b"", b"\x00", b" ", b"\r", b"\n", b":", b"\xc3", b"HTTP/3"]
        )
        result = data[:at] + new + data[at + chance.randrange(3) :]
        if not re.search(rb"\n\r?\n", result[:-2]):
            return result


@pytest.mark.parametrize("seed", range(60))
def test_the_same_bytes_get_the_same_answers(
    seed: int, server: servers.Server, plain: servers.Server
) -> None:
    """Streams made at random, cut anywhere, with and without file processes."""
    chance = random.Random(seed)
    with Client(server) as one, Client(plain) as other:
        for _ in range(chance.randrange(2, 12)):
            usual = chance.random() < 0.6
            data = chance.choice(USUAL if usual else OTHER)
            methods = [data.split(b" ", 1)[0]]
            if chance.random() < 0.2:
                data, methods = data + USUAL[0], [*methods, b"GET"]
            bad = chance.random() < 0.05
            if bad:
                data, methods = broken(chance.choice(USUAL), chance), methods[:1]
            # Whether a wrong version is told as one depends on where it was cut.
            pieces = [data] if bad else cut(data, chance)
            for client in (one, other):
                client.send(*pieces)
            for method in methods:
                got = one.answer(method)
                assert got == other.answer(method), (pieces, got)
            if bad or not got:
                break


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 408),
        (get()[:-2], 408),
        (get() + get()[:9], 408),
        (get("/" + "a" * 70_000), 414),
        (get(more="Cookie: x\r\n" * 300), 431),
        (get(more=f"Cookie: {'x' * 70_000}\r\n"), 431),
        (get().replace(b"1.1", b"2.0"), 505),
        (b"\x16\x03\x01\x02\x00\x01", 400),
    ],
)
def test_what_is_no_request_is_refused_as_without(
    data: bytes, status: int, server: servers.Server, plain: servers.Server
) -> None:
    """In the server's own words, on a new connection and on one that had a file."""
    for before in (False, True):
        results = []
        for of in (server, plain):
            with Client(of) as client:
                if before:
                    client.send(get())
                    client.answer()
                client.send(data)
                got = [client.answer()]
                while got[-1] and f" {status} ".encode() not in got[-1][:20]:
                    got.append(client.answer())
                results.append(got)
        if before and not data:
            # One at rest after an answer is closed.
            assert results == [[b""], [b""]]
            continue
        assert results[0] == results[1]
        assert f" {status} ".encode() in results[0][-1][:20]


def warm(server: servers.Server, data: bytes) -> None:
    """Have an answer known to all file processes; a new one is told them at once."""
    for _ in range(6):
        with Client(server) as client:
            client.send(data)
            client.answer()


def stop_while(server: servers.Server) -> None:
    """Let the server's own process rest, all at once."""
    server.process.send_signal(signal.SIGSTOP)
    state = Path(f"/proc/{server.process.pid}/stat")
    wait_for(lambda: state.read_text().rpartition(")")[2].split()[0] == "T")


def descriptors(pid: int) -> list[str]:
    """Return what a process has open."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        # One that is closed meanwhile is open no more.
        with contextlib.suppress(OSError):
            found.append(str(link.readlink()))
    return found


def sockets(pid: int) -> int:
    return sum(name.startswith("socket:") for name in descriptors(pid))


def test_a_file_needs_no_server_and_a_connection_comes_back(
    server: servers.Server,
) -> None:
    """What is answered while the server's process rests is answered by another one."""
    warm(server, get())
    own = server.process.pid
    wait_for(lambda: not connections_of(server))
    at_rest = sockets(own)
    with Client(server) as client:
        # Another matter: the server has the connection now, and answers a file.
        client.send(get("/healthz"))
        assert b"healthy" in client.answer()
        client.send(get())
        known = client.answer()
        assert b"a.txt one" in known
        wait_for(lambda: sockets(own) == at_rest)
        stop_while(server)
        try:
            with Client(server) as late:
                for _ in range(3):
                    for one in (client, late):
                        one.send(get())
                        assert one.answer() == known
        finally:
            server.process.send_signal(signal.SIGCONT)
        assert ask(server.address, LIGHT).status_code == 200


def connections_of(server: servers.Server) -> bool:
    """Whether anybody is connected to the server."""
    port = f"{urlsplit(server.address).port:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # 01: established (proc(5)).
    return any(row[1].endswith(f":{port}") and row[3] == "01" for row in rows)


def test_the_log_has_whole_lines_of_all(server: servers.Server) -> None:
    def run() -> None:
        with Client(server) as client:
            for n in range(200):
                client.send(get(f"/{'ab'[n % 2]}.txt"))
                client.answer()

    def told() -> int:
        # Each line is read as JSON: one within another would be none.
        return sum(x.get("route") == "/{path:path}" for x in server.lines())

    before = told()
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_for(lambda: told() == before + 800)


def test_connections_are_limited_together(server: servers.Server) -> None:
    warm(server, get())
    taken = []
    try:
        for _ in range(40):
            client = Client(server)
            taken.append(client)
            client.send(get())
            assert b" 200 " in client.answer()[:20]
        with Client(server) as late:
            late.send(get())
            assert b" 503 " in late.answer()[:20]
    finally:
        for client in taken:
            client.socket.close()
    wait_for(lambda: httpx.get(f"{server.address}/healthz").status_code == 200)


def test_no_reader_sees_an_old_file_after_a_new_one(tmp_path: Path) -> None:
    """Whoever asks after anybody has seen the next build gets the next build."""
    project = published(tmp_path)
    with servers.serving(project, GLOKAL_FILE_PROCESSES="2") as server:
        wait_for(lambda: takes_connections(server))
        words = ["one", "two", "three"]
        seen = [threading.Event() for _ in words]
        wrong: list[str] = []

        def read(path: str) -> None:
            client = Client(server)
            while not seen[-1].is_set():
                least = max((n for n, s in enumerate(seen) if s.is_set()), default=0)
                if not client.send(get(path)) or not (got := client.answer()):
                    client.socket.close()
                    client = Client(server)
                    continue
                at = words.index(got.split()[-1].decode())
                if at < least:
                    wrong.append(f"{words[at]} after {words[least]}")
                seen[at].set()
            client.socket.close()

        threads = [
            threading.Thread(target=read, args=(path,))
            for path in ("/a.txt", "/a.txt", "/b.txt", "/b.txt")
        ]
        for thread in threads:
            thread.start()
        for n, word in enumerate(words[1:]):
            assert seen[n].wait(60)
            write_files(project, word)
        for thread in threads:
            thread.join(120)
        assert seen[-1].is_set()
        assert wrong == []


def test_one_that_is_killed_is_replaced_and_the_server_goes_on(tmp_path: Path) -> None:
    project = published(tmp_path)
    with servers.serving(project, **SETTINGS) as server:
        wait_for(lambda: takes_connections(server))
        warm(server, get())
        before = file_processes(server)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        # While there is none, the server takes connections itself.
        for _ in range(20):
            assert "a.txt one" in httpx.get(f"{server.address}/a.txt").text
        wait_for(lambda: takes_connections(server))
        assert not set(before) & set(file_processes(server))
        warm(server, get())
        told = [x for x in server.lines() if x["message"] == "a file process ended"]
        assert {line["reason"] for line in told} == {"SIGKILL"}
        assert "Traceback" not in server.log.read_text()


def test_one_that_hangs_is_replaced(tmp_path: Path) -> None:
    """Stopped, it is woken for every connection and takes none."""
    project = published(tmp_path)
    with servers.serving(project, **SETTINGS) as server:
        wait_for(lambda: takes_connections(server))
        warm(server, get())
        before = file_processes(server)
        for pid in before:
            os.kill(pid, signal.SIGSTOP)
        # One that waits at such a process is cut off with it.
        wait_for(lambda: not set(before) & set(file_processes(server)))
        assert "a.txt one" in httpx.get(f"{server.address}/a.txt", timeout=60).text
        told = [x for x in server.lines() if x["message"] == "a file process ended"]
        assert [line["reason"] for line in told] == ["SIGKILL", "SIGKILL"]


@pytest.mark.parametrize("asked", HALF_CLOSED)
@pytest.mark.parametrize("named", ["plain", "server"])
def test_who_has_closed_one_side_has_the_answer(
    named: str, asked: bytes, request: pytest.FixtureRequest
) -> None:
    """So do clients that say all they have, and wait for the end (RFC 9112, 9.6)."""
    server: servers.Server = request.getfixturevalue(named)
    before = len(server.lines())
    found = urlsplit(server.address)
    address = str(found.hostname), found.port or 80
    for _ in range(5):
        with socket.create_connection(address, 60) as client:
            client.sendall(asked)
            client.shutdown(socket.SHUT_WR)
            with client.makefile("rb") as answer:
                said = answer.read()
        requests = asked.count(b"HTTP/1.1\r\n")
        assert said.count(b"HTTP/1.1 ") == requests, said
    new = server.lines()[before:]
    assert not [x for x in new if x["message"] == "a worker ended"]
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("path", ["/nope", "/sparql?query=ASK%7B%7D"])
@pytest.mark.parametrize("named", ["plain", "server"])
def test_rubbish_behind_requests_is_the_client_s_fault(
    named: str, path: str, request: pytest.FixtureRequest
) -> None:
    """Several requests wait for their answers when what comes next is no request."""
    server: servers.Server = request.getfixturevalue(named)
    found = urlsplit(server.address)
    address = str(found.hostname), found.port or 80
    for at in range(0, 120, 10):
        data = get(path) + get(path) + b"rubbish\r\n\r\n"
        with socket.create_connection(address, 60) as client:
            client.sendall(data[: len(data) - at])
            time.sleep(0.002)
            client.sendall(data[len(data) - at :])
            with client.makefile("rb") as answer:
                said = answer.read()
        assert said.rpartition(b"HTTP/1.1 ")[2].startswith(b"400 "), said
    assert "Traceback" not in server.log.read_text()


def test_while_none_can_be_started_the_server_takes_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []

    async def start(*_: object) -> FileChild:
        tried.append(1)
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(FileChild, "start", start)

    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            bounds = Bounds(0, 1, connections=9, idle=1, reader=1, stop=1)
            files = FileProcesses(listener, bounds)
            taken: asyncio.Queue[socket.socket] = asyncio.Queue()
            files.start(lambda connection, _arrival: taken.put_nowait(connection))
            try:
                async with asyncio.timeout(30):
                    for _ in range(3):
                        with socket.create_connection(listener.getsockname()) as one:
                            connection = await taken.get()
                            assert connection.getpeername() == one.getsockname()
                            connection.close()
                    # It is tried again, and not at once each time.
                    while len(tried) < 3:
                        await asyncio.sleep(0.01)
            finally:
                await files.quiet()
                await files.stop(1)
                files.close()

    asyncio.run(run())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_they_end_with_the_server(how: signal.Signals, tmp_path: Path) -> None:
    project = published(tmp_path)
    with servers.serving(project, **SETTINGS) as server:
        wait_for(lambda: takes_connections(server))
        pids = file_processes(server)
        with Client(server) as idle, Client(server), Client(server) as asked:
            for client, path in ((idle, "/a.txt"), (asked, "/healthz")):
                client.send(get(path))
                client.answer()
            server.process.send_signal(how)
            server.process.wait(30)
            wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
            assert idle.answer() == b""
        if how != signal.SIGKILL:
            assert server.lines()[-1]["message"] == "stopped"
    shutil.rmtree(project / ".cache", ignore_errors=True)
