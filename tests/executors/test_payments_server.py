"""Money goes once, to the approved account, in the approved amount; whatever is unclear is for a person."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sepaxml.validation import try_valid_xml
from tests.support.calling import NOW, Caller
from tests.support.contract_server import GARBAGE, LOST, Answer, contract_server
from tests.support.mail_servers import free_port
from tests.support.payment_contracts import (
    CLIENT,
    OWN_STRIPE,
    PROFILE,
    SECRET,
    STRIPE_KEY,
    WISE_TOKEN,
    PayPal,
    Stripe,
    Wise,
    stripe_error,
)

from platinum_executors.payments import PAYMENTS
from platinum_executors.payments.money import exact_text, minor_units
from platinum_executors.refusal import Refused
from platinum_tui.model.action import Payment, Rail

SEPA_ORDER = Payment(
    payee="Copperleaf Supplies",
    amount=Decimal("987.65"),
    currency="EUR",
    account="DE89370400440532013000",
    reference="INV-5521",
    rail=Rail.SEPA,
    execution_date="2026-01-19",
)


@pytest.fixture
def bank(tmp_path) -> Caller:
    (tmp_path / "orders").mkdir()
    settings = {
        "sepa_debtor_name": "Quillfeather Studio",
        "sepa_debtor_iban": "GB33BUKB20201555555555",
        "sepa_folder": tmp_path / "orders",
    }
    return Caller(PAYMENTS, tmp_path, settings)


def orders(caller: Caller) -> list[Path]:
    return sorted(Path(caller.settings["sepa_folder"]).iterdir())


@pytest.mark.parametrize("schema", ["pain.001.001.03", "pain.001.001.09"])
@pytest.mark.parametrize("bic", ["", "BUKBGB22XXX"])
def test_an_order_is_a_valid_file_that_says_what_was_approved(bank, schema, bic):
    bank.settings = {**bank.settings, "sepa_schema": schema, **({"sepa_debtor_bic": bic} if bic else {})}
    result = bank.do("create_payment", SEPA_ORDER)

    [file] = orders(bank)
    data = file.read_bytes()
    try_valid_xml(data, schema)
    said = {element.tag.partition("}")[2]: element.text for element in ET.fromstring(data).iter()}
    assert said["InstdAmt"] == said["CtrlSum"] == "987.65"
    assert b"DE89370400440532013000" in data
    assert b"<Nm>Copperleaf Supplies</Nm>" in data
    assert (said["Ustrd"], said["NbOfTxs"]) == ("INV-5521", "1")
    assert b"2026-01-19" in data
    assert result["evidence"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert bank.find(bank.marker(SEPA_ORDER))["outcome"] == "found"


def test_a_decision_is_worth_one_file(bank, tmp_path):
    approved = bank.decide(SEPA_ORDER)
    bank.call("create_payment", SEPA_ORDER, approved)
    (tmp_path / "elsewhere").mkdir()
    bank.settings = {**bank.settings, "sepa_folder": tmp_path / "elsewhere"}

    assert bank.call("create_payment", SEPA_ORDER, approved)["code"] == "decision_used"
    assert orders(bank) == []


def test_the_same_order_gives_the_same_bytes_and_one_file(bank, tmp_path):
    bank.do("create_payment", SEPA_ORDER)
    [file] = orders(bank)
    first = file.read_bytes()
    second = bank.do("create_payment", SEPA_ORDER, decided_at=NOW + timedelta(seconds=1))
    assert (second["outcome"], second["evidence"]["existed"]) == ("done", True)
    assert file.read_bytes() == first

    (tmp_path / "elsewhere").mkdir()
    bank.settings = {**bank.settings, "sepa_folder": tmp_path / "elsewhere"}
    bank.do("create_payment", SEPA_ORDER)
    assert [other.read_bytes() for other in orders(bank)] == [first]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": "DE89370400440532013001"}, "invalid_iban"),
        ({"currency": "GBP"}, "wrong_currency"),
        ({"amount": Decimal("0.001")}, "invalid_amount"),
        ({"amount": Decimal("-5")}, "invalid_amount"),
        ({"amount": Decimal("1000000000.00")}, "invalid_amount"),
        ({"payee": "x" * 71}, "too_long"),
        ({"reference": "x" * 141}, "too_long"),
        ({"execution_date": "2026-01-14"}, "day_passed"),
        ({"payee": "a\x01b"}, "invalid_order"),
    ],
)
def test_an_order_that_no_bank_takes_is_not_written(bank, changes, code):
    result = bank.do("create_payment", dataclasses.replace(SEPA_ORDER, **changes))

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", code, False)
    assert (orders(bank), bank.burnt) == ([], 0)


def test_a_missing_folder_is_named(bank, tmp_path):
    bank.settings = {**bank.settings, "sepa_folder": tmp_path / "gone"}

    assert bank.do("create_payment", SEPA_ORDER)["code"] == "folder_missing"
    assert [finding["code"] for finding in bank.check()["findings"]] == ["folder_missing"]


def test_euros_to_an_iban_take_sepa_and_nothing_else_is_guessed(bank):
    no_rail = dataclasses.replace(SEPA_ORDER, rail=None)
    assert bank.do("create_payment", no_rail)["evidence"]["rail"] == "sepa"
    pounds = dataclasses.replace(no_rail, currency="GBP", account="GB33BUKB20201555555555")
    assert bank.do("create_payment", pounds)["code"] == "no_rail"
    assert bank.do("create_payment", dataclasses.replace(SEPA_ORDER, rail=Rail.WISE))["code"] == "not_configured"


def test_amounts_are_exact_in_every_currency():
    assert minor_units(Decimal("420.00"), "USD") == 42000
    assert minor_units(Decimal("15000"), "JPY") == 15000
    assert minor_units(Decimal("1.5"), "KWD") == 1500
    assert exact_text(Decimal("75.5"), "USD") == "75.50"
    assert exact_text(Decimal("15000.0"), "JPY") == "15000"
    for amount, currency in (("0.1", "JPY"), ("0.001", "USD"), ("0", "USD")):
        with pytest.raises(Refused):
            minor_units(Decimal(amount), currency)


DOLLARS = {"amount": Decimal("75.50"), "currency": "USD"}
PAYMENT = {
    "stripe": Payment(payee="Quill", amount=Decimal("420.00"), currency="USD", account="acct_1", rail=Rail.STRIPE),
    "paypal": Payment(payee="Dario", account="dario@example.org", rail=Rail.PAYPAL, **DOLLARS),
    "wise": Payment(payee="Ben Okoro", amount=Decimal("15000"), currency="JPY", account="48210001", rail=Rail.WISE),
}
SERVICES = {"stripe": Stripe, "paypal": PayPal, "wise": Wise}
SETTINGS = {
    "stripe": {"stripe_account": OWN_STRIPE},
    "paypal": {"paypal_client_id": CLIENT},
    "wise": {"wise_profile": PROFILE, "wise_source_currency": "EUR"},
}
SECRETS = {"stripe_api_key": STRIPE_KEY, "paypal_client_secret": SECRET, "wise_token": WISE_TOKEN}
ACTS = {"stripe": "/v1/transfers", "paypal": "/v1/payments/payouts", "wise": "/v1/transfers"}


@pytest.fixture(params=list(SERVICES))
def rail(request) -> str:
    return request.param


@pytest.fixture
def service(rail):
    with contract_server(SERVICES[rail]()) as contract:
        yield contract


@pytest.fixture
def caller(rail, service, tmp_path) -> Caller:
    return Caller(PAYMENTS, tmp_path, {**SETTINGS[rail], f"{rail}_api_url": service.url}, dict(SECRETS))


def posts(service, path: str) -> int:
    return len([call for call in service.calls(path) if call.method == "POST"])


def test_a_payment_is_made_once_however_often_it_is_approved(caller, service, rail):
    approved = caller.decide(PAYMENT[rail])
    first = caller.call("create_payment", PAYMENT[rail], approved)
    replayed = caller.call("create_payment", PAYMENT[rail], approved)
    approved_again = caller.do("create_payment", PAYMENT[rail])

    assert (first["outcome"], replayed["code"], approved_again["outcome"]) == ("done", "decision_used", "done")
    assert len(service.answer.effects) == 1
    assert caller.check() == {"ok": True, "findings": []}
    assert caller.find(caller.marker(PAYMENT[rail]))["outcome"] == ("cannot_tell" if rail == "paypal" else "found")
    assert caller.find("0" * 32)["outcome"] == ("cannot_tell" if rail == "paypal" else "absent")


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (LOST, "unknown", "no_reply"),
        (GARBAGE, "unknown", "malformed_answer"),
        (Answer({}, 500), "unknown", "server_error"),
        (Answer({}, 303, {"location": "https://evil.example"}), "unknown", "server_error"),
        (Answer({}, 429), "refused", "rate_limited"),
        (Answer({}, 403), "refused", "not_allowed"),
    ],
)
def test_each_failure_has_its_outcome_and_is_never_repeated(caller, service, rail, fault, outcome, code):
    result = act_with(service, caller, rail, fault)

    assert (result["outcome"], result["code"]) == (outcome, code)
    assert result.get("retriable") in (None, False)
    assert posts(service, ACTS[rail]) == 1
    assert caller.burnt == 1


def act_with(service, caller, rail, fault):
    """Plays a fault to the acting call alone; look-ups at the same path are answered."""
    service.faults[f"POST {ACTS[rail]}"] = fault
    return caller.do("create_payment", PAYMENT[rail])


def test_after_silence_the_service_is_asked_not_paid_again(caller, service, rail):
    assert act_with(service, caller, rail, LOST)["outcome"] == "unknown"
    service.faults.clear()

    again = caller.do("create_payment", PAYMENT[rail])
    assert again["outcome"] == "done"
    assert len(service.answer.effects) == 1


def test_an_unreachable_service_is_not_tried_again_by_itself(caller, rail):
    caller.settings = {**caller.settings, f"{rail}_api_url": f"http://127.0.0.1:{free_port()}"}
    result = caller.do("create_payment", PAYMENT[rail])

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", "no_connection", False)
    assert caller.burnt == 0


def test_a_wrong_credential_is_named(caller, service, rail):
    caller.secrets = dict.fromkeys(SECRETS, "wr0ng")
    assert caller.do("create_payment", PAYMENT[rail])["code"] == "credential_refused"
    assert [finding["code"] for finding in caller.check()["findings"]] == ["credential_refused"]
    caller.secrets = {}
    assert caller.do("create_payment", PAYMENT[rail])["code"] == "credential_missing"
    assert service.answer.effects == []


@pytest.mark.parametrize(
    ("account", "path", "field"),
    [
        ("acct_1", "/v1/transfers", "destination"),
        ("ba_1", "/v1/payouts", "destination"),
        ("pi_1", "/v1/refunds", "payment_intent"),
        ("ch_1", "/v1/refunds", "charge"),
    ],
)
def test_what_stripe_does_follows_from_the_account(tmp_path, account, path, field):
    with contract_server(Stripe()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["stripe"], "stripe_api_url": service.url}, dict(SECRETS))
        result = caller.do("create_payment", dataclasses.replace(PAYMENT["stripe"], account=account))

        assert result["outcome"] == "done"
        [made] = service.answer.made[path]
        assert (made["amount"], made["currency"], made[field]) == (42000, "usd", account)


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (stripe_error(400, "invalid_request_error", "No such destination"), "refused", "refused_by_service"),
        (stripe_error(400, "invalid_request_error", "Insufficient", "balance_insufficient"), "refused", "no_funds"),
        (stripe_error(402, "card_error", "declined"), "refused", "refused_by_service"),
        (stripe_error(409, "idempotency_error", "in use"), "unknown", "in_progress"),
        (stripe_error(400, "idempotency_error", "other parameters"), "refused", "refused_by_service"),
        (stripe_error(500, "api_error", "oops"), "unknown", "server_error"),
        (
            Answer({"id": "tr_1", "amount": 1, "currency": "usd", "destination": "acct_1"}),
            "unknown",
            "not_as_approved",
        ),
    ],
)
def test_each_error_of_stripes_is_one_clear_outcome(tmp_path, fault, outcome, code):
    with contract_server(Stripe()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["stripe"], "stripe_api_url": service.url}, dict(SECRETS))
        result = act_with(service, caller, "stripe", fault)

    assert (result["outcome"], result["code"]) == (outcome, code)


def test_a_key_that_stripe_has_forgotten_pays_nothing_twice(tmp_path):
    with contract_server(Stripe()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["stripe"], "stripe_api_url": service.url}, dict(SECRETS))
        caller.do("create_payment", PAYMENT["stripe"])
        service.answer.saved.clear()
        again = caller.do("create_payment", PAYMENT["stripe"])

        assert (again["outcome"], again["evidence"]["existed"]) == ("done", True)
        assert len(service.answer.effects) == 1


def test_a_key_of_another_stripe_account_pays_nothing(tmp_path):
    with contract_server(Stripe()) as service:
        settings = {"stripe_account": "acct_other", "stripe_api_url": service.url}
        caller = Caller(PAYMENTS, tmp_path, settings, dict(SECRETS))
        assert caller.do("create_payment", PAYMENT["stripe"])["code"] == "wrong_account"
        assert service.answer.effects == []


def test_a_paypal_payment_is_refunded_once(tmp_path):
    refund = dataclasses.replace(PAYMENT["paypal"], account="2GG279541U471931P")
    with contract_server(PayPal()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["paypal"], "paypal_api_url": service.url}, dict(SECRETS))
        assert caller.do("create_payment", refund)["evidence"]["refund_id"] == "1JU"
        assert caller.do("create_payment", refund)["outcome"] == "done"
        [made] = service.answer.effects
        assert made["amount"] == {"value": "75.50", "currency_code": "USD"}
        nobody = dataclasses.replace(refund, account="nobody")
        assert caller.do("create_payment", nobody)["code"] == "invalid_account"


IN_PROGRESS = {"issue": "PREVIOUS_REQUEST_IN_PROGRESS", "description": "A previous request is in progress."}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Answer({"name": "RESOURCE_CONFLICT", "message": "conflict", "details": [IN_PROGRESS]}, 409), "in_progress"),
        (Answer({"name": "DUPLICATE_REQUEST_ID", "message": "The id was used"}, 422), "exists"),
    ],
)
def test_a_refund_that_paypal_knows_already_is_not_called_undone(tmp_path, said, code):
    refund = dataclasses.replace(PAYMENT["paypal"], account="2GG279541U471931P")
    path = "/v2/payments/captures/2GG279541U471931P/refund"
    with contract_server(PayPal()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["paypal"], "paypal_api_url": service.url}, dict(SECRETS))
        service.faults[path] = LOST
        assert caller.do("create_payment", refund)["outcome"] == "unknown"
        service.faults[path] = said
        again = caller.do("create_payment", refund, decided_at=NOW + timedelta(seconds=9))

    assert (again["outcome"], again["code"]) == ("unknown", code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "INSUFFICIENT_FUNDS", "message": "no money"}, "no_funds"),
        ({"name": "VALIDATION_ERROR", "message": "bad receiver"}, "refused_by_service"),
    ],
)
def test_each_no_of_paypals_is_one_clear_sentence(tmp_path, body, code):
    with contract_server(PayPal()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["paypal"], "paypal_api_url": service.url}, dict(SECRETS))
        result = act_with(service, caller, "paypal", Answer(body, 422))

    assert (result["outcome"], result["code"]) == ("refused", code)


def test_a_draft_in_wise_waits_for_the_person(tmp_path):
    with contract_server(Wise()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["wise"], "wise_api_url": service.url}, dict(SECRETS))
        result = caller.do("create_payment", PAYMENT["wise"])

        assert result["evidence"]["next"] == "fund the draft in Wise"
        assert not [call for call in service.journal if "payments" in call.path]
        [quote] = service.answer.quotes.values()
        assert (quote["targetAmount"], quote["sourceCurrency"], quote["targetCurrency"]) == (15000, "EUR", "JPY")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payee": "Somebody Else"}, "payee_differs"),
        ({"currency": "EUR"}, "currency_differs"),
        ({"account": "999"}, "refused_by_service"),
        ({"account": "DE89370400440532013000"}, "invalid_account"),
    ],
)
def test_another_recipient_than_the_approved_one_gets_no_draft(tmp_path, changes, code):
    with contract_server(Wise()) as service:
        caller = Caller(PAYMENTS, tmp_path, {**SETTINGS["wise"], "wise_api_url": service.url}, dict(SECRETS))
        result = caller.do("create_payment", dataclasses.replace(PAYMENT["wise"], **changes))

        assert (result["outcome"], result["code"]) == ("refused", code)
        assert (service.answer.effects, caller.burnt) == ([], 0)
