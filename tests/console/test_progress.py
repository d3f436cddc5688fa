"""Stories of long work: the console says that it goes on and how far it has come, and nothing once it is done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.console.app import PlatinumApp
from platinum_tui.model.event import Progress, Worker, WorkerChanged, WorkerState, WorkerStatus

BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])


async def _hears(reviewer: Reviewer, office: Office, worker: Worker, progress: Progress | None) -> None:
    state = WorkerState.RUNNING if progress else WorkerState.IDLE
    office.tell(WorkerChanged(worker, WorkerStatus(state, reviewer.clock.now(), progress=progress)))
    await reviewer.rests()


@BOTH_SIZES
async def test_a_merge_of_many_updates_says_how_many_of_how_many(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with at_the_console(office, clock, size) as reviewer:
        await _hears(reviewer, office, Worker.DASHBOARD, Progress("reading updates", 120, 4000))
        assert "dashboard reading updates 120 of 4000" in reviewer.bar("workers")
        await _hears(reviewer, office, Worker.DASHBOARD, Progress("archiving updates", 3000, 4000))
        assert "dashboard archiving updates 3000 of 4000" in reviewer.screen
        await _hears(reviewer, office, Worker.DASHBOARD, None)
        assert "updates" not in reviewer.bar("workers")
        assert "dashboard idle" in reviewer.bar("workers")


@pytest.mark.parametrize(("ascii_only", "signs"), [(False, "◐◓◑◒"), (True, "|/-\\")])
async def test_where_nobody_knows_how_much_there_is_a_sign_moves(
    office: Office, clock: ManualClock, ascii_only: bool, signs: str
) -> None:
    async with at_the_console(office, clock, ascii=ascii_only) as reviewer:
        await _hears(reviewer, office, Worker.SYNC, Progress("pulling"))
        seen = []
        for _ in signs:
            before = reviewer.bar("workers").partition(" sync pulling")[0]
            seen.append(before[-1])
            await reviewer.waits(1)
        assert sorted(seen) == sorted(signs)
        await _hears(reviewer, office, Worker.SYNC, None)
        assert "pulling" not in reviewer.screen


@BOTH_SIZES
async def test_the_services_say_it_too_without_being_read_anew(
    office: Office, clock: ManualClock, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("8", "j", "j", "j")
        assert reviewer.selected == "worker dashboard"
        monkeypatch.setattr(office, "credentials", lambda: pytest.fail("how far it has come stands in no keyring"))
        await _hears(reviewer, office, Worker.DASHBOARD, Progress("reading updates", 7, 90))
        listed = [line for line in reviewer.screen.splitlines() if "reading updates 7 of 90" in line]
        assert len(listed) >= 2
        assert "under way  reading updates 7 of 90" in reviewer.page


class _Reading(Office):
    """An office whose reading stops after its first batch until it may go on."""

    go_on: threading.Event

    def look(self, told: Callable[[], None] | None = None) -> None:
        batches = []

        def waits() -> None:
            batches.append(1)
            if len(batches) == 3:  # all are listed, and two batches are read
                assert self.go_on.wait(30)
            if told:
                told()

        super().look(waits)


@BOTH_SIZES
async def test_the_first_reading_of_a_vault_says_how_far_it_has_come(
    tmp_path_factory: pytest.TempPathFactory, clock: ManualClock, size: tuple[int, int]
) -> None:
    office = _Reading(tmp_path_factory.mktemp("office"), clock)
    office.go_on = threading.Event()
    for number in range(250):
        office.put(f"r{number:03}", fields=mail(subject=f"Number {number}"), quiet=True)
    app = PlatinumApp(office)
    async with app.run_test(size=size, notifications=True) as pilot:
        reviewer = Reviewer(app, pilot, clock)
        for _ in range(1000):
            await asyncio.sleep(0.01)
            app.desk.tick()
            await pilot.pause()
            if "reading 100 of 250" in reviewer.screen:
                break
        assert "reading 100 of 250" in reviewer.bar("workers")
        office.go_on.set()
        await reviewer.rests()
        assert "250 waiting" in reviewer.screen
        assert "reading" not in reviewer.bar("workers")


async def test_few_files_are_read_without_a_word(office: Office, clock: ManualClock) -> None:
    said: list[Progress | None] = []
    for number in range(20):
        office.put(f"r{number}", quiet=True)
    office.desk.queue.refresh(lambda: said.append(office.progress))
    assert said == [None]
