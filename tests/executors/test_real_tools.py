"""The protocol's own test server as a server of the user's: listed, checked, called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.support import counterparts
from tests.support.machine import Machine, new_machine
from tests.support.mail_servers import free_port

pytestmark = counterparts.EVERYTHING.needed


@pytest.fixture(params=["stdio", "http"])
def machine(request, tmp_path) -> Iterator[Machine]:
    machine, program = new_machine(tmp_path, 1, None), str(counterparts.EVERYTHING.path())
    with ExitStack() as stack:
        where = f'command = ["{program}", "stdio"]'
        if request.param == "http":
            port = free_port()
            url = f"http://127.0.0.1:{port}/mcp"
            environ = {**counterparts.node_environ(), "PORT": str(port)}
            command = [program, "streamableHttp"]
            stack.enter_context(counterparts.running(command, lambda: counterparts.answers(url), environ))
            where = f'url = "{url}"'
        machine.configure(f"[servers.everything]\n{where}\n")
        machine.run("init")
        yield machine


def ask(machine: Machine, name: str, tool: str, arguments: str) -> dict:
    head = f"kind: mcp_call\nserver: everything\ntool: {tool}\narguments: {arguments}"
    (machine.vault / f"Pending_Approval/{name}.md").write_text(f"---\n{head}\n---\n")
    return machine.here("show", name)


def test_its_tools_are_listed_and_a_call_is_checked_and_goes_out(machine):
    rows = machine.here("servers", "--tools")["servers"]
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
