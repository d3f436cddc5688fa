"""PayPal (developer.paypal.com/docs/api: payments.payouts-batch/v1, payments/v2, reference/api-responses).

An address is paid out to; the id of a captured payment is refunded. PayPal refuses a `sender_batch_id` for 30 days
after its first use and keeps a `PayPal-Request-Id` as long: both are made of the marker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Surroundings
from platinum_executors.payments.money import exact_text
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import Payment

API_URL = "https://api-m.paypal.com"
_CAPTURE = re.compile(r"[0-9A-Z]{17}")


def pay(here: Surroundings, attempt: Attempt[Payment]) -> Evidence:
    """Pays out to an address, or refunds a payment."""
    action = attempt.action
    value = exact_text(action.amount, action.currency)
    service = _service(here)
    if "@" in action.account:
        return _pay_out(service, attempt, value)
    if _CAPTURE.fullmatch(action.account):
        return _refund(service, attempt, value)
    raise Refused("invalid_account", f"{action.account} is neither an address nor the id of a payment.")


def probe(here: Surroundings) -> None:
    """Asks for an access token."""
    _token(here)


def _pay_out(service: WebService, attempt: Attempt[Payment], value: str) -> Evidence:
    action = attempt.action
    item = {
        "recipient_type": "EMAIL",
        "receiver": action.account,
        "amount": {"value": value, "currency": action.currency},
        "sender_item_id": attempt.marker,
        **({"note": action.reference} if action.reference else {}),
    }
    body = {"sender_batch_header": {"sender_batch_id": attempt.marker}, "items": [item]}
    try:
        reply = service.act(attempt, "POST", "/v1/payments/payouts", json=body)
    except Unknown as unknown:
        if unknown.reason == "exists":
            return {"sender_batch_id": attempt.marker, "existed": True}
        raise
    batch = reply.at("batch_header", "payout_batch_id")
    number = answered("PayPal", batch, {"sender_batch_id": attempt.marker})
    return {"payout_batch_id": number, "status": reply.at("batch_header", "batch_status"), "existed": False}


def _refund(service: WebService, attempt: Attempt[Payment], value: str) -> Evidence:
    action = attempt.action
    body = {
        "amount": {"value": value, "currency_code": action.currency},
        "custom_id": attempt.marker,
        **({"note_to_payer": action.reference} if action.reference else {}),
    }
    headers = {"PayPal-Request-Id": attempt.marker, "Prefer": "return=representation"}
    path = f"/v2/payments/captures/{action.account}/refund"
    reply = service.act(attempt, "POST", path, json=body, headers=headers)
    evidence = {"refund_id": answered("PayPal", reply.at("id")), "status": reply.at("status")}
    if reply.at("amount") != body["amount"]:
        raise Unknown("not_as_approved", "PayPal made something else of it than was approved.", evidence)
    return evidence


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {_token(here)}"}
    return WebService("PayPal", _url(here), headers=headers, explain=_explain, timeout=60.0)


def _token(here: Surroundings) -> str:
    login = (here.settings.required("paypal_client_id"), here.credential("payments.paypal_client_secret"))
    service = WebService("PayPal", _url(here), explain=_explain)
    reply = service.ask("POST", "/v1/oauth2/token", data={"grant_type": "client_credentials"}, auth=login)
    token = reply.at("access_token")
    if not isinstance(token, str):
        raise Refused("malformed_answer", "PayPal gave no access token.")
    here.concealment.learn(token)
    return token


def _url(here: Surroundings) -> str:
    return here.settings.text("paypal_api_url", API_URL)


def _explain(reply: Reply) -> Reason | None:
    issues = {detail.get("issue") for detail in reply.at("details") or [] if isinstance(detail, Mapping)}
    name, words = reply.at("name"), reply.at("message")
    if reply.status == 401:
        return Reason("credential_refused", "PayPal does not accept the client id and secret.")
    if name == "DUPLICATE_REQUEST_ID" or "DUPLICATE_SENDER_BATCH_ID" in issues:
        return Reason("exists", "PayPal has a payment of this approval already.", certain=False)
    if "PREVIOUS_REQUEST_IN_PROGRESS" in issues:
        return Reason("in_progress", "PayPal is at work on this very payment already.", certain=False)
    if name == "INSUFFICIENT_FUNDS" or "INSUFFICIENT_FUNDS" in issues:
        return Reason("no_funds", "The balance at PayPal does not cover it.")
    if isinstance(name, str) and 400 <= reply.status < 429 and reply.status != 408:
        return Reason("refused_by_service", f"PayPal refuses ({name}): {words}")
    return None


PAYPAL: Branch[Payment] = Branch(settings=("paypal_client_id",), act=pay, probe=probe)
