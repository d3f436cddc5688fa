"""The short form of the soak; the long one is `python -m tests.orchestrator.soak --minutes 30`."""

from __future__ import annotations

from pathlib import Path

from tests.orchestrator.soak import Soak


def test_nothing_is_lost_and_nothing_happens_twice(tmp_path: Path):
    soak = Soak(tmp_path, count=15, every_s=0.4, kill_every_s=3, cut_every_s=4)
    breaches = soak.run(patience_s=180)
    assert breaches == []
    states = soak.report()["states"]
    assert sum(states.values()) == 15
    assert set(states) <= {"done", "unknown"}
    assert soak.kills
