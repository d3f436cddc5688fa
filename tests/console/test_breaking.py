"""Stories of what nobody foresaw: something breaks behind the console, it is said, and the console goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console import app
from platinum_tui.model.errors import Failed
from platinum_tui.model.standing import Standing


async def test_a_look_that_breaks_is_told_and_the_next_one_lists_again(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first", fields=mail(subject="First"))
    async with at_the_console(office, clock) as reviewer:
        with monkeypatch.context() as broken:

            def breaks(_told: Callable[[], None] | None = None) -> None:
                raise RuntimeError("dictionary changed")

            broken.setattr(office, "look", breaks)
            office.put("second", fields=mail(subject="Second"))
            await reviewer.rests()
            assert sum("RuntimeError: dictionary changed" in toast for toast in reviewer.toasts) == 1
            await reviewer.presses("R")
            assert sum("RuntimeError: dictionary changed" in toast for toast in reviewer.toasts) == 2
        await reviewer.presses("R")
        assert "Second" in reviewer.screen


async def test_a_decision_that_breaks_is_told_and_can_be_taken_again(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        with monkeypatch.context() as broken:

            def breaks(_name: str, _fingerprint: str, _note: str = "") -> Standing:
                raise OSError(30, "Read-only file system")

            broken.setattr(office, "approve", breaks)
            await reviewer.presses("a")
            assert any("Read-only file system" in toast for toast in reviewer.toasts)
        await reviewer.looks()
        await reviewer.presses("a")
        assert [name for name, _ in office.approved] == ["first"]


async def test_a_service_that_does_not_start_says_why_where_the_requests_would_be_and_is_started_again(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first", fields=mail(subject="First"))
    locked, started = Failed("The ledger is locked.", remedy="Look who else has it open."), list[None]()
    may_start = threading.Event()

    def start() -> None:
        started.append(None)
        if not may_start.is_set():
            raise locked

    monkeypatch.setattr(office, "start", start)
    monkeypatch.setattr(app, "TRY_AGAIN_S", 0.05)
    async with at_the_console(office, clock) as reviewer:
        assert "The ledger is locked." in reviewer.screen
        while len(started) < 3:
            await asyncio.sleep(app.TRY_AGAIN_S)
        assert [toast for toast in reviewer.toasts if "locked" in toast] == [f"{locked.message} {locked.remedy}"]
        may_start.set()
        while not reviewer.app.desk.snapshot.looked_at:
            await asyncio.sleep(app.TRY_AGAIN_S)
        await reviewer.rests()
        assert "First" in reviewer.screen
        assert reviewer.app.desk.stock.hindrance == ""
