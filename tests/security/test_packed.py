"""A few bytes that stand for very many: objects of Git, gzip, nested records."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import zlib
from pathlib import Path

import pytest

from glokal.core.errors import SourceError, ToolError
from glokal.core.git import find_repository
from glokal.core.settings import load_project
from glokal.dataset.releases.record import read_editions
from tests.conftest import glokal

IDENTITY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *args: str, given: bytes = b"") -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *args],
        cwd=folder,
        input=given,
        env={**os.environ, **IDENTITY},
        check=True,
        capture_output=True,
    )
    return done.stdout.decode().strip()


def object_of(folder: Path, kind: str, data: bytes) -> str:
    """Write an object of Git without looking at it; return its name."""
    whole = f"{kind} {len(data)}\0".encode() + data
    name = hashlib.sha1(whole).hexdigest()
    path = folder / ".git/objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole))
    return name


def test_a_revision_of_countless_files_is_refused(region: Path) -> None:
    git(region, "init", "-q", "-b", "main")
    # Ten names for a folder of ten names for a folder …: 10^9 files.
    blob = object_of(region, "blob", b"x")
    names = [f"{number}".encode() for number in range(10)]
    below, mode = bytes.fromhex(blob), b"100644"
    for _ in range(9):
        data = b"".join(mode + b" " + name + b"\0" + below for name in names)
        below, mode = bytes.fromhex(object_of(region, "tree", data)), b"40000"
    commit = git(region, "commit-tree", below.hex(), "-m", "x")
    git(region, "update-ref", "refs/heads/main", commit)
    shown = glokal("diff", "main", cwd=region)
    assert shown.returncode == 2
    assert "has more in that revision" in shown.stderr


def test_a_large_object_is_read_up_to_the_limit(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(region, "init", "-q")
    (region / "data/strategy/x.ttl").write_bytes(b"#" * (3 << 20))
    git(region, "add", ".")
    git(region, "commit", "-qm", "x")
    repository = find_repository(region)
    assert repository is not None
    commit = repository.commit("HEAD")
    assert commit is not None
    entries = [e for e in repository.entries(commit) if e.path == "data/strategy/x.ttl"]
    with pytest.raises(ToolError, match="has more in that revision"):
        list(repository.read(entries, 2))
    read = [content.read() for _, content in repository.read(entries, 3)]
    assert read == [b"#" * (3 << 20)]
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "2")
    assert glokal("diff", "HEAD", cwd=region).returncode == 2


def edition(region: Path, packed: bytes, digest: str = "0" * 64) -> None:
    folder = region / "editions"
    folder.mkdir(exist_ok=True)
    text = f'version = "1.0.0"\ndate = 2026-01-15\nquads = "{digest}"\n'
    (folder / "1.0.0.toml").write_text(text)
    (folder / "1.0.0.nq.gz").write_bytes(packed)


def test_an_edition_that_unpacks_without_end_is_refused(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"#" * (2 << 20)
    edition(region, gzip.compress(text), hashlib.sha256(text).hexdigest())
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "1")
    [found] = read_editions(load_project(region))
    with pytest.raises(SourceError, match="over 1 MB, unpacked"):
        found.read()
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "2")
    assert found.read() == []


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"no gzip", None])
def test_an_edition_that_is_damaged_is_told(
    region: Path, content: bytes | None
) -> None:
    edition(region, content or b"")
    [found] = read_editions(load_project(region))
    if content is None:
        found.path.unlink()
    with pytest.raises(SourceError, match=r"edition 1\.0\.0"):
        found.read()


def test_an_edition_that_is_a_fifo_is_not_opened(region: Path) -> None:
    edition(region, b"")
    path = region / "editions/1.0.0.nq.gz"
    path.unlink()
    os.mkfifo(path)
    shown = glokal("diff", "1.0.0", cwd=region, timeout=60)
    assert shown.returncode in (1, 2) and "FIFO" in shown.stderr


def test_a_record_nested_without_end_is_one_line(region: Path) -> None:
    edition(region, b"")
    (region / "editions/1.0.0.toml").write_text("a = " + "[" * 100_000)
    shown = glokal("diff", "1.0.0", cwd=region)
    assert shown.returncode in (1, 2)
    assert shown.stderr.count("\n") == 1 and "1.0.0.toml" in shown.stderr
