"""File names that a person, an agent or another system may choose: every command answers, and nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

NAMES = {
    "backslash": b"back\\slash.md",
    "not utf-8": b"latin-\xf1.md",
    "newline": b"two\nlines.md",
    "dash": b"-rf.md",
    "longest": b"l" * 252 + b".md",
    "quotes": b'it\'s "so" $(so) *.md',
    "emoji": "\U0001f4e7 \u202e.md".encode(),
}
UNUSABLE = {"backslash", "not utf-8"}
"""Names that no ledger, log or other system can hold: they are shown and left until somebody renames them."""
TEXT = "---\nid: {id}\nkind: email_send\nto: [{id}@example.com]\nsubject: Crates\n---\nThe crates leave on Friday.\n"


def put(folder: Path, name: bytes, text: str) -> Path:
    path = folder / os.fsdecode(name)
    path.write_text(text)
    return path


@pytest.mark.parametrize("case", NAMES)
def test_a_request_of_any_name_is_listed_and_hinders_no_other(machine, case):
    odd = put(machine.vault / "Pending_Approval", NAMES[case], TEXT.format(id="odd"))
    put(machine.vault / "Approved", NAMES[case], TEXT.format(id="moved"))
    machine.draft("july.md", id="july")

    listed = {each["file"]: each for each in machine.json("list", "--state", "all")["requests"]}
    machine.approve("july")
    machine.run("--daemon", "--once", code=5)

    assert [mail["To"] for mail in machine.inbox.mails] == ["ana@example.com"]
    (row,) = (each for file, each in listed.items() if file.startswith("Pending_Approval/") and "july" not in file)
    assert len([file for file in listed if file.startswith("Approved/")]) == 1
    assert row["approvable"] is (case not in UNUSABLE)
    if case in UNUSABLE:
        assert [problem["code"] for problem in row["problems"]] == ["unreadable"]
        assert "rename it" in row["problems"][0]["message"]
        assert odd.read_text() == TEXT.format(id="odd")
    else:
        machine.approve("odd")
        machine.run("--daemon", "--once", code=5)
        assert [mail["To"] for mail in machine.inbox.mails] == ["ana@example.com", "odd@example.com"]
        assert machine.json("show", "odd")["state"] == "done"


@pytest.mark.parametrize("case", NAMES)
def test_a_task_of_any_name_is_shown_and_is_moved_or_says_why_not(machine, case):
    task = put(machine.vault / "Needs_Action", NAMES[case], "# Answer Ana\n")

    (row,) = machine.json("tasks")["tasks"]
    machine.run("tasks")
    if case in UNUSABLE:
        for act in ("claim", "done"):
            assert "Rename" in machine.json("tasks", act, row["file"], code=3)["error"]["remedy"]
        assert task.read_text() == "# Answer Ana\n"
    else:
        assert row["title"] == "Answer Ana"
        claimed = machine.json("tasks", "claim", row["file"])["task"]["file"]
        machine.json("tasks", "release", claimed)
        done = machine.json("tasks", "done", row["file"])["task"]["file"]
        assert (machine.vault / done).read_text() == "# Answer Ana\n"


@pytest.mark.parametrize("folder", ["Updates", "Signals"])
@pytest.mark.parametrize("case", NAMES)
def test_an_update_of_any_name_is_reported_and_put_away(machine, folder, case):
    update = put(machine.vault / folder, NAMES[case], "The crates have left.\n")
    put(machine.vault / folder, b"plain.md", "The lorry is back.\n")

    said = machine.run("--daemon", "--once").stderr

    shown = (machine.vault / "Dashboard.md").read_text()
    assert "The lorry is back." in shown
    assert not update.exists()
    assert "Traceback" not in said
    if case == "backslash":
        assert (update.parent / "error" / update.name).read_text() == "The crates have left.\n"
        assert "backslash" in (update.parent / "error" / f"{update.name}.reason.txt").read_text()
    else:
        assert "The crates have left." in shown
