"""Closing the network to a thread, and to whatever it starts."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

import pytest

from glokal.core.sandbox import run_sandboxed, sandbox_available
from tests.listener import listening

# What a child says when it can reach the port.
REACH = "import socket,sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])))"


def test_this_system_can_close_it() -> None:
    # All that the tests of the network rest on; there is no skipping.
    assert sandbox_available()


def test_a_function_runs_without_network_and_the_rest_goes_on_with_it() -> None:
    with listening() as listener:
        with pytest.raises(PermissionError):
            run_sandboxed(
                lambda: socket.create_connection(("127.0.0.1", listener.port))
            )
        assert listener.heard_so_far() == []
        socket.create_connection(("127.0.0.1", listener.port)).close()
        assert listener.heard_so_far() == [b""]


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX])
def test_no_kind_of_socket_can_be_had(family: socket.AddressFamily) -> None:
    with pytest.raises(PermissionError):
        run_sandboxed(lambda: socket.socket(family))


def test_what_it_starts_has_no_network_either() -> None:
    def child(port: int) -> int:
        command = [sys.executable, "-c", REACH, str(port)]
        return subprocess.run(command, capture_output=True).returncode

    def thread() -> list[BaseException]:
        found: list[BaseException] = []

        def run() -> None:
            try:
                socket.socket()
            except OSError as error:
                found.append(error)

        started = threading.Thread(target=run)
        started.start()
        started.join()
        return found

    with listening() as listener:
        assert child(listener.port) == 0
        assert run_sandboxed(lambda: child(listener.port)) != 0
        # The first of the two, and nobody after it.
        assert listener.heard_so_far() == [b""]
    assert [type(error) for error in run_sandboxed(thread)] == [PermissionError]


def test_what_it_returns_and_raises_comes_through() -> None:
    assert run_sandboxed(lambda: [1, 2]) == [1, 2]
    with pytest.raises(KeyError, match="x"):
        run_sandboxed(lambda: {}["x"])
    with pytest.raises(SystemExit):
        run_sandboxed(lambda: sys.exit(3))
