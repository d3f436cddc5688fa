"""Stories of views that the configuration keeps, each with its section, filter and order."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import fill
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.model.errors import ConfigurationError
from platinum_tui.model.sections import Order, Section
from platinum_tui.system.configuration import load
from platinum_tui.system.console_settings import ConsoleSettings
from platinum_tui.system.options import Options

VIEWS = """
[console.views.mails]
filter = "kind:mail"
order = "title"
[console.views."what is over"]
section = "History"
"""


def _settings(tmp_path: Path, text: str) -> ConsoleSettings:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    return load(Options(config=str(file)), {"HOME": str(tmp_path)}).console


async def test_a_view_brings_its_section_filter_and_order(office: Office, clock: ManualClock, tmp_path: Path) -> None:
    fill(office)
    async with at_the_console(office, clock, settings=_settings(tmp_path, VIEWS)) as reviewer:
        await reviewer.presses("5", "v")
        assert "Saved views" in reviewer.screen
        assert "mails  Pending · kind:mail · by title" in reviewer.screen
        assert "what is over  History · by age" in reviewer.screen
        await reviewer.presses("enter")
        assert "filter kind:mail by title" in reviewer.bar("sections")
        listing = reviewer.app.desk.list.listing
        titles = [listing.row(index).title.casefold() for index in range(len(listing))]
        assert len(titles) > 1
        assert titles == sorted(titles)
        assert {listing.row(index).kind for index in range(len(listing))} == {"mail"}
        await reviewer.presses("v", "down", "enter")
        assert reviewer.app.desk.section is Section.HISTORY
        assert reviewer.app.desk.order is Order.AGE
        assert "filter" not in reviewer.bar("sections")


async def test_choosing_a_view_decides_nothing_and_escape_leaves_all_as_it_is(
    office: Office, clock: ManualClock, tmp_path: Path
) -> None:
    fill(office)
    async with at_the_console(office, clock, settings=_settings(tmp_path, VIEWS)) as reviewer:
        before = len(office.approved)
        await reviewer.presses("v", "escape")
        assert reviewer.app.desk.section is Section.PENDING
        assert not reviewer.app.desk.filter
        await reviewer.presses("v", "enter", "a")
        assert len(office.approved) == before, "what was just listed is read before it is decided"


async def test_without_views_it_says_where_they_are_kept(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("v")
        assert "[console.views.NAME]" in reviewer.toasts[-1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('section = "Tasks"', "console.views.mine.section is not what it must be (it holds no requests)."),
        ('order = "size"', "console.views.mine.order is not what it must be"),
        ('fitler = "x"', "console.views.mine.fitler is not a setting."),
    ],
)
def test_a_view_that_cannot_be_is_refused(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        _settings(tmp_path, f"[console.views.mine]\n{line}\n")
    assert said in refused.value.message
