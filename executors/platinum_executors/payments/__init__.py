"""The server for payments: `create_payment` on the rail that was approved. A payment is never tried again by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branches
from platinum_executors.family import ActingTool, Family, Promise, Surroundings
from platinum_executors.payments.paypal import PAYPAL
from platinum_executors.payments.sepa import SEPA
from platinum_executors.payments.stripe import STRIPE
from platinum_executors.payments.wise import WISE
from platinum_executors.refusal import Refused
from platinum_executors.serving import serve_family
from platinum_tui.model.action import Kind, Payment, Rail
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration

RAILS = Branches("rail", {Rail.SEPA: SEPA, Rail.STRIPE: STRIPE, Rail.PAYPAL: PAYPAL, Rail.WISE: WISE})
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}")


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves payments on stdio until the client leaves."""
    serve_family(PAYMENTS, configuration, environ)


def create_payment(here: Surroundings, attempt: Attempt[Payment]) -> Result:
    """Makes one approved payment, its file or its draft."""
    try:
        return Result(Outcome.DONE, RAILS.act(here, _rail(attempt.action), attempt))
    except Refused as refused:
        raise Refused(refused.reason, refused.message) from refused


def _rail(action: Payment) -> Rail:
    if action.rail:
        return action.rail
    if action.currency == "EUR" and _IBAN.fullmatch(action.account):
        return Rail.SEPA
    raise Refused("no_rail", f"No rail was approved, and none takes {action.currency} to {action.account} by itself.")


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
    find=RAILS.find,
    check=RAILS.check,
)
