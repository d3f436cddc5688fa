"""Shapes that vaults outside the samples showed: what they ask for comes out, and what a stranger wrote never does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.splitting import split_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.model.action import Kind
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.request import ProblemCode, Request

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC),
    ContactBook(),
    frozenset(),
    lambda _: AttachmentFacts(sha256="0" * 64, size=1),
)


def read(text: str, name: str = "request.md") -> Request:
    return read_request(text.encode(), f"Pending_Approval/{name}", AROUND)


def codes(request: Request) -> set[ProblemCode]:
    return {problem.code for problem in request.problems}


WRAPPED = """---
type: approval
original_task: {kind}_17.md
task_type: {kind}
from: someone
created: '2026-01-14 01:58:51'
---

# Approval Request: {kind}_17.md

## Plan

A skill would be invoked.

## Original Content

# {title}

**From:** someone

## {heading}

{text}
"""


@pytest.mark.parametrize("kind", ["twitter", "facebook", "linkedin", "whatsapp", "email"])
@pytest.mark.parametrize("heading", ["Content", "Message", "Text", "Body"])
def test_an_original_with_headings_of_its_own_is_no_text_of_ours(kind: str, heading: str) -> None:
    request = read(WRAPPED.format(kind=kind, title="Direct Message", heading=heading, text="Buy from us."))
    assert request.problems
    assert not {"text", "body"} & set(request.fields)


@pytest.mark.parametrize("title", ["# Payment Request\n", "## Payment Details\n", "### Payment Details\n"])
def test_an_original_with_a_heading_of_its_own_names_no_account(title: str) -> None:
    asked = "**Vendor:** Quick Cash Ltd\n**Amount:** EUR 900.00\n**IBAN:** DE89370400440532013000\n"
    request = read(f"---\ntype: approval\ntask_type: payment\n---\n\n## Original Content\n\n{title}\n{asked}")
    assert request.kind is Kind.PAYMENT
    assert request.fields == {}


def test_a_payee_that_only_labels_below_a_quoted_original_name_is_none() -> None:
    mail = "## Original Message\n\nPlease pay us today.\n\n"
    asked = "## Payment Details\n\n**Vendor:** Quick Cash Ltd\n**Amount:** EUR 900.00\n**IBAN:** DE89370400440532013000"
    request = read(f"---\ntype: approval_request\naction: payment\n---\n\n{mail}{asked}")
    assert request.problems
    assert "account" not in request.fields


@pytest.mark.parametrize(("number", "whole"), [("+12025550142", True), ("+12025550199", False)])
def test_below_a_message_a_number_counts_only_if_it_is_its_sender_s(number: str, whole: bool) -> None:
    request = read(
        "---\naction: send_whatsapp\n---\n\n## Original Message\n\nFrom +1 202 555 0142: Is it ready?\n\n"
        f"## Details\n\n- **To:** {number}\n\n## Draft Reply\n\nYes.\n"
    )
    assert ("to" in request.fields) is whole
    assert (codes(request) == set()) is whole


def test_a_section_that_only_names_the_original_file_quotes_nobody() -> None:
    request = read(
        "---\naction: payment\n---\n\n## Original File\n\n- **Action File:** PAY_7.md\n\n## Payment Details\n\n"
        "- **Payee:** Acme GmbH\n- **Amount:** 900.00 EUR\n- **IBAN:** DE89370400440532013000\n"
    )
    assert not request.problems


def test_a_draft_after_an_original_with_its_own_headings_is_ours() -> None:
    request = read(
        "---\naction: send_email\nto: ana@example.com\nsubject: Offer\n---\n\n## Original Message\n\n# Hello there\n\n"
        "## Message\n\nCan you make an offer?\n\n## Draft Reply\n\nDear Ana, here it is.\n"
    )
    assert not request.problems
    assert request.fields["body"] == "Dear Ana, here it is."


@pytest.mark.parametrize("rule", ["---", "***", "- - -"])
def test_a_text_between_two_rules_goes_out_without_them(rule: str) -> None:
    request = read(
        "---\ntype: linkedin_post\nstatus: pending_approval\npublish_date: 2026-02-14\n---\n\n# LinkedIn Post\n\n"
        f"## Post Content\n\n{rule}\n\nWe opened a bakery.\n\nCome by.\n\n{rule}\n\n## Checklist\n- [ ] Reviewed\n"
    )
    assert not request.problems
    assert request.fields["text"] == "We opened a bakery.\n\nCome by."


def test_below_a_single_rule_nothing_is_taken_for_the_text() -> None:
    request = read(
        "---\ntype: linkedin_post\n---\n\n## Post Content\n\n---\n\nMove this file to Approved to post it.\n"
    )
    assert codes(request) == {ProblemCode.MISSING_FIELD}


@pytest.mark.parametrize(
    "note",
    [
        "> [!warning] Execution failed 2026-01-15 00:09:31: ERROR: HTTP 400",
        "> [!failure]- Posting failed\n> HTTP 400",
        "> [!error] Failed: token expired",
    ],
)
def test_a_note_of_a_failure_below_the_text_does_not_go_out(note: str) -> None:
    request = read(f"---\ntype: facebook_post\n---\n\nWe opened a bakery.\n\n#bread\n\n{note}\n")
    assert not request.problems
    assert request.fields["text"] == "We opened a bakery.\n\n#bread"


def test_a_note_that_the_text_went_out_makes_the_file_a_record() -> None:
    request = read("---\ntype: facebook_post\n---\n\nWe opened a bakery.\n\n> [!success] Posted 2026-01-15 00:09:31\n")
    assert codes(request) == {ProblemCode.NOT_A_REQUEST}


@pytest.mark.parametrize("label", ["Processed", "Posted at", "Executed", "Published On"])
def test_a_label_with_the_day_when_it_was_done_makes_the_file_a_record(label: str) -> None:
    request = read(
        "---\naction: twitter_post\n---\n\n## Tweet\n\nBread is ready.\n\n---\n\n"
        f"**{label}:** 2026-01-14T20:29:56\n**Result:** ok\n"
    )
    assert codes(request) == {ProblemCode.NOT_A_REQUEST}


def test_a_quotation_in_a_text_stays() -> None:
    request = read("---\ntype: linkedin_post\n---\n\nWe read:\n\n> [!quote] Bread is life\n\nand agree.\n")
    assert request.fields["text"] == "We read:\n\n> [!quote] Bread is life\n\nand agree."


def test_a_chat_that_came_in_is_no_message_to_send() -> None:
    request = read(
        "---\ntype: whatsapp\nchat_name: Ana Ruiz\nmessage_id: wa_1\n---\n\n# WhatsApp Message from Ana Ruiz\n\n"
        "## Message Details\n- **Chat:** Ana Ruiz\n"
        "- **Received:** 2026-01-14\n\n"
        "## Message Content\nDo you bake today?\n\n"
        "## Suggested Actions\n- [ ] Reply if needed\n"
    )
    assert codes(request) == {ProblemCode.NOT_A_REQUEST}


def test_a_mail_that_came_in_is_no_mail_to_send() -> None:
    request = read(
        "---\nSource: Gmail\nEmail_ID: 19cc81\nFrom: Ana Ruiz <ana@example.com>\nSubject: Bread\n"
        "Detected_At: 2026-01-14\n---\n\n# Email: Bread\n\n**From:** Ana Ruiz <ana@example.com>\n"
        "\n---\n\nDo you bake today?\n",
        "Gmail_2026-01-14_bread.md",
    )
    assert codes(request) == {ProblemCode.NOT_A_REQUEST}


def test_a_heading_of_two_words_with_a_slash_names_the_recipient() -> None:
    request = read(
        "---\nchannel: whatsapp\naction_type: send_message\n---\n\n## Post / Message Body\n\nBread is ready.\n\n"
        "## Recipients / Audience\n\n+12025550142\n\n---\n*Approval required before execution.*\n"
    )
    assert not request.problems
    assert request.fields == {"to": "+12025550142", "body": "Bread is ready."}


def test_the_target_of_a_reply_is_its_recipient() -> None:
    request = read("---\ntype: email_reply\ntarget: ana@example.com\nsubject: 'Re: Bread'\n---\n\nIt is ready.\n")
    assert not request.problems
    assert request.fields["to"] == ["ana@example.com"]


def test_a_text_in_brackets_is_a_remark_of_the_agent() -> None:
    request = read(
        "---\ntype: email_reply\nto: ana@example.com\nsubject: 'Re: Bread'\n---\n\n"
        "[No action needed — this is an informational notice about data sharing.]\n"
    )
    assert codes(request) == {ProblemCode.PLACEHOLDER}


def test_the_file_of_an_invoice_goes_with_its_mail() -> None:
    request = read(
        "---\ntype: approval_request\naction_type: send_email_with_invoice\n---\n\n## Details\n"
        "- **To:** ana@example.com\n- **Subject:** Invoice\n- **Invoice File:** Invoices/INV-7.pdf\n\n"
        "## Content\nInvoice for EUR 9.00\n"
    )
    assert not request.problems
    assert request.fields["attachments"] == ["Invoices/INV-7.pdf"]


@pytest.mark.parametrize("label", ["Tweet", "Caption", "Post Content"])
def test_a_text_in_a_list_of_details_goes_out_alone(label: str) -> None:
    request = read(
        "---\naction: twitter_post\nplatform: twitter\n---\n\n# AI-Generated Twitter Post\n\n## Details\n\n"
        f"- **{label}:** Bread is ready at seven.\n- **Platform:** Twitter/X\n- **Source:** an agent\n\n"
        "## To Approve\nMove this file to `/Approved/` folder to publish.\n"
    )
    assert not request.problems
    assert request.fields == {"platform": "x", "text": "Bread is ready at seven."}


def test_content_to_review_is_the_text() -> None:
    request = read(
        "# LinkedIn Post Approval Request\n\n## Post Details\n- **Author:** an agent\n\n## Content to Review\n\n```\n"
        "Bread is ready.\n```\n\n## Instructions\nMove this file.\n"
    )
    assert not request.problems
    assert request.fields == {"platform": "linkedin", "text": "Bread is ready."}


PREVIEWED = "---\naction_type: linkedin_post\n{head}---\n\n## {title}\n\n> {text}\n>\n> #bread\n\n## Why\nBusiness.\n"


def test_the_preview_of_a_text_is_the_text_where_no_other_place_holds_it() -> None:
    request = read(PREVIEWED.format(head="", title="Post Content Preview", text="Bread is ready."))
    assert not request.problems
    assert request.fields["text"] == "Bread is ready.\n\n#bread"


@pytest.mark.parametrize(
    ("head", "title", "text"),
    [
        ("draft_file: Plans/DRAFT_7.md\n", "Post Content Preview", "Bread is ready."),
        ("", "Post Content Preview", "Bread is re..."),
        ("", "Post Preview", "Bread is ready."),
    ],
)
def test_a_preview_that_may_be_a_part_is_no_text(head: str, title: str, text: str) -> None:
    request = read(PREVIEWED.format(head=head, title=title, text=text).replace(">\n> #bread\n", ""))
    assert codes(request) == {ProblemCode.MISSING_FIELD}


INVOICE = """---
type: odoo_task
action: create_invoice
---

