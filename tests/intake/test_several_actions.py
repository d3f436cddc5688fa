"""A file that asks for several actions is refused as one, and split where it says which words are whose."""

from __future__ import annotations

import json

import pytest
from tests.intake.test_strange_vaults import AROUND, read

from platinum_tui.intake.splitting import split_request
from platinum_tui.model.action import Kind
from platinum_tui.model.request import ProblemCode, Request

MAIL = {"action": "send_email", "to": "ana@example.com", "subject": "Prices", "body": "Here they are."}
POST = {"action": "post_linkedin", "text": "We are open."}
PAYMENT = {
    "kind": "payment",
    "payee": "Acme",
    "amount": "120.00",
    "currency": "EUR",
    "account": "DE89370400440532013000",
}
IN_YAML = """---
type: approval_request
reason: Both were asked for.
actions:
  - action: send_email
    to: ana@example.com
    subject: Prices
    body: Here they are.
  - action: create_odoo_invoice
    customer: Acme
    lines:
      - {description: Crates, quantity: 2, unit_price: 10.50}
---
"""
HEADED = """---
type: approval_request
---

## 1. Email to Ana

- To: ana@example.com
- Subject: Prices
- Body: Dear Ana, here they are.

## 2. Email to Bob

**To:** bob@example.com
**Subject:** Prices

Dear Bob, here they are.
"""


def problems(request: Request) -> list[ProblemCode]:
    return [problem.code for problem in request.problems]


def parts(text: str, name: str = "request.md") -> list[Request]:
    return [read(part) for part in split_request(text.encode(), f"Pending_Approval/{name}", AROUND)]


@pytest.mark.parametrize(
    "actions",
    [
        [MAIL, POST],
        [MAIL, {**MAIL, "to": "bob@example.com"}],
        [MAIL, PAYMENT],
        [MAIL, {"action": "delete_files"}],
        [{"to": "ana@example.com"}, {"to": "bob@example.com"}],
    ],
)
@pytest.mark.parametrize("head", [{"type": "approval_request"}, {}, {"action": "send_email"}, MAIL, PAYMENT])
def test_a_list_of_actions_is_several(actions: list[dict[str, str]], head: dict[str, str]) -> None:
    request = read(json.dumps({**head, "actions": actions}), "request.json")
    assert ProblemCode.MULTIPLE_ACTIONS in problems(request)
    block = read(f"---\ntype: approval_request\n---\n\n```json\n{json.dumps({'actions': actions})}\n```\n")
    assert problems(block) == [ProblemCode.MULTIPLE_ACTIONS]


def test_a_list_of_actions_is_split_into_its_items() -> None:
    assert problems(read(IN_YAML)) == [ProblemCode.MULTIPLE_ACTIONS]
    mail, invoice = parts(IN_YAML)
    assert (mail.kind, mail.problems, mail.reason) == (Kind.EMAIL_SEND, (), "Both were asked for.")
    assert mail.fields == {"to": ["ana@example.com"], "subject": "Prices", "body": "Here they are."}
    assert (invoice.kind, invoice.problems) == (Kind.ODOO_INVOICE_CREATE, ())
    assert invoice.fields["lines"] == [{"description": "Crates", "quantity": "2", "unit_price": "10.50"}]


@pytest.mark.parametrize(
    "whole",
    [
        {"actions": [MAIL, {"action": "delete_files"}]},
        {"actions": [MAIL, "then call Bob"]},
        {**MAIL, "actions": [POST, PAYMENT]},
        {"cc": ["bob@example.com"], "actions": [MAIL, POST]},
        {"actions": [MAIL, {**POST, "expires_at": "2026-01-16T12:00:00Z"}]},
        {"actions": [{**MAIL, "cc": ["nobody"]}, POST]},
    ],
)
def test_a_list_of_which_a_part_would_be_lost_is_not_split(whole: dict[str, object]) -> None:
    assert parts(json.dumps(whole), "request.json") == []


def test_a_list_of_one_action_is_that_action() -> None:
    request = read(json.dumps({"id": "one", "actions": [MAIL]}), "request.json")
    assert (request.problems, request.kind, request.declared_id) == ((), Kind.EMAIL_SEND, "one")
    assert request.fields["body"] == "Here they are."
    contradicted = read(json.dumps({**MAIL, "to": "eve@example.com", "actions": [MAIL]}), "request.json")
    assert contradicted.problems


