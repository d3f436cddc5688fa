"""Of two consoles on one vault one executes; when it ends, however it ends, the other one takes over."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from tests.support.machine import Machine
from tests.support.pseudo_terminal import PseudoTerminal
from tests.support.waiting import wait_until

PATIENCE_S = 60.0
WORKERS = ("orchestrator", "executor", "dashboard")

Open = Callable[[], PseudoTerminal]


@pytest.fixture
def opened(machine: Machine) -> Iterator[Open]:
    """Opens a console in a terminal of its own, and ends it with the story."""
    with ExitStack() as terminals:

        def open_console() -> PseudoTerminal:
            return terminals.enter_context(PseudoTerminal(machine.command(), machine.environ))

        yield open_console


def _is_sent(machine: Machine, name: str) -> None:
    """What is approved now goes out without anything else being done."""
    sent = len(machine.inbox.mails)
    machine.draft(f"{name}.md", id=name, subject=name)
    machine.approve(name)
    wait_until(lambda: len(machine.inbox.mails) == sent + 1)
    wait_until(lambda: machine.json("show", name)["state"] == "done")  # else the console asks before it is left


def _halt(console: PseudoTerminal, machine: Machine) -> None:
    """Stop a console where it writes to none of its databases: nobody could read those until it goes on."""
    with ExitStack() as databases:
        for file in sorted((machine.root / "state").rglob("*.db")):
            database = databases.enter_context(closing(sqlite3.connect(file, timeout=PATIENCE_S, isolation_level=None)))
            database.execute("BEGIN IMMEDIATE")
        console.process.send_signal(signal.SIGSTOP)
        state = Path(f"/proc/{console.process.pid}/stat")
        wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T")


def test_a_console_that_only_reviews_takes_over_when_the_one_that_executes_is_left(machine: Machine, opened: Open):
    first = opened()
    first.wait_for("executor idle", PATIENCE_S)
    second = opened()
    second.wait_for("Another instance executes on this vault.", PATIENCE_S)
    for worker in WORKERS:
        second.wait_for(f"{worker} paused", PATIENCE_S)

    first.type("q")
    assert first.wait_for_end(PATIENCE_S) == 0

    second.wait_for("Nothing else executes", PATIENCE_S)
    for worker in WORKERS:
        second.wait_for(f"{worker} idle", PATIENCE_S)
    assert "paused" not in second.text
    assert machine.json("status")["executing"] is True
    _is_sent(machine, "after-the-handover")
    second.type("q")
    assert second.wait_for_end(PATIENCE_S) == 0
    assert len(machine.inbox.mails) == 1
    assert machine.json("audit", "verify")["ok"]


def test_a_console_that_is_opened_while_the_last_one_still_ends_executes(machine: Machine, opened: Open):
    first = opened()
    first.wait_for("executor idle", PATIENCE_S)
    _halt(first, machine)  # it takes its time to end
    first.hang_up()

    second = opened()
    second.wait_for("Another instance executes on this vault.", PATIENCE_S)
    machine.draft("a.md", id="meanwhile")
    machine.approve("meanwhile")
    first.process.send_signal(signal.SIGCONT)

    second.wait_for("executor idle", PATIENCE_S)
    wait_until(lambda: first.process.poll() is not None)
    wait_until(lambda: len(machine.inbox.mails) == 1)
    _is_sent(machine, "reopened")
