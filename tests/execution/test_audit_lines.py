"""The daily audit file says the same of every kind: what, who, to whom, with what, allowed by whom, to what end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.model.action import Kind
from platinum_tui.model.canonical import fingerprint_of

SAMPLES = Path(__file__).parents[1] / "samples"
ASKED_FOR = {"action_type", "actor", "target", "parameters", "approval_status", "approved_by", "result"}
OF_A_DECISION = {"approved", "intent", "outcome", "rejected"}
TEXTS = ("body", "text", "arguments")


def one_of_each() -> dict[Kind, dict]:
    """The first sample of each kind that can be approved."""
    found: dict[Kind, dict] = {}
    for line in (SAMPLES / "expected.jsonl").read_text().splitlines():
        sample = json.loads(line)
        if sample["kind"] and sample["approvable"] and "/canonical/" in sample["file"]:
            found.setdefault(Kind(sample["kind"]), sample)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.configure('undo = "0s"\n[servers.calendar]\ncommand = ["calendar"]\n')
    return home


def test_every_kind_is_sampled():
    assert set(one_of_each()) == set(Kind)


@pytest.mark.parametrize(("kind", "sample"), one_of_each().items(), ids=lambda value: str(value)[:20])
def test_every_line_of_every_kind_is_whole_and_holds_no_text_that_was_sent(home: Home, kind: Kind, sample: dict):
    for name in ("done", "turned-down"):
        data = re.sub(r"\A---\n|^id: .*\n", "", (SAMPLES / sample["file"]).read_text(), flags=re.MULTILINE)
        home.write(f"Pending_Approval/cloud/{name}.md", f"---\nid: {name}\n{data}")
    home.look()
    home.desk.reject("turned-down", "not this one")
    home.approve("done")
    home.servers.tools = lambda _: ({"name": sample["fields"]["tool"], "inputSchema": {}},)  # type: ignore[assignment]
    home.work()
    AuditTrail(home.house.ledger, home.house.vault.logs).write()

    (file,) = home.house.vault.logs.glob("audit-2*.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["event"] for line in lines} >= OF_A_DECISION
    for line in lines:
        assert set(line) >= ASKED_FOR
        assert line["actor"]
        if line["event"] in OF_A_DECISION:
            assert line["action_type"] == kind
            assert line["target"]
            assert line["parameters"]["fingerprint"] == fingerprint_of(line["digest"])
            assert line["approval_status"] == ("rejected" if line["request_id"] == "turned-down" else "approved")
            assert bool(line["approved_by"]) is (line["request_id"] == "done")
    written = file.read_text()
    for name in TEXTS:
        text = sample["fields"].get(name)
        if text:
            assert json.dumps(text)[1:-1][:40] not in written
            assert '"sha256"' in written
