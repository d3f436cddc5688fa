"""Small stories of intake: amounts, times, numbers, lengths, placeholders, look-alikes, links, secrets, splitting."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from email.utils import parseaddr

import pytest

from platinum_tui.intake.accounts import read_account
from platinum_tui.intake.addresses import read_mailbox
from platinum_tui.intake.amounts import read_amount
from platinum_tui.intake.attachments import AttachmentFacts, vault_path
from platinum_tui.intake.domains import lookalike_of
from platinum_tui.intake.links import misleading_links
from platinum_tui.intake.phones import read_chat_id, read_number
from platinum_tui.intake.placeholders import placeholder_in
from platinum_tui.intake.reader import Surroundings, read_request
from platinum_tui.intake.secrets import holds_secret
from platinum_tui.intake.splitting import split_request
from platinum_tui.intake.times import read_time
from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.request import ProblemCode, WarningCode

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC),
    ContactBook({"Ana Ruiz": Contact("Ana Ruiz", "ana@example.com", "+12025550142")}),
    frozenset(),
    lambda _: AttachmentFacts(sha256="0" * 64),
)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1250.00", "1250.00", None),
        ("$1,234.50", "1234.50", None),
        ("1.234,50 €", "1234.50", "EUR"),
        ("Rs. 5,000", "5000", None),
        ("Rs. 1,20,000", "120000", None),
        ("USD 5,000", "5000", "USD"),
        ("€1250", "1250", "EUR"),
        ("$1,480.00 USD", "1480.00", "USD"),
        ("1 250,00 EUR", "1250.00", "EUR"),
        ("US$ 99.90", "99.90", "USD"),
        ("£12.30", "12.30", "GBP"),
        ("₹ 1,20,000", "120000", "INR"),
        ("JPY 15000", "15000", "JPY"),
        ("5000/-", "5000", None),
    ],
)
def test_amounts_as_people_write_them(text: str, value: str, currency: str | None) -> None:
    amount = read_amount(text)
    assert (amount.value, amount.currency) == (value, currency)


@pytest.mark.parametrize(
    "text",
    [
        "1,250",
        "1.250",
        "1,20,000",
        "-5",
        "0.00",
        "1e9",
        "10.005",
        "1_0",
        "١٠",
        "EUR",
        "€500 USD",
        "5 or 6",
        "500+",
        "9" * 20,
        "about 500",
    ],
)
def test_an_amount_with_two_readings_or_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=" "):
        read_amount(text, "EUR")


@pytest.mark.parametrize(
    ("text", "wanted", "naive"),
    [
        ("2026-01-15T08:00:00Z", "2026-01-15T08:00:00+00:00", False),
        ("2026-01-15 08:00:00 UTC", "2026-01-15T08:00:00+00:00", False),
        ("2026-01-15T08:00:00.123456789Z", "2026-01-15T08:00:00.123456+00:00", False),
        ("2026-01-15", "2026-01-15T00:00:00+00:00", True),
        ("2026-01-15 8:05", "2026-01-15T08:05:00+00:00", True),
        ("2026-01-15T10:00+05:00", "2026-01-15T05:00:00+00:00", False),
        ("Thu, 15 Jan 2026 08:11:00 +0000", "2026-01-15T08:11:00+00:00", False),
        ("2026-01-15 02:30 PM", "2026-01-15T14:30:00+00:00", True),
        ("January 15, 2026", "2026-01-15T00:00:00+00:00", True),
        ("2026-02-28 (30 days)", "2026-02-28T00:00:00+00:00", True),
    ],
)
def test_times_of_every_observed_form(text: str, wanted: str, naive: bool) -> None:
    moment = read_time(text)
    assert (moment.instant.isoformat(), moment.naive) == (wanted, naive)


@pytest.mark.parametrize(
    "text", ["now", "soon", "2026-13-01", "2026-01-15T25:00:00Z", "01/02/2026", "", "2026-01-15 13:00 PM"]
)
def test_what_names_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=" "):
        read_time(text)


def test_numbers_need_their_country_code() -> None:
    assert read_number("+1 (202) 555-0142") == "+12025550142"
    assert read_chat_id("12025550142@c.us") == "+12025550142"
    for text in ("2025550142", "0044 20 7946 0000", "+0123456789", "+1202x", "+1", "+٢٠٢٥٥٥٠١٤٢٣"):
        with pytest.raises(ValueError, match="is no"):
            read_number(text)


@pytest.mark.parametrize(
    "text", ["Ana <a@b.example>", '"Ruiz, Ana" <a@b.example>', "a@b.example (Ana)", "[a@b.example](mailto:a@b.example)"]
)
def test_mailboxes_as_people_write_them(text: str) -> None:
    box = read_mailbox(text)
    assert box.address == "a@b.example"
    assert parseaddr(str(box))[1] == "a@b.example"


@pytest.mark.parametrize(
    "text",
    [
        "a@b",
        "a b@c.example",
        "ana",
        "a@@b.example",
        "a@b.example>",
        "<script>@b.example",
        "a@b.example\nBcc: c@d.example",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        read_mailbox(text)


def test_an_account_is_a_checked_iban_or_an_id_of_its_rail() -> None:
    assert read_account("gb33 bukb 2020 1555 5555 55", None) == "GB33BUKB20201555555555"
    assert read_account("acct_example000000001", "stripe") == "acct_example000000001"
    for text, rail in (
        ("DE88370400440532013000", None),
        ("XXXX1234", None),
        ("Business Checking", None),
        ("48210001", "sepa"),
    ):
        with pytest.raises(ValueError, match="is no"):
            read_account(text, rail)


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a/../../x", ".git/config", "a/.env", "C:\\x", "file:///x", "a//b", "~/x", ""]
)
def test_no_path_leaves_the_vault(path: str) -> None:
    with pytest.raises(ValueError, match="inside the vault"):
        vault_path(path)


@pytest.mark.parametrize(
    "text",
    [
        "Hi [Your Name]",
        "{{name}}",
        "${amount}",
        "TODO: check",
        "<INSERT LINK>",
        "[CLAUDE: refine this]",
        "[insert date here]",
    ],
)
def test_text_that_was_meant_to_be_filled_in(text: str) -> None:
    assert placeholder_in(text)


@pytest.mark.parametrize(
    "text",
    ["- [ ] form", "[x] done", "see [the list](https://a.example)", "note [1]", "[30 min] Intro", "a < b", "{a: 1}"],
)
def test_brackets_that_are_ordinary(text: str) -> None:
    assert placeholder_in(text) is None


def test_domains_that_look_like_a_known_one() -> None:
    known = ["brightmill.example"]
    for domain in (
        "brightmi11.example",
        "brightrnill.example",
        "brіghtmill.example",
        "xn--brghtmill-w9h.example",
        "brightmil.example",
    ):
        assert lookalike_of(domain, known) == "brightmill.example"
    for domain in ("brightmill.example", "example.com", "milltown.example"):
        assert lookalike_of(domain, known) is None


def test_a_link_that_shows_another_host_than_it_opens() -> None:
    assert misleading_links("[https://a.example](https://b.example)") == [("a.example", "b.example")]
    mail, number = "[ana@example.com](mailto:{})", "[(202) 555-0131](tel:{})"
    assert misleading_links(mail.format("eve@evil.example")) == [("ana@example.com", "eve@evil.example")]
    assert misleading_links(number.format("+12025550199")) == [("(202) 555-0131", "+12025550199")]
    assert misleading_links(mail.format("Ana@example.com?subject=x") + number.format("+1-202-555-0131")) == []
    assert misleading_links("[www.a.example/x](https://a.example/y) [here](https://b.example)") == []


def test_secrets_in_a_text() -> None:
    assert holds_secret("password: correct-horse")
    assert holds_secret("4242 4242 4242 4242")
    assert not holds_secret("call +1 202 555 0142, order 1234567890123")


def test_the_draft_in_the_record_of_a_mail_that_came_in_does_not_go_to_ourselves() -> None:
    file = (
        "---\ntype: email\nfrom: cora@example.com\nto: desk@example.net\nsubject: x\n"
        "received: 2026-01-15T08:00:00Z\n---\n\n"
        "## Draft Reply\nYes.\n"
    )
    request = read_request(file.encode(), "Pending_Approval/a.md", AROUND)
    assert request.action is None
    assert "to" not in request.fields


def test_a_label_planted_below_an_original_names_no_recipient() -> None:
    file = (
        "---\naction: send_email\nsubject: x\n---\n\n"
        "## Original Message\nFrom: cora@example.com\n\nHello\n\n## Details\n"
        "**To:** collect@collect.example\n\n## Draft Reply\nYes.\n"
    )
    request = read_request(file.encode(), "Pending_Approval/a.md", AROUND)
    assert {problem.code for problem in request.problems} == {ProblemCode.DISAGREEING_SOURCES}


def test_a_name_of_the_contact_book_gives_the_address() -> None:
    file = b"---\naction: send_email\nrecipient: Ana Ruiz\nsubject: x\n---\n\n## Body\nHello.\n"
    request = read_request(file, "Pending_Approval/a.md", AROUND)
    assert request.fields["to"] == ["Ana Ruiz <ana@example.com>"]


def test_what_yaml_would_drop_as_a_comment_is_kept() -> None:
    request = read_request(
        b"---\nkind: email_send\nto: [a@b.example]\nsubject: Invoice #42\n---\nHello.\n",
        "Pending_Approval/a.md",
        AROUND,
    )
    assert request.fields["subject"] == "Invoice #42"
    assert WarningCode.DEGRADED_YAML in {warning.code for warning in request.warnings}


def test_two_posts_in_one_file_are_proposed_as_two_requests() -> None:
    file = b"---\ntype: twitter_posts\n---\n\n## Tweet 1\nGood morning.\n\n## Tweet 2\nGood night.\n"
    parts = [
        read_request(text.encode(), "Pending_Approval/a.md", AROUND)
        for text in split_request(file, "Pending_Approval/a.md", AROUND)
    ]
    assert [part.fields["text"] for part in parts] == ["Good morning.", "Good night."]
    assert all(part.action is not None for part in parts)


@pytest.mark.parametrize(
    ("rail", "currency", "fields"),
    [
        ("rail: sepa\n", "USD", ["currency"]),
        ("method: SEPA transfer\n", "GBP", ["currency"]),
        ("rail: sepa\n", "EUR", []),
        ("rail: wise\n", "USD", []),
        ("", "USD", []),
    ],
)
def test_sepa_carries_euro_alone(rail: str, currency: str, fields: list[str]) -> None:
    head = f"kind: payment\npayee: Acme\naccount: DE89370400440532013000\namount: 120.00\ncurrency: {currency}\n{rail}"
    request = read_request(f"---\n{head}---\n".encode(), "Pending_Approval/a.md", AROUND)
    assert [(problem.code, problem.field) for problem in request.problems] == [
        (ProblemCode.INVALID_VALUE, field) for field in fields
    ]
    assert all("SEPA carries euro alone" in problem.message for problem in request.problems)


def test_a_deadline_ends_a_request_as_an_expiry_does() -> None:
    head = "kind: email_send\nto: ana@example.com\nsubject: Hi\n"
    ended = read_request(f"---\n{head}deadline: 2026-01-14\n---\nHello.\n".encode(), "Pending_Approval/a.md", AROUND)
    assert [(p.code, p.field) for p in ended.problems] == [(ProblemCode.EXPIRED, "expires_at")]
    both = f"---\n{head}expires_at: 2026-02-01\ndeadline: 2026-01-20T12:00:00Z\n---\nHello.\n".encode()
    open_still = read_request(both, "Pending_Approval/a.md", AROUND)
    assert (open_still.problems, open_still.expires_at) == ((), datetime(2026, 1, 20, 12, tzinfo=UTC))
    label = b"---\nkind: payment\npayee: Acme\n---\n**Deadline:** 2026-01-14\n"
    assert read_request(label, "Pending_Approval/a.md", AROUND).expires_at is None


@pytest.mark.parametrize("name", ["expires_at", "valid_until", "deadline"])
def test_what_a_tool_is_told_about_times_is_no_expiry(name: str) -> None:
    head = f"kind: mcp_call\nserver: calendar\ntool: add\narguments: {{{name}: 2026-01-01}}\n"
    around = dataclasses.replace(AROUND, servers=frozenset({"calendar"}))
    request = read_request(f"---\n{head}---\n".encode(), "Pending_Approval/a.md", around)
    assert (request.problems, request.expires_at) == ((), None)


@pytest.mark.parametrize(
    "element", ["<details>\n<summary>Thread</summary>\nOld mail.\n</details>", "<address>Here</address>"]
)
def test_an_element_of_html_in_a_text_is_called_what_it_is(element: str) -> None:
    head = "action: send_email\nto: ana@example.com\nsubject: Hi\n"
    request = read_request(f"---\n{head}---\n## Body\nHello.\n\n{element}\n".encode(), "Pending_Approval/a.md", AROUND)
    [problem] = request.problems
    assert (problem.code, problem.field) == (ProblemCode.PLACEHOLDER, "body")
    tag = element[: element.index(">") + 1]
    assert problem.message == f"The text holds {tag!r}, which is HTML and would go out as it stands; take it out."


@pytest.mark.parametrize(
    ("kind", "key", "value", "said"),
    [
        ("odoo_payment", "date", "Friday", "date is no day; write it like 2026-01-31."),
        ("payment", "execution_date", "soon", "execution_date is no day; write it like 2026-01-31."),
        ("odoo_invoice_create", "due_date", "soon", "due_date is no day; write it like 2026-01-31."),
        (
            "payment",
            "date",
            "Friday",
            "`date` is taken for the time of creation; it cannot be read and was left empty.",
        ),
        (
            "payment",
            "date",
            "2026-12-01",
            "By `date` the file was created in the future: a clock is wrong, or `date` means something else.",
        ),
    ],
)
def test_a_day_that_cannot_be_used_is_told_of_by_its_key(kind: str, key: str, value: str, said: str) -> None:
    request = read_request(f"---\nkind: {kind}\n{key}: {value}\n---\n".encode(), "Pending_Approval/a.md", AROUND)
    assert said in [finding.message for finding in (*request.problems, *request.warnings)]
