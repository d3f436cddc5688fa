"""What is to follow the next frame follows, whatever lies on top by then."""

from __future__ import annotations

import asyncio

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console


async def test_bars_are_painted_though_the_screen_on_top_closes_before_its_next_frame(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        desk = reviewer.app.desk
        await reviewer.presses("question_mark")
        leaflet = reviewer.app.screen
        monkeypatch.setattr(leaflet._update_timer, "resume", lambda: None)  # its next frame does not come
        leaflet.refresh()
        desk.refresh_bars()
        while not leaflet._callbacks:
            await asyncio.sleep(0)
        for _ in range(20):  # it was idle, and waits for its frame
            await asyncio.sleep(0)
        leaflet.dismiss(None)
        await reviewer.rests()

        office.put("second")

        async with asyncio.timeout(30):
            while "2 waiting" not in reviewer.screen:
                await reviewer.rests()
