"""Requests as rows."""

from __future__ import annotations

from platinum_tui.console.rows import Row
from platinum_tui.console.symbols import KIND_WORDS, state_word
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text import safe_line


def row_of(standing: Standing) -> Row:
    """A request as a row."""
    request = standing.request
    amount = amount_of(request.fields)
    currency = request.fields.get("currency")
    money = f"{amount} {currency}" if amount and isinstance(currency, str) else amount or ""
    problem = request.problems[0].code.value.replace("_", " ") if request.problems else ""
    return Row(
        id=request.id,
        state=standing.state,
        word=state_word(standing.state),
        kind=KIND_WORDS[request.kind],
        title=_without(safe_line(money), safe_line(standing.title)),
        target=safe_line(standing.target),
        amount=safe_line(money),
        risk=standing.risk.level,
        since=request.created_at,
        until=standing.undo_until if standing.state is State.APPROVED else None,
        again=standing.retry_at is not None,
        note=problem,
    )


def summary_of(standing: Standing) -> str:
    """Kind, amount and target in one line."""
    row = row_of(standing)
    return "  ".join(part for part in (row.kind, row.amount, row.target) if part)


def _without(money: str, title: str) -> str:
    """A title without the money in it, which has its own place in the row."""
    if not money or money == title:
        return title
    return title.replace(f", {money}", "", 1).removeprefix(f"{money}, ")
