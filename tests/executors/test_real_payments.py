"""Money at services that others wrote: localstripe, which knows no keys, and PayPal's own specification."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx
import pytest
from jsonschema import Draft4Validator
from referencing import Registry
from tests.support import counterparts
from tests.support.calling import Caller
from tests.support.contract_server import LOST, Answer, Call, Contract, contract_server

from platinum_executors.payments import PAYMENTS
from platinum_tui.model.action import Payment, Rail

KEY = ("sk_test_local", "")


@contextmanager
def in_front_of(url: str, answers: dict[str, Any]) -> Iterator[Contract]:
    """The way to a service: it answers what the service does not know, and can lose an answer."""

    def forward(call: Call) -> Answer:
        if call.path in answers:
            return Answer(answers[call.path])
        headers = {n: v for n, v in call.headers.items() if n not in ("host", "content-length", "connection")}
        reply = httpx.request(
            call.method, url + call.path, params=call.query, headers=headers, content=call.content, timeout=30
        )
        return Answer(reply.content, reply.status_code, {"content-type": reply.headers.get("content-type", "")})

    with contract_server(forward) as contract:
        yield contract


class Stripe:
    """The account as it sees itself: the judge."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, **form: str) -> dict[str, Any]:
        return httpx.post(f"{self.url}{path}", data=form, auth=KEY).raise_for_status().json()

    def made(self, path: str, marker: str) -> list[dict[str, Any]]:
        listed = httpx.get(f"{self.url}{path}", params={"limit": "100"}, auth=KEY).raise_for_status().json()["data"]
        return [each for each in listed if each["metadata"].get("platinum") == marker]

    def paid(self) -> str:
        card = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2040"}
        method = self.post("/v1/payment_methods", type="card", **card, **{"card[cvc]": "123"})["id"]
        return str(
            self.post("/v1/payment_intents", amount="2500", currency="eur", payment_method=method, confirm="true")["id"]
        )


@pytest.fixture(scope="module")
def stripe() -> Iterator[Stripe]:
    counterparts.LOCALSTRIPE.require()
    with counterparts.localstripe() as url:
        yield Stripe(url)


@pytest.fixture
def way(stripe) -> Iterator[Contract]:
    # localstripe has no account to ask for.
    with in_front_of(stripe.url, {"/v1/account": {"id": "acct_own"}}) as contract:
        yield contract


@pytest.fixture
def caller(way, tmp_path) -> Caller:
    settings = {"stripe_account": "acct_own", "stripe_api_url": way.url}
    return Caller(PAYMENTS, tmp_path, settings, {"stripe_api_key": KEY[0]})


def refund(payment: str) -> Payment:
    return Payment(payee="Ana", amount=Decimal("5.00"), currency="EUR", account=payment, rail=Rail.STRIPE)


def test_a_refund_happens_once_at_a_service_that_knows_no_keys(stripe, caller):
    action = refund(stripe.paid())
    first = caller.do("create_payment", action)
    second = caller.do("create_payment", action)

    assert (first["outcome"], second["outcome"], second["evidence"]["existed"]) == ("done", "done", True)
    [made] = stripe.made("/v1/refunds", caller.marker(action))
    assert (made["id"], made["amount"], made["currency"]) == (first["evidence"]["stripe_id"], 500, "eur")
    assert caller.find(caller.marker(action))["outcome"] == "found"


def test_a_refund_whose_answer_is_lost_is_unknown_then_found_and_never_made_twice(stripe, way, caller):
    action = refund(stripe.paid())
    way.faults["POST /v1/refunds"] = LOST
    lost = caller.do("create_payment", action)
    way.faults.clear()
    found = caller.find(caller.marker(action))
    again = caller.do("create_payment", action)

    assert (lost["outcome"], lost["code"], found["outcome"]) == ("unknown", "no_reply", "found")
    assert again["evidence"]["existed"] is True
    assert len(stripe.made("/v1/refunds", caller.marker(action))) == 1


def test_a_payout_to_another_account_than_approved_is_noticed(stripe, caller):
    action = Payment(payee="Me", amount=Decimal("7.00"), currency="EUR", account="ba_mine", rail=Rail.STRIPE)
    result = caller.do("create_payment", action)
    again = caller.do("create_payment", action)

    # localstripe pays out to a bank account of its own choice.
    assert (result["outcome"], result["code"]) == ("unknown", "not_as_approved")
    assert again["evidence"]["existed"] is True
    assert len(stripe.made("/v1/payouts", caller.marker(action))) == 1


def test_a_payment_that_stripe_does_not_know_is_refused(stripe, caller):
    result = caller.do("create_payment", refund("pi_unknown"))

    assert (result["outcome"], result["code"]) == ("refused", "refused_by_service")


PAY_OUT = Payment(payee="Ana", amount=Decimal("12.50"), currency="EUR", account="ana@example.com", rail=Rail.PAYPAL)
REFUND = Payment(payee="Ana", amount=Decimal("3.00"), currency="EUR", account="2GG279541U471931P", rail=Rail.PAYPAL)
CALLS = {
    "pay out": (1, PAY_OUT, "/v1/payments/payouts", "create_payout_request"),
    "refund": (2, REFUND, "/v2/payments/captures/2GG279541U471931P/refund", "refund_request"),
}


def faults(specification: dict[str, Any], schema: str, body: dict[str, Any]) -> list[str]:
    """What a vendor's OpenAPI 3.0 has against the body of a call; its schemas are draft 4 with extensions."""
    wanted = {"$ref": f"#/components/schemas/{schema}", "components": specification["components"]}
    return [error.message for error in Draft4Validator(wanted, registry=Registry()).iter_errors(body)]


@pytest.mark.parametrize("reference", [None, "Invoice 7"])
@pytest.mark.parametrize("name", CALLS)
def test_what_goes_to_paypal_is_what_its_specification_takes(tmp_path, name, reference):
    counterparts.PRISM.require()
    file, action, path, schema = CALLS[name]
    action = dataclasses.replace(action, reference=reference)
    token = {"/v1/oauth2/token": {"access_token": "A21", "expires_in": 32400}}
    published = counterparts.PRISM.path(file)
    with counterparts.prism(published) as url, in_front_of(url, token) as way:
        settings = {"paypal_client_id": "client", "paypal_api_url": way.url}
        result = Caller(PAYMENTS, tmp_path, settings, {"paypal_client_secret": "s"}).do("create_payment", action)
        [sent] = way.calls(path)

    # Prism answers with an example of the specification, whose amount is another than the one that was approved.
    assert result["outcome"] == "done" or result["code"] == "not_as_approved"
    specification = json.loads(published.read_text())
    assert faults(specification, schema, sent.json) == []
    assert faults(specification, schema, {**sent.json, "amount": 3, "items": "all"}) != []
