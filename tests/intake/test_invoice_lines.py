"""Invoice lines that contradict themselves, or say more than can be passed on, are no lines."""

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


def read(line: str, more: str = "currency: EUR\n") -> Request:
    head = f"kind: odoo_invoice_create\ncustomer: Nordwind GmbH\n{more}lines: [{{{line}}}]\n"
    return read_request(f"---\n{head}---\n".encode(), "Pending_Approval/a.md", AROUND)


def codes(request: Request) -> list[tuple[str, str | None]]:
    return [(problem.code.value, problem.field) for problem in request.problems]


@pytest.mark.parametrize(
    "line",
    [
        'description: Flour, quantity: 2, unit_price: "10.00", total: "20.00"',
        'name: Flour, qty: 2, price: "10.00", unit_price: "10.00", discount: 0, tax: 0%',
        'product: FL-25, description: Flour, quantity: 2, units: bags, rate: "EUR 10.00"',
    ],
)
def test_a_line_that_agrees_with_itself_is_read(line: str) -> None:
    request = read(line)
    assert codes(request) == []
    assert request.fields["lines"] == [
        {"description": request.fields["lines"][0]["description"], "quantity": "2", "unit_price": "10.00"}
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('description: Flour, quantity: 2, qty: 5, unit_price: "10.00"', "two quantities"),
        ('description: Flour, quantity: 2, price: "10.00", unit_price: "11.00"', "two prices"),
        ('description: Flour, quantity: 2, unit_price: "10.00", discount: 50', "discount"),
        ('description: Flour, quantity: 2, unit_price: "10.00", tax_rate: 19', "tax rate"),
        ('description: Flour, quantity: 2, unit_price: "10.00", total: "10.00"', "total"),
        ('description: Flour, quantity: many, unit_price: "10.00"', "quantity"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused(line: str, word: str) -> None:
    request = read(line)
    assert codes(request) == [("invalid_value", "lines")]
    assert word in request.problems[0].message


@pytest.mark.parametrize("price", ["10.00 USD", "$10.00"])
def test_a_price_in_another_currency_disagrees(price: str) -> None:
    line = f'description: Flour, quantity: 2, unit_price: "{price}"'
    assert ("disagreeing_sources", "currency") in codes(read(line))


def test_a_currency_in_a_line_is_the_currency_of_the_invoice() -> None:
    line = 'description: Flour, quantity: 2, unit_price: "10.00", currency: USD'
    assert read(line, more="").fields["currency"] == "USD"
    assert ("disagreeing_sources", "currency") in codes(read(line))


def test_one_is_said_where_no_quantity_is() -> None:
    request = read('description: Flour, unit_price: "10.00"')
    assert [warning.code.value for warning in request.warnings] == ["derived_value"]
