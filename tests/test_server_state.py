"""What a server makes for itself: shared, killed, damaged, in a read-only project."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import pyoxigraph as ox
import pytest

from glokal.core.errors import MachineError, UsageError
from glokal.core.settings import load_project
from glokal.core.settings.server import STATE, Serving
from glokal.server import build_snapshot
from glokal.server.build_snapshot import QUADS, snapshot_build
from glokal.server.reload import LiveSite
from glokal.server.spool import RefusedError
from glokal.server.state_folder import open_state
from glokal.server.workers.local_worker import WorkerLimits, execute_query
from glokal.server.workers.messages import QueryRequest
from glokal.site.build_stamp import write_stamp
from glokal.store.on_disk import make_store, read_engine_data
from tests import servers
from tests.conftest import glokal
from tests.servers import Server, serving
from tests.test_server import ask, children, wait_for

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# Some 6 MB, made of two short texts in moments.
LARGE = (
    'SELECT ?x { BIND("' + "a" * 10000 + '" AS ?a) '
    "BIND(CONCAT(?a,?a,?a,?a,?a,?a,?a,?a,?a,?a) AS ?b) "
    "BIND(CONCAT(?b,?b,?b,?b,?b,?b,?b,?b,?b,?b) AS ?x) "
    "VALUES ?i { 1 2 3 4 5 6 } }"
)
SIZE = 3000


def quads(size: int, text: str) -> Iterator[ox.Quad]:
    graph = ox.NamedNode("https://w3id.org/glokal/graph/strategy/x")
    for n in range(size):
        yield ox.Quad(
            ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal(text), graph
        )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return servers.small_publication(folder, quads(SIZE, "one"))


def publish_beside(project: Path, name: str, size: int) -> None:
    """Put a second publication beside the first."""
    other = project / name
    (other / QUADS).parent.mkdir(parents=True)
    ox.serialize(quads(size, name), str(other / QUADS), ox.RdfFormat.N_QUADS)
    write_stamp(load_project(project), other)


def counted(server: Server) -> int:
    answer = ask(server.address, COUNT, Accept="application/sparql-results+json")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def kill_workers(server: Server) -> None:
    for pid in children(server.process.pid):
        os.kill(pid, signal.SIGKILL)


def is_ready(server: Server) -> bool:
    return httpx.get(f"{server.address}/readyz").status_code == 200


def own_folder(base: Path) -> Path:
    (found,) = base.glob("server-*")
    return found


def test_a_server_whose_workers_are_killed_answers_the_next_query(
    project: Path,
) -> None:
    with serving(project) as server:
        for _ in range(5):
            kill_workers(server)
            assert counted(server) == SIZE
        wait_for(lambda: is_ready(server))
        told = [line for line in server.lines() if line["message"] == "a worker ended"]
        assert {line["reason"] for line in told} == {"signal SIGKILL"}
        assert "Traceback" not in server.log.read_text()


def test_two_servers_of_one_project_do_each_other_no_harm(project: Path) -> None:
    publish_beside(project, "two", 5)
    with serving(project) as one, serving(project, "--publication", "two") as two:
        for server in (one, two):
            kill_workers(server)
        assert (counted(one), counted(two)) == (SIZE, 5)
        two.process.terminate()
        two.process.wait(30)
        kill_workers(one)
        assert counted(one) == SIZE
    assert list((project / STATE).iterdir()) == []


def test_what_a_killed_server_left_is_removed_by_the_next(project: Path) -> None:
    with serving(project) as running:
        with serving(project) as killed:
            workers = children(killed.process.pid)
            killed.process.kill()
            killed.process.wait()
        assert len(list((project / STATE).glob("server-*"))) == 2
        with serving(project) as third:
            assert len(list((project / STATE).glob("server-*"))) == 2
            assert (counted(running), counted(third)) == (SIZE, SIZE)
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(0, len(data) // 2, 50):
        data[at] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [Path.unlink, cut, flip])
def test_a_damaged_store_is_made_again(
    project: Path, harm: Callable[[Path], None]
) -> None:
    with serving(project) as server:
        (store,) = own_folder(project / STATE).glob("store-*/*")
        for path in store.glob("*.sst"):
            harm(path)
        kill_workers(server)
        # What is damaged inside is found by the query that comes upon it.
        wait_for(lambda: ask(server.address, COUNT).status_code == 200)
        assert counted(server) == SIZE
        told = [line["message"] for line in server.lines()]
        assert "the store is damaged and is made again" in told
        assert "Traceback" not in server.log.read_text()


def test_a_store_that_opens_and_is_damaged_inside_is_told_as_such(
    tmp_path: Path,
) -> None:
    """Not as a fault of the query, as other things that the engine can't do."""
    file = tmp_path / "x.nq"
    ox.serialize(quads(50_000, "x" * 50), str(file), ox.RdfFormat.N_QUADS)
    made = make_store(file, tmp_path / "store", in_default_graph=lambda _iri: True)
    for path in made.glob("*.sst"):
        data = bytearray(path.read_bytes())
        for at in range(1000, len(data) // 2, 4000):
            data[at] ^= 0xFF
        path.write_bytes(data)
    store, data = ox.Store.read_only(str(made)), read_engine_data(made)
    limits = WorkerLimits(1 << 30, 10**6)
    head, body = execute_query(
        store, data, QueryRequest("SELECT * { ?s ?p ?o }"), limits
    )
    assert (head.status, head.reason, body) == (503, "store", b"")
    unknown = QueryRequest("SELECT (<urn:none>(1) AS ?x) {}")
    assert execute_query(store, data, unknown, limits)[0].status == 400


def test_a_store_that_is_gone_is_made_again(project: Path) -> None:
    with serving(project) as server:
        (store,) = own_folder(project / STATE).glob("store-*/*")
        shutil.rmtree(store)
        kill_workers(server)
        assert counted(server) == SIZE


def test_a_store_that_somebody_else_made_is_not_taken(project: Path) -> None:
    """Whatever lies in .cache, an answer comes from the publication alone."""
    with serving(project):
        (store,) = own_folder(project / STATE).glob("store-*/*")
        digest = store.name
    graph = ox.NamedNode("urn:false")
    for place in ("served", "serve", "serve/store-1", "serve/server-x/store-1"):
        forged = project / ".cache" / "glokal" / place / digest
        forged.mkdir(parents=True)
        made = ox.Store(str(forged))
        made.add(ox.Quad(graph, graph, graph, graph))
        made.add(ox.Quad(graph, graph, graph))
        made.flush()
        del made
    with serving(project) as server:
        assert counted(server) == SIZE
        answer = ask(server.address, "ASK { GRAPH ?g { <urn:false> ?p ?o } }")
        assert answer.json()["boolean"] is False


def test_a_project_that_cant_be_written_is_served(
    project: Path, tmp_path: Path
) -> None:
    # Not by permissions: who runs the tests may be allowed everything.
    (project / ".cache").write_text("a file")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = sorted(path.name for path in project.rglob("*"))
    with serving(project, TMPDIR=str(temporary)) as server:
        assert counted(server) == SIZE
        (base,) = temporary.iterdir()
        assert own_folder(base).stat().st_mode & 0o077 == 0
        server.log.rename(tmp_path / "log")
        assert sorted(path.name for path in project.rglob("*")) == before
        (tmp_path / "log").rename(server.log)
    assert list(base.iterdir()) == []


def test_the_folder_can_be_named(project: Path, tmp_path: Path) -> None:
    named = tmp_path / "state" / "deep"
    with serving(project, "--state", str(named)) as server:
        assert counted(server) == SIZE
        assert own_folder(named)
        assert not (project / ".cache").exists()
    with serving(project, GLOKAL_STATE_DIR="own") as server:
        assert own_folder(project / "own")


def test_a_folder_that_cant_be_written_is_refused_by_name(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    run = glokal("serve", "--state", tmp_path / "file", cwd=project)
    assert run.returncode == 2
    assert f"{tmp_path / 'file'} can't be written" in run.stderr
    assert "--state" in run.stderr
    assert "Traceback" not in run.stderr


def test_workers_that_cant_open_the_store_are_told_in_a_line(project: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "glokal", "serve", "--port", str(servers.free_port())],
        cwd=project,
        env={**os.environ, "GLOKAL_QUERY_MEGABYTES": "60"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    last = run.stderr.strip().splitlines()[-1]
    assert last.startswith("glokal: "), last
    assert list((project / STATE).iterdir()) == []


def test_links_and_strange_names_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    base = tmp_path / STATE
    base.mkdir(parents=True)
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "lock").touch()
    (base / "server-link").symlink_to(treasure)
    (base / "removed-link").symlink_to(treasure)
    (base / "mine").mkdir()
    (base / "server-nolock").mkdir()
    (base / "server-fifo").mkdir()
    os.mkfifo(base / "server-fifo" / "lock")
    made = open_state(tmp_path, STATE, usual=STATE)
    assert (treasure / "lock").exists()
    assert (base / "server-link").is_symlink()
    assert (base / "mine").is_dir()
    made.remove()
    assert not made.path.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
def test_a_folder_without_room_is_no_folder_without_a_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*_args: object, **_named: object) -> str:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(MachineError) as caught:
        open_state(tmp_path, "own", usual=STATE)
    assert str(caught.value).startswith(
        f"{tmp_path / 'own'} can't have the server's own files: "
    )
    assert "--state" not in caught.value.remedy


def test_a_signal_while_the_folder_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def told_to_end(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", told_to_end)
    with pytest.raises(KeyboardInterrupt):
        open_state(tmp_path, "own", usual=STATE)
    assert list((tmp_path / "own").iterdir()) == []
    # So it is when it comes as soon as the folder has its name.

    def told_after(self: Path, target: Path) -> Path:
        result = rename(self, target)
        signal.raise_signal(signal.SIGINT)
        return result

    monkeypatch.setattr(Path, "rename", told_after)
    with pytest.raises(KeyboardInterrupt):
        open_state(tmp_path, "own", usual=STATE)
    assert list((tmp_path / "own").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RefusedError("No worker can be started."), "No worker can be started. Do"),
        (OSError(errno.ENOSPC, "x"), "can't begin: no space is left"),
        (RuntimeError("can't start new thread"), "starts no more processes"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_server_that_can_not_begin_says_why(
    project: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    live = LiveSite(load_project(project), project / "public", Serving())

    async def refused(*_args: object) -> None:
        raise error

    monkeypatch.setattr(live, "_serve", refused)
    try:
        with pytest.raises(type(error)):
            asyncio.run(live.start())
    finally:
        live.close()
    assert told in str(live.failure)


def test_nothing_but_the_usual_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="--state"):
        open_state(tmp_path, "file/below", usual=STATE)


def reader(server: Server, query: str) -> socket.socket:
    """Ask for something, and read nothing of it."""
    host, port = server.address.removeprefix("http://").split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host, int(port)))
    body = query.encode()
    client.sendall(
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/sparql-query\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    return client


def memory(server: Server) -> int:
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = (line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) >> 10


def test_readers_who_take_nothing_are_held_for_within_a_limit(project: Path) -> None:
    limit = 20
    plain = {"Accept-Encoding": "identity"}
    settings = {"GLOKAL_HELD_MEGABYTES": str(limit), "GLOKAL_STOP_SECONDS": "3"}
    with serving(project, **settings) as server:
        assert ask(server.address, LARGE, **plain).status_code == 200
        before = memory(server)
        readers = []
        for n in range(24):
            readers.append(reader(server, f"{LARGE} #{n}"))
            assert ask(server.address, COUNT).status_code == 200
            wait_for(lambda n=n: started(readers[n]))
        # Six megabytes each: three of them have room, the others are told so.
        answer = ask(server.address, LARGE, **plain)
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert f"{limit} MB of answers" in answer.json()["detail"]
        assert memory(server) - before < 3 * limit
        firsts = [client.recv(12, socket.MSG_PEEK) for client in readers]
        assert firsts.count(b"HTTP/1.1 200") == 3
        assert set(firsts) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        # One of them reads after all, and has the whole answer.
        patient = readers.pop(firsts.index(b"HTTP/1.1 200"))
        patient.settimeout(30)
        data = b""
        while part := patient.recv(1 << 20):
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        assert f"content-length: {len(body)}".encode() in head.lower()
        assert json.loads(body)["results"]["bindings"][5]["x"]["value"] == "a" * 10**6
        for client in (patient, *readers):
            client.close()
        wait_for(lambda: ask(server.address, LARGE, **plain).status_code == 200)


def started(client: socket.socket) -> bool:
    """Whether the first bytes of an answer are there."""
    client.setblocking(False)
    try:
        return bool(client.recv(12, socket.MSG_PEEK))
    except BlockingIOError:
        time.sleep(0.01)
        return False
    finally:
        client.setblocking(True)


def test_the_files_of_a_build_are_few_and_stay_when_it_is_written_over(
    project: Path, tmp_path: Path
) -> None:
    public = project / "public"
    written = {f"doc/{n}/index.html": f"page {n}".encode() for n in range(50)}
    written |= {"dump/large.bin": bytes(range(256)) * 5000, "empty.txt": b""}
    for name, data in written.items():
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_bytes(data)
    write_stamp(load_project(project), public)
    folder = tmp_path / "state"
    folder.mkdir()
    site = snapshot_build(public, folder)
    assert sum(path.is_file() for path in folder.rglob("*")) == 3
    for name in written:
        # As who copies a newer one over it: the same file, other bytes.
        if not site.is_large(name):
            (public / name).write_bytes(b"other")
    assert {name: site.read(name) for name in written} == written
    assert [name for name in written if site.is_large(name)] == ["dump/large.bin"]
    site.remove()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("place", ["linked", "pack"])
def test_a_disk_without_room_for_the_files_is_told_in_a_line(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if place == "linked":
        # As on another file system, where there are no links.
        monkeypatch.setattr(os, "link", full)
        monkeypatch.setattr(shutil, "copyfile", full)
    else:
        monkeypatch.setattr(build_snapshot, "_PACK", "/dev/full")
    folder = tmp_path / "state"
    folder.mkdir()
    with pytest.raises(UsageError, match=r"No space left on device\. .*--state"):
        snapshot_build(project / "public", folder)
    assert list(folder.iterdir()) == []
