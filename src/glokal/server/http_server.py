"""The server's loop: uvicorn with our protocol, and with file processes beside it."""

from __future__ import annotations

import asyncio
import socket
import time

import uvicorn
from starlette.types import ASGIApp

from glokal.core.settings.server import Serving
from glokal.server.file_processes.handed_over import HandedOverHttpProtocol
from glokal.server.file_processes.messages import Arrival, Bounds
from glokal.server.file_processes.supervisor import FileProcesses
from glokal.server.listening import BACKLOG
from glokal.server.ready_answers import ReadyAnswers
from glokal.server.reload import LiveSite
from glokal.server.timeouts import TimeoutHttpProtocol


def run_server(
    app: ASGIApp, live: LiveSite, listener: socket.socket, serving: Serving
) -> None:
    """Serve on a socket until a signal; UsageError for what the system can't do."""
    TimeoutHttpProtocol.most = serving.connections
    TimeoutHttpProtocol.request_seconds = serving.request_seconds
    TimeoutHttpProtocol.reader_seconds = serving.reader_seconds
    if not serving.file_processes:
        TimeoutHttpProtocol.ready = ReadyAnswers(lambda: live.site)
        config = _config(app, serving, TimeoutHttpProtocol)
        uvicorn.Server(config).run(sockets=[listener])
        return
    config = _config(app, serving, HandedOverHttpProtocol)
    bounds = Bounds(
        number=0,
        processes=serving.file_processes,
        connections=serving.connections,
        idle=config.timeout_keep_alive,
        reader=serving.reader_seconds,
        stop=serving.stop_seconds,
    )
    files = FileProcesses(listener, bounds)
    try:
        ready = ReadyAnswers(lambda: live.site, files.learn)
        TimeoutHttpProtocol.ready = files.answers = ready
        live.renewed = files.next_build
        HandedOverHttpProtocol.counts = files.counts
        HandedOverHttpProtocol.give_back = files.give_back
        _ServerWithFileProcesses(config, files).run(sockets=[])
    finally:
        files.close()


def _config(
    app: ASGIApp, serving: Serving, protocol: type[TimeoutHttpProtocol]
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=int(serving.stop_seconds),
    )


class _ServerWithFileProcesses(uvicorn.Server):
    """Takes its connections from file processes, and itself only without them."""

    def __init__(self, config: uvicorn.Config, files: FileProcesses) -> None:
        super().__init__(config)
        self._files = files
        self._arriving: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._files.start(self._take)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, and let what is under way end."""
        until = time.monotonic() + (self.config.timeout_graceful_shutdown or 0)
        await self._files.quiet()
        await asyncio.gather(*self._arriving, return_exceptions=True)
        await super().shutdown(sockets)
        left = 0.0 if self.force_exit else max(0.0, until - time.monotonic())
        await self._files.stop(left)

    def _take(self, connection: socket.socket, arrival: Arrival) -> None:
        task = asyncio.create_task(self._go_on(connection, arrival))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    async def _go_on(self, connection: socket.socket, arrival: Arrival) -> None:
        def protocol() -> asyncio.Protocol:
            return HandedOverHttpProtocol(
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
                arrival=arrival,
            )

        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(protocol, connection)
        except OSError:
            # The client is gone already.
            connection.close()
