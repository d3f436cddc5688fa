"""Stories of the doctor inside the console: what is wrong or missing stands there with its remedy."""

from __future__ import annotations

import threading

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.system.health import Finding, Severity


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_the_palette_finds_the_doctor_and_it_says_what_the_verb_says(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses(":")
        await reviewer.types("doctor")
        await reviewer.presses("enter")
        assert "Doctor   Esc closes" in reviewer.screen
        shown = " ".join(reviewer.screen.split())
        assert "warning" in shown
        assert "[servers.calendar] by hand" in shown, "the command `false` tells no tools"
        findings = office.findings()
        assert "server_silent" in {finding.code for finding in findings}
        await reviewer.presses("H")
        assert "Doctor   Esc closes" not in reviewer.screen
        assert office.approved == []


async def test_the_worst_stands_first_and_a_remedy_below_its_finding(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (
        Finding("a", Severity.NOTE, "A small thing.", "Leave it."),
        Finding("b", Severity.ERROR, "Everything is broken \x1b[31mhere " + "and there " * 6, "Mend it."),
    )
    monkeypatch.setattr(office, "findings", lambda: found)
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        await reviewer.presses("H")
        rows = [row.strip("│ ") for row in reviewer.screen.splitlines()]
        worst = next(index for index, row in enumerate(rows) if row.startswith("✗ error"))
        assert worst < next(index for index, row in enumerate(rows) if row.startswith("○ note"))
        assert rows[worst + 1].startswith("and there"), "a long finding goes on in its own column"
        assert rows[worst + 2] == "Mend it."
        assert "\x1b" not in reviewer.screen


async def test_while_everything_is_looked_over_that_is_said_and_who_goes_away_is_not_called_back(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(office, "findings", lambda: () if go_on.wait(30) else None)
    async with at_the_console(office, clock) as reviewer:
        await reviewer._pilot.press("H")
        await reviewer._pilot.pause()
        assert "Looking everything over" in reviewer.screen
        assert "in order" not in reviewer.screen
        await reviewer._pilot.press("escape")
        go_on.set()
        await reviewer.rests()
        assert "in order" not in reviewer.screen
        assert "1 Pending" in reviewer.screen


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_where_nothing_is_wrong_it_says_so_and_what_was_not_tried(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(office, "findings", lambda: ())
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("H")
        shown = " ".join(reviewer.screen.replace("│", " ").split())
        assert "What was looked at is in order." in shown
        assert "Not tried: reaching email and logging in; `platinum-tui credentials check` does that." in shown


async def test_where_there_is_nothing_else_to_try_everything_is_in_order(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "findings", lambda: ())
    monkeypatch.setattr(office, "untried", lambda: "")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("H")
        assert "Everything is in order." in reviewer.screen
        assert "Not tried" not in reviewer.screen
