"""What the reviewer reads is what the server is given: the outgoing form and the server's own, of random actions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime, getaddresses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platinum_tui.execution.tools import arguments_for
from platinum_tui.model.action import (
    Action,
    EmailReply,
    EmailSend,
    InvoiceLine,
    McpCall,
    OdooCustomerCreate,
    OdooInvoiceCreate,
    OdooInvoicePost,
    OdooPayment,
    Payment,
    Platform,
    Rail,
    SocialPost,
    WhatsappMessage,
)
from platinum_tui.model.canonical import build_action, fields_of
from platinum_tui.model.mail import Composed, compose, message_id
from platinum_tui.model.request import Request
from platinum_tui.model.social import posted_text
from platinum_tui.model.text_length import post_length
from platinum_tui.review.outgoing import AT_APPROVAL, outgoing, read_back
from platinum_tui.review.outgoing_words import in_words
from platinum_tui.system.configuration import Configuration, load
from platinum_tui.system.options import Options

SENDER = "Müller & Co <office@example.com>"
DECIDED = datetime(2026, 1, 15, 12, 30, 5, tzinfo=UTC)
LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=120).filter(str.strip)
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=1500).filter(
    str.strip
)
NAMES = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
ADDRESSES = st.builds(
    lambda name, local, shown: f"{name} <{local}@example.org>" if shown else f"{local}@example.org",
    NAMES,
    st.from_regex(r"[a-z][a-z0-9.+-]{0,12}[a-z0-9]", fullmatch=True).filter(lambda local: ".." not in local),
    st.booleans(),
)
SEVERAL = st.lists(ADDRESSES, max_size=3).map(tuple)
MESSAGE_IDS = st.from_regex(r"<[a-z0-9]{1,30}@[a-z]{1,20}\.example>", fullmatch=True)
AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**9), places=2)
MAILS = {
    "to": st.lists(ADDRESSES, min_size=1, max_size=3).map(tuple),
    "subject": LINES,
    "body": TEXTS,
    "cc": SEVERAL,
    "bcc": SEVERAL,
    "reply_to": st.lists(ADDRESSES, max_size=1).map(tuple),
}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
MAIL = st.one_of(
    st.builds(EmailSend, **MAILS),
    st.builds(EmailReply, **MAILS, in_reply_to=st.one_of(st.none(), MESSAGE_IDS), thread=st.one_of(MESSAGE_IDS, NAMES)),
)
POSTS = st.builds(
    SocialPost,
    platform=st.sampled_from([p for p in Platform if p is not Platform.INSTAGRAM]),
    text=TEXTS,
    link=st.one_of(st.none(), st.just("https://example.org/a")),
)
MESSAGES = st.builds(WhatsappMessage, to=st.just("+12025550142"), body=TEXTS)
PAYMENTS = st.builds(
    Payment,
    payee=LINES,
    amount=AMOUNTS,
    currency=st.sampled_from(["EUR", "USD"]),
    account=st.sampled_from(["DE89370400440532013000", "acct_1032D82eZvKYlo2C", "1234567"]),
    reference=st.one_of(st.none(), LINES),
    rail=st.one_of(st.none(), st.sampled_from(Rail)),
)
INVOICES = st.builds(
    OdooInvoiceCreate,
    customer=LINES,
    lines=st.lists(
        st.builds(InvoiceLine, description=LINES, quantity=AMOUNTS, unit_price=AMOUNTS), min_size=1, max_size=4
    ).map(tuple),
    currency=st.sampled_from([None, "EUR"]),
    reference=st.one_of(st.none(), LINES),
    due_date=st.sampled_from([None, "2026-02-28"]),
    post=st.booleans(),
)
CALLS = st.builds(McpCall, server=NAMES, tool=NAMES, arguments=st.dictionaries(NAMES, JSON, max_size=4))
OTHERS = st.one_of(
    st.builds(OdooCustomerCreate, name=LINES, email=st.just("a@example.org"), is_company=st.booleans()),
    st.builds(OdooInvoicePost, invoice=LINES, expected_total=AMOUNTS),
    st.builds(OdooPayment, invoice=LINES, amount=AMOUNTS, memo=LINES),
)
RUNS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    file = tmp_path_factory.mktemp("configuration") / "config.toml"
    file.write_text(f'[servers.email]\nsmtp_host = "127.0.0.1"\nsender = "{SENDER}"\n')
    return load(Options(config=str(file)), {"HOME": "/nonexistent"})


def shown(action: Action, configuration: Configuration) -> str:
    request = Request(id="r", file="Pending_Approval/r.md", sha256="0" * 64, kind=action.kind, fields=fields_of(action))
    return outgoing(request, configuration)


def given_to_the_server(action: Action) -> Action:
    """The action as the server builds it from the call's arguments, which travel as JSON."""
    arguments = json.loads(json.dumps(arguments_for(action.kind, fields_of(action))))
    return build_action(action.kind, arguments)


def as_sent(action: EmailSend | EmailReply) -> Composed:
    marker = message_id("0" * 32, "r", "1" * 64, SENDER)
    return compose(action, sender=SENDER, message_id=marker, date=DECIDED)


def listed(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.split("\n") if line)


