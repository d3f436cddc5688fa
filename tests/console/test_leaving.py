"""Stories of leaving: keys typed before it and after it, faster than the screen goes away, end nothing in an error."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import fill
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.system.console_actions import ACTIONS

OPENS = sorted({key for item in ACTIONS for key in item.key.split(",")} - {"q", "ctrl+c", "ctrl+z"})


async def _types(office: Office, clock: ManualClock, *keys: str) -> None:
    """Nothing breaks, whether the console is left by that, or a dialog took the key that leaves."""
    fill(office)
    approved = list(office.approved)
    async with at_the_console(office, clock, demo=True) as reviewer:
        for key in keys:
            await reviewer.hits(key)
        await reviewer.is_gone()
        assert reviewer.app.return_code in {None, 0}
        assert office.approved == approved


@pytest.mark.parametrize("key", OPENS)
async def test_what_was_about_to_open_when_the_console_is_left_does_not_open(
    office: Office, clock: ManualClock, key: str
) -> None:
    await _types(office, clock, key, "q")


@pytest.mark.parametrize("key", OPENS)
async def test_keys_after_the_one_that_leaves_do_nothing(office: Office, clock: ManualClock, key: str) -> None:
    await _types(office, clock, "q", "enter", key, key, "q", "a", "D")


async def test_a_line_that_was_closed_and_is_opened_while_the_console_goes_away_opens_nothing(
    office: Office, clock: ManualClock
) -> None:
    typed = ("1", "y", "slash", "z", *["escape"] * 3, "q", "enter", "asterisk", "slash", "q", "a", "D", "q")
    await _types(office, clock, *typed)
