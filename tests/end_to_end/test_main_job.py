"""The main job: a request is read, approved and sent, once, with receipt, audit lines and a dashboard line."""

from __future__ import annotations

import hashlib
import json

import pytest


def test_an_approved_mail_arrives_once_and_leaves_its_proof(machine):
    request = machine.draft("EMAIL_july.md", id="req-july", task="Needs_Action/EMAIL_july.md")
    data = request.read_bytes()
    (machine.vault / "Needs_Action/EMAIL_july.md").write_text("# Answer Ana\n")

    shown = machine.json("show", "req-july")
    machine.json("approve", "req-july", "--fingerprint", shown["fingerprint"])
    machine.run("--daemon", "--once")
    machine.run("--daemon", "--once")

    (mail,) = machine.inbox.mails
    (envelope,) = machine.inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("me@example.com", ["ana@example.com"])
    assert (mail["From"], mail["To"], mail["Subject"]) == ("me@example.com", "ana@example.com", "July invoice")
    assert mail.get_content().replace("\r\n", "\n") == "The crates leave on Friday.\n"
    archived = machine.vault / "Approved/archived/EMAIL_july.md"
    assert archived.read_bytes() == data
    assert not request.exists()
    receipt = json.loads((machine.vault / "Approved/archived/EMAIL_july.receipt.json").read_text())
    assert (receipt["request_id"], receipt["outcome"]) == ("req-july", "done")
    assert receipt["fingerprint"] == shown["fingerprint"]
    assert receipt["evidence"]["message_id"] == mail["Message-ID"]
    assert (machine.vault / "Done/EMAIL_july.md").exists()
    dashboard = (machine.vault / "Dashboard.md").read_text()
    assert dashboard.count(shown["fingerprint"]) == 1
    assert machine.json("audit", "verify") == {"ok": True, "findings": []}
    events = [json.loads(line)["event"] for file in machine.vault.glob("Logs/audit-*.jsonl") for line in file.open()]
    assert events == ["approved", "intent", "outcome"]
    log = machine.run("audit", "show").stdout.splitlines()
    assert all("req-july" in line and shown["fingerprint"] in line for line in log)
    assert log[-1].endswith("  done")
    assert machine.json("show", "req-july")["state"] == "done"
    assert sorted(p.name for p in (machine.vault / "Approved").iterdir()) == ["archived"]


def test_what_show_says_goes_out_is_what_goes_out(machine):
    machine.draft("a.md", body="Grüße,\n\n* one\n* two", subject='"Für Ana"', to='["Ana Rüiz <ana@example.com>"]')

    preview = machine.json("show", "a")["preview"]
    machine.approve("a")
    machine.run("--daemon", "--once")

    (mail,) = machine.inbox.mails
    for header in ("From", "To", "Subject"):
        assert f"{header}: {mail[header]}\n" in preview
    assert preview.endswith(mail.get_content().replace("\r\n", "\n"))
    assert "Date: (fixed at approval)" in preview


def test_the_raw_text_is_told_as_json_where_json_was_asked_for(machine):
    request = machine.draft("a.md", body="Grüße\x1b[2J")

    shown = machine.json("show", "a", "--raw")

    assert shown["raw"] == machine.run("show", "a", "--raw").stdout.removesuffix("\n")
    assert shown["raw"].split("Grüße")[0] == request.read_text().split("Grüße")[0]
    assert "\x1b" not in shown["raw"]
    assert {name: shown[name] for name in shown if name != "raw"} == machine.json("show", "a")


def test_a_byte_changed_after_approval_is_never_sent(machine):
    machine.draft("a.md")
    machine.approve("a")
    approved = machine.vault / "Approved/a.md"
    approved.write_bytes(approved.read_bytes().replace(b"Friday", b"Monday"))

    machine.run("--daemon", "--once", code=5)

    assert machine.inbox.mails == []
    (held,) = machine.json("list", "--state", "held")["requests"]
    assert held["file"] == "Needs_Attention/a.md"
    assert "approve" in machine.run("show", "a").stdout


def test_a_stale_fingerprint_decides_nothing(machine):
    request = machine.draft("a.md")
    seen = machine.json("show", "a")["fingerprint"]
    request.write_text(request.read_text().replace("Friday", "Monday"))

    error = machine.json("approve", "a", "--fingerprint", seen, code=3)["error"]

    assert error["code"] == "stale_fingerprint"
    assert error["remedy"]
    assert machine.json("show", "a")["state"] == "pending"


def test_nothing_is_sent_inside_the_undo_window_and_undo_takes_it_back(machine):
    machine.configure(undo="1h")
    request = machine.draft("a.md")
    machine.approve("a")
    machine.run("--daemon", "--once")
    assert machine.inbox.mails == []

    undone = machine.json("undo", "a")

    assert (undone["state"], undone["file"]) == ("pending", "Pending_Approval/cloud/a.md")
    assert request.exists()
    machine.configure(undo="0s")
    machine.run("--daemon", "--once")
    assert machine.inbox.mails == []


def test_a_rejected_request_goes_to_rejected_with_its_reason(machine):
    machine.draft("a.md")

    rejected = machine.json("reject", "a", "--reason", "Wrong week")

    assert (rejected["state"], rejected["file"]) == ("rejected", "Rejected/a.md")
    assert "Wrong week" in machine.run("audit", "export", "--format", "json").stdout
    machine.run("--daemon", "--once")
    assert machine.inbox.mails == []


@pytest.mark.parametrize("verb", ["reject", "request-changes"])
def test_an_empty_reason_is_no_reason(machine, verb):
    machine.draft("a.md")
    error = machine.json(verb, "a", "--reason", " ", code=2)["error"]
    assert (error["code"], error["message"]) == ("usage", "A reason is needed.")
    assert machine.json("show", "a")["state"] == "pending"


def test_a_file_moved_by_hand_counts_if_it_was_seen_pending_here(machine):
    request = machine.draft("a.md")
    machine.run("list")
    request.rename(machine.vault / "Approved/a.md")
    (machine.vault / "Approved/unseen.md").write_bytes(machine.draft("b.md", folder="").read_bytes() + b"more\n")

    machine.run("--daemon", "--once", code=5)

    assert [mail["Subject"] for mail in machine.inbox.mails] == ["July invoice"]
    (held,) = machine.json("list", "--state", "held")["requests"]
    assert held["file"] == "Needs_Attention/unseen.md"


def test_two_requests_of_one_name_keep_both_their_files(machine):
    for folder in ("cloud", ""):
        machine.draft("a.md", folder=folder, id=f"req-{folder or 'top'}")
    for name in ("req-cloud", "req-top"):
        machine.approve(name)
    machine.run("--daemon", "--once")

    assert len(machine.inbox.mails) == 2
    archived = sorted(p.name for p in (machine.vault / "Approved/archived").glob("*.md"))
    assert archived == ["a.md", "a.req-top.md"]
    assert len(list((machine.vault / "Approved/archived").glob("*.receipt.json"))) == 2


def test_reading_writes_nothing_in_the_vault(machine):
    machine.draft("a.md")

    def fingerprint_of_vault() -> dict[str, str]:
        files = (p for p in machine.vault.rglob("*") if p.is_file())
        return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    before = fingerprint_of_vault()
    for command in (["list"], ["show", "a"], ["status"], ["audit", "verify"]):
        machine.run(*command)
    machine.run("doctor")

    assert fingerprint_of_vault() == before
