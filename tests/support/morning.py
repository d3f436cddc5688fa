"""A morning's requests: varied, fictional, the same every time."""

from __future__ import annotations

from datetime import timedelta

from tests.support.office import Office, mail

from platinum_tui.model.action import Kind
from platinum_tui.model.request import Problem, ProblemCode, RequestWarning, RiskLevel, State, WarningCode

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


def fill(office: Office) -> None:
    """Twelve requests, most of them pending."""
    hours = timedelta(hours=1)
    office.put(
        "july-invoice",
        fields=mail(subject="Re: July invoice", body=LETTER),
        risk=RiskLevel.MEDIUM,
        reasons=("Ana was never written to before.",),
        warnings=(
            RequestWarning(WarningCode.HIDDEN_CONTENT, "The body holds an HTML comment that a reader never sees."),
        ),
        reason="Ana asked twice whether the July invoice was paid.",
        task="Needs_Action/EMAIL_july.md",
        age=2 * hours,
        expires=22 * hours,
        quiet=True,
    )
    office.put(
        "rent",
        Kind.PAYMENT,
        {
            "payee": "Hausverwaltung Nord",
            "amount": "1840.00",
            "currency": "EUR",
            "account": "DE89370400440532013000",
            "reference": "Rent February",
            "rail": "sepa",
        },
        risk=RiskLevel.HIGH,
        reasons=("Money leaves the account.", "The account differs from the last payment to this payee."),
        warnings=(RequestWarning(WarningCode.ACCOUNT_CHANGED, "Last time this payee had another IBAN."),),
        age=26 * hours,
        quiet=True,
    )
    office.put(
        "launch",
        Kind.SOCIAL_POST,
        {
            "platform": "mastodon",
            "text": "Our spring release is out: faster search, calmer colours. Thank you, testers!",
        },
        age=timedelta(minutes=40),
        quiet=True,
    )
    office.put(
        "no-recipient",
        fields={"subject": "Meeting on Thursday", "body": "See you at ten."},
        problems=(Problem(ProblemCode.MISSING_FIELD, "No recipient is given.", "to"),),
        age=timedelta(minutes=12),
        quiet=True,
    )
    office.put(
        "whatsapp-lee",
        Kind.WHATSAPP_MESSAGE,
        {"to": "+4915112345678", "body": "Running ten minutes late, sorry!"},
        risk=RiskLevel.HIGH,
        reasons=("A message to a private number.",),
        age=timedelta(minutes=3),
        quiet=True,
    )
    office.put(
        "customer",
        Kind.ODOO_CUSTOMER_CREATE,
        {"name": "Müller & Söhne GmbH", "email": "info@mueller.example", "city": "Köln", "country": "DE"},
        age=5 * hours,
        quiet=True,
    )
    office.put(
        "newsletter",
        fields=mail(["team@example.com", "bo@example.com"], "Notes from the weekly meeting", "Notes are attached.\n"),
        age=3 * hours,
        quiet=True,
    )
    office.put(
        "note",
        None,
        {},
        text="# Ideas\n\nNothing to do here.\n",
        age=9 * hours,
        quiet=True,
        problems=(Problem(ProblemCode.NOT_A_REQUEST, "This file asks for nothing."),),
    )
    office.put(
        "lost",
        fields=mail(["li@example.com"], "Offer 2026-17"),
        state=State.UNKNOWN,
        why="The connection broke after the message was handed over.",
        age=30 * hours,
        quiet=True,
    )
    office.put(
        "moved-by-hand",
        Kind.MCP_CALL,
        {"server": "calendar", "tool": "create_event", "arguments": {"title": "Review"}},
        state=State.HELD,
        why="Moved by hand, but tool calls need a signed decision.",
        risk=RiskLevel.HIGH,
        age=6 * hours,
        quiet=True,
    )
    office.put(
        "yesterday",
        fields=mail(["kim@example.com"], "Your order has shipped"),
        state=State.DONE,
        age=20 * hours,
        quiet=True,
    )
    office.put(
        "spam",
        fields=mail(["all@example.com"], "LAST CHANCE!!!"),
        state=State.REJECTED,
        why="Not our tone.",
        age=40 * hours,
        quiet=True,
    )
