"""The protocol's own test server as a server of the user's: listed, checked, called."""

from __future__ import annotations

import json

import pytest
from tests.support import counterparts
from tests.support.machine import Machine, new_machine

pytestmark = counterparts.EVERYTHING.needed


@pytest.fixture
def machine(tmp_path) -> Machine:
    machine = new_machine(tmp_path, 1, None)
    machine.configure(f'[servers.everything]\ncommand = ["{counterparts.EVERYTHING.path()}", "stdio"]\n')
    machine.run("init")
    return machine


def ask(machine: Machine, name: str, tool: str, arguments: str) -> dict:
    head = f"kind: mcp_call\nserver: everything\ntool: {tool}\narguments: {arguments}"
    (machine.vault / f"Pending_Approval/{name}.md").write_text(f"---\n{head}\n---\n")
    return machine.json("show", name)


def test_its_tools_are_listed_and_a_call_is_checked_and_goes_out(machine):
    rows = machine.json("servers", "--tools")["servers"]
    tools = {tool["name"]: tool for row in rows if row["name"] == "everything" for tool in row["tools"]}
    wrong = ask(machine, "wrong", "get-sum", "{a: one, b: 2}")
    missing = ask(machine, "missing", "get-summe", "{a: 1, b: 2}")
    good = ask(machine, "good", "get-sum", "{a: 17, b: 25}")
    machine.approve("good")
    machine.run("--daemon", "--once")

    assert {"echo", "get-sum"} <= set(tools)
    assert all(tool["schema"]["type"] == "object" for tool in tools.values())
    assert [p["message"] for p in wrong["problems"]] == ["get-sum of everything takes the argument a as number only."]
    assert [p["field"] for p in missing["problems"]] == ["tool"]
    assert good["approvable"]
    [receipt] = (machine.vault / "Approved/archived").glob("*.receipt.json")
    assert "42" in json.loads(receipt.read_text())["evidence"]["answer"]
