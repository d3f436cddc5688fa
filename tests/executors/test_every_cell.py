"""Every tool in every plight: done once, or a clear no, or unknown; the service's own journal is the judge.

One row a tool and service, one column a plight. What one service alone does is told in its own file; mail over
SMTP and bridges to WhatsApp speak no HTTP and have all their plights there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest
from tests.executors.test_gmail import Gmail
from tests.executors.test_whatsapp_server import CloudApi
from tests.support import payment_contracts as money
from tests.support import social_contracts as social
from tests.support.calling import Caller
from tests.support.contract_server import GARBAGE, LOST, SILENT, Answer, Call, Contract, contract_server
from tests.support.every_service import books
from tests.support.mail_servers import free_port
from tests.support.odoo_stand_in import KEY

from platinum_executors.concealment import SHORTEST
from platinum_executors.email import EMAIL
from platinum_executors.family import Family
from platinum_executors.odoo import ODOO
from platinum_executors.payments import PAYMENTS
from platinum_executors.social import SOCIAL
from platinum_executors.whatsapp import WHATSAPP
from platinum_tui.model.action import (
    Action,
    EmailReply,
    EmailSend,
    InvoiceLine,
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


@dataclass(frozen=True)
class Row:
    """One tool at one service.

    Attributes:
        act: method and path of the call that has the effect.
        url: the setting that names the service's address.
        effects: what the service did, by its journal.
        lost, garbled: the outcome when the answer to `act` is lost, or makes no sense: `done` where the server looks
            at once and finds its effect, else `unknown`.
    """

    family: Family
    tool: str
    action: Action
    service: Callable[[], Any]
    act: str
    url: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    effects: Callable[[Any], int]
    lost: str = "unknown"
    garbled: str = "unknown"


def _gmail(tool: str, action: Action) -> Row:
    settings = {"transport": "gmail", "sender": "me@example.net", "gmail_client_id": "id"}
    secrets = {"gmail_refresh_token": "r3fresh", "gmail_client_secret": "s3cret"}
    act = "POST /gmail/v1/users/me/messages/send"
    return Row(EMAIL, tool, action, Gmail, act, "gmail_api_url", settings, secrets, lambda g: len(g.sent))


def _post(platform: str, network: Callable[[], Any], act: str, settings: Mapping[str, str], **found: str) -> Row:
    media = {"media": ("https://cdn.example/a.jpg",), "media_sha256": ("",)} if platform == "instagram" else {}
    action = SocialPost(platform=Platform(platform), text="Fresh loaves", **media)
    secrets = {f"{platform}_token": social.TOKEN, "bluesky_password": social.APP_PASSWORD}
    url = f"{platform}_api_url"
    return Row(SOCIAL, "create_post", action, network, act, url, settings, secrets, lambda n: len(n.posts), **found)


def _books(tool: str, action: Action, act: str, effect: str, **found: str) -> Row:
    settings, secrets = {"database": "books"}, {"api_key": KEY}
    return Row(
        ODOO, tool, action, books, f"POST /json/2/{act}", "url", settings, secrets,
        lambda odoo: odoo.effects.count(effect), **found,
    )  # fmt: skip


def _pay(rail: str, service: Callable[[], Any], act: str, settings: Mapping[str, str], payment: Payment) -> Row:
    secrets = {
        "stripe_api_key": money.STRIPE_KEY,
        "paypal_client_secret": money.SECRET,
        "wise_token": money.WISE_TOKEN,
    }
    url = f"{rail}_api_url"
    return Row(PAYMENTS, "create_payment", payment, service, act, url, settings, secrets, lambda s: len(s.effects))


def _payment(rail: Rail, account: str, amount: str, currency: str, payee: str = "Ana") -> Payment:
    return Payment(payee=payee, amount=Decimal(amount), currency=currency, account=account, rail=rail)


MAIL = {"to": ("ana@example.com",), "subject": "July", "body": "Hello"}
LINE = InvoiceLine(description="Work", quantity=Decimal(1), unit_price=Decimal("100.00"))
STRIPE, PAYPAL = {"stripe_account": money.OWN_STRIPE}, {"paypal_client_id": money.CLIENT}
FOUND = {"lost": "done", "garbled": "done"}
ROWS = {
    "send_email by Gmail": _gmail("send_email", EmailSend(**MAIL)),
    "reply_email by Gmail": _gmail("reply_email", EmailReply(**MAIL, in_reply_to="<a@b.example>")),
    "facebook": _post("facebook", social.Facebook, "POST /page1/feed", {"facebook_page": "page1"}, **FOUND),
    "instagram": _post(
        "instagram", social.Instagram, "POST /ig1/media_publish", {"instagram_account": "ig1"}, **FOUND
    ),
    "x": _post("x", social.X, "POST /2/tweets", {"x_user": "me"}),
    "linkedin": _post("linkedin", social.LinkedIn, "POST /rest/posts", {"linkedin_author": "urn:li:person:me"}),
    "mastodon": _post("mastodon", social.Mastodon, "POST /api/v1/statuses", {"mastodon_host": "m.example"}, **FOUND),
    "bluesky": _post(
        "bluesky", social.Bluesky, "POST /xrpc/com.atproto.repo.putRecord", {"bluesky_handle": "me.example"}
    ),
    "create_customer": _books(
        "create_customer", OdooCustomerCreate(name="New Ltd"), "res.partner/load", "load res.partner", **FOUND
    ),
    "create_invoice": _books(
        "create_invoice", OdooInvoiceCreate(customer="7", lines=(LINE,)), "account.move/load", "load account.move",
        **FOUND,
    ),
    "post_invoice": _books(
        "post_invoice", OdooInvoicePost(invoice="118"), "account.move/action_post", "post", **FOUND
    ),
    "register_payment": _books(
        "register_payment", OdooPayment(invoice="119", amount=Decimal("250.00")),
        "account.payment.register/action_create_payments", "pay", **FOUND,
    ),
    "whatsapp": Row(
        WHATSAPP, "send_message", WhatsappMessage(to="+12025550142", body="Hi"), CloudApi,
        "POST /v25.0/1055/messages", "api_url", {"phone_number_id": "1055"}, {"token": "t0ken"}, lambda c: len(c.sent),
    ),
    "stripe transfer": _pay(
        "stripe", money.Stripe, "POST /v1/transfers", STRIPE, _payment(Rail.STRIPE, "acct_1", "4.20", "USD")
    ),
    "stripe payout": _pay(
        "stripe", money.Stripe, "POST /v1/payouts", STRIPE, _payment(Rail.STRIPE, "ba_1", "4.20", "USD")
    ),
    "stripe refund": _pay(
        "stripe", money.Stripe, "POST /v1/refunds", STRIPE, _payment(Rail.STRIPE, "pi_1", "4.20", "USD")
    ),
    "paypal payout": _pay(
        "paypal", money.PayPal, "POST /v1/payments/payouts", PAYPAL,
        _payment(Rail.PAYPAL, "ana@example.org", "4.20", "USD"),
    ),
    "paypal refund": _pay(
        "paypal", money.PayPal, "POST /v2/payments/captures/2GG279541U471931P/refund", PAYPAL,
        _payment(Rail.PAYPAL, "2GG279541U471931P", "4.20", "USD"),
    ),
    "wise": _pay(
        "wise", money.Wise, "POST /v1/transfers",
        {"wise_profile": money.PROFILE, "wise_source_currency": "EUR"},
        _payment(Rail.WISE, "48210001", "15000", "JPY", payee="Ben Okoro"),
    ),
}  # fmt: skip


@dataclass
class Plight:
    """One row with its service running."""

    row: Row
    service: Contract
    caller: Caller

    def call(self, approved: Any = None) -> dict[str, Any]:
        return self.caller.call(self.row.tool, self.row.action, approved or self.approve())

    def approve(self) -> Any:
        return self.caller.decide(self.row.action)

    def strike(self, fault: Answer) -> None:
        """From now on the acting call is answered so."""
        self.service.faults[self.row.act] = fault

    @property
    def effects(self) -> int:
        return self.row.effects(self.service.answer)

    @property
    def acts(self) -> list[Call]:
        return [call for call in self.service.journal if f"{call.method} {call.path}" == self.row.act]


@pytest.fixture(params=list(ROWS))
def plight(request, tmp_path) -> Iterator[Plight]:
    row = ROWS[request.param]
    with contract_server(row.service()) as service:
        settings = {**row.settings, row.url: service.url}
        if row.url == "gmail_api_url":
            settings["gmail_token_url"] = f"{service.url}/token"
        yield Plight(row, service, Caller(row.family, tmp_path, settings, dict(row.secrets)))


def test_done_once_and_a_replay_is_refused(plight):
    approved = plight.approve()
    first, second = plight.call(approved), plight.call(approved)

    assert (first["outcome"], first["evidence"] != {}) == ("done", True)
    assert (second["outcome"], second["code"]) == ("refused", "decision_used")
    assert (plight.effects, len(plight.acts), plight.caller.burnt) == (1, 1, 1)


def test_silence_before_the_point_of_no_return_leaves_the_decision_good(plight):
    approved, reachable = plight.approve(), plight.caller.settings
    away = f"http://127.0.0.1:{free_port()}"
    ours = plight.service.url
    plight.caller.settings = {name: away + value[len(ours) :] if str(value).startswith(ours) else value
                              for name, value in reachable.items()}  # fmt: skip
    first = plight.call(approved)
    plight.caller.settings = reachable

    assert (first["outcome"], first["code"], plight.caller.burnt) == ("refused", "no_connection", 0)
    assert first["retriable"] is (plight.row.family is not PAYMENTS)
    assert plight.call(approved)["outcome"] == "done"
    assert plight.effects == 1


@pytest.fixture
def impatient(monkeypatch):
    """Deadlines of half a second, whatever a server asks for."""
    original = httpx.Timeout
    monkeypatch.setattr(httpx, "Timeout", lambda *_, **__: original(0.5))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("fault", "code"),
    [(LOST, "no_reply"), (SILENT, "no_reply"), (GARBAGE, "malformed_answer")],
    ids=["connection lost", "time-out", "malformed answer"],
)
def test_after_it_the_effect_is_found_by_a_look_or_the_outcome_is_unknown(plight, fault, code):
    plight.strike(fault)
    approved = plight.approve()
    first = plight.call(approved)
    plight.service.faults.clear()
    again = plight.call(approved)

    assert first["outcome"] == (plight.row.garbled if fault is GARBAGE else plight.row.lost)
    assert first["outcome"] == "done" or (first["code"], bool(first["message"])) == (code, True)
    assert again["code"] == "decision_used"
    assert (plight.effects, len(plight.acts)) == (1, 1)


def test_at_a_limit_it_is_refused_and_says_so(plight):
    plight.strike(Answer({}, 429, {"retry-after": "30"}))
    result = plight.call()

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", "rate_limited", False)
    assert "30 s" in result["message"]
    assert plight.effects == 0


def test_with_an_expired_credential_it_is_refused_and_nothing_is_used_up(plight):
    plight.caller.secrets = dict.fromkeys(plight.caller.secrets, "exp1red")
    result = plight.call()

    assert (result["outcome"], result["code"]) in [
        ("refused", "credential_expired"),
        ("refused", "credential_refused"),
    ]
    assert "exp1red" not in str(result)
    assert plight.effects == 0


def test_an_error_that_does_not_say_what_happened_is_unknown(plight):
    plight.strike(Answer(b"<html>bad gateway", 502))
    result = plight.call()

    assert (result["outcome"], result["code"], len(plight.acts)) == ("unknown", "server_error", 1)
    assert plight.caller.burnt == 1


def test_a_service_that_repeats_what_it_was_told_tells_nobody_the_credential(plight):
    answer = plight.service.answer

    def echo(call: Call) -> Answer:
        if f"{call.method} {call.path}" != plight.row.act:
            return answer(call)
        told = f"{call.headers} {call.content.decode('utf-8', 'replace')}"
        words = dict.fromkeys(("message", "detail", "error", "name"), told)
        meta = plight.row.url in ("facebook_api_url", "instagram_api_url", "api_url")
        return Answer({"error": {"code": 100, "message": told}} if meta else words, 400)

    plight.service.answer = echo
    result = plight.call()

    assert result["outcome"] == "refused"
    assert not [secret for secret in plight.row.secrets.values() if len(secret) >= SHORTEST and secret in str(result)]


def test_a_password_that_is_one_of_our_own_words_changes_no_outcome(plight):
    plight.caller.secrets = dict.fromkeys(plight.caller.secrets, "refused")
    result = plight.call()

    assert result["outcome"] == "refused"
    assert result["code"] in ("credential_expired", "credential_refused")
