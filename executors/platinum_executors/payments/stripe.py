"""Stripe (docs.stripe.com/api: transfers, payouts, refunds, idempotent_requests, errors).

What the account's id names decides the call: `acct_…` a transfer to a connected account, `ba_…` or `card_…` a payout
to one's own, `pi_…` or `ch_…` a refund of that payment. Stripe keeps an idempotency key for a day at least; afterwards
the marker in the metadata is what tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Answer, Lookup, Surroundings
from platinum_executors.payments.money import minor_units
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import Payment

API_URL = "https://api.stripe.com"
_CALLS: Mapping[str, tuple[str, str]] = {
    "acct": ("/v1/transfers", "destination"),
    "ba": ("/v1/payouts", "destination"),
    "card": ("/v1/payouts", "destination"),
    "pi": ("/v1/refunds", "payment_intent"),
    "ch": ("/v1/refunds", "charge"),
}
_TWO_DECIMALS_HERE = frozenset({"ISK", "UGX"})
"""Currencies without decimals that Stripe still takes in hundredths (docs.stripe.com/currencies, special cases)."""


def pay(here: Surroundings, attempt: Attempt[Payment]) -> Evidence:
    """Transfers, pays out or refunds, once."""
    action, service = attempt.action, _service(here)
    call = _CALLS.get(action.account.partition("_")[0])
    if call is None:
        raise Refused("invalid_account", f"{action.account} is no account, bank account, card or payment of Stripe's.")
    path, field = call
    amount = minor_units(action.amount, action.currency) * (100 if action.currency in _TWO_DECIMALS_HERE else 1)
    _own_account(here, service)
    existing = _search(service, attempt.marker, [path])
    if existing:
        return {**existing, "existed": True}
    form = {"amount": str(amount), field: action.account, "metadata[platinum]": attempt.marker}
    if path != "/v1/refunds":
        form |= {"currency": action.currency.lower(), "description": action.reference or ""}
    headers = {"Idempotency-Key": attempt.marker}
    reply = service.act(attempt, "POST", path, data=form, headers=headers)
    evidence = {"stripe_id": answered("Stripe", reply.at("id")), "status": reply.at("status"), "existed": False}
    made = (reply.at("amount"), reply.at("currency"), reply.at(field))
    if made != (amount, action.currency.lower(), action.account):
        raise Unknown("not_as_approved", "Stripe made something else of it than was approved.", evidence)
    return evidence


def probe(here: Surroundings) -> None:
    """Asks whose key it is."""
    _own_account(here, _service(here))


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks for the marker in the metadata of the latest of each kind."""
    found = _search(_service(here), marker, sorted({path for path, _ in _CALLS.values()}))
    return Lookup(Answer.FOUND, found) if found else Lookup(Answer.ABSENT)


def _own_account(here: Surroundings, service: WebService) -> None:
    own, configured = service.ask("GET", "/v1/account").at("id"), here.settings.required("stripe_account")
    if own != configured:
        raise Refused("wrong_account", f"The key belongs to {own}, not to {configured}.")


def _search(service: WebService, marker: str, paths: list[str]) -> dict[str, Any] | None:
    for path in paths:
        listed = service.ask("GET", path, params={"limit": "100"}).at("data")
        for made in listed if isinstance(listed, list) else []:
            if (made.get("metadata") or {}).get("platinum") == marker:
                return {"stripe_id": made["id"], "status": made.get("status")}
    return None


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {here.credential('payments.stripe_api_key')}"}
    url = here.settings.text("stripe_api_url", API_URL)
    return WebService("Stripe", url, headers=headers, explain=_explain, timeout=80.0)


def _explain(reply: Reply) -> Reason | None:
    kind, code, words = (reply.at("error", name) for name in ("type", "code", "message"))
    if kind is None or reply.status == 429 or reply.status >= 500:
        return None
    if reply.status == 409:
        return Reason("in_progress", "Stripe is at work on this very payment already.", certain=False)
    if reply.status == 401:
        return Reason("credential_refused", "Stripe does not accept the key; set payments.stripe_api_key anew.")
    if code in ("balance_insufficient", "insufficient_funds"):
        return Reason("no_funds", "The balance at Stripe does not cover it.")
    return Reason("refused_by_service", f"Stripe refuses: {words}")


STRIPE: Branch[Payment] = Branch(settings=("stripe_account",), act=pay, probe=probe, find=find)
