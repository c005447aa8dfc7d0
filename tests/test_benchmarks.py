"""The benchmark finds what it plants; how fast it is, is no test's business."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from benchmarks.national import write_register
from benchmarks.validation import PEERS, measure, measure_peer

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_every_planted_fault_is_found_at_its_line(tmp_path: Path) -> None:
    data = tmp_path / "national.ttl"
    planted = write_register(data, 6000, share=0.02, seed=7)
    assert len({fault.shape for fault in planted}) >= 8
    assert measure(data).found == planted


def test_a_peer_counts_what_was_planted(tmp_path: Path) -> None:
    data = tmp_path / "national.ttl"
    planted = write_register(data, 2000, share=0.01, seed=7)
    for peer in PEERS:
        # Others than pySHACL are there only where somebody has installed them.
        assert peer.is_there() or peer.name != "pySHACL"
        if peer.is_there():
            assert measure_peer(peer, data).count == len(planted)


def test_a_seed_gives_the_same_register(tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("a.ttl", "b.ttl"))
    assert write_register(one, 5000, share=0.01, seed=1) == write_register(
        other, 5000, share=0.01, seed=1
    )
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("*.py")), ids=lambda p: p.stem)
def test_a_benchmark_finds_what_it_measures(path: Path) -> None:
    """They aren't run here, and would go on naming what was renamed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        named = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if named.partition(".")[0] in {"glokal", "tests", "benchmarks"}:
            module = importlib.import_module(named)
            missing = [a.name for a in node.names if not _has(module, a.name)]
            assert not missing, f"{named} has no {missing}"


def _has(module: ModuleType, name: str) -> bool:
    if hasattr(module, name):
        return True
    return importlib.util.find_spec(f"{module.__name__}.{name}") is not None
