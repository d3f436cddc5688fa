"""Where the machine refuses, or something odd lies in the way: a sentence, the documented exit code, nothing lost."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from pathlib import Path

import pytest
from tests.support.pseudo_terminal import PseudoTerminal

from platinum_tui.cli import main
from platinum_tui.execution.servers import LocalServers
from platinum_tui.model.errors import PlatinumError
from platinum_tui.vault import moves


def full_disk(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_an_approval_on_a_full_disk_is_told_as_it_stands_and_done_when_there_is_space(machine, monkeypatch, capsys):
    machine.draft("july.md", id="july")
    fingerprint = machine.json("show", "july")["fingerprint"]

    with monkeypatch.context() as patch:
        patch.setattr(moves, "publish_at", full_disk)
        answer = machine.here("approve", "july", "--fingerprint", fingerprint)

    assert answer["state"] == "approved"
    said = capsys.readouterr().err
    assert "The decision stands" in said
    assert "No space left on device" in said
    machine.run("--daemon", "--once")
    assert len(machine.inbox.mails) == 1
    assert machine.json("show", "july")["state"] == "done"


def test_a_folder_in_the_way_of_the_authors_task_hinders_no_undo_and_stays(machine):
    machine.draft("july.md", id="july")
    machine.json("request-changes", "july", "--reason", "Say which crates.")
    (task,) = (machine.vault / "Needs_Action/cloud").glob("CHANGES_*")
    task.unlink()
    task.mkdir()
    (task / "kept.md").write_text("kept")

    assert machine.json("undo", "july")["state"] == "pending"

    machine.run("--daemon", "--once")
    assert (task / "kept.md").read_text() == "kept"
    assert (machine.vault / "Pending_Approval/cloud/july.md").exists()


def test_a_folder_planted_where_the_authors_task_goes_is_set_aside(machine):
    machine.draft("july.md", id="july")
    machine.json("request-changes", "july", "--reason", "Say which crates.")
    (task,) = (machine.vault / "Needs_Action/cloud").glob("CHANGES_*")
    task.unlink()
    machine.json("undo", "july")
    task.mkdir()

    machine.json("request-changes", "july", "--reason", "Say which crates.")

    assert "Say which crates." in task.read_text()


@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_a_log_folder_that_is_none_is_named_and_no_decision_is_lost(machine, kind):
    machine.draft("july.md", id="july")
    machine.run("list")
    logs = machine.vault / "Logs"
    for path in logs.iterdir():
        path.unlink()
    logs.rmdir()
    logs.write_text("mine") if kind == "file" else logs.symlink_to("/nonexistent/logs")

    assert machine.approve("july")["state"] == "approved"
    said = machine.run("--daemon", "--once", code=1).stderr

    assert "Traceback" not in said
    assert str(logs) in said
    assert "Move away what lies there" in said
    logs.unlink()
    logs.mkdir()
    machine.run("--daemon", "--once")
    assert len(machine.inbox.mails) == 1
    assert machine.json("audit", "verify")["ok"]


def test_credentials_from_a_file_that_cannot_be_read_are_none(machine):
    binary = machine.root / "binary"
    binary.write_bytes(b"EMAIL_PASSWORD=s\xff\n")
    for file in ("/nonexistent", str(machine.root), str(binary)):
        said = machine.run("credentials", "import", file, code=2).stderr
        assert file in said
        assert len(said.splitlines()) == 2


def test_a_file_with_one_bad_name_imports_nothing(machine):
    file = machine.root / "secrets.env"
    file.write_text("EMAIL_PASSWORD=secret\nEMAIL_PÄSS WORT=secret\n")

    machine.run("credentials", "import", str(file), code=2)

    assert machine.json("credentials", "list")["credentials"] == []


def test_a_configuration_below_a_file_cannot_be_made(machine):
    said = machine.run("init", "--config", "/dev/null/x/config.toml", str(machine.root / "other"), code=2).stderr

    assert "/dev/null/x" in said
    assert not (machine.root / "other").exists()


@pytest.mark.parametrize("variable", ["EDITOR", "VISUAL"])
def test_an_editor_with_an_open_quotation_is_said(machine, variable):
    machine.draft("july.md")

    with PseudoTerminal(machine.command("edit", "july"), {**machine.environ, variable: 'vim "'}) as terminal:
        terminal.wait_for(f"{variable} is no command: no closing quotation.")
        assert terminal.wait_for_end() == 2


@pytest.mark.parametrize("when", ["999999999999d", "9" * 5000 + "s", "9999-12-31T23:59:00-12:00", "9999-12-31 23:00"])
def test_a_time_beyond_all_calendars_is_no_time(machine, when):
    machine.environ["TZ"] = "America/New_York"
    machine.draft("july.md")

    error = machine.json("snooze", "july", "--until", when, code=2)["error"]

    assert error["code"] == "usage"
    assert "is no time" in error["message"]
    assert machine.json("show", "july")["state"] == "pending"


def test_the_doctor_names_a_ledger_that_is_none(machine):
    (ledger,) = (machine.root / "state/vaults").glob("*/ledger.db")
    for name in ("ledger.db-wal", "ledger.db-shm"):
        ledger.with_name(name).unlink(missing_ok=True)
    ledger.write_bytes(b"garbage" * 1000)

    done = machine.run("doctor", code=5)

    assert str(ledger) in done.stdout
    assert "in order" not in done.stderr
    assert str(ledger) in machine.json("doctor", code=5)["findings"][0]["message"]


@pytest.mark.parametrize("words", ["list --state all", "--help", "--version", "config show", "completions bash"])
def test_a_reader_that_goes_away_gets_no_complaint(machine, words):
    machine.draft("july.md")
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run(
        machine.command(*words.split()), env=machine.environ, stdout=writer, stderr=subprocess.PIPE, text=True
    )

    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", ["list", "list --json", "--version"])
def test_an_answer_that_cannot_be_written_is_said(machine, words):
    machine.draft("july.md")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            machine.command(*words.split()), env=machine.environ, stdout=full, stderr=subprocess.PIPE, text=True
        )

    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_what_the_machine_refuses_anywhere_else_is_an_error_with_a_remedy(machine):
    state = machine.root / "state"
    (pinned,) = state.glob("vaults/*/root")
    pinned.unlink()
    pinned.mkdir()

    error = machine.json("list", code=1)["error"]

    assert error["code"] == "failed"
    assert str(pinned) in error["message"]


@pytest.mark.parametrize("words", ["credentials check", "servers --link"])
def test_a_person_who_interrupts_a_check_leaves_no_server_running(machine, monkeypatch, words):
    machine.configure(more='[servers.whatsapp]\nphone_number_id = "1"\n')
    running = []
    real = LocalServers.call

    def interrupted(servers, *arguments, **options):
        with contextlib.suppress(PlatinumError):
            real(servers, *arguments, **options)
        running.extend(servers._connections.values())
        assert running[0].alive
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalServers, "call", interrupted)
    for name, value in machine.environ.items():
        monkeypatch.setenv(name, value)

    assert main(words.split()) == 1
    assert [connection.alive for connection in running] == [False]
