"""What is at stake in a high risk: what to compare with the paper, and what is typed as a proof that it was read."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from platinum_tui.console.preview.page import line
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of, target_of
from platinum_tui.model.text import safe_line

_LONGEST = 100
"""Characters of a target; the whole of it stands on the page."""
_LAST = 4
"""Characters at the end of an account or a target that people compare."""


def stakes(standing: Standing) -> Iterator[Content]:
    """The amount, and how the account ends; the target of what goes to none."""
    fields = standing.request.fields
    if amount := amount_of(fields):
        yield line(("amount ", "muted"), (safe_line(f"{amount} {fields.get('currency') or ''}".strip()), "strong"))
    if account := fields.get("account"):
        yield line(("account ends in ", "muted"), (safe_line(str(account))[-_LAST:], "strong"))
    elif target := safe_line(_target(standing)):
        yield line(("to ", "muted"), (target if len(target) <= _LONGEST else f"{target[:_LONGEST]}...", "strong"))


def proof_of(standing: Standing) -> str:
    """What is to be typed: the amount; else the last four of the target, of an address those before its @.

    Where these are letters that not every keyboard has, it is the fingerprint's last four.
    """
    amount = amount_of(standing.request.fields)
    if amount and amount.isascii():
        return amount
    name = _target(standing).rpartition(", ")[2].partition("@")[0]
    tail = "".join(letter for letter in name if letter.isalnum())[-_LAST:]
    return tail if tail and tail.isascii() else standing.request.fingerprint[-_LAST:]


def _target(standing: Standing) -> str:
    request = standing.request
    return str(request.fields.get("account") or target_of(request.kind, request.fields))
