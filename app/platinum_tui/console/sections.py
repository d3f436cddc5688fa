"""The sections of the desk: which states stand in which list."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from platinum_tui.model.request import State


class Section(enum.StrEnum):
    """One list; the value is its name."""

    PENDING = "Pending"
    ATTENTION = "Attention"
    APPROVED = "Approved"
    LATER = "Later"
    HISTORY = "History"
    ACTIVITY = "Activity"
    SENT = "Sent"


STATES: Mapping[Section, frozenset[State]] = {
    Section.PENDING: frozenset({State.PENDING}),
    Section.ATTENTION: frozenset({State.HELD, State.FAILED, State.UNKNOWN, State.QUARANTINED}),
    Section.APPROVED: frozenset({State.APPROVED, State.EXECUTING}),
    Section.LATER: frozenset({State.SNOOZED, State.CHANGES_REQUESTED}),
    Section.HISTORY: frozenset({State.DONE, State.REJECTED, State.EXPIRED}),
}
"""The sections of requests; each state stands in exactly one."""

EMPTY: Mapping[Section, str] = {
    Section.PENDING: "Nothing waits for you.",
    Section.ATTENTION: "Nothing is held, failed or unknown.",
    Section.APPROVED: "Nothing is on its way.",
    Section.LATER: "Nothing is put off or sent back.",
    Section.HISTORY: "Nothing is finished yet.",
    Section.ACTIVITY: "Nothing happened since the start.",
    Section.SENT: "The local sink received nothing yet.",
}
"""What an empty section says."""


def section_of(state: State) -> Section:
    """The section in which a state stands."""
    return next(section for section, states in STATES.items() if state in states)


def sections(demo: bool) -> tuple[Section, ...]:
    """The sections of this console, in their order; the sink's only in the demo."""
    return tuple(section for section in Section if demo or section is not Section.SENT)
