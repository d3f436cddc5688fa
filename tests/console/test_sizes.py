"""Stories of the terminal's size: side by side, stacked, one pane, too small."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import RENT, fill
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.model.action import Kind

HOSTILE = "\x1b]0;owned\x07 \u202egpj.exe [bold red]no markup[/]"


async def test_side_by_side_at_120_columns(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock, vault="~/AI_Employee_Vault") as reviewer:
        assert "~/AI_Employee_Vault" in reviewer.bar("header")
        assert "8 waiting" in reviewer.bar("header")
        assert "2 need you" in reviewer.bar("header")
        line = next(line for line in reviewer.screen.split("\n") if "Re: July invoice" in line)
        assert line.count("Re: July invoice") == 2, "list and preview stand side by side"
        for word in ("orchestrator", "executor", "dashboard", "sync", "idle", "off"):
            assert word in reviewer.bar("workers")


async def test_stacked_at_80_columns(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        rows = [line for line in reviewer.screen.split("\n") if "Re: July invoice" in line]
        assert len(rows) >= 2
        assert "pending" in rows[0]
        assert "mail" in rows[0]
        assert "high" in rows[0]
        assert all(len(line) <= 80 for line in reviewer.screen.split("\n"))


async def test_one_pane_on_a_small_terminal_decides_only_what_is_open(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock, (70, 18)) as reviewer:
        await reviewer.presses("a", "x")
        assert office.approved == []
        assert "because" not in reviewer.screen
        assert any("Enter opens it" in toast for toast in reviewer.toasts)
        await reviewer.presses("enter")
        assert "exactly this goes out" in reviewer.screen
        clock.advance(1)
        await reviewer.presses("a")
        assert len(office.approved) == 1
        await reviewer.presses("escape")
        assert reviewer.app.desk.list.has_focus


@pytest.mark.parametrize("size", [(49, 30), (120, 11), (20, 5)])
async def test_too_small_shows_a_notice_and_decides_nothing(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("first")
    async with at_the_console(office, clock, size) as reviewer:
        assert "Keys that decide are off." in " ".join(reviewer.screen.split())
        await reviewer.presses("a", "x", "enter", "a", "F")
        assert office.approved == []
        assert not office.frozen
        await reviewer.resizes(120, 36)
        assert "Keys that decide are off." not in reviewer.screen


async def test_a_dialog_in_a_terminal_that_shrank_confirms_nothing(office: Office, clock: ManualClock) -> None:
    office.put("rent", Kind.PAYMENT, RENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        await reviewer.resizes(40, 10)
        clock.advance(1)
        await reviewer.presses("y")
        assert office.approved == []
