"""The numbers of a tool's arguments go out as they are written, or the file says how to write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.writing import canonical_text
from platinum_tui.model.action import Kind
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.request import Request

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC), ContactBook(), frozenset({"calendar"}), lambda _: AttachmentFacts()
)
HEAD = {"kind": "mcp_call", "server": "calendar", "tool": "add"}


def read(text: str, name: str) -> Request:
    return read_request(text.encode(), f"Pending_Approval/{name}", AROUND)


def both(number: str) -> list[Request]:
    """The same argument in JSON and in front matter."""
    head = "\n".join(f"{key}: {value}" for key, value in HEAD.items())
    in_json = json.dumps(HEAD)[:-1] + f', "arguments": {{"n": {number}}}}}'
    return [read(in_json, "a.json"), read(f"---\n{head}\narguments:\n  n: {number}\n---\n", "a.md")]


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("999999999999999", 999999999999999),
        ("1234567890123456", 1234567890123456),
        ("9007199254740993", 9007199254740993),
        ("-9007199254740993", -9007199254740993),
        ("12345678901234567890", 12345678901234567890),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("1234567890123456.5", 1234567890123456.5),
        ("1e-05", 1e-05),
        ("1.5e3", 1500.0),
        ("2.5E-3", 0.0025),
    ],
)
def test_a_number_is_sent_as_the_number_that_the_file_says(number: str, value: Any) -> None:
    for request in both(number):
        assert not request.problems
        arguments = request.fields["arguments"]
        assert (arguments, type(arguments["n"])) == ({"n": value}, type(value))
        assert json.loads(canonical_json(arguments)) == {"n": value}
        again = read(canonical_text(Kind.MCP_CALL, request.fields), "b.md")
        assert (again.problems, again.fields) == ((), request.fields)


@pytest.mark.parametrize(
    "number",
    [
        "18446744073709551616",
        "-9223372036854775809",
        "1" * 200,
        "0.12345678901234567890",
        "1.00000000000000001",
        "1.0e+999",
        "1.0e-99999999999999999999",
    ],
)
def test_a_number_that_no_server_is_sure_to_keep_is_asked_for_in_quotes(number: str) -> None:
    for request in both(number):
        [problem] = request.problems
        assert (problem.code.value, problem.field) == ("invalid_value", "arguments")
        assert "put it in quotes" in problem.message
    for request in both(f'"{number}"'):
        assert (request.problems, request.fields["arguments"]) == ((), {"n": number})


@pytest.mark.parametrize("text", ["007", "1_000", "0x1f", "12:30", "2026-01-15", "1.2.3"])
def test_what_only_looks_like_a_number_stays_a_text(text: str) -> None:
    [_, request] = both(text)
    assert request.fields["arguments"] == {"n": text}


@pytest.mark.parametrize("text", ["1e5", "1234567e8"])
def test_what_may_be_a_number_or_the_name_of_a_commit_is_neither(text: str) -> None:
    for request in both(text):
        [problem] = request.problems
        assert (problem.code.value, problem.field) == ("invalid_value", "arguments")
        assert "put it in quotes" in problem.message


@pytest.mark.parametrize("value", ["[[1, 2], [3]]", "[{a: [1, {b: [2]}]}, {a: []}]", "{a: [[]], b: 1}"])
def test_lists_in_lists_are_read_as_they_are_nested(value: str) -> None:
    [_, request] = both(value)
    assert (request.problems, request.fields["arguments"]) == ((), yaml.safe_load(f"n: {value}"))
