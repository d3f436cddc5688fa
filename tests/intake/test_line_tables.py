"""Invoice lines as a table are read exactly, or not at all."""

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
HEAD = "---\naction: create_invoice\ncustomer: Nordwind GmbH\n{}---\n# Invoice\n\n"
WORK = {"description": "Design", "quantity": "2", "unit_price": "150.00"}
HOSTING = {"description": "Hosting", "quantity": "1", "unit_price": "1200.50"}


def read(table: str, more: str = "currency: EUR\n") -> Request:
    return read_request((HEAD.format(more) + table + "\n").encode(), "Pending_Approval/a.md", AROUND)


def codes(request: Request) -> list[tuple[str, str | None]]:
    return [(problem.code.value, problem.field) for problem in request.problems]


@pytest.mark.parametrize(
    "table",
    [
        "| Description | Quantity | Unit price |\n|---|--:|--:|\n| Design | 2 | 150.00 |\n| Hosting | 1 | 1,200.50 |",
        "| Item | Qty | Price | Total |\n|:--|---|---|---|\n| Design | 2 | 150.00 | 300.00 |\n"
        "| Hosting | 1 | 1200.50 | 1200.50 |\n"
        "| **Total** | | | **1500.50** |",
        "| # | Service | Hours | Rate | Amount |\n|-|-|-|-|-|\n| 1 | Design | 2 | EUR 150.00 | EUR 300.00 |\n"
        "| 2 | Hosting | 1 | €1,200.50 | €1,200.50 |",
    ],
)
def test_a_table_of_lines_is_read(table: str) -> None:
    request = read(table)
    assert request.problems == ()
    assert request.fields["lines"] == [WORK, HOSTING]
    assert (request.fields["currency"], request.sources["lines"].source.value) == ("EUR", "label")


def test_its_currency_is_taken_where_none_is_named() -> None:
    assert read("| Item | Unit price |\n|-|-|\n| Hosting | USD 1200.50 |", "").fields["currency"] == "USD"


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("| Item | Qty | Rate | Total |\n|-|-|-|-|\n| Design | 2 | 150.00 | 310.00 |", ("invalid_value", "lines")),
        ("| Item | Qty | Rate |\n|-|-|-|\n| Design | two | 150.00 |", ("invalid_value", "lines")),
        ("| Item | Qty | Rate |\n|-|-|-|\n| Design | 2 | 150.00 | 9 |", ("invalid_value", "lines")),
        ("| Item | Qty | Rate |\n|-|-|-|\n| Design | 2 | 150.00 |\n| Total | | 310.00 |", ("invalid_value", "lines")),
        ("| Item | Qty | Rate |\n|-|-|-|\n| Design | 2 | 150.00 |\n| VAT | | 57.00 |", ("invalid_value", "lines")),
        ("| Item | Qty | Rate |\n|-|-|-|\n| Design | 2 | USD 150.00 |", ("disagreeing_sources", "currency")),
        ("| Item | Qty | Rate | VAT |\n|-|-|-|-|\n| Design | 2 | 150.00 | 19% |", ("missing_field", "lines")),
        ("| Item | Qty | Price |\n|-|-|-|\n| Design | 2 | 150.00 |", ("missing_field", "lines")),
        ("> | Item | Qty | Rate |\n> |-|-|-|\n> | Design | 2 | 150.00 |", ("missing_field", "lines")),
        ("## Original Message\n\n| Item | Qty | Rate |\n|-|-|-|\n| Design | 2 | 150.00 |", ("missing_field", "lines")),
    ],
)  # fmt: skip
def test_a_table_that_could_mean_something_else_is_no_source(table: str, problem: tuple[str, str]) -> None:
    assert codes(read(table)) == [problem]


def test_two_tables_that_differ_are_a_problem() -> None:
    one = "| Item | Unit price |\n|-|-|\n| Hosting | {} |\n"
    assert codes(read(one.format("10.00") + "\n" + one.format("20.00"))) == [("disagreeing_sources", "lines")]


def test_an_escaped_bar_in_a_cell_is_a_bar() -> None:
    fields = (
        "| Field | Value |\n|---|---|\n| To | ana@example.com |\n| Subject | Prices \\| January |\n| Body | We are \\|"
    )
    request = read_request(f"---\naction: send_email\n---\n{fields}\n".encode(), "Pending_Approval/a.md", AROUND)
    assert request.problems == ()
    assert (request.fields["subject"], request.fields["body"]) == ("Prices | January", "We are |")
    invoice = read("| Description | Quantity | Unit price |\n|---|---|---|\n| Design \\| print | 2 | 150.00 |")
    assert invoice.fields["lines"] == [{**WORK, "description": "Design | print"}]
