"""Files that once raised, or took seconds: each is a request with a problem, at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.decode import MAX_BYTES
from platinum_tui.intake.reader import Surroundings, read_request
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.request import ProblemCode, Request

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC), ContactBook(), frozenset(), lambda _: AttachmentFacts(sha256="0" * 64)
)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param(
            '---\naction: post\nplatform: "facebook\\x01"\npost_content: We\n---\n', "platform", id="platform"
        ),
        pytest.param("---\nkind: email_send\nto: x@y.example (a<b)\nsubject: s\n---\nHi", "to", id="angle in a name"),
    ],
)
def test_what_raised_is_a_value_that_cannot_be_used(text: str, field: str) -> None:
    problems = read_request(text.encode(), "Pending_Approval/a.md", AROUND).problems
    assert [(problem.code, problem.field) for problem in problems] == [(ProblemCode.INVALID_VALUE, field)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\nkind: whatsapp_message\nto: 'a{}b'\n---\nHi".format(" " * 900), id="blanks before a number"),
        pytest.param("---\nkind: email_send\nto: [{}]\n---\nHi".format("1," * 50_000), id="many recipients"),
        pytest.param('{"kind": "email_send", "to": [%s1]}' % ("1," * 50_000), id="many recipients in JSON"),
        pytest.param("---\naction: send_email\n---\n" + "*\n" * 50_000, id="short lines"),
        pytest.param("---\naction: send_email\n---\n" + "<!-- " * 20_000, id="comments in comments"),
    ],
)
def test_what_took_seconds_is_read_at_once(text: str) -> None:
    assert len(text) < MAX_BYTES
    begun = time.process_time()
    assert read_request(text.encode(), "Pending_Approval/a.md", AROUND).problems
    assert time.process_time() - begun < 1


def read_mail(text: str) -> Request:
    return read_request(text.encode(), "Pending_Approval/a.md", AROUND)


def test_nine_thousand_recipients_are_refused_before_they_are_read() -> None:
    addresses = ", ".join(f"a{number}@example.com" for number in range(9000))
    for to in (f"[{addresses}]", addresses, f'["{addresses}"]'):
        begun = time.process_time()
        request = read_mail(f"---\nkind: email_send\nto: {to}\nsubject: s\n---\nhi")
        assert request.problems
        assert time.process_time() - begun < 0.5


def test_recipients_of_all_fields_count_together() -> None:
    some = ", ".join(f"a{number}@example.com" for number in range(300))
    others = ", ".join(f"b{number}@example.com" for number in range(300))
    request = read_mail(f"---\nkind: email_send\nto: [{some}]\nbcc: [{others}]\nsubject: s\n---\nhi")
    assert [problem.field for problem in request.problems] == ["to"]
    assert "600 recipients" in request.problems[0].message
