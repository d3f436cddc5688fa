"""The agents' door: an agent proposes, looks, waits, revises and withdraws through MCP; it decides nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

MAIL = {
    "kind": "email_send",
    "to": ["ana@example.com"],
    "subject": "July invoice",
    "body": "The crates leave on Friday.",
}
BRIEF = {"id", "file", "fingerprint", "state", "problems"}


@asynccontextmanager
async def door(machine) -> AsyncIterator[Client]:
    server = StdioServerParameters(command=sys.executable, args=machine.command("agent")[1:], env=machine.environ)
    async with Client(server, read_timeout_seconds=60) as client:
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert json.loads(result.content[0].text) == result.structured_content
    assert result.is_error is ("error" in result.structured_content)
    return result.structured_content


def files_of(vault: Path) -> dict[str, bytes]:
    found = (path for path in vault.rglob("*") if path.is_file() and path.parent.name != ".platinum")
    return {path.relative_to(vault).as_posix(): path.read_bytes() for path in found}


async def test_a_proposal_becomes_one_file_that_a_person_approves(machine):
    async with door(machine) as client:
        proposed = await call(client, "request_approval", **MAIL, reason="Ana asked", request_key="july")
        again = await call(client, "request_approval", **{**MAIL, "body": "Other words."}, request_key="july")
        assert set(proposed) == BRIEF
        assert (proposed["state"], proposed["problems"]) == ("pending", [])
        assert again == proposed
        (file,) = machine.vault.glob("Pending_Approval/**/*.md")
        assert proposed["file"] == file.relative_to(machine.vault).as_posix()
        early = await call(client, "wait_for_decision", id=proposed["id"], timeout_s=0)
        assert (early["decided"], early["state"]) == (False, "pending")

        waiting = asyncio.create_task(call(client, "wait_for_decision", id=proposed["id"], timeout_s=60))
        shown = machine.json("show", proposed["id"])
        assert (shown["fingerprint"], shown["reason"]) == (proposed["fingerprint"], "Ana asked")
        await asyncio.to_thread(machine.json, "approve", proposed["id"], "--fingerprint", proposed["fingerprint"])
        decided = await waiting
        assert (decided["decided"], decided["state"]) == (True, "approved")
        await asyncio.to_thread(machine.run, "--daemon", "--once")
        assert (await call(client, "get_request", id=proposed["id"]))["state"] == "done"
        assert (await call(client, "request_approval", **MAIL, request_key="july"))["state"] == "done"
        assert (await call(client, "revise_request", id=proposed["id"], body="x"))["error"]["code"] == "not_approvable"
        assert (await call(client, "withdraw_request", id=proposed["id"]))["error"]["code"] == "not_approvable"
    (mail,) = machine.inbox.mails
    assert mail["Subject"] == "July invoice"


async def test_the_door_writes_in_pending_approval_alone_and_offers_nothing_that_decides(machine):
    before = files_of(machine.vault)
    async with door(machine) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert tools == {
            *("request_approval", "get_request", "list_requests"),
            *("wait_for_decision", "revise_request", "withdraw_request"),
        }
        one = await call(client, "request_approval", **MAIL)
        two = await call(client, "request_approval", **{**MAIL, "subject": "Another"})
        await call(client, "revise_request", id=one["id"], body="It leaves on Monday.")
        withdrawn = await call(client, "withdraw_request", id=two["id"])
        assert withdrawn["state"] == "rejected"
        listed = (await call(client, "list_requests", state="pending"))["requests"]
        assert [each["id"] for each in listed] == [one["id"]]
        after = files_of(machine.vault)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed
    assert all(name.startswith("Pending_Approval/") for name in changed)
    machine.run("--daemon", "--once")
    assert machine.json("show", two["id"])["file"].startswith("Rejected/")


async def test_a_request_with_problems_is_there_to_be_mended_and_each_version_has_its_fingerprint(machine):
    async with door(machine) as client:
        lacking = await call(client, "request_approval", kind="email_send", to=["ana@example.com"], body="Hello")
        assert [(p["code"], p["field"]) for p in lacking["problems"]] == [("missing_field", "subject")]
        mended = await call(client, "revise_request", id=lacking["id"], subject="Hello")
        assert (mended["id"], mended["file"], mended["problems"]) == (lacking["id"], lacking["file"], [])
        assert mended["fingerprint"] != lacking["fingerprint"]
        as_text = await call(client, "request_approval", **{**MAIL, "to": '["ana@example.com", "bo@example.com"]'})
        assert as_text["problems"] == []


async def test_what_was_sent_back_comes_again_under_the_same_id(machine):
    async with door(machine) as client:
        proposed = await call(client, "request_approval", **MAIL)
        machine.json("request-changes", proposed["id"], "--reason", "Say Monday")
        seen = await call(client, "get_request", id=proposed["id"])
        assert (seen["state"], seen["why"]) == ("changes_requested", "Say Monday")
        revised = await call(client, "revise_request", id=proposed["id"], body="It leaves on Monday.")
        assert (revised["id"], revised["state"], revised["problems"]) == (proposed["id"], "pending", [])
    shown = machine.json("show", proposed["id"])
    assert shown["approvable"]
    assert "Monday" in shown["preview"]


async def test_mistakes_are_named_and_write_nothing(machine):
    async with door(machine) as client:
        for arguments in ({"kind": "teleport"}, {**MAIL, "account": "x"}, {**MAIL, "body": "x" * 300_000}):
            assert (await call(client, "request_approval", **arguments))["error"]["remedy"]
        assert (await call(client, "get_request", id="req-none"))["error"]["code"] == "not_found"
        error = (await call(client, "approve", id="x"))["error"]
        assert error["code"] == "not_found"
        assert all(tool.name in error["remedy"] for tool in (await client.list_tools()).tools)
    assert list(machine.vault.glob("Pending_Approval/**/*.md")) == []
