"""Pagefind as a service: pages go in one after the other, an index comes out.

Pagefind numbers the pages as they come. A folder has them in the order of the file
system, which would make another index on another machine. The protocol is that of its
own clients: JSON in base64, each message ended by a comma.
"""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pagefind_bin

from glokal.core.environment import foreign_environment
from glokal.core.errors import ToolError

_READ = 1 << 16
_REMEDY = "run it again with room on the disk, or set up once more."


def make_index(
    root: Path, pages: Iterable[str], passed_over: Iterable[str]
) -> list[tuple[str, bytes]]:
    """Return the files of an index of pages, which are given by paths below a root.

    `passed_over` are selectors of what isn't searched. Raises ToolError when Pagefind
    fails.
    """
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603
            [pagefind_bin.get_executable(), "--service"],
            cwd=root,
            env=foreign_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process,
    ):
        service = _Service(process)
        try:
            config = {"exclude_selectors": list(passed_over)}
            index = service.ask("NewIndex", config=config)["index_id"]
            for page in pages:
                text = (root / page).read_text(encoding="utf-8")
                told = {"file_path": page, "file_contents": text}
                service.ask("AddFile", index_id=index, **told)
            # Files that it writes itself aren't there yet when it says so.
            files = service.ask("GetFiles", index_id=index)["files"]
        except (OSError, EOFError) as error:
            raise _failed(_last_line(said) or str(error)) from error
        finally:
            process.kill()
            # What it hasn't read, nobody will.
            with suppress(OSError):
                service.close()
    return [(file["path"], base64.b64decode(file["content"])) for file in files]


class _Service:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout
        self._in, self._out = process.stdin, process.stdout
        self._numbers = itertools.count(1)
        self._rest = b""

    def ask(self, kind: str, **payload: object) -> dict[str, Any]:
        """Return the answer to a request; EOFError when the service has ended."""
        number = next(self._numbers)
        request = {"message_id": number, "payload": {"type": kind, **payload}}
        self._in.write(base64.b64encode(json.dumps(request).encode()) + b",")
        self._in.flush()
        answer = json.loads(base64.b64decode(self._message()))
        result: dict[str, Any] = answer["payload"]
        if result["type"] == "Error":
            raise _failed(str(result.get("message")))
        return result

    def close(self) -> None:
        """Close the way to the service."""
        self._in.close()

    def _message(self) -> bytes:
        parts = [self._rest]
        while b"," not in parts[-1]:
            part = self._out.read1(_READ)  # type: ignore[attr-defined]
            if not part:
                raise EOFError("it ended before it had answered")
            parts.append(part)
        message, _, self._rest = b"".join(parts).partition(b",")
        return message


def _failed(why: str) -> ToolError:
    return ToolError(f"Pagefind made no search index: {why}", remedy=_REMEDY)


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
