"""Risk: how much a decision may cost, with the reasons. It asks for more at approval, never for less."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from platinum_tui.model.action import Kind
from platinum_tui.model.request import Request, Risk, RiskLevel, RiskReason, WarningCode
from platinum_tui.model.text import safe_line
from platinum_tui.review.past import Past

_BY_KIND = {
    Kind.PAYMENT: (RiskLevel.HIGH, "moves_money", "Money leaves an account; nobody can take it back."),
    Kind.ODOO_PAYMENT: (RiskLevel.MEDIUM, "changes_books", "The books change."),
    Kind.ODOO_INVOICE_POST: (RiskLevel.MEDIUM, "changes_books", "The invoice becomes final in the books."),
    Kind.ODOO_INVOICE_CREATE: (RiskLevel.MEDIUM, "changes_books", "The books change."),
    Kind.SOCIAL_POST: (RiskLevel.MEDIUM, "public", "Everybody can read it."),
    Kind.MCP_CALL: (RiskLevel.MEDIUM, "foreign_tool", "A tool of your own does it; only you know what it can do."),
}
_HIGH = frozenset(
    {
        WarningCode.HIDDEN_CONTENT,
        WarningCode.CONTROL_CHARACTERS,
        WarningCode.BIDI,
        WarningCode.MIXED_SCRIPT,
        WarningCode.LOOKALIKE_DOMAIN,
        WarningCode.MISLEADING_NAME,
        WarningCode.LINK_MISMATCH,
        WarningCode.SECRET_IN_BODY,
        WarningCode.ACCOUNT_CHANGED,
        WarningCode.AMOUNT_MISMATCH,
        WarningCode.MANY_RECIPIENTS,
    }
)
"""Warnings that something may be other than it looks."""
_HARMLESS = frozenset({WarningCode.NAIVE_TIME, WarningCode.BAD_TIME, WarningCode.AMOUNT_REFORMATTED})
UNUSUAL_FACTOR = 3
"""An amount this many times the largest paid before is unusual."""
_ORDER = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH)


def assess(request: Request, past: Past, receipt: str | None = None) -> Risk:
    """The risk of a request: the highest of its reasons. A recipient's first time alone is never high.

    Args:
        request: the request.
        past: what was done before, as far as the ledger knows.
        receipt: a sentence on a receipt that says that the very same was done; None where there is none.
    """
    found = list(_reasons(request, past))
    if receipt:
        found.append((RiskLevel.HIGH, RiskReason(WarningCode.POSSIBLE_DUPLICATE.value, receipt)))
    level = max((level for level, _ in found), key=_ORDER.index, default=RiskLevel.LOW)
    return Risk(level, tuple(reason for _, reason in sorted(found, key=lambda item: -_ORDER.index(item[0]))))


def _reasons(request: Request, past: Past) -> Iterator[tuple[RiskLevel, RiskReason]]:
    if request.kind in _BY_KIND:
        level, code, message = _BY_KIND[request.kind]
        yield level, RiskReason(code, message)
    for warning in request.warnings:
        if warning.code in _HIGH:
            yield RiskLevel.HIGH, RiskReason(warning.code.value, warning.message)
        elif warning.code not in _HARMLESS:
            yield RiskLevel.MEDIUM, RiskReason(warning.code.value, warning.message)
    if request.kind is not None and not request.problems:
        yield from _from_past(request, past)


def _from_past(request: Request, past: Past) -> Iterator[tuple[RiskLevel, RiskReason]]:
    newcomers = past.newcomers(request)
    if newcomers:
        names = safe_line(", ".join(newcomers[:3])) + (" and others" if len(newcomers) > 3 else "")
        message = f"Nothing was ever sent to {names} from here."
        yield RiskLevel.LOW, RiskReason(WarningCode.FIRST_TIME_RECIPIENT.value, message)
    for newcomer in newcomers:
        if like := past.taken_for(request, newcomer):
            message = (
                f"{safe_line(newcomer)} looks like {safe_line(like)}, where something was sent before, and is another."
            )
            yield RiskLevel.HIGH, RiskReason(WarningCode.LOOKALIKE_DOMAIN.value, message)
    if not newcomers and (repeated := past.repeated(request)):
        message = f"The very same was done before: {safe_line(repeated)}."
        yield RiskLevel.HIGH, RiskReason(WarningCode.POSSIBLE_DUPLICATE.value, message)
    if request.kind is Kind.PAYMENT and _unusual(request, past):
        message = "Far more than this payee was ever paid from here."
        yield RiskLevel.HIGH, RiskReason(WarningCode.UNUSUAL_AMOUNT.value, message)


def _unusual(request: Request, past: Past) -> bool:
    before = past.amounts_to(request)
    try:
        return bool(before) and Decimal(str(request.fields["amount"])) > UNUSUAL_FACTOR * max(before)
    except InvalidOperation:
        return False
