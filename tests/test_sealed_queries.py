"""Queries are read and answered where there is no network."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest

from glokal.core.errors import SourceError
from glokal.core.sandbox import sandbox_available
from glokal.server.workers import sandboxed_reader as sealed_reader
from glokal.server.workers.messages import QueryRequest, ServiceAnswer
from glokal.server.workers.sandboxed_reader import ReaderEndedError, SealedReader
from glokal.store import embedded, remote
from glokal.store.embedded import EmbeddedStore

TRIPLE = ox.Triple(*(ox.NamedNode(f"urn:{part}") for part in "spo"))


def reading(*graphs: str) -> contextlib.closing[SealedReader]:
    return contextlib.closing(SealedReader(0, graphs))


def reaching(function: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    """Return a function that tries to get a socket first."""

    def tried(*args: Any, **kwargs: Any) -> Any:
        try:
            socket.socket().close()
            seen.append("open")
        except PermissionError:
            seen.append("closed")
        return function(*args, **kwargs)

    return tried


def test_the_command_reads_and_answers_without_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sandbox_available()
    seen: list[str] = []
    for name in ("read", "ask_engine"):
        monkeypatch.setattr(embedded, name, reaching(getattr(embedded, name), seen))
    store = EmbeddedStore([("urn:g", [TRIPLE], True)])
    assert store.query("ASK { ?s ?p ?o }") is True
    assert seen == ["closed", "closed"]
    socket.socket().close()


def test_a_query_for_a_service_is_read_without_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(remote, "prepare", reaching(remote.prepare, seen))
    store = remote.RemoteStore("http://127.0.0.1:9/")
    monkeypatch.setattr(store, "answer", lambda *_args: True)
    store.query("ASK { ?s ?p ?o }")
    assert seen == ["closed"]


def test_the_child_of_a_worker_reads_without_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def refused(*_args: Any) -> Any:
        reaching(lambda: None, seen)()
        raise SourceError(seen[0])

    # What is there before the fork is there in the child, too.
    monkeypatch.setattr(sealed_reader, "read", refused)
    with reading("urn:g") as reader:
        assert reader.read(QueryRequest("ASK {}"))[0].detail == "closed"
    assert seen == []


def test_a_child_that_has_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_reader, "read", lambda *_args: os._exit(3))
    with reading() as reader, pytest.raises(ReaderEndedError):
        reader.read(QueryRequest("ASK {}"))


def test_what_the_child_gives_back() -> None:
    with reading("urn:g") as reader:
        head, asked = reader.read(
            QueryRequest(
                "BASE <http://a/> SELECT (IRI('b') AS ?x) { ?s ?p 1 } LIMIT 7 # x"
            )
        )
        assert head.status == 200 and head.cacheable and asked is not None
        assert asked.form == "SELECT" and asked.limits == (7,) and not asked.has_dataset
        assert (
            asked.text.startswith("BASE <http://a/> SELECT") and "#" not in asked.text
        )
        assert not asked.part.startswith("BASE") and asked.base == "BASE <http://a/> "
        for text, status in {
            "ASK {": 400,
            "ASK FROM <urn:none> {}": 400,
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }": 403,
        }.items():
            head, asked = reader.read(QueryRequest(text))
            assert (head.status, head.line, asked) == (status, 1, None)
        assert (
            reader.read(QueryRequest("SELECT (RAND() AS ?x) {}"))[0].cacheable is False
        )


def test_the_child_asks_for_another_endpoint_and_puts_its_answer_in() -> None:
    endpoint = "http://127.0.0.1:9/"
    text = f"SELECT * {{ SERVICE <{endpoint}> {{ ?a ?b ?c }} }}"
    with reading() as reader:
        head, asked = reader.read(QueryRequest(text, services=(endpoint,)))
        assert head.status == 202 and asked is None
        assert head.asks is not None and head.asks.endpoint == endpoint
        rows = ServiceAnswer(("a",), (("<urn:x>",),))
        head, asked = reader.read(
            QueryRequest(text, services=(endpoint,), answers=(rows,))
        )
        assert asked is not None and "SERVICE" not in asked.text
        assert "<urn:x>" in asked.text
