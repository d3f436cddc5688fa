"""The program as a service: at login, told to stop, beside a console, and what doctor says of a shared vault."""

from __future__ import annotations

import configparser
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.orchestrator.clones import git
from tests.support.waiting import wait_until

from platinum_tui.model.event import Worker, WorkerState
from platinum_tui.review.house import House
from platinum_tui.service import Service
from platinum_tui.system.configuration import Options, load


@pytest.fixture
def started(machine):
    """Starts the daemon, and ends it with the story."""
    running: list[subprocess.Popen[str]] = []

    def start(*more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            machine.command("--daemon", *more), env=machine.environ, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        wait_until(lambda: machine.json("status", code=0)["executing"])
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_daemon_executes_what_is_decided_beside_it_and_ends_cleanly_when_told(machine, started):
    daemon = started()
    assert machine.run("--daemon", code=6).stderr
    machine.draft("a.md", id="req-a")
    machine.approve("req-a")
    wait_until(lambda: machine.json("show", "req-a")["state"] == "done")

    status = machine.json("status")
    assert status["executing"] is True
    assert status["workers"]["executor"]["last_run"]
    assert status["workers"]["orchestrator"]["state"] in {"idle", "running"}
    daemon.send_signal(signal.SIGTERM)
    _, said = daemon.communicate(timeout=40)
    assert daemon.returncode == 0, said
    assert "req-a: done" in said
    assert machine.json("status")["executing"] is False
    assert len(machine.inbox.mails) == 1
    assert machine.json("audit", "verify")["ok"]


def test_told_to_stop_it_ends_the_request_under_way_and_leaves_the_others_for_later(machine, started):
    machine.run("freeze")
    for number in range(12):
        machine.draft(f"r{number}.md", id=f"req-{number}")
        machine.approve(f"req-{number}")
    daemon = started()
    machine.run("thaw")
    (machine.vault / "Pending_Approval/ring.md").write_text("ring\n")
    wait_until(lambda: machine.inbox.mails)

    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=40)

    assert daemon.returncode == 0
    states = [each["state"] for each in machine.json("list", "--state", "all")["requests"] if each["kind"]]
    assert set(states) <= {"approved", "done"}
    assert states.count("done") == len(machine.inbox.mails) < 12
    machine.run("--daemon", "--once")
    assert len(machine.inbox.mails) == 12


def test_one_pass_ends_cleanly_when_told_too(machine):
    machine.run("freeze")
    for number in range(12):
        machine.draft(f"r{number}.md", id=f"req-{number}")
        machine.approve(f"req-{number}")
    machine.run("thaw")
    once = subprocess.Popen(
        machine.command("--daemon", "--once"), env=machine.environ, stderr=subprocess.PIPE, text=True
    )
    wait_until(lambda: machine.inbox.mails)
    once.send_signal(signal.SIGINT)
    once.communicate(timeout=60)

    assert once.returncode == 0
    states = [each["state"] for each in machine.json("list", "--state", "all")["requests"]]
    assert set(states) <= {"approved", "done"}
    assert states.count("done") == len(machine.inbox.mails)


def test_a_console_beside_a_daemon_reviews_and_shows_how_the_daemon_is_doing(machine, started):
    daemon = started()
    wait_until(lambda: machine.json("status")["workers"]["executor"]["state"] == "idle")
    machine.draft("a.md", id="req-a")
    house = House.open(load(Options(), machine.environ), environ=machine.environ)
    beside = Service(house)
    beside.start()
    try:
        workers = beside.workers()
        assert workers[Worker.EXECUTOR].state is WorkerState.PAUSED
        assert workers[Worker.EXECUTOR].last_error == "Another instance executes on this vault."
        assert workers[Worker.EXECUTOR].last_run
        assert beside.reported_workers()["executor"]["last_run"]
        standing = beside.review("req-a").standing
        beside.approve("req-a", standing.request.fingerprint)
        wait_until(lambda: machine.inbox.mails)
    finally:
        beside.stop()
    assert daemon.poll() is None
    wait_until(lambda: machine.json("show", "req-a")["state"] == "done")
    assert len(machine.inbox.mails) == 1


def test_the_daemon_is_light_at_rest_and_loads_no_screen(machine, started):
    daemon = started()
    time.sleep(2)
    if not Path(f"/proc/{daemon.pid}/status").exists():
        pytest.skip("needs /proc")
    assert _resident_mb(daemon.pid) < 60
    loaded = Path(f"/proc/{daemon.pid}/maps").read_text()
    assert "textual" not in loaded
    before, since = _cpu_seconds(daemon.pid), time.monotonic()
    time.sleep(8)
    assert (_cpu_seconds(daemon.pid) - before) / (time.monotonic() - since) < 0.02


def test_the_daemon_stays_light_when_it_has_executed_something(machine, started):
    daemon = started()
    if not Path(f"/proc/{daemon.pid}/status").exists():
        pytest.skip("needs /proc")
    machine.draft("a.md", id="req-a")
    machine.approve("req-a")
    wait_until(lambda: machine.json("show", "req-a")["state"] == "done")
    assert _resident_mb(daemon.pid) < 60


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / 100


def test_the_service_is_written_where_systemd_looks_and_removed_again(machine):
    machine.environ["XDG_CONFIG_HOME"] = str(machine.root / "xdg")
    machine.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    unit = machine.root / "xdg/systemd/user/platinum-tui.service"
    machine.run("service", "status", code=1)

    machine.run("service", "install")

    text = unit.read_text()
    parsed = configparser.ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(text)
    command = shlex.split(parsed["Service"]["ExecStart"])
    assert command[1:4] == ["-m", "platinum_tui.cli", "--daemon"]
    assert str(machine.vault) in command
    assert "LoadCredential=platinum-passphrase:" in text
    assert "correct horse" not in text
    assert str(unit) in machine.run("service", "status").stdout
    machine.run("service", "remove")
    assert not unit.exists()


def test_doctor_names_secrets_that_would_travel_and_the_tools_that_carry_the_vault(machine):
    git(machine.vault, "init", "-q")
    (machine.vault / "keys").mkdir()
    (machine.vault / "keys/server.pem").write_text("x")
    git(machine.vault, "add", "-f", "keys/server.pem")
    (machine.vault / "keyring.bin").write_text("x")
    (machine.vault / ".stfolder").mkdir()
    (machine.vault / "Updates/a.sync-conflict-20260107-101112-ABCDEFG.md").write_text("x")

    findings = machine.json("doctor", code=5)["findings"]

    named = {finding["code"]: finding for finding in findings}
    assert "keys/server.pem" in named["secret_tracked"]["message"]
    assert "keyring.bin" in named["secret_in_vault"]["message"]
    assert "Syncthing" in named["sync_tool"]["message"]
    assert "Updates/a.sync-conflict-" in named["second_version"]["message"]
    assert all(finding["remedy"] for finding in findings)


def test_doctor_names_a_folder_that_leads_out_of_the_vault(machine):
    (machine.vault / "Rejected").rename(machine.vault.parent / "outside")
    (machine.vault / "Rejected").symlink_to(machine.vault.parent / "outside")

    findings = machine.json("doctor", code=5)["findings"]

    (found,) = [finding for finding in findings if finding["code"] == "folder_obstructed"]
    assert found["message"].startswith("Rejected in the vault is a link")
    assert "folder" in found["remedy"]


def test_status_does_not_wait_for_a_pipe_in_place_of_the_lock(machine):
    (machine.vault / ".platinum/executor.lock").unlink(missing_ok=True)
    os.mkfifo(machine.vault / ".platinum/executor.lock")
    assert machine.json("status")["executing"] is False
