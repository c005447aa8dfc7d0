"""The settings of a server: from the file, from the environment, or named as wrong.

And what it begins with: no more modules than it needs, which stay in its memory.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glokal.core.errors import ConfigError, UsageError
from glokal.core.settings.server import Serving, load_serving
from glokal.server.routes.mcp import Mcp
from tests.conftest import ROOT


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_serving(tmp_path) == Serving()
    text = '[serve]\nper_client = 4\nquery_seconds = 2.5\nproxies = ["10.0.0.0/8"]\n'
    (tmp_path / "serve.toml").write_text(text)
    monkeypatch.setenv("GLOKAL_PER_CLIENT", "7")
    monkeypatch.setenv("GLOKAL_SERVICES", "https://a.example/, https://b.example/")
    assert load_serving(tmp_path) == Serving(
        per_client=7,
        query_seconds=2.5,
        proxies=("10.0.0.0/8",),
        services=("https://a.example/", "https://b.example/"),
    )


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("[serve]\nworkers = 0", "serve.workers is 0", 2),
        ("[serve]\nworkers = 1.5", "serve.workers is 1.5", 2),
        ("[serve]\n\nworkers = true", "serve.workers is True", 3),
        ('[serve]\nquery_seconds = "20"', "query_seconds is '20'", 2),
        ("[serve]\nquery_second = 20", "write query_seconds =", 2),
        ('[serve]\nproxies = ["everyone"]', "has 'everyone'", 2),
        ('[serve]\nservices = ["example.org"]', "has 'example.org'", 2),
        ("[serve]\nstate_dir = 3", "state_dir is 3", 2),
        ('[serve]\nin_process = "yes"', "in_process is 'yes'", 2),
        ("[serve]\nin_process = 1", "in_process is 1", 2),
        ('[serve]\nstate_dir = ""', "state_dir is ''", 2),
        ("[server]\nworkers = 2", "server.workers is not one", 2),
        ("[serve\n", "not TOML", 1),
    ],
)
def test_a_wrong_setting_has_its_place(
    tmp_path: Path, text: str, said: str, line: int | None
) -> None:
    (tmp_path / "serve.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_serving(tmp_path)
    assert said in str(caught.value)
    assert caught.value.place is not None
    assert (caught.value.place.file, caught.value.place.line) == ("serve.toml", line)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STATE_DIR", " "),
        ("QUERY_SECONDS", "-1"),
        ("QUERY_SECONDS", "inf"),
        ("WORKERS", "2.5"),
        ("IN_PROCESS", "yes"),
        ("IN_PROCESS", ""),
        ("PROXIES", "nobody"),
    ],
)
def test_a_wrong_variable_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GLOKAL_{name}", value)
    with pytest.raises(UsageError, match=f"GLOKAL_{name} "):
        load_serving(tmp_path)


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs/server.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .* \| (\S+) \|$", text, re.MULTILINE)
    shown = {
        f.name: _shown(f.default)
        for f in dataclasses.fields(Serving)
        if f.default != ()
    } | {f.name: "none" for f in dataclasses.fields(Serving) if f.default == ()}
    assert dict(rows) == shown


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return f"`{default}`".lower()
    return f"`{default}`" if isinstance(default, str) else f"{default:g}"


@pytest.mark.parametrize("value", [True, False])
def test_a_setting_is_true_or_false(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: bool
) -> None:
    written, other = (str(v).lower() for v in (value, not value))
    (tmp_path / "serve.toml").write_text(f"[serve]\nin_process = {written}\n")
    assert load_serving(tmp_path).in_process is value
    monkeypatch.setenv("GLOKAL_IN_PROCESS", other)
    assert load_serving(tmp_path).in_process is not value


def test_a_server_begins_without_what_only_others_need() -> None:
    # The SDK takes 34 MB, the parts of a build 17.
    script = """
import asyncio, sys
import glokal.cli.serve, glokal.server.app
from glokal.server.routes.mcp import Mcp

async def begin():
    async with Mcp(None, None).running():
        print(*sys.modules)

asyncio.run(begin())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "glokal.server.app" in loaded
    assert not loaded & {"mcp", "pydantic", "openpyxl", "lxml", "glokal.site.build"}


def test_who_asks_after_a_failed_start_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Manager:
        at_work = 0

        def run(self) -> Manager:
            return self

        async def __aenter__(self) -> None:
            Manager.at_work += 1

        async def __aexit__(self, *_: object) -> None:
            Manager.at_work -= 1

    made: list[object] = [MemoryError(), Manager()]

    def make(_self: Mcp) -> object:
        step = made.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    monkeypatch.setattr(Mcp, "_make", make)

    async def ask() -> None:
        mcp: Any = Mcp(None, None)  # type: ignore[arg-type]
        async with mcp.running():
            with pytest.raises(MemoryError):
                await mcp.respond(None)
            # One is gone before the SDK is there, two wait for the same.
            gone, *others = [asyncio.create_task(mcp.respond(None)) for _ in range(3)]
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.gather(*others)
            assert Manager.at_work == 1 and not made
        assert Manager.at_work == 0

    asyncio.run(ask())
