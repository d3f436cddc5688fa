"""What somebody who can write in the vault, or start our programs, tries: none of it changes what a person decided."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest


def test_an_encoded_word_in_a_subject_cannot_be_approved(machine):
    machine.draft("a.md", subject='"=?utf-8?q?Hi=0D=0ABcc:_victim@evil.example?="')

    shown = machine.json("show", "a")

    assert "invalid_value" in [problem["code"] for problem in shown["problems"]]
    machine.json("approve", "a", "--fingerprint", shown["fingerprint"], code=3)


@pytest.mark.parametrize("verb", ["reject", "request-changes", "withdraw"])
def test_a_refused_approval_is_not_replayed_from_its_saved_envelope(machine, verb, tmp_path):
    machine.configure(undo="1h")
    machine.draft("a.md", id="req-a")
    machine.approve("req-a")
    saved = tmp_path / "saved"
    shutil.copytree(machine.vault / "Approved", saved)
    machine.run(verb, "req-a", *([] if verb == "withdraw" else ["--reason", "No"]))

    for name in ("a.md", "a.decision.json"):
        shutil.copy(saved / name, machine.vault / "Approved" / name)
    (machine.vault / "Rejected/a.md").unlink()
    machine.configure(undo="0s")
    machine.run("--daemon", "--once", code=5)

    assert machine.inbox.mails == []


def test_read_only_executes_nothing(machine):
    machine.draft("a.md")
    machine.approve("a")

    machine.run("--readonly", "--daemon", "--once", code=3)

    assert machine.inbox.mails == []


def test_read_only_may_stop_everything_and_start_nothing(machine):
    machine.draft("a.md")
    machine.approve("a")
    before = {path for path in machine.vault.rglob("*") if path.is_file()}

    machine.run("--readonly", "freeze")
    assert {path for path in machine.vault.rglob("*") if path.is_file()} == before
    machine.run("--readonly", "thaw", code=3)
    machine.configure(undo="0s")
    machine.run("--daemon", "--once")
    assert machine.inbox.mails == []

    machine.run("thaw")
    machine.run("--daemon", "--once")
    assert len(machine.inbox.mails) == 1


def test_a_hostile_dashboard_keeps_nothing_from_being_sent(machine, tmp_path):
    machine.draft("a.md")
    machine.approve("a")
    (machine.vault / "Dashboard.md").symlink_to(tmp_path / "elsewhere.md")

    for _ in range(2):
        assert "symbolic link" in machine.run("--daemon", "--once", code=1).stderr

    assert len(machine.inbox.mails) == 1
    assert not (tmp_path / "elsewhere.md").exists()


def test_json_holds_no_character_that_acts_on_a_terminal(machine):
    machine.draft("a.md", body="\x9b31m and \u202e")

    assert machine.run("show", "a", "--json").stdout.isascii()


def test_an_approval_is_taken_back_whatever_became_of_its_file(machine):
    machine.configure(undo="1h")
    machine.draft("a.md", id="req-a")
    machine.approve("req-a")
    approved = machine.vault / "Approved/a.md"
    data = approved.read_bytes()
    approved.write_bytes(data + b"more")

    machine.run("undo", "req-a")
    approved.write_bytes(data)
    machine.configure(undo="0s")
    machine.run("--daemon", "--once", code=5)

    assert machine.inbox.mails == []


def test_a_fingerprint_that_stood_for_two_requests_approves_neither(machine):
    machine.draft("a.md", id="req-a")
    shown = machine.json("show", "req-a")["fingerprint"]
    (ledger,) = (machine.root / "state").glob("vaults/*/ledger.db")
    with closing(sqlite3.connect(ledger)) as database, database:  # making two files collide takes a minute of computing
        database.execute("INSERT INTO shown VALUES(?, ?)", (shown, "f" * 64))

    error = machine.json("approve", "req-a", "--fingerprint", shown, code=3)["error"]

    assert error["code"] == "stale_fingerprint"
    assert machine.json("show", "req-a")["state"] == "pending"
