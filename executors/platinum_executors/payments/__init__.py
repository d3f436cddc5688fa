"""The server for payments: `create_payment` on the rail that was approved. A payment is never tried again by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from platinum_executors.attempt import Attempt
from platinum_executors.family import ActingTool, Answer, Family, Finding, Lookup, Promise, Surroundings
from platinum_executors.payments.paypal import PAYPAL
from platinum_executors.payments.rail import RailAccess
from platinum_executors.payments.sepa import SEPA
from platinum_executors.payments.stripe import STRIPE
from platinum_executors.payments.wise import WISE
from platinum_executors.refusal import Refused
from platinum_executors.serving import serve_family
from platinum_tui.model.action import Kind, Payment, Rail
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration

RAILS: Mapping[Rail, RailAccess] = {Rail.SEPA: SEPA, Rail.STRIPE: STRIPE, Rail.PAYPAL: PAYPAL, Rail.WISE: WISE}
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}")


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves payments on stdio until the client leaves."""
    serve_family(PAYMENTS, configuration, environ)


def create_payment(here: Surroundings, attempt: Attempt[Payment]) -> Result:
    """Makes one approved payment, its file or its draft."""
    rail = _rail(attempt.action)
    if not here.settings.text(RAILS[rail].setting):
        raise Refused("not_configured", f"{rail} is not configured: see [servers.payments].")
    try:
        evidence = RAILS[rail].pay(here, attempt)
    except Refused as refused:
        raise Refused(refused.reason, refused.message) from refused
    return Result(Outcome.DONE, {"rail": rail.value, **evidence})


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks the marker up on every configured rail; a marker does not say which it was for."""
    configured = _configured(here)
    for rail in configured:
        look = RAILS[rail].find
        lookup = look(here, marker) if look else Lookup(Answer.CANNOT_TELL)
        if lookup.answer is Answer.FOUND:
            return Lookup(Answer.FOUND, {"rail": rail.value, **lookup.evidence})
    if configured and all(RAILS[rail].find for rail in configured):
        return Lookup(Answer.ABSENT)
    return Lookup(Answer.CANNOT_TELL, {"reason": "PayPal cannot be asked by our key: look at the account's activity."})


def check(here: Surroundings) -> Sequence[Finding]:
    """Whether every configured rail would work."""
    findings = []
    for rail in _configured(here):
        try:
            RAILS[rail].probe(here)
        except Refused as refused:
            remedy = "Correct [servers.payments], or set the credential anew."
            findings.append(Finding(refused.reason, f"{rail}: {refused.message}", remedy))
    return findings


def _rail(action: Payment) -> Rail:
    if action.rail:
        return action.rail
    if action.currency == "EUR" and _IBAN.fullmatch(action.account):
        return Rail.SEPA
    raise Refused("no_rail", f"No rail was approved, and none takes {action.currency} to {action.account} by itself.")


def _configured(here: Surroundings) -> list[Rail]:
    return [rail for rail, access in RAILS.items() if here.settings.text(access.setting)]


PAYMENTS = Family(
    name="payments",
    tools=(
        ActingTool(
            name="create_payment",
            kind=Kind.PAYMENT,
            description="Make one approved payment: a SEPA file, a Stripe or PayPal payment, or a draft in Wise.",
            promise=Promise(absence_is_proof=False),
            act=create_payment,
        ),
    ),
    find=find,
    check=check,
)
