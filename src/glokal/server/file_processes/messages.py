"""What passes between the server and a file process, by a pair of local sockets.

Each message is one packet (SOCK_SEQPACKET): a byte for its kind, numbers, bytes. A
connection goes along with its message (SCM_RIGHTS, unix(7)).
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from glokal.server.request_keys import Key

# From the server: an answer to keep; a connection to go on with; no more connections;
# whether it is well.
ANSWER, RETURNED, QUIET, PING = b"a", b"r", b"q", b"p"
# From a file process: it takes connections; one that is the server's from now on; all
# are told or closed, and there will be no more; it is well.
READY, HANDED, QUIETED, PONG = b"y", b"h", b"e", b"o"
# More than any message has: an answer of 64 kB with its head and its key.
LARGEST = 192 << 10
# Of a request: what a file process reads at once, and what the key of an answer has at
# most that it is told of.
REQUEST = 16 << 10
_CLOSED_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_HANDED = struct.Struct("!dI")
_RETURNED = struct.Struct("!I")
_ANSWER = struct.Struct("!QII")


@dataclass(frozen=True)
class Bounds:
    """Which process this is of how many, and the server's limits that it keeps.

    Seconds: of a connection without a request (`idle`), of a reader that takes nothing
    (`reader`), of the last answers at a stop (`stop`).
    """

    number: int
    processes: int
    connections: int
    idle: float
    reader: float
    stop: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A connection at its change of process: what was read of it, since when.

    `waited` are the seconds that its client has had for the request, `times` how often
    it has come to the server from a file process.
    """

    data: bytes = b""
    waited: float = 0.0
    times: int = 0


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """An answer that may be sent while that build is served.

    `rest` is all of it but the first line and the date, `size` the length of its body.
    """

    build: int
    key: Key
    rest: bytes
    size: int
    route: str


def encode_handed(arrival: Arrival) -> bytes:
    """Return the message that goes with a connection to the server."""
    return HANDED + _HANDED.pack(arrival.waited, arrival.times) + arrival.data


def decode_handed(message: bytes) -> Arrival:
    """Return what a message to the server says; ValueError when it is none."""
    try:
        waited, times = _HANDED.unpack_from(message, 1)
    except struct.error as error:
        raise ValueError(str(error)) from error
    return Arrival(message[1 + _HANDED.size :], waited, times)


def encode_returned(times: int) -> bytes:
    """Return the message that goes with a connection back to a file process."""
    return RETURNED + _RETURNED.pack(times)


def decode_returned(message: bytes) -> int:
    """Return how often a connection has come to the server."""
    (times,) = _RETURNED.unpack_from(message, 1)
    return int(times)


def encode_answer(answer: ToldAnswer) -> bytes | None:
    """Return the message for an answer, None when its request is over the limit."""
    address, headers = answer.key
    parts = [address, *(part for pair in headers for part in pair)]
    if sum(map(len, parts)) > REQUEST:
        return None
    parts.append(answer.route.encode())
    numbers = _ANSWER.pack(answer.build, answer.size, len(parts))
    lengths = struct.pack(f"!{len(parts)}I", *map(len, parts))
    message = b"".join((ANSWER, numbers, lengths, *parts, answer.rest))
    return message if len(message) <= LARGEST else None


def decode_answer(message: bytes) -> ToldAnswer:
    """Return the answer of a message."""
    build, size, count = _ANSWER.unpack_from(message, 1)
    at = 1 + _ANSWER.size
    lengths = struct.unpack_from(f"!{count}I", message, at)
    at += 4 * count
    parts = []
    for n in lengths:
        parts.append(message[at : at + n])
        at += n
    address, *names, route = parts
    pairs = tuple(zip(names[::2], names[1::2], strict=True))
    return ToldAnswer(build, (address, pairs), message[at:], size, route.decode())


def send(channel: socket.socket, message: bytes, connection: int | None = None) -> bool:
    """Send a message, with a connection's descriptor; whether it could be sent now.

    Raises OSError when the other side is gone.
    """
    handed = [] if connection is None else [connection]
    try:
        socket.send_fds(channel, [message], handed)
    except BlockingIOError:
        return False
    return True


def receive(channel: socket.socket) -> tuple[bytes, socket.socket | None]:
    """Return the next message and the connection that came with it; b"" at the end.

    Raises BlockingIOError when there is none now, OSError when the other side is gone.
    """
    message, handed, _, _ = socket.recv_fds(channel, LARGEST, 1, _CLOSED_ON_EXEC)
    if not handed:
        return message, None
    connection = socket.socket(fileno=handed[0])
    connection.setblocking(False)
    return message, connection
