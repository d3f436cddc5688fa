"""The mission: the cloud drafts while we are off, a person decides, this machine acts once, the cloud sees it."""

from __future__ import annotations

import json

from tests.orchestrator.clones import Cloud, git, mail_request

FILE = "Pending_Approval/cloud/EMAIL_july.md"
TASK = "Needs_Action/EMAIL_july.md"


def test_what_the_cloud_drafted_while_we_were_off_is_decided_done_once_and_seen_by_the_cloud(join, remote, tmp_path):
    local = join("local")
    local.run("sync")
    cloud = Cloud(tmp_path / "cloud", remote)
    request = mail_request(id="req-july", task=TASK)
    cloud.write({FILE: request, TASK: "# Answer Ana\n", "Updates/one.md": "---\nagent: cloud\n---\nDrafted a reply.\n"})

    local.run("--daemon", "--once")
    shown = local.json("show", "req-july")
    assert (shown["state"], shown["approvable"]) == ("pending", True)
    local.run("tasks", "claim", "EMAIL_july")
    local.json("approve", "req-july", "--fingerprint", shown["fingerprint"])
    local.run("--daemon", "--once")
    local.run("--daemon", "--once")

    (mail,) = local.inbox.mails
    assert (mail["To"], mail["Subject"]) == ("ana@example.com", "July invoice")
    cloud.pull()
    assert cloud.read("Approved/archived/EMAIL_july.md") == request
    receipt = json.loads(cloud.read("Approved/archived/EMAIL_july.receipt.json"))
    assert (receipt["outcome"], receipt["fingerprint"]) == ("done", shown["fingerprint"])
    assert cloud.has("Done/EMAIL_july.md")
    assert not cloud.has(FILE)
    assert not cloud.has(TASK)
    dashboard = cloud.read("Dashboard.md")
    assert dashboard.count(shown["fingerprint"]) == 1
    assert dashboard.count("Drafted a reply.") == 1
    lines = [json.loads(line) for file in cloud.root.glob("Logs/audit-[0-9]*.jsonl") for line in file.open()]
    done = [line for line in lines if line["event"] == "outcome"]
    wanted = {"action_type", "actor", "target", "parameters", "approval_status", "approved_by", "result"}
    assert wanted <= set(done[0])
    assert [line["result"] for line in done] == ["done"]
    assert not list(cloud.root.glob("Logs/*.log"))
    assert git(remote, "for-each-ref", "--format=%(contents:subject)", "refs/platinum/claims/").startswith("done ")
    status = local.json("status")
    assert status["sync"]["last_success"]
    assert status["sync"]["last_error"] is None
