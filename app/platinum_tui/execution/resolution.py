"""An unknown outcome, settled by a person who found out."""

from __future__ import annotations

from platinum_tui.execution.settlement import Settlement
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NotApprovable, RefusedByPolicy
from platinum_tui.model.receipt import Outcome
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.desk import Desk


class Resolution:
    """Settles unknown outcomes of one house.

    Args:
        desk: the queue and the files of decided requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def resolve(self, name: str, *, happened: bool, evidence: str = "") -> Standing:
        """Note what a person found out: it is done, or it failed and may be approved anew.

        Raises:
            NotFound, Ambiguous: no request, or several, of that name.
            NotApprovable: its outcome is not unknown.
        """
        house = self._desk.house
        if house.configuration.readonly:
            raise RefusedByPolicy("Nothing is decided in read-only mode.", remedy="Start it without --readonly.")
        entry, standing = self._desk.decided(name)
        if entry is None or entry.state is not State.UNKNOWN:
            raise NotApprovable(
                f"It is {standing.state}; only an unknown outcome can be resolved.",
                remedy="`platinum-tui list --state unknown` shows those that wait for you.",
            )
        words = safe_line(evidence) or "a person found out"
        outcome = Outcome.DONE if happened else Outcome.REFUSED
        entry = house.ledger.transition(
            entry,
            State.DONE if happened else State.FAILED,
            Happening("resolved", "person", outcome.value, {"evidence": words}),
            while_in={State.UNKNOWN},
            result={**(entry.result or {}), "outcome": outcome.value, "evidence": {"person": words}},
            executed_at=entry.executed_at or house.clock.now(),
            why="" if happened else f"It did not happen: {words}",
            settled=False,
        )
        settlement = Settlement(self._desk)
        entry = settlement.settle(entry)
        settlement.report()
        return self._desk.queue.of_entry(entry)
