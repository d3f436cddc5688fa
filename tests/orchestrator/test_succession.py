"""An instance that only reviews waits for the one that executes, and is told to look at once by the retry key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.vault_house import Home
from tests.support.waiting import wait_until

from platinum_tui.execution.lock import ExecutorLock
from platinum_tui.model.errors import Failed, Locked, RefusedByPolicy
from platinum_tui.model.event import Event, Notice, Worker, WorkerState
from platinum_tui.service import Service
from platinum_tui.workers import succession

TAKES_OVER = "Nothing else executes on this vault any more: this one executes now."
MINE = (Worker.ORCHESTRATOR, Worker.EXECUTOR, Worker.DASHBOARD)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def other(home: Home) -> Iterator[ExecutorLock]:
    """What another instance holds while it executes."""
    lock = ExecutorLock(home.house.vault, home.house.ledger.path.parent)
    lock.acquire()
    yield lock
    lock.release()


@pytest.fixture
def beside(home: Home, other: ExecutorLock) -> Iterator[Service]:
    """An instance that was started while another one executes."""
    service = Service(home.house)
    yield service
    service.stop()


def _said(service: Service) -> list[str]:
    said: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, Notice):
            said.append(event.message)

    service.subscribe(hear)
    return said


def _states(service: Service) -> set[WorkerState]:
    return {service.workers()[worker].state for worker in MINE}


def test_while_another_executes_it_is_paused_and_then_it_takes_over(beside: Service, other: ExecutorLock) -> None:
    said = _said(beside)
    beside.start()
    assert _states(beside) == {WorkerState.PAUSED}
    assert not beside.lock.held

    other.release()

    wait_until(lambda: beside.lock.held and WorkerState.PAUSED not in _states(beside))
    assert said[0].startswith("Another instance executes on this vault.")
    assert TAKES_OVER in said


def test_the_retry_key_takes_over_at_once(
    beside: Service, other: ExecutorLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(succession, "LOOK_EVERY_S", 3600.0)
    beside.start()
    with pytest.raises(Locked):
        beside.retry(Worker.EXECUTOR)
    other.release()

    beside.retry(Worker.EXECUTOR)

    assert beside.lock.held
    assert WorkerState.PAUSED not in _states(beside)


def test_what_lies_in_the_place_of_a_lock_is_waited_out_too(home: Home, beside: Service, other: ExecutorLock) -> None:
    other.release()
    planted = home.vault / ".platinum/executor.lock"
    planted.unlink()
    planted.mkdir()
    said = _said(beside)
    beside.start()
    assert "executor.lock" in said[0]
    with pytest.raises(Failed):
        beside.retry(Worker.EXECUTOR)

    planted.rmdir()

    wait_until(lambda: beside.lock.held)
    assert said[1] == TAKES_OVER, "and why it waits was said once"


def test_one_that_is_left_while_it_waits_takes_nothing(beside: Service, other: ExecutorLock) -> None:
    beside.start()
    beside.finish()
    other.release()
    with pytest.raises(RefusedByPolicy):
        beside.retry(Worker.EXECUTOR)
    assert not beside.lock.held
