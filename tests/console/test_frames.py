"""What is to follow the next frame follows, whatever lies on top by then."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console
from textual.geometry import Region
from textual.widget import Widget

from platinum_tui.console.widgets.prompt import Prompt


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


async def test_a_letter_of_a_filter_paints_the_rows_that_come_and_go_alone(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, subject in enumerate(["Oranges", "Oranges", "Orchids"]):
        office.put(f"r{number}", fields=mail(subject=subject))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("slash")
        asked, refresh = list[tuple[Region, ...]](), reviewer.app.desk.list.refresh

        def heard(*regions: Region, **options: Any) -> Any:
            asked.append(regions)
            return refresh(*regions, **options)

        monkeypatch.setattr(reviewer.app.desk.list, "refresh", heard)
        await reviewer.types("or")
        assert "filter or" in reviewer.bar("sections")
        assert asked == [], "all three pass"
        await reviewer.types("a")
        assert "Orchids" not in reviewer.screen
        ((region,),) = asked
        assert (region.y, region.height) == (4, 2), "the third row, of two lines"


async def test_the_bars_tell_the_filter_in_the_frame_that_shows_its_rows(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Oranges"))
    office.put("second", fields=mail(subject="Apples"))
    async with at_the_console(office, clock) as reviewer:
        desk, told = reviewer.app.desk, list[str]()
        show = desk.list.show

        def shown(*listing: Any, **options: Any) -> bool:
            changed = show(*listing, **options)
            desk.call_next(lambda: told.append(reviewer.bar("sections")))
            return changed

        desk.list.show = shown  # type: ignore[method-assign]
        await reviewer.presses("slash")
        await reviewer.types("a")
        assert "filter a" in told[-1]


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_the_footer_offers_no_key_of_a_line_that_is_on_its_way_out(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("slash")
        assert "Esc cancel" in reviewer.bar("footer")
        monkeypatch.setattr(Prompt, "remove", lambda _: None)  # it takes its time
        await reviewer.presses(key)
        assert "Esc cancel" not in reviewer.bar("footer")
        assert "reject" in reviewer.bar("footer")
