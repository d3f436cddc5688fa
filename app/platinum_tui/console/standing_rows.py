"""Requests as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from platinum_tui.console.rows import Row
from platinum_tui.console.symbols import KIND_WORDS, state_word
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text import safe_line


@dataclass(frozen=True)
class StandingListing:
    """A listing over standings; a row is made when it is asked for."""

    standings: Sequence[Standing]
    ids: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", [standing.request.id for standing in self.standings])

    def __len__(self) -> int:
        return len(self.standings)

    def row(self, index: int) -> Row:
        """The row at an index from 0."""
        return row_of(self.standings[index])

    def index_of(self, row_id: str) -> int | None:
        """Where a row stands; None where it does not."""
        try:
            return self.ids.index(row_id)
        except ValueError:
            return None


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
        title=safe_line(standing.title),
        target=safe_line(standing.target),
        amount=safe_line(money),
        risk=standing.risk.level,
        since=request.created_at,
        until=standing.undo_until if standing.state is State.APPROVED else None,
        note=problem,
    )
