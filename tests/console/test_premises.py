"""Stories of what lies around the requests: tasks, workers and servers, and the log of what happened."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.model.errors import KeyringError, RefusedByPolicy
from platinum_tui.model.event import Worker
from platinum_tui.model.request import State

BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])


def _task(office: Office, name: str, text: str) -> None:
    path = office.house.vault.root / "Needs_Action" / "mail" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


@BOTH_SIZES
async def test_a_task_is_read_taken_given_back_and_done(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    _task(office, "answer-ana.md", "# Answer Ana\n\nShe asked \x1b[31mtwice\x1b[0m.\n")
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("7")
        assert "waiting" in reviewer.screen
        assert "Answer Ana" in reviewer.page
        assert "⟦U+001B⟧" in reviewer.page
        assert "take" in reviewer.bar("footer")
        await reviewer.looks()
        await reviewer.presses("t")
        assert "Taken: Answer Ana" in reviewer.toasts
        assert "taken" in reviewer.screen
        assert (office.house.vault.root / "In_Progress" / "local").is_dir()
        await reviewer.looks()
        await reviewer.presses("t")
        assert (office.house.vault.root / "Needs_Action/mail/answer-ana.md").exists()
        await reviewer.looks()
        await reviewer.presses("t")
        await reviewer.looks()
        await reviewer.presses("D")
        assert "Is this done?" in reviewer.screen
        clock.advance(1)
        await reviewer.presses("enter")
        assert not list((office.house.vault.root / "Done").rglob("*.md"))
        await reviewer.looks()
        await reviewer.presses("D")
        clock.advance(1)
        await reviewer.presses("y")
        assert list((office.house.vault.root / "Done").rglob("answer-ana.md"))
        assert "No task waits" in reviewer.screen


@BOTH_SIZES
async def test_workers_and_servers_say_how_they_are(office: Office, clock: ManualClock, size: tuple[int, int]) -> None:
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("8")
        for word in ("Executions", "allowed", "orchestrator", "executor", "email", "calendar", "ready"):
            assert word in reviewer.screen
        await reviewer.presses("j")
        assert "last run" in reviewer.page
        assert "3s ago" in reviewer.page
        assert "Moves what was decided" in reviewer.page


async def test_a_worker_tries_again_when_told(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Worker] = []
    monkeypatch.setattr(office, "retry", told.append)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("8", "b")
        assert "Select a worker, a server of your own or WhatsApp under Services first." in reviewer.toasts
        await reviewer.presses("j", "j", "b")
        assert told == [Worker.EXECUTOR]
        assert "executor tries now" in reviewer.toasts


async def test_a_worker_that_cannot_try_says_why(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        with pytest.raises(RefusedByPolicy) as refused:
            office.retry(Worker.SYNC)
        await reviewer.presses("8", "j", "j", "j", "j", "b")
        assert any(refused.value.message in toast for toast in reviewer.toasts)


async def test_freezing_is_seen_among_the_services(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("8", "F")
        assert "Every execution is stopped" in reviewer.page


@BOTH_SIZES
async def test_activity_is_the_tail_of_the_log_also_of_earlier_days(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("first")
    office.reject("first", "not our tone")
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("6")
        assert "rejected" in reviewer.screen
        assert "Re: July invoice" in reviewer.screen
        assert "digest" in reviewer.page
        office.freeze("dinner")
        await reviewer.presses("R")
        assert "frozen" in reviewer.screen


async def test_activity_tells_what_each_execution_came_to(office: Office, clock: ManualClock) -> None:
    for number, state in enumerate((State.DONE, State.FAILED, State.UNKNOWN)):
        office.put(f"m{number}", fields=mail(subject=f"Number {number}"))
        office.become(f"m{number}", state, "because")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("6")
        rows = {(row.word, row.state) for row in map(reviewer.app.desk.list.listing.row, range(6))}
        assert {("done", "done"), ("refused", "failed"), ("unknown", "unknown"), ("approved", "approved")} == rows


async def test_a_locked_keyring_hides_neither_workers_nor_the_freeze(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked() -> None:
        raise KeyringError("The keyring is locked.")

    monkeypatch.setattr(office, "credentials", locked)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("8", "R", "R")
        for word in ("Executions", "allowed", "executor", "email"):
            assert word in reviewer.screen
        assert sum("The keyring is locked." in toast for toast in reviewer.toasts) == 1, "said once"
