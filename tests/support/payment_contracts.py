"""Stripe, PayPal and Wise as their documentation describes them, each with the journal of what it did.

Sources: docs.stripe.com/api (transfers, payouts, refunds, idempotent_requests: the same key gives the saved answer, and
with other parameters an error); developer.paypal.com/docs/api (payments.payouts-batch/v1, payments/v2: a
sender_batch_id is refused for 30 days); docs.wise.com/api-reference (quote, recipient, transfer: the same
customerTransactionId gives the same transfer).
"""

from __future__ import annotations

import base64
from typing import Any

from tests.support.contract_server import Answer, Call

STRIPE_KEY = "sk_test_123"
OWN_STRIPE = "acct_own"
CLIENT, SECRET = "client-1", "s3cret"
WISE_TOKEN = "w1se"
PROFILE = "16421159"


def stripe_error(status: int, kind: str, message: str, code: str | None = None) -> Answer:
    return Answer({"error": {"type": kind, "message": message, "code": code}}, status)


class Stripe:
    def __init__(self) -> None:
        self.made: dict[str, list[dict[str, Any]]] = {"/v1/transfers": [], "/v1/payouts": [], "/v1/refunds": []}
        self.saved: dict[str, tuple[dict[str, str], Answer]] = {}

    @property
    def effects(self) -> list[dict[str, Any]]:
        return [made for kind in self.made.values() for made in kind]

    def __call__(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {STRIPE_KEY}":
            return stripe_error(401, "invalid_request_error", "Invalid API Key provided")
        if call.path == "/v1/account":
            return Answer({"id": OWN_STRIPE})
        if call.method == "GET":
            return Answer({"object": "list", "data": self.made[call.path][::-1]})
        key = call.headers["idempotency-key"]
        if key in self.saved:
            parameters, answer = self.saved[key]
            other = stripe_error(400, "idempotency_error", "Keys can only be used with the same parameters")
            return answer if parameters == call.form else other
        answer = self._make(call)
        self.saved[key] = (call.form, answer)
        return answer

    def _make(self, call: Call) -> Answer:
        form = call.form
        currency = form.get("currency", "usd")
        names = ("destination", "payment_intent", "charge")
        made = {"id": f"obj_{len(self.effects) + 1}", "amount": int(form["amount"]), "currency": currency}
        made |= {name: form[name] for name in names if name in form}
        made |= {"status": "pending", "metadata": {"platinum": form["metadata[platinum]"]}}
        self.made[call.path].append(made)
        return Answer(made)


class PayPal:
    def __init__(self) -> None:
        self.effects: list[dict[str, Any]] = []
        self.batches: set[str] = set()
        self.refunds: dict[str, Answer] = {}

    def __call__(self, call: Call) -> Answer:
        if call.path == "/v1/oauth2/token":
            login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            good = call.headers.get("authorization") == f"Basic {login}"
            denied = Answer({"error": "invalid_client", "error_description": "Client Authentication failed"}, 401)
            return Answer({"access_token": "A21", "expires_in": 32400}) if good else denied
        if call.headers.get("authorization") != "Bearer A21":
            return Answer({"name": "AUTHENTICATION_FAILURE", "message": "denied"}, 401)
        if call.path == "/v1/payments/payouts":
            return self._pay_out(call.json)
        key = call.headers["paypal-request-id"]
        if key not in self.refunds:
            self.effects.append({"capture": call.path.split("/")[4], **call.json})
            self.refunds[key] = Answer({"id": "1JU", "status": "COMPLETED", "amount": call.json["amount"]}, 201)
        return self.refunds[key]

    def _pay_out(self, body: dict[str, Any]) -> Answer:
        number = body["sender_batch_header"]["sender_batch_id"]
        if number in self.batches:
            issue = {"field": "SENDER_BATCH_ID", "issue": "DUPLICATE_SENDER_BATCH_ID", "link": "https://…"}
            return Answer({"name": "USER_BUSINESS_ERROR", "message": "Batch was used", "details": [issue]}, 400)
        self.batches.add(number)
        self.effects += body["items"]
        return Answer({"batch_header": {"payout_batch_id": "FYX", "batch_status": "PENDING"}}, 201)


class Wise:
    def __init__(self) -> None:
        self.effects: list[dict[str, Any]] = []
        self.quotes: dict[str, dict[str, Any]] = {}

    def __call__(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {WISE_TOKEN}":
            return Answer({"error": "invalid_token"}, 401)
        if call.path == "/v2/profiles":
            return Answer([{"id": int(PROFILE), "type": "BUSINESS"}])
        if call.path == "/v1/accounts/48210001":
            return Answer({"id": 48210001, "accountHolderName": "Ben Okoro", "currency": "JPY"})
        if call.path.startswith("/v1/accounts/"):
            return Answer({"errors": [{"code": "NOT_FOUND", "message": "No such recipient"}]}, 404)
        if call.path.endswith("/quotes"):
            number = f"quote-{len(self.quotes)}"
            self.quotes[number] = call.json
            return Answer({"id": number})
        if call.method == "GET":
            return Answer(self.effects[::-1])
        return self._transfer(call.json)

    def _transfer(self, body: dict[str, Any]) -> Answer:
        for made in self.effects:
            if made["customerTransactionId"] == body["customerTransactionId"]:
                return Answer(made)
        quote = self.quotes[body["quoteUuid"]]
        made = {
            "id": 500 + len(self.effects),
            "status": "incoming_payment_waiting",
            "targetAccount": body["targetAccount"],
            "targetValue": quote["targetAmount"],
            "targetCurrency": quote["targetCurrency"],
            "customerTransactionId": body["customerTransactionId"],
        }
        self.effects.append(made)
        return Answer(made)
