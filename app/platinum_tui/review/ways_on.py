"""What a person can do with a request that is not in the state for what they wanted."""

from __future__ import annotations

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import ProblemCode, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.vault.folders import Folder

_UNDOABLE = frozenset({State.REJECTED, State.CHANGES_REQUESTED})
_DECIDABLE = frozenset({State.PENDING, State.HELD, State.SNOOZED, State.FAILED, State.CHANGES_REQUESTED, State.EXPIRED})
"""States in which a decision is asked for, or taken."""


def not_approvable(standing: Standing, entry: Entry | None) -> NotApprovable:
    """Why a request cannot be approved, and what can be done."""
    if standing.state not in _DECIDABLE:
        return not_in_state(standing, entry, "it cannot be approved.")
    problems = "; ".join(f"{p.message} ({p.code})" for p in standing.request.problems)
    return NotApprovable(
        f"It cannot be approved: {problems or standing.why or 'it asks for nothing that can be done'}",
        remedy=_mending(standing),
    )


def not_in_state(standing: Standing, entry: Entry | None, refusal: str) -> NotApprovable:
    """Why something cannot be done with a request in its state, and what can.

    Args:
        standing: the request.
        entry: what the ledger has of it.
        refusal: what cannot be done, as the end of a sentence.
    """
    remedy = way_on(standing, entry) or "Approve it, or reject it."
    return NotApprovable(f"It is {standing.state}: {refusal}", remedy=remedy)


def way_on(standing: Standing, entry: Entry | None) -> str | None:
    """What can be done with a request in its state; None where that is nothing but to decide."""
    name = safe_line(standing.request.id)
    match standing.state:
        case State.APPROVED:
            return f"`platinum-tui undo {name}` takes it back in its undo window; then `reject` does, until it begins."
        case State.EXECUTING:
            return f"Wait for its outcome; `platinum-tui show {name}` tells it."
        case State.DONE:
            return "What is done stays done; for one more, write a new request with another id."
        case State.UNKNOWN:
            return f"Find out, then `platinum-tui resolve {name} --happened`, or `--did-not-happen`."
        case State.REJECTED | State.CHANGES_REQUESTED if entry and entry.state in _UNDOABLE:
            return (
                f"`platinum-tui show {name}` tells why; `platinum-tui undo {name}` takes that back, and it waits anew."
            )
        case State.REJECTED | State.CHANGES_REQUESTED:
            return f"Move its file back to {Folder.PENDING}/: then it waits anew."
        case State.QUARANTINED:
            return f"Mend what `platinum-tui show {name}` names and move it back to {Folder.PENDING}/, or reject it."
        case State.EXPIRED:
            return f"Give it a later expires_at and put it into {Folder.PENDING}/, or reject it."
        case _:
            return None


def _mending(standing: Standing) -> str | None:
    """What makes a request approvable, where the problems alone do not say it."""
    if standing.state is State.EXPIRED:
        return way_on(standing, None)
    if standing.has_problem(ProblemCode.NOT_A_REQUEST):
        return "Move it out of the folder, or reject it."
    if standing.has_problem(ProblemCode.MULTIPLE_ACTIONS):
        return f"`platinum-tui edit --split {safe_line(standing.request.id)}` makes one request of each, or reject it."
    return None
