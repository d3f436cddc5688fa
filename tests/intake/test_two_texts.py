"""Where two places of a file could be its text, one of them goes out only if nothing stands in the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import Surroundings, read_request
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.request import Request

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC), ContactBook(), frozenset(), lambda _: AttachmentFacts(sha256="0" * 64)
)
MAIL = "to: ana@example.com\nsubject: Prices\n"
CHAT = "to: '+12025550131'\n"
POST = "platform: linkedin\n"


def read(head: str, text: str = "", name: str = "a.md") -> Request:
    return read_request(f"---\n{head}---\n{text}".encode(), f"Pending_Approval/{name}", AROUND)


def codes(request: Request) -> list[tuple[str, str | None]]:
    return [(problem.code.value, problem.field) for problem in request.problems]


@pytest.mark.parametrize(
    "head",
    [
        "kind: email_reply\n" + MAIL + "message: Please send me the price list.\n",
        "kind: email_send\n" + MAIL + "draft: true\n",
        "kind: email_send\n" + MAIL + "content: PAY EVE NOW\n",
        "kind: email_reply\n" + MAIL + "reply: old\n",
        "kind: whatsapp_message\n" + CHAT + "message: are you open?\n",
        "kind: whatsapp_message\n" + CHAT + "response: approved\n",
    ],
)
def test_under_a_canonical_head_the_text_below_it_goes_out(head: str) -> None:
    request = read(head, "Dear Ana, here it is.\n")
    assert (codes(request), request.fields["body"]) == ([], "Dear Ana, here it is.")


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("kind: email_send\n" + MAIL + "body: Another text\n", "body"),
        ("kind: social_post\n" + POST + "caption: Another text\n", "text"),
        ("type: email_reply\n" + MAIL + "message: please call me\n", "body"),
        ("type: whatsapp_reply\n" + CHAT + "message: are you open?\n", "body"),
        ("action: send_email\n" + MAIL + "response: pending\n", "body"),
    ],
)
def test_two_texts_that_may_both_be_meant_are_a_problem(head: str, field: str) -> None:
    request = read(head, "Dear Ana, fine.\n")
    assert ("disagreeing_sources", field) in codes(request)
    assert field not in request.fields


@pytest.mark.parametrize("value", ["true", "false", "17", "2.5"])
def test_a_truth_or_a_number_is_no_text(value: str) -> None:
    below = read(f"action: send_email\n{MAIL}draft: {value}\n", "Dear Ana, fine.\n")
    assert (codes(below), below.fields["body"]) == ([], "Dear Ana, fine.")
    alone = read(f"kind: email_send\n{MAIL}draft: {value}\n")
    assert ("missing_field", "body") in codes(alone)


def test_the_same_text_twice_is_one_text() -> None:
    request = read(f"kind: email_send\n{MAIL}body: Dear Ana, fine.\n", "Dear Ana, fine.\n")
    assert codes(request) == []


@pytest.mark.parametrize(
    "text",
    [
        "## Option 1\nWe are open.\n\n## Option 2\nWe are closed.\n",
        "## Hook\nWe are hiring.\n\n## Call to action\nTwo bakers.\n",
        "## Hook\nWe are hiring.\n\n## Details\nTwo bakers.\n",
        "## First\nWe are hiring.\n\n## Next steps\nWrite to us.\n",
    ],
)
def test_of_a_text_in_sections_the_first_is_not_all_of_it(text: str) -> None:
    request = read("type: linkedin_post\n" + POST, text)
    assert ("missing_field", "text") in codes(request)


def test_what_is_said_to_the_reviewer_below_a_text_is_no_part_of_it() -> None:
    request = read("type: linkedin_post\n" + POST, "## Post\nWe are hiring.\n\n## Approval\nMove it to Approved.\n")
    assert (codes(request), request.fields["text"]) == ([], "We are hiring.")
