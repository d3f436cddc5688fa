"""Several machines with one vault: one of them executes, and decisions taken apart meet."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.orchestrator.clones import Cloud, git, mail_request

FILE = "Pending_Approval/cloud/a.md"


def audit_of(machine) -> list[dict]:
    return [json.loads(line) for file in machine.vault.glob("Logs/**/audit-[0-9]*.jsonl") for line in file.open()]


def same_reviewer(one, other) -> None:
    """One person at two machines: the same keys in both."""
    for name in ("keyring.bin", "signers.json"):
        shutil.copy(one.root / "state" / name, other.root / "state" / name)


def test_a_file_that_a_sync_brought_into_approved_is_held(join, remote, tmp_path):
    local = join("local")
    cloud = Cloud(tmp_path / "cloud", remote)
    cloud.write({FILE: mail_request(id="req-a")})
    local.run("--daemon", "--once")
    git(cloud.root, "pull", "-q", "origin", "main")
    (cloud.root / "Approved").mkdir(exist_ok=True)
    (cloud.root / FILE).rename(cloud.root / "Approved/a.md")
    cloud.write({})

    local.run("--daemon", "--once", code=5)

    assert local.inbox.mails == []
    (held,) = local.json("list", "--state", "held")["requests"]
    assert held["id"] == "req-a"
    assert "sync" in local.run("show", "req-a").stdout


def test_of_two_machines_that_approved_one_request_apart_one_executes(join, remote, tmp_path):
    one, two = join("one"), join("two")
    same_reviewer(one, two)
    Cloud(tmp_path / "cloud", remote).write({FILE: mail_request(id="req-a")})
    for machine in (one, two):
        machine.run("sync")
        machine.approve("req-a")

    for machine in (one, two, one, two):
        machine.run("--daemon", "--once")

    assert len(one.inbox.mails) == 1
    shown = [machine.json("show", "req-a") for machine in (one, two)]
    assert [each["state"] for each in shown] == ["done", "done"]
    assert [each["file"] for each in shown] == ["Approved/archived/a.md"] * 2
    assert "executed_elsewhere" in {line["event"] for line in audit_of(two)}
    for machine in (one, two):
        copies = [p for p in machine.vault.rglob("a*.md") if ".git" not in p.parts]
        assert [str(p.relative_to(machine.vault)) for p in copies] == ["Approved/archived/a.md"]
        assert len(list(machine.vault.glob("Approved/archived/a.receipt.json"))) == 1
        assert list(machine.vault.glob("Needs_Attention/*")) == []


def test_a_request_without_id_that_two_machines_first_saw_at_two_versions_is_executed_once(join, remote, tmp_path):
    one, two = join("one"), join("two")
    cloud = Cloud(tmp_path / "cloud", remote)
    cloud.write({FILE: mail_request("The crates leave on Friday.")})
    one.run("sync")
    one.json("list")
    cloud.write({FILE: mail_request("The crates leave on Monday.")})
    for machine in (one, two):
        machine.run("sync")
        machine.approve("a")
    first, second = (machine.json("show", "a") for machine in (one, two))
    assert first["fingerprint"] == second["fingerprint"]
    assert first["id"] != second["id"]

    for machine in (one, two, one, two):
        machine.run("--daemon", "--once")

    assert len(one.inbox.mails) == 1
    for machine in (one, two):
        copies = [p for p in machine.vault.rglob("a*.md") if ".git" not in p.parts]
        assert [str(p.relative_to(machine.vault)) for p in copies] == ["Approved/archived/a.md"]


def test_a_refusal_beats_an_approval_that_was_taken_apart_from_it(join, remote, tmp_path):
    one, two = join("one", undo="1h"), join("two", undo="1h")
    same_reviewer(one, two)
    Cloud(tmp_path / "cloud", remote).write({FILE: mail_request(id="req-a")})
    one.run("sync")
    two.run("sync")
    one.approve("req-a")
    two.json("reject", "req-a", "--reason", "Wrong week")

    for machine in (one, two, one, two):
        machine.run("sync")
    for machine in (one, two):
        machine.configure(undo="0s", machine=machine.root.name)
        machine.run("--daemon", "--once")

    assert one.inbox.mails == []
    for machine in (one, two):
        assert machine.json("show", "req-a")["state"] == "rejected"
        copies = [p for p in machine.vault.rglob("a*.md") if ".git" not in p.parts]
        assert [str(p.relative_to(machine.vault)) for p in copies] == ["Rejected/a.md"]
    recorded = {line["event"] for machine in (one, two) for line in audit_of(machine)}
    assert {"approved", "rejected", "decisions_met"} <= recorded


def test_without_its_claim_nothing_is_executed(join, remote):
    machine = join("local")
    machine.draft("a.md", id="req-a")
    machine.run("sync")
    machine.approve("req-a")
    away = remote.rename(remote.with_name("away.git"))

    cut = machine.run("--daemon", "--once")

    assert machine.inbox.mails == []
    assert machine.json("show", "req-a")["state"] == "approved"
    assert "remote" in cut.stderr
    assert machine.json("status")["sync"]["last_error"]
    away.rename(remote)
    machine.run("--daemon", "--once")
    assert len(machine.inbox.mails) == 1


def test_a_vault_that_is_no_clone_works_alone_and_says_so_once(machine):
    machine.draft("a.md")
    machine.approve("a")

    once = machine.run("--daemon", "--once")

    assert len(machine.inbox.mails) == 1
    assert once.stderr.count("no git clone") == 1
    assert "no git clone" in machine.run("sync").stderr
    assert machine.json("status")["workers"]["sync"]["state"] == "off"


def test_the_logs_say_what_each_worker_did_and_hold_neither_bodies_nor_secrets(join, remote):
    machine = join("desk")
    machine.run("credentials", "set", "email.password", stdin="canary-secret-word\n")
    machine.draft("a.md", id="req-a", body="The crates leave on canary-body Friday.")
    (machine.vault / "Updates/one.md").write_text("---\nagent: cloud\n---\nDrafted.\n")
    machine.approve("req-a")
    machine.run("--daemon", "--once")

    logs = machine.vault / "Logs/desk"
    lines = {p.name: [json.loads(line) for line in p.open()] for p in logs.glob("*.log")}
    assert set(lines) == {"approval_executor.log", "dashboard_merger.log", "platinum_local_orchestrator.log"}
    (done,) = [line for line in lines["approval_executor.log"] if line.get("state") == "done"]
    assert (done["request_id"], done["kind"], done["outcome"]) == ("req-a", "email_send", "done")
    assert [line["event"] for line in lines["dashboard_merger.log"]] == ["merged"]
    everything = "".join(p.read_text() for p in logs.glob("*.log"))
    assert "canary" not in everything
    assert git(machine.vault, "ls-files", "Logs").count(".log") == 0


@pytest.mark.parametrize("declared", ["req-a", ""], ids=["its own id", "no id"])
@pytest.mark.parametrize("again", ["cloud/a.md", "b.md"])
def test_drafted_again_after_its_refusal_and_approved_it_is_executed(join, remote, again, declared):
    """The refusal was known where the approval was given: they do not meet as decisions taken apart."""
    machine = join("local")
    draft = machine.draft("a.md", id=declared)
    data = draft.read_bytes()
    machine.json("reject", "a", "--reason", "Wrong week")
    machine.run("sync")
    (machine.vault / "Pending_Approval" / again).write_bytes(data)
    machine.run("sync")
    machine.approve(f"Pending_Approval/{again}")
    machine.run("sync")
    machine.run("--daemon", "--once")

    assert len(machine.inbox.mails) == 1
    name = again.rpartition("/")[2]
    states = {each["file"]: each["state"] for each in machine.json("list", "--state", "all")["requests"]}
    assert states == {"Rejected/a.md": "rejected", f"Approved/archived/{name}": "done"}


@pytest.mark.parametrize("name", ["a.md", "b.md"])
def test_what_another_machine_executed_is_no_other_request_under_its_id(join, remote, tmp_path, name):
    """A machine that comes later has the receipt in the vault, and nothing in its ledger."""
    one = join("one")
    cloud = Cloud(tmp_path / "cloud", remote)
    cloud.write({FILE: mail_request(id="req-a")})
    one.run("sync")
    one.approve("req-a")
    one.run("--daemon", "--once")
    two = join("two")
    cloud.pull()
    cloud.write({f"Pending_Approval/cloud/{name}": mail_request("The crates leave on Monday.", id="req-a")})
    two.run("sync")

    (listed,) = two.json("list")["requests"]
    assert (listed["file"], listed["state"]) == (f"Pending_Approval/cloud/{name}", "pending")
    assert (listed["approvable"], [problem["code"] for problem in listed["problems"]]) == (False, ["conflict"])
    assert "Approved/archived/a.receipt.json" in listed["problems"][0]["message"]
    assert two.approve("req-a", code=3)["error"]["code"] == "not_approvable"
    two.json("reject", "req-a", "--reason", "It was sent already.")
