"""Stories of toasts: they say what happened, and go away, on a machine that is slow or was asleep, too."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console
from textual import notifications
from textual.timer import Timer


async def test_a_toast_whose_time_is_over_before_it_is_shown_ends_and_the_console_goes_on(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks at the time the machine sleeps: a timer with less than no time would never end."""
    lengths: list[float] = []
    begin = Timer.__init__

    def noted(timer: Timer, parent: object, interval: float, *others: object, **more: object) -> None:
        lengths.append(interval)
        begin(timer, parent, max(interval, 0.0), *others, **more)  # type: ignore[arg-type]

    async with at_the_console(office, clock) as reviewer:
        monkeypatch.setattr(Timer, "__init__", noted)
        waking = iter([0.0, 0.0, 0.0])
        real = notifications.time
        monkeypatch.setattr(notifications, "time", lambda: real() + next(waking, 60.0))
        reviewer.app.desk.tell("Approved [b]this[/b]")
        await reviewer.rests()
        assert lengths
        assert min(lengths) > 0
