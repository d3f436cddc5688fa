"""Books are changed once, to what was approved, on both forms of Odoo's API; what Odoo says no to stays undone."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest
from tests.support.calling import Caller
from tests.support.contract_server import GARBAGE, LOST, Answer, contract_server
from tests.support.counterparts import MISSING
from tests.support.mail_servers import free_port
from tests.support.odoo_stand_in import KEY, TRACEBACK, Fault, OdooStandIn

from platinum_executors.odoo import ODOO
from platinum_tui.model.action import InvoiceLine, OdooCustomerCreate, OdooInvoiceCreate, OdooInvoicePost, OdooPayment

CUSTOMER = OdooCustomerCreate(name="Ana Ruiz", email="ana@example.com", is_company=False, city="Madrid", country="ES")
LINES = (
    InvoiceLine(description="Milling", quantity=Decimal("3"), unit_price=Decimal("33.335")),
    InvoiceLine(description="Transport", quantity=Decimal("1"), unit_price=Decimal("20.00")),
)
INVOICE = OdooInvoiceCreate(
    customer="brightmill ltd", lines=LINES, currency="EUR", due_date="2026-02-15", reference="W7"
)


@pytest.fixture(params=[16, 18, 19])
def odoo(request):
    with contract_server(OdooStandIn(request.param)) as contract:
        yield contract


@pytest.fixture
def caller(odoo, tmp_path):
    return Caller(ODOO, tmp_path, {"url": odoo.url, "database": "books", "username": "bot"}, {"api_key": KEY})


@pytest.fixture
def draft(caller, odoo) -> int:
    """A draft invoice of 144.01 EUR that somebody made in Odoo."""
    caller.do("create_invoice", OdooInvoiceCreate(customer="7", lines=LINES, post=False, reference="D1"), request="x")
    odoo.answer.effects.clear()
    [number] = odoo.answer.tables["account.move"]
    return number


def acting_path(odoo, model: str, method: str) -> str:
    return f"/json/2/{model}/{method}" if odoo.answer.version >= 19 else "/jsonrpc"


def test_a_customer_is_made_once_however_often_it_is_approved(caller, odoo):
    first = caller.do("create_customer", CUSTOMER)
    second = caller.do("create_customer", CUSTOMER)

    assert (first["outcome"], second["outcome"]) == ("done", "done")
    assert (first["evidence"]["existed"], second["evidence"]["existed"]) == (False, True)
    assert odoo.answer.effects == ["load res.partner"]
    made = odoo.answer.tables["res.partner"][first["evidence"]["customer_id"]]
    assert made == {
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "is_company": "0",
        "city": "Madrid",
        "country_id/.id": "21",
    }
    assert caller.find(caller.marker(CUSTOMER))["outcome"] == "found"


def test_an_invoice_is_made_checked_and_posted_once(caller, odoo):
    first = caller.do("create_invoice", INVOICE)
    second = caller.do("create_invoice", INVOICE)

    assert first["outcome"] == second["outcome"] == "done"
    assert odoo.answer.effects == ["load account.move", "post"]
    [made] = odoo.answer.tables["account.move"].values()
    assert len(made["lines"]) == 2
    assert made["invoice_date_due"] == "2026-02-15"
    assert first["evidence"] == {**second["evidence"], "existed": False}
    assert (first["evidence"]["state"], first["evidence"]["amount_total"]) == ("posted", "144.01")
    assert caller.find(caller.marker(INVOICE))["outcome"] == "found"


def test_a_draft_stays_a_draft_where_that_was_approved(caller, odoo):
    result = caller.do("create_invoice", OdooInvoiceCreate(customer="7", lines=LINES, post=False))

    assert result["evidence"]["state"] == "draft"
    assert odoo.answer.effects == ["load account.move"]


def test_an_invoice_that_cannot_be_posted_is_taken_back(caller, odoo):
    odoo.answer.refuse["action_post"] = Fault("odoo.exceptions.UserError", "The period is locked.\n" + TRACEBACK)
    result = caller.do("create_invoice", INVOICE)

    assert (result["outcome"], result["message"]) == ("refused", "Odoo refuses: The period is locked.")
    assert odoo.answer.effects == ["load account.move", "unlink"]
    assert odoo.answer.tables["account.move"] == {}
    assert caller.find(caller.marker(INVOICE))["outcome"] == "absent"


def test_an_invoice_of_another_sum_than_the_approved_one_is_taken_back(caller, odoo):
    odoo.answer.discount = 5.0
    result = caller.do("create_invoice", INVOICE)

    assert (result["outcome"], result["code"]) == ("refused", "total_differs")
    assert "115.01" in result["message"]
    assert "120.01" in result["message"]
    assert odoo.answer.effects == ["load account.move", "unlink"]


def test_a_draft_that_cannot_be_taken_back_is_for_a_person(caller, odoo):
    for method in ("action_post", "unlink"):
        odoo.answer.refuse[method] = Fault("odoo.exceptions.UserError", "The period is locked.")
    result = caller.do("create_invoice", INVOICE)

    assert (result["outcome"], result["code"]) == ("unknown", "draft_left")
    assert result["evidence"]["state"] == "draft"
    assert caller.find(caller.marker(INVOICE))["outcome"] == "cannot_tell"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer": "Nobody"}, "customer_not_found"),
        ({"currency": "XAU"}, "currency_not_found"),
        ({"lines": (InvoiceLine(description="x", quantity=Decimal(1), unit_price=Decimal(-1)),)}, "refused_by_odoo"),
    ],
)
def test_what_odoo_cannot_do_is_refused_without_a_trace(caller, odoo, changes, code):
    fields = {"customer": "7", "lines": LINES, **changes}
    result = caller.do("create_invoice", OdooInvoiceCreate(**fields))

    assert (result["outcome"], result["code"]) == ("refused", code)
    assert odoo.answer.effects == []
    assert "Traceback" not in result["message"]


def test_two_customers_of_one_name_are_never_guessed(caller, odoo):
    odoo.answer.tables["res.partner"][8] = {"name": "BRIGHTMILL LTD"}

    assert caller.do("create_invoice", INVOICE)["code"] == "customer_ambiguous"


def test_a_draft_is_posted_at_the_approved_total(caller, odoo, draft):
    action = OdooInvoicePost(invoice="D1", expected_total=Decimal("144.01"), currency="EUR")
    result = caller.do("post_invoice", action)
    again = caller.do("post_invoice", action)

    assert (result["outcome"], result["evidence"]["state"]) == ("done", "posted")
    assert (again["outcome"], again["code"]) == ("refused", "not_draft")
    assert odoo.answer.effects == ["post"]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (OdooInvoicePost(invoice="D1", expected_total=Decimal("144.02")), "total_differs"),
        (OdooInvoicePost(invoice="D1", currency="USD"), "currency_differs"),
        (OdooInvoicePost(invoice="INV/2020/1"), "invoice_not_found"),
    ],
)
def test_an_invoice_that_is_not_the_approved_one_is_not_posted(caller, odoo, draft, action, code):
    assert caller.do("post_invoice", action)["code"] == code
    assert odoo.answer.effects == []
    assert caller.burnt == 1


def test_a_payment_is_registered_once(caller, odoo, draft):
    caller.do("post_invoice", OdooInvoicePost(invoice=str(draft)))
    action = OdooPayment(invoice=f"INV/2026/{draft:05d}", amount=Decimal("44.01"), currency="EUR", memo="Part one")
    first = caller.do("register_payment", action)
    second = caller.do("register_payment", action)

    assert first["outcome"] == second["outcome"] == "done"
    assert odoo.answer.effects == ["post", "pay"]
    assert first["evidence"]["payment_state"] == "partial"
    assert first["evidence"]["memo"].startswith("Part one [")
    assert caller.find(caller.marker(action))["outcome"] == "found"


@pytest.mark.parametrize("amount", ["44.01", "20.00"])
def test_a_payment_whose_memo_quotes_the_tag_of_another_is_no_proof_of_it(caller, odoo, draft, amount):
    """An agent knows every part of a tag; it writes the tag of one payment into the memo of the next."""
    caller.do("post_invoice", OdooInvoicePost(invoice=str(draft)))
    invoice = f"INV/2026/{draft:05d}"
    rent = OdooPayment(invoice=invoice, amount=Decimal("44.01"), memo="Rent")
    quoting = OdooPayment(invoice=invoice, amount=Decimal(amount), memo=f"Bread [{caller.marker(rent)[:12]}]")
    assert caller.do("register_payment", quoting, request="bread")["outcome"] == "done"
    result = caller.do("register_payment", rent)

    assert (result["outcome"], result["code"]) == ("unknown", "memo_quoted")
    assert result["evidence"]["memo"].startswith("Bread [")
    assert caller.find(caller.marker(rent))["outcome"] == "cannot_tell"
    assert caller.find(caller.marker(quoting, request="bread"))["outcome"] == "found"
    assert odoo.answer.effects == ["post", "pay"]


def test_no_more_is_paid_than_is_open(caller, odoo, draft):
    action = OdooPayment(invoice=str(draft), amount=Decimal("200.00"))
    assert caller.do("register_payment", action)["code"] == "not_posted"
    caller.do("post_invoice", OdooInvoicePost(invoice=str(draft)))
    assert caller.do("register_payment", action)["code"] == "overpaid"
    assert odoo.answer.effects == ["post"]


def test_a_lost_answer_is_settled_by_a_look_at_the_books(tmp_path):
    with contract_server(OdooStandIn(19)) as odoo:
        caller = Caller(ODOO, tmp_path, {"url": odoo.url, "database": "books"}, {"api_key": KEY})
        odoo.faults["/json/2/res.partner/load"] = LOST
        odoo.faults["/json/2/account.move/load"] = GARBAGE
        odoo.faults["/json/2/account.move/action_post"] = LOST

        assert caller.do("create_customer", CUSTOMER)["outcome"] == "done"
        assert caller.do("create_invoice", INVOICE)["outcome"] == "done"
        assert odoo.answer.effects == ["load res.partner", "load account.move", "post"]


@pytest.mark.parametrize("fault", [Answer(b"<html>bad gateway", 502), Answer(b"", 504)])
def test_silence_that_the_books_do_not_settle_is_unknown(tmp_path, fault):
    with contract_server(OdooStandIn(19)) as odoo:
        caller = Caller(ODOO, tmp_path, {"url": odoo.url, "database": "books"}, {"api_key": KEY})
        odoo.faults["/json/2/res.partner/load"] = fault
        result = caller.do("create_customer", CUSTOMER)

        assert (result["outcome"], result["code"]) == ("unknown", "server_error")
        assert result["evidence"]["external_id"].startswith("platinum.customer_")
        assert caller.burnt == 1
        assert caller.find(caller.marker(CUSTOMER))["outcome"] == "absent"


@pytest.mark.parametrize(
    ("fault", "code", "retriable"),
    [
        (
            Answer({"name": "odoo.exceptions.AccessError", "message": "Not yours.\n" + TRACEBACK}, 403),
            "not_allowed",
            False,
        ),
        (Answer({}, 429), "rate_limited", False),
        (
            Answer({"name": "psycopg2.errors.SerializationFailure", "message": "could not serialize"}, 500),
            "conflict",
            False,
        ),
    ],
)
def test_a_clear_no_is_a_no(tmp_path, fault, code, retriable):
    with contract_server(OdooStandIn(19)) as odoo:
        caller = Caller(ODOO, tmp_path, {"url": odoo.url, "database": "books"}, {"api_key": KEY})
        odoo.faults["/json/2/res.partner/load"] = fault
        result = caller.do("create_customer", CUSTOMER)

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", code, retriable)
    assert "Traceback" not in result["message"]


def test_a_wrong_key_is_named_and_nothing_is_burnt(caller, odoo):
    caller.secrets["api_key"] = "wr0ng"
    result = caller.do("create_customer", CUSTOMER)

    assert (result["code"], result["retriable"]) == ("credential_refused", False)
    assert [finding["code"] for finding in caller.check()["findings"]] == ["credential_refused"]
    assert (odoo.answer.effects, caller.burnt) == ([], 0)


def test_a_check_finds_nothing_wrong(caller):
    assert caller.check() == {"ok": True, "findings": []}


def test_a_server_that_is_away_may_be_tried_again(caller, odoo):
    approved = caller.decide(CUSTOMER)
    caller.settings = {**caller.settings, "url": f"http://127.0.0.1:{free_port()}"}
    first = caller.call("create_customer", CUSTOMER, approved)
    caller.settings = {**caller.settings, "url": odoo.url}

    assert (first["code"], first["retriable"]) == ("no_connection", True)
    assert caller.call("create_customer", CUSTOMER, approved)["outcome"] == "done"


REAL = {name: os.environ.get(f"PLATINUM_TEST_ODOO_{name}", "") for name in ("URL", "DB", "USER", "KEY")}


@pytest.mark.skipif(
    not REAL["URL"], reason=f"{MISSING}Odoo; name one in PLATINUM_TEST_ODOO_URL, …_DB, …_USER, …_KEY (docs/testing.md)"
)
def test_a_real_odoo_behaves_like_the_stand_in(tmp_path):
    settings = {"url": REAL["URL"], "database": REAL["DB"], "username": REAL["USER"]}
    caller = Caller(ODOO, tmp_path, settings, {"api_key": REAL["KEY"]})
    run = os.urandom(4).hex()
    customer = OdooCustomerCreate(name=f"Platinum {run}")

    assert caller.check()["ok"]
    made = caller.do("create_customer", customer)
    assert caller.do("create_customer", customer)["evidence"]["existed"] is True
    invoice = OdooInvoiceCreate(customer=str(made["evidence"]["customer_id"]), lines=LINES)
    first = caller.do("create_invoice", invoice)
    assert (first["outcome"], first["evidence"]["state"]) == ("done", "posted")
    assert caller.do("create_invoice", invoice)["evidence"]["invoice_id"] == first["evidence"]["invoice_id"]
    payment = OdooPayment(invoice=first["evidence"]["invoice"], amount=Decimal("10.00"))
    assert caller.do("register_payment", payment)["outcome"] == "done"
    assert caller.do("register_payment", payment)["evidence"]["existed"] is True
    assert caller.find(caller.marker(payment))["outcome"] == "found"
