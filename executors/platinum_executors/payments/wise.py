"""Wise: a draft transfer to a known recipient (docs.wise.com/api-reference: quote, recipient, transfer).

Nothing is paid by it: the person funds the draft in Wise, where strong authentication is asked for. Asked again with
the same `customerTransactionId`, Wise answers with the same transfer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Answer, Lookup, Surroundings
from platinum_executors.payments.money import exact_text
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import Payment

API_URL = "https://api.wise.com"
NEXT = "fund the draft in Wise"


def pay(here: Surroundings, attempt: Attempt[Payment]) -> Evidence:
    """Makes the draft, after a look at the recipient that the account id names."""
    action, service = attempt.action, _service(here)
    exact_text(action.amount, action.currency)
    if not action.account.isascii() or not action.account.isdigit():
        raise Refused("invalid_account", f"{action.account} is not the id of a recipient in Wise.")
    _same_recipient(service, action)
    body = {
        "targetAccount": int(action.account),
        "quoteUuid": _quote(here, service, action),
        "customerTransactionId": _transaction_id(attempt.marker),
        "details": {"reference": action.reference or ""},
    }
    reply = service.act(attempt, "POST", "/v1/transfers", json=body)
    evidence = {"transfer_id": answered("Wise", reply.at("id")), "status": reply.at("status"), "next": NEXT}
    value, currency, account = (reply.at(name) for name in ("targetValue", "targetCurrency", "targetAccount"))
    if (Decimal(str(value)), currency, str(account)) != (action.amount, action.currency, action.account):
        raise Unknown("not_as_approved", "Wise made something else of it than was approved.", evidence)
    return evidence


def probe(here: Surroundings) -> None:
    """Reads the profile."""
    profiles = _service(here).ask("GET", "/v2/profiles").body
    wanted = here.settings.required("wise_profile")
    if not isinstance(profiles, list) or wanted not in {str(profile.get("id")) for profile in profiles}:
        raise Refused("wrong_profile", f"The token has no profile {wanted}.")


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks among the profile's latest transfers."""
    query = {"profile": here.settings.required("wise_profile"), "limit": "100"}
    listed = _service(here).ask("GET", "/v1/transfers", params=query).body
    for transfer in listed if isinstance(listed, list) else []:
        if transfer.get("customerTransactionId") == _transaction_id(marker):
            return Lookup(Answer.FOUND, {"transfer_id": transfer["id"], "status": transfer.get("status")})
    return Lookup(Answer.ABSENT) if isinstance(listed, list) else Lookup(Answer.CANNOT_TELL)


def _same_recipient(service: WebService, action: Payment) -> None:
    recipient = service.ask("GET", f"/v1/accounts/{action.account}")
    name, currency = recipient.at("accountHolderName"), recipient.at("currency")
    if name != action.payee:
        raise Refused("payee_differs", f"The recipient {action.account} is {name}; approved is {action.payee}.")
    if currency != action.currency:
        raise Refused("currency_differs", f"The recipient takes {currency}; approved is {action.currency}.")


def _quote(here: Surroundings, service: WebService, action: Payment) -> str:
    body: Mapping[str, Any] = {
        "sourceCurrency": here.settings.text("wise_source_currency", action.currency),
        "targetCurrency": action.currency,
        # JSON's number is the interface; a decimal text of this size survives it.
        "targetAmount": float(action.amount),
        "targetAccount": int(action.account),
    }
    quote = service.ask("POST", f"/v3/profiles/{here.settings.required('wise_profile')}/quotes", json=body).at("id")
    if not isinstance(quote, str):
        raise Refused("malformed_answer", "Wise gave no quote.")
    return quote


def _transaction_id(marker: str) -> str:
    return str(uuid.UUID(hex=marker))


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {here.credential('payments.wise_token')}"}
    return WebService("Wise", here.settings.text("wise_api_url", API_URL), headers=headers, explain=_explain)


def _explain(reply: Reply) -> Reason | None:
    if reply.status == 401:
        return Reason("credential_refused", "Wise does not accept the token; set payments.wise_token anew.")
    words = reply.at("errors", 0, "message")
    if isinstance(words, str) and 400 <= reply.status < 429 and reply.status != 408:
        return Reason("refused_by_service", f"Wise refuses: {words}")
    return None


WISE: Branch[Payment] = Branch(settings=("wise_profile",), act=pay, probe=probe, find=find)
