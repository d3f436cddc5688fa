"""While everything is frozen the console says so of each approval, and takes back what has not begun."""

from __future__ import annotations

from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.model.request import State


async def test_what_is_approved_while_frozen_waits_for_the_thaw_and_says_so(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("F")
        await reviewer.looks()
        await reviewer.presses("a")
        assert "frozen: goes out after thaw" in reviewer.flight
        assert "goes out in" not in reviewer.flight

        await reviewer.waits(60)
        assert "frozen: goes out after thaw" in reviewer.flight
        assert "u undo" in reviewer.flight
        await reviewer.presses("F")
        clock.advance(1)
        await reviewer.presses("y")
        assert "frozen" not in reviewer.flight
        assert "waits for the executor" in reviewer.flight


async def test_while_frozen_an_approval_is_taken_back_past_its_countdown(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        await reviewer.waits(60)
        await reviewer.presses("u")
        assert any("Its countdown is over: F (freeze) stops" in toast for toast in reviewer.toasts)
        assert any("and u then takes it back" in toast for toast in reviewer.toasts)
        assert office.state("first") is State.APPROVED

        await reviewer.presses("F")
        assert "undo" in reviewer.bar("footer")
        await reviewer.presses("u")

        assert office.state("first") is State.PENDING
        assert reviewer.flight == ""


async def test_a_thaw_that_a_file_in_the_vault_outlasts_does_not_pass_for_one(
    office: Office, clock: ManualClock
) -> None:
    (office.house.vault.root / "FREEZE").touch()
    async with at_the_console(office, clock) as reviewer:
        assert "FROZEN" in reviewer.screen
        await reviewer.presses("F")
        clock.advance(1)
        await reviewer.presses("y")
        assert any("Still frozen" in toast and "Remove" in toast for toast in reviewer.toasts)
        assert not any("allowed again" in toast for toast in reviewer.toasts)
        assert "FROZEN" in reviewer.screen
