"""A call of a tool of the user's own: looked at before it is approved, and once more before it goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.every_service import calendar_server
from tests.support.machine import Machine, new_machine

from platinum_tui.intake.tool_arguments import fault_of_arguments

SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string", "maxLength": 20}, "minutes": {"type": "integer"}},
    "required": ["title"],
    "additionalProperties": False,
}


@dataclass
class Diary:
    """A machine with one server of its owner's."""

    machine: Machine

    @property
    def booked(self) -> list[Any]:
        journal = self.machine.root / "journal"
        return [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []

    def configure(self, mode: str) -> None:
        self.machine.configure(calendar_server(self.machine.root, mode))

    def describe(self, schema: Any) -> None:
        (self.machine.root / "tools.json").write_text(json.dumps({"book": schema}))

    def ask(self, arguments: str, tool: str = "book") -> Any:
        """An agent asks for a call; what the person sees of it."""
        head = f"kind: mcp_call\nserver: calendar\ntool: {tool}\narguments: {arguments}"
        (self.machine.vault / "Pending_Approval/call.md").write_text(f"---\n{head}\n---\n")
        return self.machine.here("show", "call")

    def approve(self) -> None:
        self.machine.here("approve", "call", "--fingerprint", self.machine.here("show", "call")["fingerprint"])

    def list_tools(self, code: int = 0) -> Any:
        rows = self.machine.here("servers", "--tools", code=code)["servers"]
        return next(row for row in rows if row["name"] == "calendar")


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    machine = new_machine(tmp_path, 1, None)
    machine.run("init")
    diary = Diary(machine)
    diary.configure("good")
    diary.describe(SCHEMA)
    return diary


def test_what_a_tool_does_not_take_is_a_problem_before_anybody_approves(diary):
    unlisted = diary.ask("{titel: Dentist}")
    listed = diary.list_tools()
    seen = {
        arguments: diary.ask(arguments)["problems"]
        for arguments in ("{titel: Dentist}", "{title: Dentist, when: now}", "{title: Dentist, minutes: long}")
    }
    elsewhere = diary.ask("{title: Dentist}", tool="cancel")["problems"]
    good = diary.ask("{title: Dentist, minutes: 30}")

    assert unlisted["approvable"]
    assert "checked: no; nobody has listed the tools of calendar yet" in unlisted["preview"]
    [tool] = listed["tools"]
    assert (tool["name"], tool["schema"]) == ("book", SCHEMA)
    assert [problem["message"] for [problem] in seen.values()] == [
        "book of calendar needs the argument title.",
        "book of calendar has no argument when.",
        "book of calendar takes the argument minutes as integer only.",
    ]
    assert [(p["code"], p["field"], p["message"]) for p in elsewhere] == [
        ("invalid_value", "tool", "calendar has no tool cancel; it has: book.")
    ]
    assert good["approvable"]
    assert f"checked: by the tool's schema {tool['schema_sha256'][:12]}" in good["preview"]


def test_an_approved_call_goes_out_once(diary):
    diary.list_tools()
    diary.ask("{title: Dentist, minutes: 30}")
    diary.approve()
    diary.machine.run("--daemon", "--once")
    diary.machine.run("--daemon", "--once")

    assert diary.machine.here("list", "--state", "done")["requests"]
    assert diary.booked == [{"title": "Dentist", "minutes": 30}]


def test_a_long_number_goes_out_digit_by_digit(diary):
    seen = diary.ask("{title: Dentist, minutes: 12345678901234567890}")
    diary.approve()
    diary.machine.run("--daemon", "--once")

    assert '"minutes": 12345678901234567890' in seen["preview"]
    assert seen["action"]["arguments"]["minutes"] == 12345678901234567890
    assert diary.booked == [{"title": "Dentist", "minutes": 12345678901234567890}]


def test_a_first_call_is_checked_by_what_the_server_says_then(diary):
    diary.ask("{titel: Dentist}")
    diary.approve()
    diary.machine.run("--daemon", "--once")
    [failed] = diary.machine.here("list", "--state", "failed")["requests"]

    assert diary.booked == []
    assert "needs the argument title" in diary.machine.run("show", failed["id"]).stdout


def test_a_tool_that_changed_since_it_was_listed_is_not_called(diary):
    diary.list_tools()
    diary.ask("{title: Dentist}")
    diary.approve()
    diary.describe({**SCHEMA, "properties": {**SCHEMA["properties"], "delete": {"type": "boolean", "default": True}}})
    diary.machine.run("--daemon", "--once")
    [failed] = diary.machine.here("list", "--state", "failed")["requests"]

    assert diary.booked == []
    assert "takes other arguments than when it was listed" in diary.machine.run("show", failed["id"]).stdout


@pytest.mark.parametrize("mode", ["die", "garble", "error"])
def test_what_came_of_a_call_without_a_good_answer_is_unknown_and_it_is_not_made_again(diary, mode):
    diary.configure(mode)
    diary.ask("{title: Dentist}")
    diary.approve()
    diary.machine.run("--daemon", "--once", code=5)
    diary.machine.run("--daemon", "--once", code=5)

    assert diary.machine.here("list", "--state", "unknown")["requests"]
    assert diary.booked == [{"title": "Dentist"}]


def test_a_server_that_is_away_may_be_tried_again(diary):
    diary.ask("{title: Dentist}")
    diary.approve()
    diary.machine.configure('[servers.calendar]\ncommand = ["false"]\n')
    diary.machine.run("--daemon", "--once")
    [waiting] = diary.machine.here("list", "--state", "approved")["requests"]

    assert "It is tried again" in diary.machine.run("show", waiting["id"]).stdout
    assert diary.booked == []


def test_another_program_under_the_same_name_has_no_list_yet(diary):
    diary.list_tools()
    diary.machine.configure('[servers.calendar]\ncommand = ["false"]\n')
    request = diary.ask("{titel: Dentist}")
    silent = diary.list_tools(code=1)
    findings = diary.machine.here("doctor", code=5)["findings"]

    assert "checked: no;" in request["preview"]
    assert silent["error"]["message"].startswith("The server calendar does not start")
    assert [f["message"] for f in findings if f["code"] == "server_silent"]


@pytest.mark.parametrize(
    ("schema", "arguments", "said"),
    [
        ({}, {"anything": 1}, None),
        (SCHEMA, {"title": "x"}, None),
        (SCHEMA, {"title": "x" * 21}, "does not take the argument title: maxLength is 20"),
        ({"properties": {"a": {"enum": ["b", "c"]}}}, {"a": "d"}, "takes for the argument a only: ['b', 'c']"),
        ({"type": 7}, {}, "describes its arguments in a way that cannot be checked (SchemaError)"),
        ({"$ref": "https://schemas.example/a.json"}, {}, "describes its arguments in a way that cannot be checked"),
        ({"$ref": "#"}, {}, "describes its arguments in a way that cannot be checked (RecursionError)"),
        ({"required": ["\x1b[2Jx"]}, {}, "needs the argument ⟦U+001B⟧[2Jx"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_fetched(schema, arguments, said):
    fault = fault_of_arguments(schema, arguments)

    assert fault is None if said is None else fault.startswith(said)
