"""A line in a list says first what a decision is about: for money, who gets it and how much."""

from __future__ import annotations

import pytest

from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.summary import TITLE_LENGTH, amount_of, title_of

LINES = [
    {"description": "Design", "quantity": "10", "unit_price": "80.00"},
    {"description": "Hosting", "quantity": "1", "unit_price": "12.50"},
]


@pytest.mark.parametrize(
    ("kind", "fields", "title"),
    [
        (
            Kind.PAYMENT,
            {"payee": "Acme GmbH", "amount": "1250.00", "currency": "EUR", "reference": "PO-4471"},
            "Acme GmbH, 1250.00 EUR, PO-4471",
        ),
        (Kind.PAYMENT, {"amount": "1250.00", "reference": "PO-4471"}, "1250.00, PO-4471"),
        (
            Kind.ODOO_INVOICE_CREATE,
            {"customer": "Ana Ltd", "lines": LINES, "currency": "EUR", "reference": "INV-5521"},
            "Ana Ltd, 812.50 EUR, INV-5521",
        ),
        (Kind.ODOO_INVOICE_POST, {"invoice": "INV-5521", "expected_total": "90.00"}, "INV-5521, 90.00"),
        (
            Kind.ODOO_PAYMENT,
            {"invoice": "INV-5521", "amount": "90.00", "currency": "USD", "memo": "paid in cash"},
            "INV-5521, 90.00 USD, paid in cash",
        ),
        (Kind.PAYMENT, {}, "pay.md"),
        (Kind.EMAIL_SEND, {"subject": "July invoice", "body": "Dear Ana"}, "July invoice"),
    ],
)
def test_a_title_begins_with_what_matters(kind: Kind, fields: dict[str, JsonValue], title: str) -> None:
    assert title_of(kind, fields, "Pending_Approval/pay.md") == title


def test_a_long_name_does_not_push_the_amount_away() -> None:
    title = title_of(Kind.PAYMENT, {"payee": "A" * 900, "amount": "1250.00", "currency": "EUR"}, "a.md")
    assert "1250.00 EUR" in title
    assert len(title) <= TITLE_LENGTH


def test_a_total_is_exact_to_its_last_digit() -> None:
    long = {"description": "x", "quantity": "123456789.123456", "unit_price": "1234567890123.45"}
    assert amount_of({"lines": [long, LINES[1]]}) == "152415787669560764057.63064320"


def test_lines_without_a_number_have_no_total() -> None:
    assert amount_of({"lines": [{"description": "x", "quantity": "many", "unit_price": "1"}]}) is None
