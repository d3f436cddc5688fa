"""A morning's requests: varied, fictional, the same every time."""

from __future__ import annotations

from datetime import timedelta

from tests.support.office import Office, mail

from platinum_tui.model.action import Kind
from platinum_tui.model.request import State

HOUR = timedelta(hours=1)
LETTER = """\
Dear Ana,

thank you for the **July invoice** (INV-2026-00012). It was paid today; see the
[receipt](https://pay.example.com/r/8841).

- amount: 1,200.00 EUR
- reference: RF18 5390 0754

<!-- internal: she asked for a discount, do not mention it -->

Kind regards
Jo
"""
RENT = {
    "payee": "Hausverwaltung Nord",
    "amount": "1840.00",
    "currency": "EUR",
    "account": "DE89370400440532013000",
    "reference": "Rent February",
    "rail": "sepa",
}
POST = {"platform": "mastodon", "text": "Our spring release is out: faster search, calmer colours. Thank you!\n"}
CUSTOMER = {"name": "Müller & Söhne GmbH", "email": "info@mueller.example", "city": "Köln", "country": "DE"}


def fill(office: Office) -> None:
    """Twelve requests, eight of them pending, oldest first."""

    def put(name: str, kind: Kind, fields: dict[str, object], age: timedelta, **more: str) -> None:
        office.put(name, kind, fields, age=age, quiet=True, **more)

    put("lost", Kind.EMAIL_SEND, mail(["li@example.com"], "Offer 2026-17"), 30 * HOUR)
    office.become("lost", State.UNKNOWN, "The connection broke after the message was handed over.")
    put("bounced", Kind.EMAIL_SEND, mail(["nobody@example.com"], "Your parcel"), 29 * HOUR)
    office.become("bounced", State.FAILED, "550 no such mailbox")
    put("shipped", Kind.EMAIL_SEND, mail(["kim@example.com"], "Your order has shipped"), 40 * HOUR)
    office.become("shipped", State.DONE, "250 accepted")
    put("loud", Kind.EMAIL_SEND, mail(["all@example.com"], "LAST CHANCE!!!"), 42 * HOUR)
    office.reject("loud", "Not our tone.")

    put(
        "july-invoice",
        Kind.EMAIL_SEND,
        mail(subject="Re: July invoice", body=LETTER),
        28 * HOUR,
        expires_at="2026-01-08T10:00:00Z",
        reason="Ana asked twice whether the July invoice was paid.",
        task="Needs_Action/EMAIL_july.md",
    )
    put("rent", Kind.PAYMENT, RENT, 26 * HOUR)
    put("launch", Kind.SOCIAL_POST, POST, 9 * HOUR)
    put("no-recipient", Kind.EMAIL_SEND, {"subject": "Meeting on Thursday", "body": "See you at ten."}, 5 * HOUR)
    put("lee", Kind.WHATSAPP_MESSAGE, {"to": "+4915112345678", "body": "Ten minutes late, sorry!"}, 3 * HOUR)
    put("customer", Kind.ODOO_CUSTOMER_CREATE, CUSTOMER, 2 * HOUR)
    put("notes", Kind.EMAIL_SEND, mail(["team@example.com", "bo@example.com"], "Notes from the meeting"), HOUR)
    office.put("ideas", text="# Ideas\n\nNothing to do here.\n", quiet=True)
