"""A day is the day that stands in the file, in whatever zone its hour was written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.fuzz.targets import AROUND

from platinum_tui.intake.reader import read_request
from platinum_tui.intake.times import read_time

FIELDS = {
    "payment": (
        "execution_date",
        "payee: Oven Repairs\naccount: DE89370400440532013000\namount: 12.00\ncurrency: EUR\nrail: sepa",
    ),
    "odoo_invoice_create": (
        "due_date",
        "customer: ana@example.com\ncurrency: EUR\nlines:\n  - {description: Bread, quantity: 1, unit_price: 2.00}",
    ),
    "odoo_payment": ("date", "invoice: INV/2026/0001\namount: 12.00\ncurrency: EUR"),
}
FIRST_OF_DECEMBER = [
    "2026-12-01T00:30+02:00",
    "2026-12-01T23:30:00-05:00",
    '"2026-12-01 00:30 +0200"',
    '"Tue, 01 Dec 2026 00:30:00 +0200"',
    "2026-12-01T00:30:00Z",
    '"2026-12-01 00:30"',
    "2026-12-01",
    "1 December 2026",
    '"December 1, 2026 12:30 AM"',
]


@pytest.mark.parametrize("kind", list(FIELDS))
@pytest.mark.parametrize("written", FIRST_OF_DECEMBER)
def test_a_payment_is_due_on_the_day_that_was_written(kind, written):
    field, others = FIELDS[kind]
    data = f"---\nid: r1\nkind: {kind}\n{others}\n{field}: {written}\n---\n"
    request = read_request(data.encode(), "Pending_Approval/r1.md", AROUND)

    assert request.fields[field] == "2026-12-01", [problem.message for problem in request.problems]


def test_a_moment_is_still_the_same_in_every_zone():
    assert read_time("2026-12-01T00:30+02:00").instant == datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
