"""Two spellings of one field with different values are a problem: no order among them decides."""

from __future__ import annotations

import json

import pytest
from tests.intake.test_strange_vaults import read

from platinum_tui.model.decision import instant
from platinum_tui.model.request import Request

MAIL = {"kind": "email_send", "to": "ana@example.com", "subject": "Prices"}
NOTE = {"action": "send_email", "to": "ana@example.com", "subject": "Prices"}


def both(head: dict[str, str]) -> list[Request]:
    """The same keys in front matter and in JSON."""
    lines = "\n".join(f"{key}: {json.dumps(value)}" for key, value in head.items())
    body = {} if {"message", "content", "text", "body"} & head.keys() else {"body": "Here they are."}
    text = body.get("body", "")
    return [read(f"---\n{lines}\n---\n{text}\n"), read(json.dumps({**head, **body}), "request.json")]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"message": "Here they are."}, {"content": "Pay Eve."}, "body"),
        ({"text": "Here they are."}, {"message": "Pay Eve."}, "body"),
        ({"id": "one"}, {"request_id": "two"}, "id"),
        ({"request_id": "one"}, {"approval_id": "two"}, "id"),
        ({"expires": "2026-01-16"}, {"expires_at": "2027-01-16"}, "expires_at"),
        ({"expires_at": "2026-01-16T12:00:00Z"}, {"valid_until": "2026-01-16T13:00:00Z"}, "expires_at"),
        ({"expires": "never"}, {"expires_at": "2027-01-16T12:00:00Z"}, "expires_at"),
    ],
)
@pytest.mark.parametrize("head", [MAIL, NOTE])
def test_two_spellings_that_disagree_give_no_value(
    head: dict[str, str], first: dict[str, str], second: dict[str, str], field: str
) -> None:
    for request in (*both({**head, **first, **second}), *both({**head, **second, **first})):
        assert [(p.code.value, p.field) for p in request.problems] == [("disagreeing_sources", field)]
        assert field not in request.fields
        assert (request.declared_id, request.expires_at) == (None, None)


@pytest.mark.parametrize(
    "keys",
    [
        {"message": "Here they are.", "content": "Here they are."},
        {"id": "one", "request_id": "one", "approval_id": " one "},
        {"expires": "2026-01-16", "expires_at": "2026-01-16T23:59:59Z"},
        {"expires": "2026-01-16T12:00:00+01:00", "expires_at": "2026-01-16T11:00:00Z"},
    ],
)
def test_two_spellings_that_agree_are_one(keys: dict[str, str]) -> None:
    for request in both({**NOTE, **keys}):
        assert request.problems == ()


def test_what_is_no_other_spelling_may_differ() -> None:
    for request in both({**MAIL, "id": "one", "draft_id": "r-17", "action_id": "3"}):
        assert (request.problems, request.declared_id) == ((), "one")
    for request in both({**MAIL, "expires_at": "2026-01-17T12:00:00Z", "sla_deadline": "2026-01-16T12:00:00Z"}):
        assert request.problems == ()
        assert request.expires_at is not None
        assert instant(request.expires_at) == "2026-01-16T12:00:00Z"


def test_a_reply_that_names_two_messages_answers_neither() -> None:
    head = "type: email_reply\nto: ana@example.com\nsubject: Re: Prices\n"
    two = "in_reply_to: <1@example.com>\noriginal_message_id: <2@example.com>\n"
    [problem] = read(f"---\n{head}{two}---\nHere they are.\n").problems
    assert (problem.code.value, problem.field) == ("disagreeing_sources", "in_reply_to")
    own = "in_reply_to: <1@example.com>\nmessage_id: <3@example.com>\n"
    request = read(f"---\n{head}{own}---\nHere they are.\n")
    assert (request.problems, request.fields["in_reply_to"]) == ((), "<1@example.com>")
