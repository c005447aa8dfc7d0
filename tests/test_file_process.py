"""One file process, with the test in the place of the server that it talks to."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from glokal.core.sandbox import sandbox_available
from glokal.server.file_processes import file_process, known_answers, messages
from glokal.server.file_processes.file_process import FileProcess
from glokal.server.file_processes.known_answers import KnownAnswers
from glokal.server.file_processes.messages import Arrival, Bounds, ToldAnswer
from glokal.server.file_processes.shared_counts import SharedCounts
from glokal.server.middleware import access_log
from glokal.server.request_keys import read_plain_get

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

GET = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
KEY = (b"/a", ((b"host", b"h"),))


def told(build: int = 0, body: bytes = b"one", key: messages.Key = KEY) -> ToldAnswer:
    head = b"content-length: %d\r\n\r\n" % len(body)
    return ToldAnswer(build, key, head + body, len(body), "/{path:path}")


def test_one_whole_plain_request_is_read() -> None:
    assert read_plain_get(GET) == KEY
    more = GET.replace(b"\r\n\r\n", b"\r\nUser-Agent: x\r\nACCEPT: text/turtle\r\n\r\n")
    assert read_plain_get(more) == (b"/a", (KEY[1][0], (b"accept", b"text/turtle")))


@pytest.mark.parametrize(
    "data",
    [
        *(GET[:at] for at in range(len(GET))),
        GET + GET,
        GET + b"G",
        GET + b"\r\n",
        GET.replace(b"/a", b"/a?b"),
        GET.replace(b"GET", b"HEAD"),
        GET.replace(b"GET", b"POST"),
        GET.replace(b"1.1", b"1.0"),
        GET.replace(b"1.1", b"2.0"),
        GET.replace(b"Host: h", b"Host: h\r\nConnection: close"),
        GET.replace(b"Host: h", b"Host: h\r\nContent-Length: 0"),
        GET.replace(b"Host: h", b"Host: h\r\nContent-Length: 9"),
        GET.replace(b"Host: h", b"Host: h\r\nTransfer-Encoding: chunked"),
        GET.replace(b"Host: h", b"Host: h\r\nConnection: upgrade\r\nUpgrade: h2c"),
        GET.replace(b"Host: h", b'Host: h\r\nIf-None-Match: "x"'),
        GET.replace(b"Host: h", b"Host: h\r\nRange: bytes=0-1"),
        GET.replace(b"Host: h", b"Host: h\r\nX-Unknown: x"),
        GET.replace(b"Host: h", b"Host: h" + b"\r\nCookie: x" * 201),
        GET.replace(b"Host", b"Ho st"),
        b"GET /a HTTP/1.1\nHost: h\n\n" + GET,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\r\n\r\n",
        b"\x00",
    ],
)
def test_everything_else_is_left_to_the_server(data: bytes) -> None:
    assert read_plain_get(data) is None


def test_the_line_in_the_log_is_the_servers() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(access_log._Lines())
    logger = logging.getLogger("glokal.server")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        access_log.tell_request("GET", "/{pæth}#\u2028", 200, time.perf_counter(), 7)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
    parts = access_log.request_line_parts("GET", "/{pæth}#\u2028", 200, 7)
    line = access_log.request_line(parts, time.time(), 0.0001)

    def without_times(text: str) -> str:
        text = re.sub(r'"time": "[-\d]+T[:.\d]{12}\+00:00"', "T", text)
        return re.sub(r'"ms": \d+\.\d,', "M", text)

    assert without_times(line) == without_times(stream.getvalue())
    assert without_times(line).startswith('{T, "level"')
    assert "M " in without_times(line)


def test_messages_come_out_as_they_went_in() -> None:
    arrival = Arrival(b"\x00GET", 1.5, 3)
    assert messages.decode_handed(messages.encode_handed(arrival)) == arrival
    with pytest.raises(ValueError, match="buffer"):
        messages.decode_handed(messages.HANDED)
    assert messages.decode_returned(messages.encode_returned(7)) == 7
    for answer in (told(), told(9, b"\x00" * 65536), told(key=(b"/" + b"a" * 999, ()))):
        message = messages.encode_answer(answer)
        assert message is not None
        assert messages.decode_answer(message) == answer
    assert messages.encode_answer(told(key=(b"/" + b"a" * 20000, ()))) is None


@pytest.fixture
def counts() -> Iterator[SharedCounts]:
    made = SharedCounts.make(2)
    yield made
    made.close()


def test_nothing_is_sent_of_a_build_that_was(counts: SharedCounts) -> None:
    known = KnownAnswers(counts)
    known.learn(told())
    first = known.answer(GET)
    assert first is not None
    assert first.rest.endswith(b"one")
    counts.next_build()
    assert known.answer(GET) is None
    # What was on its way comes too late.
    known.learn(told())
    assert known.answer(GET) is None
    known.learn(told(1, b"two"))
    second = known.answer(GET)
    assert second is not None
    assert second.rest.endswith(b"two")


def test_what_is_known_has_a_limit(
    counts: SharedCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_answers, "_MOST_BYTES", 4000)
    monkeypatch.setattr(known_answers, "_MOST_REQUEST_BYTES", 2500)
    known = KnownAnswers(counts)
    paths = [b"/1", b"/2", b"/3", b"/4"]
    for path in paths:
        known.learn(told(key=(path, KEY[1])))
    found = [known.answer(GET.replace(b"/a", path)) is not None for path in paths]
    assert found == [False, True, True, True]
    assert len(known._keys) <= 2
    # What was learnt again takes its place once.
    for _ in range(9):
        known.learn(told(key=(b"/2", KEY[1])))
    assert known.answer(GET.replace(b"/a", b"/3"))


def test_connections_are_counted_over_all_processes(counts: SharedCounts) -> None:
    other = SharedCounts(counts.descriptor, 2)
    counts.set_server(3)
    other.set_held(1, 4)
    assert (counts.connections, counts.held(1), other.build) == (7, 4, 0)
    other._open.release()
    other._numbers.release()


@pytest.mark.skipif(not sandbox_available(), reason="the network can't be closed here")
def test_a_sealed_process_opens_nothing(tmp_path: Path) -> None:
    text = (
        "import ctypes, os, socket; from glokal.core.sandbox import close_network\n"
        "assert close_network(files=True)\n"
        "for seen in (lambda: open('/dev/null'), lambda: os.open('.', 0),\n"
        "             lambda: socket.socket(), lambda: os.execv('/bin/true', ['x'])):\n"
        "    try: seen()\n"
        "    except PermissionError: continue\n"
        "    raise SystemExit(1)\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "raise SystemExit(libc.creat(b'made', 0o600) != -1 or ctypes.get_errno() != 1)"
    )
    assert subprocess.run([sys.executable, "-c", text], cwd=tmp_path).returncode == 0
    assert not (tmp_path / "made").exists()


class Served:
    """A file process in a thread, with what it hands over."""

    def __init__(self, counts: SharedCounts, **bounds: float) -> None:
        usual = {"connections": 9, "idle": 60.0, "reader": 60.0, "stop": 60.0} | bounds
        self.counts = counts
        # An answer doesn't fit into what the system takes at once.
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        self.listener.setblocking(False)
        self.address = self.listener.getsockname()
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        theirs.setblocking(False)
        self.theirs = theirs
        limits = Bounds(number=1, processes=2, **usual)  # type: ignore[arg-type]
        self.process = FileProcess(self.listener, theirs, counts, limits)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.ended: list[str] = []

    def _run(self) -> None:
        try:
            self.process.run()
            self.ended.append("stopped")
        except ConnectionError:
            self.ended.append("the server is gone")

    def connect(self) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(self.address)
        return client

    def tell(self, message: bytes | None) -> None:
        assert message
        self.channel.send(message)

    def handed(self) -> tuple[Arrival, socket.socket]:
        message, connection = messages.receive(self.channel)
        assert message[:1] == messages.HANDED
        assert connection
        connection.setblocking(True)
        return messages.decode_handed(message), connection


@contextlib.contextmanager
def served(counts: SharedCounts, **bounds: float) -> Iterator[Served]:
    server = Served(counts, **bounds)
    server.thread.start()
    server.channel.settimeout(30)
    assert server.channel.recv(9) == messages.READY
    try:
        yield server
    finally:
        server.channel.close()
        server.thread.join(30)
        assert server.ended
        server.listener.close()
        server.theirs.close()
        for held in server.process._held.values():
            held.socket.close()
        server.process._poll.close()


def read_answer(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(4096)
        assert part, data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    size = int(re.findall(rb"content-length: (\d+)", head)[0])
    while len(body) < size:
        part = client.recv(4096)
        assert part, len(body)
        body += part
    return head, body


def test_what_is_known_is_answered_and_the_rest_handed_over(
    counts: SharedCounts, capfd: pytest.CaptureFixture[str]
) -> None:
    with served(counts) as server, server.connect() as client:
        server.tell(messages.encode_answer(told()))
        for _ in range(3):
            client.sendall(GET)
            head, body = read_answer(client)
            assert body == b"one"
            assert re.fullmatch(
                rb"HTTP/1\.1 200 OK\r\ndate: [^\r]+ GMT\r\ncontent-length: 3", head
            )
        client.sendall(GET[:-2])
        arrival, connection = server.handed()
        # Its client has had no time yet: it had an answer before.
        assert arrival == Arrival(GET[:-2], 0.0, 1)
        assert connection.getpeername() == client.getsockname()
        connection.sendall(b"from the server")
        assert client.recv(99) == b"from the server"
        # It comes back, and says how often it came when it comes again.
        messages.send(server.channel, messages.encode_returned(1), connection.fileno())
        connection.close()
        client.sendall(GET)
        assert read_answer(client)[1] == b"one"
        client.sendall(b"x")
        arrival, connection = server.handed()
        connection.close()
        assert arrival == Arrival(b"x", 0.0, 2)
    lines = capfd.readouterr().err.splitlines()
    assert len([line for line in lines if '"status": 200' in line]) == 4


def test_who_says_nothing_is_the_servers(counts: SharedCounts) -> None:
    with served(counts) as server, server.connect():
        arrival, connection = server.handed()
        connection.close()
        assert (arrival.data, arrival.times) == (b"", 1)
        assert arrival.waited >= file_process._SILENT


def test_a_connection_at_rest_is_closed_and_counted_no_more(
    counts: SharedCounts,
) -> None:
    with served(counts, idle=0.2) as server, server.connect() as client:
        server.tell(messages.encode_answer(told()))
        client.sendall(GET)
        read_answer(client)
        assert client.recv(9) == b""
    assert counts.held(1) == 0


def test_one_connection_too_many_is_the_servers(counts: SharedCounts) -> None:
    counts.set_server(9)
    with served(counts) as server, server.connect() as client:
        server.tell(messages.encode_answer(told()))
        client.sendall(GET)
        arrival, connection = server.handed()
        connection.close()
        assert arrival.data == GET


LONG = b"x" * 60000


def begun(server: Served, client: socket.socket) -> None:
    """Let a long answer begin whose reader takes nothing."""
    server.tell(messages.encode_answer(told(body=LONG)))
    client.sendall(GET)
    client.recv(1, socket.MSG_PEEK)


def test_a_reader_that_takes_its_time_gets_it_all(counts: SharedCounts) -> None:
    with served(counts, idle=0.2) as server, server.connect() as client:
        begun(server, client)
        # Longer than a connection at rest may last.
        time.sleep(1.2)
        assert read_answer(client)[1] == LONG
        assert client.recv(9) == b""


def test_a_reader_that_takes_nothing_is_cut_off(counts: SharedCounts) -> None:
    with served(counts, reader=0.2) as server, server.connect() as client:
        begun(server, client)
        while counts.held(1):
            time.sleep(0.05)
        got = b""
        with contextlib.suppress(ConnectionResetError):
            while part := client.recv(4096):
                got += part
        assert len(got) < len(LONG)


@pytest.mark.parametrize("reads", [True, False])
def test_at_a_stop_an_answer_may_end(counts: SharedCounts, reads: bool) -> None:
    with (
        served(counts, stop=60.0 if reads else 0.2) as server,
        server.connect() as client,
        server.connect() as idle,
    ):
        begun(server, client)
        server.tell(messages.QUIET)
        assert server.channel.recv(9) == messages.QUIETED
        assert idle.recv(9) == b""
        if reads:
            assert read_answer(client)[1] == LONG
            assert client.recv(9) == b""
        server.thread.join(30)
        assert server.ended == ["stopped"]


def test_it_ends_when_the_server_is_gone(counts: SharedCounts) -> None:
    with served(counts) as server:
        pass
    assert server.ended == ["the server is gone"]
