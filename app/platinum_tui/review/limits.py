"""The limits of the configuration: what one action may reach or move, and how many may run in a day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.request import Request
from platinum_tui.model.summary import amount_of
from platinum_tui.review.past import recipients_of
from platinum_tui.system.clock import Clock
from platinum_tui.system.policy import Limits


def over_limit(
    request: Request, limits: Limits | None, ledger: Ledger, clock: Clock, *, but: str | None = None
) -> str | None:
    """Which limit an action would break, as one sentence; None when it keeps them all.

    Args:
        request: what would be done.
        limits: of its kind; None where it has none.
        ledger: what was done today.
        clock: this machine's.
        but: the id of what does not count as done: the attempt that would be made again.
    """
    if limits is None or request.kind is None:
        return None
    reached = len(recipients_of(request.kind, request.fields))
    if limits.recipients is not None and reached > limits.recipients:
        return f"It reaches {reached} recipients; the limit is {limits.recipients}."
    if limits.amount is not None:
        amount, currency = amount_of(request.fields), request.fields.get("currency")
        if amount is not None and currency != limits.amount.currency:
            return f"Its currency is {currency or 'not given'}; the limit is set in {limits.amount.currency}."
        if amount is not None and Decimal(amount) > limits.amount.amount:
            return f"It moves {amount} {currency}; the limit is {limits.amount}."
    if limits.per_day is not None:
        done = ledger.executed_since(request.kind.value, clock.now() - timedelta(days=1), but=but)
        if done >= limits.per_day:
            return f"{done} of this kind were executed in the last 24 hours; the limit is {limits.per_day}."
    return None
