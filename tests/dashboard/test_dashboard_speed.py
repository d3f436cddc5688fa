"""Merging takes time in proportion to what arrived, and the dashboard stays small."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from platinum_tui.vault import moves

T0 = datetime(2026, 1, 15, tzinfo=UTC)


def seconds_for(desk, count: int) -> float:
    for number in range(count):
        path = desk.vault.root / "Updates" / f"{count}-{number:06}.json"
        stamp = (T0 + timedelta(seconds=number)).isoformat()
        path.write_text(
            json.dumps({"timestamp": stamp, "id": f"{count}-{number}", "content": f"{count} event {number}"})
        )
    begun = time.process_time()
    assert len(desk.merge().merged) == count
    return time.process_time() - begun


@pytest.mark.long
def test_ten_times_the_updates_take_at_most_twelve_times_as_long(desk):
    seconds_for(desk, 100)
    few, many = seconds_for(desk, 1_000), seconds_for(desk, 10_000)
    print(f"1,000 updates {few:.2f} s, 10,000 updates {many:.2f} s, ratio {many / few:.1f}")  # noqa: T201
    assert many / few <= 12, (few, many)
    assert desk.dashboard.stat().st_size < 200 * 200


def test_one_pass_writes_the_dashboard_once(desk, monkeypatch):
    written = []
    real = moves.replace_unchanged
    monkeypatch.setattr(
        moves, "replace_unchanged", lambda path, *more: (written.append(path.name), real(path, *more))[1]
    )
    seconds_for(desk, 50)
    assert written == ["Dashboard.md"]
