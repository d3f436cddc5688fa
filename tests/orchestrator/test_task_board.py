"""What a front end can do with tasks and with single workers, through the service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import Failed, Locked, NotFound, RefusedByPolicy
from platinum_tui.model.event import Event, Progress, QueueChanged, Worker, WorkerChanged, WorkerState
from platinum_tui.service import Service
from platinum_tui.system.worker_loop import TOLD_EVERY_S, WorkerLoop

IDLE = WorkerState.IDLE


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def service(home: Home) -> Iterator[Service]:
    service = Service(home.house)
    yield service
    service.stop()


def test_a_task_is_read_claimed_given_back_and_completed_and_the_log_says_by_whom(home: Home, service: Service):
    home.write("Needs_Action/mail/a.md", "# Answer Ana\n\x1b[31mred\x1b[0m\n")
    told: list[Event] = []
    service.subscribe(told.append)

    (task,) = service.tasks()
    assert (task.file, task.domain, task.claimed_by, task.title) == (
        "Needs_Action/mail/a.md",
        "mail",
        None,
        "Answer Ana",
    )
    preview = service.preview_task(task.file)
    assert preview.whole
    assert preview.text.startswith("# Answer Ana\n⟦U+001B⟧[31mred")
    claimed = service.claim_task(task.file)
    assert (claimed.file, claimed.claimed_by) == ("In_Progress/local/mail/a.md", "local")
    assert service.tasks() == (claimed,)
    back = service.release_task(claimed.file)
    assert back == task
    done = service.complete_task(back.file)
    assert (done.file, done.claimed_by) == ("Done/a.md", None)

    assert service.tasks() == ()
    assert QueueChanged() in told
    events = [(each.event, each.actor, each.parameters["task"]) for each in home.house.ledger.events()]
    assert events == [
        ("task_claim", "person", "Needs_Action/mail/a.md"),
        ("task_release", "person", "In_Progress/local/mail/a.md"),
        ("task_done", "person", "Needs_Action/mail/a.md"),
    ]


def test_what_others_claimed_is_shown_and_stays(home: Home, service: Service):
    home.write("In_Progress/bot/b.md", "# Theirs\n")
    home.write("In_Progress/local/c.md", "# Ours\n")
    assert [task.claimed_by for task in service.tasks()] == ["bot", "local"]
    for act in (service.claim_task, service.release_task, service.complete_task):
        with pytest.raises(RefusedByPolicy, match="bot has claimed it"):
            act("b")
    with pytest.raises(RefusedByPolicy, match="local has claimed it already"):
        service.claim_task("c")
    with pytest.raises(NotFound):
        service.preview_task("nothing")


def test_a_long_task_is_shown_in_part(home: Home, service: Service):
    home.write("Needs_Action/long.md", "x" * 100_000)
    preview = service.preview_task("long")
    assert (len(preview.text), preview.whole) == (64 * 1024, False)


def test_what_waits_for_each_worker_is_counted(home: Home, service: Service):
    home.draft("a")
    home.draft("b")
    home.approve("b")
    home.write("Updates/u.md", "---\nid: u\n---\nHello.\n")
    assert service.queues() == {Worker.ORCHESTRATOR: 1, Worker.EXECUTOR: 1, Worker.DASHBOARD: 1, Worker.SYNC: 0}


def test_a_worker_is_asked_to_try_again_at_once(home: Home, service: Service):
    ran = threading.Event()

    def told(event: Event) -> None:
        if isinstance(event, WorkerChanged) and (event.worker, event.status.state) == (Worker.DASHBOARD, IDLE):
            ran.set()

    with pytest.raises(RefusedByPolicy, match="not running"):
        service.retry(Worker.DASHBOARD)
    service.subscribe(told)
    service.start()
    assert ran.wait(20)
    ran.clear()
    service.retry(Worker.DASHBOARD)
    assert ran.wait(20)
    with pytest.raises(RefusedByPolicy, match="no git clone"):
        service.retry(Worker.SYNC)


def test_beside_another_instance_nothing_is_retried(home: Home, service: Service):
    other = Service(home.house)
    other.lock.acquire()
    try:
        service.start()
        with pytest.raises(Locked):
            service.retry(Worker.EXECUTOR)
    finally:
        other.lock.release()


def test_a_loop_that_ended_after_a_failed_disk_begins_anew_when_asked(home: Home):
    passes, failed, worked = [], threading.Event(), threading.Event()

    def work() -> float:
        passes.append(1)
        if len(passes) == 1:
            raise OSError(5, "the disk failed")
        worked.set()
        return 60.0

    def changed(status) -> None:
        if status.state is WorkerState.FAILING:
            failed.set()

    loop = WorkerLoop("story", work, home.clock, changed)
    loop.start()
    assert failed.wait(10)
    loop._thread.join(10)
    loop.retry()
    assert worked.wait(10)
    loop.stop(10)
    assert len(passes) == 2


def test_a_loop_tells_how_far_a_pass_has_come_twice_a_second_at_most_and_nothing_once_it_is_over(home: Home):
    told: list[str] = []
    over = threading.Event()

    def work() -> float:
        for number in range(3):
            loop.come_to(Progress("reading", number, 3))
        home.clock.advance(TOLD_EVERY_S)
        loop.come_to(Progress("reading", 2, 3))
        loop.come_to(Progress("pushing"))
        assert loop.status.progress == Progress("pushing")
        return 60.0

    def changed(status) -> None:
        told.append(status.progress.words if status.progress else status.state.value)
        if status.state is WorkerState.IDLE:
            over.set()

    loop = WorkerLoop("story", work, home.clock, changed)
    loop.start()
    assert over.wait(10)
    loop.come_to(Progress("too late"))
    assert loop.status.progress is None
    loop.stop(10)
    assert told == ["running", "reading 0 of 3", "reading 2 of 3", "pushing", "idle", "stopped"]


def test_workers_are_held_between_two_passes_and_go_on_afterwards(home: Home, service: Service):
    began, end = threading.Event(), threading.Event()
    passes: list[int] = []

    def work() -> float:
        passes.append(1)
        began.set()
        assert end.wait(30)
        return 60.0

    loop = WorkerLoop("story", work, home.clock, lambda _: None)
    loop.start()
    assert began.wait(10)
    assert not loop.hold(0.01), "its pass is under way"
    end.set()
    assert loop.hold(10)
    assert len(passes) == 1
    began.clear()
    loop.wake()
    assert not began.wait(0.05), "none begins while it is held"
    loop.let_go()
    assert began.wait(10)
    assert loop.hold(10)
    loop.wake()
    loop.stop(10)
    assert not loop._thread.is_alive(), "who is held ends all the same"

    service.hold(10)
    with pytest.raises(Failed, match="middle of its work"):
        service.hold(0.01)
    service.let_go()
    service.hold(10)
    service.let_go()
