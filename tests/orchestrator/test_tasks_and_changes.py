"""Tasks and requests belong together: done together, given back with the reason, and changes asked for in writing."""

from __future__ import annotations

import pytest
import yaml


def test_changes_are_asked_for_where_the_cloud_reads_and_the_next_version_is_the_same_request(machine):
    machine.draft("a.md", id="req-a", task="Needs_Action/EMAIL_a.md")
    (machine.vault / "Needs_Action/EMAIL_a.md").write_text("# Answer Ana\n")
    before = machine.json("show", "req-a")
    machine.run("tasks", "claim", "EMAIL_a")

    machine.json("request-changes", "req-a", "--reason", "Say Monday: not Friday")

    (task,) = machine.vault.glob("Needs_Action/cloud/*.md")
    head = yaml.safe_load(task.read_text().split("---\n")[1])
    assert head == {
        "type": "changes_requested",
        "request": "req-a",
        "file": "Pending_Approval/cloud/a.md",
        "kind": "email_send",
        "fingerprint": before["fingerprint"],
        "task": "Needs_Action/EMAIL_a.md",
        "reason": "Say Monday: not Friday",
    }
    assert "July invoice" in task.read_text()
    given_back = (machine.vault / "Needs_Action/EMAIL_a.md").read_text()
    assert given_back.startswith("# Answer Ana\n")
    assert "Say Monday: not Friday" in given_back
    machine.draft("a.md", id="req-a", body="The crates leave on Monday.")
    after = machine.json("show", "req-a")
    assert (after["id"], after["state"], after["approvable"]) == ("req-a", "pending", True)
    assert (after["earlier"], after["changed"]) == (before["fingerprint"], ["body"])
    assert after["fingerprint"] != before["fingerprint"]
    assert "changes_requested" in [event["event"] for event in after["history"]]


@pytest.mark.parametrize(
    "naming",
    ["revises: req-a", "supersedes: a.md", "revision_of: Pending_Approval/cloud/a.md", "in_reply_to_task: {task}"],
)
def test_a_next_version_that_only_names_the_earlier_one_is_linked_too(machine, naming):
    machine.draft("a.md", id="req-a")
    machine.draft("other.md", id="req-other", subject='"Another"')
    before = machine.json("show", "req-a")
    for name in ("req-a", "req-other"):
        machine.json("request-changes", name, "--reason", "Say Monday")
    task = next(machine.vault.glob("Needs_Action/cloud/CHANGES_a_*.md"))
    assert "`revises: req-a`" in task.read_text()
    key, _, value = naming.format(task=task.relative_to(machine.vault)).partition(": ")

    machine.draft("next.md", id="req-next", body="The crates leave on Monday.", **{key: value})

    after = machine.json("show", "req-next")
    assert (after["id"], after["state"], after["approvable"]) == ("req-next", "pending", True)
    assert (after["earlier"], after["changed"]) == (before["fingerprint"], ["body"])
    assert f"earlier      {before['fingerprint']}; changed: body" in machine.run("show", "req-next").stdout


def test_what_names_no_request_of_ours_has_no_earlier_version(machine):
    machine.draft("a.md", revises="../../etc/passwd")
    shown = machine.json("show", "a")
    assert (shown["earlier"], shown["changed"], shown["approvable"]) == (None, [], True)


def test_changes_taken_back_are_no_longer_asked_for(machine):
    machine.draft("a.md")
    machine.json("request-changes", "a", "--reason", "Say Monday")
    machine.json("undo", "a")
    assert list(machine.vault.glob("Needs_Action/cloud/*.md")) == []
    assert machine.json("show", "a")["state"] == "pending"


def test_the_task_of_a_rejected_request_goes_back_with_the_reason_if_it_was_claimed_here(machine):
    for name in ("a", "b"):
        machine.draft(f"{name}.md", task=f"Needs_Action/mail/{name}.md")
        task = machine.vault / f"Needs_Action/mail/{name}.md"
        task.parent.mkdir(exist_ok=True)
        task.write_text("# A task\n")
    machine.run("tasks", "claim", "Needs_Action/mail/a.md")

    for name in ("a", "b"):
        machine.json("reject", name, "--reason", "Wrong week")
    machine.run("--daemon", "--once")

    assert (machine.vault / "Needs_Action/mail/a.md").read_text().count("Wrong week") == 1
    assert (machine.vault / "Needs_Action/mail/b.md").read_text() == "# A task\n"
    assert list((machine.vault / "In_Progress/local").rglob("*.md")) == []


def test_a_released_task_goes_back_to_where_it_was_claimed(machine):
    task = machine.vault / "Needs_Action/mail/deep/a.md"
    task.parent.mkdir(parents=True)
    task.write_text("# A task\n")

    machine.run("tasks", "claim", "a")
    (claimed,) = machine.json("tasks")["tasks"]
    assert (claimed["claimed_by"], claimed["title"]) == ("local", "A task")
    machine.run("tasks", "release", "a")
    assert task.exists()
    machine.run("tasks", "claim", "a")
    machine.run("tasks", "done", "a")
    assert (machine.vault / "Done/a.md").exists()
    assert machine.json("tasks")["tasks"] == []


def test_tasks_say_what_is_wrong(machine):
    foreign = machine.vault / "In_Progress/other-agent/b.md"
    foreign.parent.mkdir()
    foreign.write_text("# Theirs\n")
    assert machine.json("tasks", "claim", "nothing", code=4)["error"]["code"] == "not_found"
    assert machine.json("tasks", "claim", code=2)["error"]["code"] == "usage"
    for act in ("claim", "release", "done"):
        assert "other-agent has claimed it" in machine.json("tasks", act, "b", code=3)["error"]["message"]
    assert foreign.read_text() == "# Theirs\n"


def test_counts_and_workers_stand_between_their_markers_and_change_with_the_queue(machine):
    dashboard = machine.vault / "Dashboard.md"
    text = (
        "# Mine\n<!-- platinum:queue -->\n<!-- /platinum:queue -->\nkept\n"
        "<!-- platinum:workers -->\n<!-- /platinum:workers -->\n"
    )
    dashboard.write_text(text)
    machine.draft("a.md")
    machine.draft("b.md", subject='"Another"')
    machine.run("--daemon", "--once")
    assert "| pending | 2 |" in dashboard.read_text()
    machine.approve("a")
    machine.run("--daemon", "--once")

    shown = dashboard.read_text()
    assert "| pending | 1 |\n| done | 1 |" in shown
    assert "| executor |" in shown
    assert "\nkept\n" in shown
    machine.run("--daemon", "--once")
    assert dashboard.read_text() == shown
