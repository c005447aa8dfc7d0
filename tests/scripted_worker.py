"""A worker that does what a test tells it: it dies, hangs, or answers, by the query.

Its arguments are those of a worker; in place of the store stands a folder. There it
leaves a file for each start, and looks for `fail`, with which it can't start, and for
`slow`, with which it takes its time.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from glokal.server.workers.messages import QueryRequest, ResponseHead, encode_frame
from glokal.server.workers.query_loop import send_frame, serve_queries

FOLDER = Path(sys.argv[2])


def first_time(name: str) -> bool:
    try:
        (FOLDER / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def answer(query: QueryRequest) -> tuple[ResponseHead, bytes]:
    what, _, more = query.text.partition(" ")
    if what == "die" or (what == "die-once" and first_time("died")):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "half" and first_time("half"):
        raw = encode_frame(ResponseHead(200), b"x" * 1000)
        sys.stdout.buffer.write(raw[: int(more)])
        sys.stdout.buffer.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "abort":
        os.abort()
    if what == "exit":
        sys.exit(int(more))
    if what == "memory":
        sys.stderr.write("memory allocation of 99999999999 bytes failed\n")
        sys.stderr.flush()
        os.abort()
    if what == "sleep":
        time.sleep(float(more))
    if what == "big":
        return ResponseHead(200), b"abcdefgh" * (int(more) // 8)
    if what == "damaged" and first_time("damaged"):
        return ResponseHead(503, reason="store"), b""
    return ResponseHead(200), str(os.getpid()).encode()


if __name__ == "__main__":
    (FOLDER / f"start-{os.getpid()}").touch()
    if (FOLDER / "fail").exists():
        sys.exit(3)
    if (FOLDER / "slow").exists():
        time.sleep(2)
    if (FOLDER / "unreadable").exists():
        send_frame(ResponseHead(503, reason="store", detail="Corruption: of a test"))
        sys.exit(1)
    serve_queries(answer)
