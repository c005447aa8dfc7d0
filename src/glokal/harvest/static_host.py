"""A static host on this machine: the publication at the path that its address has.

It does what any static host does and no more: files, index pages, 301 from a folder
without a slash to the one with it, 404.html.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from glokal.core.files.data_files import media_type


@contextmanager
def serve_folder(publication: Path, address: str) -> Iterator[str]:
    """Serve a publication while the block runs; yield where its address is found."""
    prefix = urlsplit(address).path

    class Handler(_Handler):
        root, start = publication.resolve(), prefix

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that went, as at Ctrl-C, is no fault.

        What a page lacks is seen by the client.
        """


class _Handler(BaseHTTPRequestHandler):
    root = Path()
    start = "/"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the report says what was found."""

    def _answer(self, *, body: bool) -> None:
        asked = urlsplit(self.path).path
        result = self._file(unquote(asked))
        if result is not None and result.is_dir():
            self.send_response(301)
            self.send_header("Location", f"{asked}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if result is None:
            status, path = 404, self.root / "404.html"
        else:
            status, path = 200, result
        data = path.read_bytes() if path.is_file() else b"Not found.\n"
        self.send_response(status)
        media = media_type(path.name)
        # Of what is no text, browsers take the bare type only (WebAssembly).
        textual = media.startswith("text/")
        self.send_header(
            "Content-Type", f"{media}; charset=utf-8" if textual else media
        )
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            # A browser may leave before it has it all.
            with suppress(ConnectionError):
                self.wfile.write(data)

    def _file(self, path: str) -> Path | None:
        if not path.startswith(self.start):
            return None
        result = (self.root / path.removeprefix(self.start).lstrip("/")).resolve()
        if not result.is_relative_to(self.root):
            return None
        if not result.is_dir():
            return result if result.is_file() else None
        index = result / "index.html"
        if not index.is_file():
            return None
        return index if path.endswith("/") else result
