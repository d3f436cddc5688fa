"""Stories of what nobody foresaw: something breaks behind the console, it is said, and the console goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

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
            assert any("RuntimeError: dictionary changed" in toast for toast in reviewer.toasts)
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