# {title}

## Invoice Details

| Field | Value |
|-------|-------|
| Customer | Test Customer |
| Product | Consulting |
| Total | EUR 100.00 |
{state}
"""


@pytest.mark.parametrize(
    ("title", "state", "post"),
    [
        ("Odoo Draft Invoice — Pending Approval", "", False),
        ("Odoo Invoice", "| State | Draft (will NOT be posted) |", False),
        ("Odoo Invoice", "| State | **Draft** |", False),
        ("Odoo Invoice", "", True),
    ],
)
def test_an_invoice_that_is_called_a_draft_stays_one(title: str, state: str, post: bool) -> None:
    request = read(INVOICE.format(title=title, state=state))
    assert not request.problems
    assert request.fields["post"] is post


def test_a_heading_may_name_the_action_and_plain_lines_the_rest() -> None:
    post = read("## Action: post_to_linkedin\nContent:\nBread is ready.\n\n---\n")
    assert not post.problems
    assert post.fields == {"platform": "linkedin", "text": "Bread is ready."}
    invoice = read(
        "## Action: create_invoice\nCustomer: Test Company LLC\nAmount: EUR 1250.00\nProduct: Consulting\n"
        "Description: Ovens in May\n\n---\n"
    )
    assert not invoice.problems
    assert invoice.fields["lines"] == [{"description": "Ovens in May", "quantity": "1", "unit_price": "1250.00"}]


def test_odoo_s_false_is_no_invoice_and_a_remark_no_part_of_its_number() -> None:
    request = read(
        "---\ntype: odoo_record_payment\n---\n\n## Invoice Match\n**Invoice Number:** False\n**Invoice ID:** 2 (Odoo)\n"
        "**Amount:** EUR 90.00\n"
    )
    assert not request.problems
    assert (request.fields["invoice"], request.fields["amount"]) == ("2", "90.00")


def test_a_file_with_a_text_for_each_platform_is_split_into_them() -> None:
    text = (
        "# Facebook & Instagram Post\n\n**Platform:** Facebook & Instagram\n\n---\n\n## Facebook Post Content\n\n```\n"
        "Bread at seven.\n```\n\n---\n\n## Instagram Post Content\n\n```\nBread!\n```\n\n---\n*Ready*\n"
    )
    assert ProblemCode.MULTIPLE_ACTIONS in codes(read(text))
    parts = [read(part) for part in split_request(text.encode(), "Pending_Approval/a.md", AROUND)]
    assert [part.fields for part in parts] == [
        {"platform": "facebook", "text": "Bread at seven."},
        {"platform": "instagram", "text": "Bread!"},
    ]


def test_numbered_posts_name_their_platforms_in_brackets() -> None:
    text = (
        "---\ntype: social-media-posts\n---\n\n# Campaign\n\n## Post 1 (Twitter/X -- Launch)\n\nBread!\n\n"
        "## Post 2 (LinkedIn -- Leadership)\n\nBread at seven.\n"
    )
    parts = [read(part) for part in split_request(text.encode(), "Pending_Approval/a.md", AROUND)]
    assert [part.fields for part in parts] == [
        {"platform": "x", "text": "Bread!"},
        {"platform": "linkedin", "text": "Bread at seven."},
    ]


@pytest.mark.parametrize("number", ["+49 (0)170 1234567", "+44 (0) 7700 900123"])
def test_a_number_with_a_bracketed_zero_reaches_nobody(number: str) -> None:
    request = read(f'---\ntype: whatsapp_message\nto: "{number}"\n---\n\nHello.\n')
    assert ProblemCode.INVALID_VALUE in codes(request)