@pytest.mark.parametrize("subject", ["😀 Prices: all", 'Say "yes"', "a\u2028b", "#1", "\ud800"])
def test_signs_of_every_kind_survive_a_split(subject: str) -> None:
    whole = json.dumps({"actions": [{**MAIL, "subject": subject}, POST]})
    assert [part.fields.get("subject") for part in parts(whole, "request.json")[:1]] in ([subject], [])
    head = f"subject: {json.dumps(subject, ensure_ascii=False)}\nto: ana@example.com\namount: 120.00\ncustomer: Acme\n"
    if subject != "\ud800":
        text = f"---\naction: send_email, create_odoo_invoice\n{head}---\nHere they are.\n"
        assert parts(text)[0].fields["subject"] == subject


@pytest.mark.parametrize(
    "buttons",
    [
        "actions: [approve, reject]\n",
        "actions:\n  - {label: Approve, folder: Approved}\n  - {label: Reject, folder: Rejected}\n",
        "actions: send\n",
    ],
)
def test_what_the_reviewer_may_do_is_no_action(buttons: str) -> None:
    request = read(f"---\naction: send_email\nto: ana@example.com\nsubject: Prices\n{buttons}---\nHere they are.\n")
    assert (request.problems, request.fields["body"]) == ((), "Here they are.")


@pytest.mark.parametrize("head", ["type: approval_request", "action: send_email", "type: approval\ntask_type: email"])
def test_numbered_headings_with_fields_of_their_own_are_several(head: str) -> None:
    request = read(HEADED.replace("type: approval_request", head))
    assert ProblemCode.MULTIPLE_ACTIONS in problems(request)
    ana, bob = parts(HEADED.replace("type: approval_request", head))
    assert (ana.problems, ana.fields["to"], ana.fields["body"]) == (
        (),
        ["ana@example.com"],
        "Dear Ana, here they are.",
    )
    assert (bob.problems, bob.fields["to"], bob.fields["body"]) == (
        (),
        ["bob@example.com"],
        "Dear Bob, here they are.",
    )


def test_numbered_headings_of_two_kinds_are_several() -> None:
    text = HEADED.replace("2. Email to Bob", "2) LinkedIn post").replace(
        "To:** bob@example.com", "Platform:** LinkedIn"
    )
    assert problems(read(text)) == [ProblemCode.MULTIPLE_ACTIONS]


def test_numbered_headings_over_the_parts_of_one_mail_are_one() -> None:
    details = "## 1. Email Details\n\n**To:** ana@example.com\n**Subject:** Prices\n\n"
    request = read(f"---\naction: send_email\n---\n\n{details}## 2. Email Body\n\nHere they are.\n")
    assert ProblemCode.MULTIPLE_ACTIONS not in problems(request)
    invoice = "## 2. Invoice Details\n\n**Amount:** EUR 120.00\n**Subject:** Crates\n"
    request = read(f"---\naction: send_email\n---\n\n{details}{invoice}")
    assert ProblemCode.MULTIPLE_ACTIONS not in problems(request)


@pytest.mark.parametrize(
    "value",
    [
        "send_email, post_linkedin",
        "[send_email, post_linkedin]",
        "send_email; create_invoice",
        "send_email, create_invoice",
        "email_send, social_post",
        "send_email, whatsapp_message, payment",
    ],
)
@pytest.mark.parametrize("key", ["action", "kind", "type"])
def test_one_value_that_names_two_kinds_is_several(key: str, value: str) -> None:
    request = read(f"---\n{key}: {value}\nto: ana@example.com\nsubject: Prices\n---\nHere they are.\n")
    assert problems(request) == [ProblemCode.MULTIPLE_ACTIONS]


@pytest.mark.parametrize("value", ["email, approval", "[approval, email]", "email_send, email_reply", "reply, email"])
def test_one_value_that_names_one_kind_twice_is_one(value: str) -> None:
    request = read(f"---\naction: {value}\nto: ana@example.com\nsubject: Prices\n---\nHere they are.\n")
    assert ProblemCode.MULTIPLE_ACTIONS not in problems(request)


def test_two_kinds_in_one_value_are_split_unless_both_would_take_the_text() -> None:
    head = "to: ana@example.com\nsubject: Prices\ncustomer: Acme\namount: 120.00\ncurrency: EUR\ndescription: Crates\n"
    text = f"---\naction: VALUE\n{head}---\nHere they are.\n"
    mail, invoice = parts(text.replace("VALUE", "send_email, create_odoo_invoice"))
    assert (mail.kind, invoice.kind) == (Kind.EMAIL_SEND, Kind.ODOO_INVOICE_CREATE)
    copied = text.replace("to:", "cc: [bob@example.com]\nto:").replace("VALUE", "send_email, create_odoo_invoice")
    assert parts(copied)[0].fields["cc"] == ["bob@example.com"]
    for value in ("send_email, post_linkedin", "send_email, create_odoo_invoice, post_linkedin"):
        assert parts(text.replace("VALUE", value)) == []
