"""Stories of a person who says when: what is meant is the clock on the wall, on that day, wherever it is said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from platinum_tui.system.moments import moment_of

JULY = datetime(2026, 7, 14, 10, 0, tzinfo=UTC)
BEFORE_WINTER = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)
"""The day before clocks go back in Madrid."""


@pytest.fixture
def madrid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's clock hangs in Madrid."""
    monkeypatch.setenv("TZ", "Europe/Madrid")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("90m", "2026-07-14T11:30:00+00:00"),
        ("2h", "2026-07-14T12:00:00+00:00"),
        ("3D", "2026-07-17T10:00:00+00:00"),
        ("1 w", "2026-07-21T10:00:00+00:00"),
        ("tomorrow", "2026-07-15T07:00:00+00:00"),
        ("Tomorrow ", "2026-07-15T07:00:00+00:00"),
        ("14:30", "2026-07-14T12:30:00+00:00"),
        ("7:30", "2026-07-15T05:30:00+00:00"),
        ("2026-12-01", "2026-12-01T08:00:00+00:00"),
        ("2026-12-01 14:30", "2026-12-01T13:30:00+00:00"),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00+00:00"),
        ("2026-12-01t10:00:00z", "2026-12-01T10:00:00+00:00"),
        ("2026-12-01T10:00:00+01:00", "2026-12-01T09:00:00+00:00"),
        ("2020-01-01", "2020-01-01T08:00:00+00:00"),
    ],
)
@pytest.mark.usefixtures("madrid")
def test_what_is_said_is_meant_by_the_clock_on_the_wall(said: str, meant: str) -> None:
    moment = moment_of(said, JULY)
    assert moment is not None
    assert moment.astimezone(UTC).isoformat() == meant


@pytest.mark.usefixtures("madrid")
def test_tomorrow_is_nine_in_the_morning_where_clocks_are_changed_in_the_night() -> None:
    moment = moment_of("tomorrow", BEFORE_WINTER)
    assert moment is not None
    assert moment.astimezone(UTC).isoformat() == "2026-10-25T08:00:00+00:00"


@pytest.mark.parametrize(
    "said", ["", "soon", "25:00", "7:60", "2026-02-30", "99999999d", "9" * 30 + "h", "٣h", "0001-01-01"]
)
@pytest.mark.usefixtures("madrid")
def test_what_means_no_moment_is_none(said: str) -> None:
    moment = moment_of(said, JULY)
    assert moment is None or moment < JULY
