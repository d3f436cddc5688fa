"""Stories of a question longer than the screen: its choices stand there, and nothing is decided before it was read."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.model.request import State


async def _mark_and_ask(reviewer: Reviewer, count: int, *keys: str) -> None:
    await reviewer.presses(*["space"] * count, *keys)
    await reviewer.looks()


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 14)])
async def test_the_choices_of_a_long_table_are_on_the_screen_and_yes_waits_for_its_end(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    count = 16
    for number in range(count):
        office.put(f"m{number:02}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock, (120, 36)) as reviewer:
        await _mark_and_ask(reviewer, count, "a")
        await reviewer.resizes(*size)
        assert f"Approve {count} of {count}" in reviewer.screen
        assert "n  Cancel" in reviewer.screen
        assert "PgDn reads on" in reviewer.screen
        await reviewer.presses("1", "6", "y")
        assert "its end was not on the screen" in reviewer.screen
        assert office.approved == []
        await reviewer.presses(*["pagedown"] * 12)
        assert "Number 15" in reviewer.screen
        assert "PgDn" not in reviewer.screen
        await reviewer.presses("y")
        assert len(office.approved) == count


async def test_a_short_question_is_answered_at_once(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        await reviewer.presses("w")
        await reviewer.looks()
        assert "PgDn" not in reviewer.screen
        await reviewer.presses("y")
        assert office.state("first") is State.REJECTED


async def test_several_are_rejected_only_after_they_were_listed(office: Office, clock: ManualClock) -> None:
    for number in range(12):
        office.put(f"m{number:02}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        await _mark_and_ask(reviewer, 12, "x", "n", "o", "enter")
        assert "Reject 12 marked requests?" in reviewer.screen
        assert "because no" in reviewer.screen
        assert all(f"Number {number}" in reviewer.screen for number in range(12))
        await reviewer.presses("y")
        assert office.state("m00") is State.PENDING, "more than ten: their number is typed first"
        await reviewer.presses("1", "2", "y")
        assert {office.state(f"m{number:02}") for number in range(12)} == {State.REJECTED}


@pytest.mark.parametrize("key", ["z", "c", "w"])
async def test_what_is_for_one_request_is_not_done_to_one_of_several_marked(
    office: Office, clock: ManualClock, key: str
) -> None:
    office.put("first")
    office.put("second")
    async with at_the_console(office, clock) as reviewer:
        await _mark_and_ask(reviewer, 2, key)
        assert "This is for one at a time: Esc clears the marks." in reviewer.toasts
        assert not reviewer.app.desk.query("#prompt")
        assert reviewer.app.screen is reviewer.app.desk
