"""The benchmark finds what it plants; how fast it is, is no test's business."""

from __future__ import annotations

from pathlib import Path

from benchmarks.national import write_register
from benchmarks.validation import PEERS, measure, measure_peer


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