@RUNS
@given(MAIL)
def test_a_mail_is_shown_as_the_bytes_that_are_sent(
    configuration: Configuration, action: EmailSend | EmailReply
) -> None:
    preview = shown(action, configuration)
    sent_action = given_to_the_server(action)
    assert sent_action == action
    try:
        sent = as_sent(action)
    except ValueError:
        assert "This mail cannot be composed" in preview
        return
    head, _, text = preview.partition("\n\n")
    headers, sent_text = read_back(sent.data)
    assert headers.pop("Date") == format_datetime(DECIDED)
    assert headers.pop("Message-ID") == message_id("0" * 32, "r", "1" * 64, SENDER)
    said = listed(head)
    assert (said.pop("Date"), said.pop("Message-ID")) == (AT_APPROVAL, AT_APPROVAL)
    blind = said.pop("Bcc", "").removesuffix(" (in the envelope only)")
    assert said == headers
    assert text == sent_text
    reached = getaddresses([line for line in (said["To"], said.get("Cc", ""), blind) if line])
    assert {address for _, address in reached if address} == set(sent.recipients)


@RUNS
@given(POSTS)
def test_a_post_is_shown_as_the_text_that_is_published(configuration: Configuration, action: SocialPost) -> None:
    published = given_to_the_server(action)
    assert isinstance(published, SocialPost)
    head, _, text = shown(action, configuration).partition("\n\n")
    assert text == posted_text(published)
    said = listed(head)
    assert said.pop("length") == str(post_length(text, published.platform))
    assert ("cost" in said) == (published.platform is Platform.X)
    said.pop("cost", None)
    assert said == {name: value for name, value in fields_of(published).items() if name != "text"}


def test_a_picture_is_shown_with_its_hash_and_its_words(configuration: Configuration) -> None:
    post = SocialPost(
        platform=Platform.MASTODON,
        text="Fresh.",
        media=("Media/a.jpg", "https://cdn.example/b.jpg"),
        media_sha256=("ab" * 32, ""),
        alt_text=("A loaf", ""),
    )

    assert shown(post, configuration).splitlines() == [
        "platform: mastodon",
        "length: 6 of 500 characters",
        f"media: Media/a.jpg (SHA-256 {'ab' * 8}…)",
        "  alt text: A loaf",
        "media: https://cdn.example/b.jpg (its bytes are not known here)",
        "  alt text: (none)",
        "",
        "Fresh.",
    ]


@pytest.mark.parametrize(("link", "amount"), [(None, "0.015"), ("https://example.org", "0.200")])
def test_what_a_post_costs_is_said_before_it_is_approved(
    configuration: Configuration, link: str | None, amount: str
) -> None:
    first, *_ = shown(SocialPost(platform=Platform.X, text="Fresh.", link=link), configuration).splitlines()

    assert first == f"cost: about {amount} USD (docs.x.com/x-api/getting-started/pricing, 2026)"


@RUNS
@given(MESSAGES)
def test_a_message_is_shown_as_its_text(configuration: Configuration, action: WhatsappMessage) -> None:
    sent = given_to_the_server(action)
    assert isinstance(sent, WhatsappMessage)
    head, _, text = shown(action, configuration).partition("\n\n")
    assert text == sent.body
    assert listed(head) == {"to": sent.to, "length": f"{len(sent.body)} of 4096 characters"}


@RUNS
@given(PAYMENTS)
def test_a_payment_is_shown_with_every_value_that_moves_money(configuration: Configuration, action: Payment) -> None:
    said, paid = listed(shown(action, configuration)), given_to_the_server(action)
    assert isinstance(paid, Payment)
    assert said.pop("account").replace(" ", "") == paid.account
    assert said.pop("amount") == f"{paid.amount:f} {paid.currency}"
    assert said.pop("in words") == in_words(paid.amount, paid.currency)
    shown_apart = {"account", "amount", "currency"}
    assert said == {name: value for name, value in fields_of(paid).items() if name not in shown_apart}


@RUNS
@given(INVOICES)
def test_an_invoice_is_shown_line_by_line_with_its_total(
    configuration: Configuration, action: OdooInvoiceCreate
) -> None:
    created = given_to_the_server(action)
    assert isinstance(created, OdooInvoiceCreate)
    head, _, table = shown(action, configuration).partition("\n\n")
    said = {"post": "yes" if created.post else "no"}
    assert listed(head) == {n: v for n, v in fields_of(created).items() if n != "lines"} | said
    *rows, total = table.split("\n")
    assert len(rows) == len(created.lines)
    for row, line in zip(rows, created.lines, strict=True):
        assert row[2:].startswith(line.description)
        assert row.endswith(f"  {line.quantity:f} × {line.unit_price:f} = {(line.quantity * line.unit_price):f}")
    whole = sum((line.quantity * line.unit_price for line in created.lines), Decimal())
    assert Decimal(total.removeprefix("  Total without tax").split()[0]) == whole


@RUNS
@given(CALLS)
def test_a_call_is_shown_with_the_arguments_that_its_tool_gets(configuration: Configuration, action: McpCall) -> None:
    head, _, arguments = shown(action, configuration).partition("\narguments:\n")
    assert listed(head) == {"server": action.server, "tool": action.tool}
    assert json.loads(arguments) == arguments_for(action.kind, fields_of(action))


@RUNS
@given(OTHERS)
def test_every_other_action_is_shown_field_by_field(configuration: Configuration, action: Action) -> None:
    said = listed(shown(action, configuration))
    arguments = fields_of(given_to_the_server(action))
    words = {True: "yes", False: "no"}
    assert said == {name: words[v] if isinstance(v, bool) else v for name, v in arguments.items()}
