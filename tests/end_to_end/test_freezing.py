"""The switch that stops everything: thrown and lifted beside a program that runs, which hears of it at once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from tests.support.machine import Machine
from tests.support.pseudo_terminal import PseudoTerminal
from tests.support.waiting import wait_until

AT_ONCE_S = 20.0
"""On a machine with much to do; what nobody is woken for waits for the next scan, half a minute later."""


@pytest.fixture
def daemon(machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon that executes."""
    process = subprocess.Popen(machine.command("--daemon"), env=machine.environ, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _executor(machine)["state"] == "idle")
        yield process
    finally:
        process.kill()
        process.wait()


def _executor(machine: Machine) -> dict[str, str | None]:
    nothing_noted_yet = {"state": None, "last_run": None}
    return machine.json("status")["workers"].get("executor", nothing_noted_yet)


def _approve_and_see_it_wait(machine: Machine) -> None:
    """It is approved, and the executor has looked since and begun nothing."""
    before = _executor(machine)["last_run"] or ""
    machine.draft("a.md", id="req-a")
    machine.approve("req-a")
    wait_until(lambda: (_executor(machine)["last_run"] or "") > before and _executor(machine)["state"] == "idle")
    assert machine.inbox.mails == []


def test_thaw_is_heard_at_once_by_the_daemon_that_executes(machine: Machine, daemon: object) -> None:
    machine.run("freeze")
    _approve_and_see_it_wait(machine)

    machine.run("thaw")

    wait_until(lambda: machine.inbox.mails, AT_ONCE_S)


def test_a_freeze_file_that_goes_is_heard_of_at_once_too(machine: Machine, daemon: object) -> None:
    (machine.vault / "FREEZE").touch()
    _approve_and_see_it_wait(machine)

    (machine.vault / "FREEZE").unlink()

    wait_until(lambda: machine.inbox.mails, AT_ONCE_S)


def test_a_thaw_that_a_file_in_the_vault_outlasts_ends_in_5_and_says_what_to_do(machine: Machine) -> None:
    machine.run("freeze", "--reason", "the invoice is wrong")
    machine.run("freeze")
    assert machine.json("status")["frozen"] == "the invoice is wrong"
    machine.draft("a.md", id="req-a")
    fingerprint = machine.json("show", "req-a")["fingerprint"]
    assert "frozen" in machine.run("approve", "req-a", "--fingerprint", fingerprint).stderr
    (machine.vault / "FREEZE").touch()

    said = machine.run("thaw", code=5).stderr

    assert "Still frozen" in said
    assert "Remove" in said
    (machine.vault / "FREEZE").unlink()
    assert machine.json("status")["frozen"] is None


def test_a_console_beside_shows_at_once_that_all_is_frozen_and_then_sends(machine: Machine) -> None:
    with PseudoTerminal(machine.command(), machine.environ) as console:
        console.wait_for("executor idle", 60.0)
        machine.run("freeze")
        console.wait_for("FROZEN", AT_ONCE_S)
        machine.draft("a.md", id="req-a")
        machine.approve("req-a")
        console.wait_for("frozen: goes out after thaw", AT_ONCE_S)

        machine.run("thaw")

        console.wait_for("Done:", AT_ONCE_S)
        assert len(machine.inbox.mails) == 1
