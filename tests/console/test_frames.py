"""What is to follow the next frame follows, whatever lies on top by then."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console
from textual.geometry import Region
from textual.widget import Widget


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


async def test_a_key_paints_the_lines_that_it_touches_and_no_other_widget(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        office.put(f"r{number:02}")
    async with at_the_console(office, clock) as reviewer:
        desk, painted = reviewer.app.desk, dict[str, int]()
        for widget in desk.walk_children():

            def counted(crop: Region, widget: Widget = widget, render: Any = widget.render_lines) -> Any:
                painted[widget.id or type(widget).__name__] = crop.height
                return render(crop)

            monkeypatch.setattr(widget, "render_lines", counted)
        desk.list.move(1)
        while not painted:
            await asyncio.sleep(0)
        assert painted == {"list": 4, "body": 4}, "two rows of two lines, and what lies behind them"
