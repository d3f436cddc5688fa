"""The sections of the desk: which states stand in which list."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.model.sections import Section

STATES: Mapping[Section, frozenset[str]] = {
    Section.PENDING: frozenset({"pending"}),
    Section.ATTENTION: frozenset({"held", "failed", "unknown", "quarantined"}),
    Section.APPROVED: frozenset({"approved", "executing"}),
    Section.LATER: frozenset({"snoozed", "changes_requested"}),
    Section.HISTORY: frozenset({"done", "rejected", "expired"}),
}
"""The sections of requests; each state stands in exactly one."""

UNDER_WAY = ("approved", "executing")
"""The states of what was approved and is not done."""

UNDECIDED = frozenset({"pending", "held", "failed", "snoozed", "changes_requested"})
"""The states in which a reviewer can decide."""

EMPTY: Mapping[Section, str] = {
    Section.PENDING: "Nothing waits for you.",
    Section.ATTENTION: "Nothing is held, failed or unknown.",
    Section.APPROVED: "Nothing is on its way.",
    Section.LATER: "Nothing is put off or sent back.",
    Section.HISTORY: "Nothing is finished yet.",
    Section.ACTIVITY: "Nothing happened yet.",
    Section.TASKS: "No task waits, and none is taken.",
    Section.SERVICES: "The workers have not begun yet.",
    Section.SENT: "The local sink received nothing yet.",
}
"""What an empty section says."""


NOT_LOOKED_INTO = "Looking into the vault"
"""What an empty section says until everything was looked at."""


def need_you(count: int) -> str:
    """How many requests need the reviewer's attention, in words."""
    return f"{count} needs you" if count == 1 else f"{count} need you"


def section_of(state: str) -> Section:
    """The section in which a state stands."""
    return next(section for section, states in STATES.items() if state in states)


def sections(demo: bool) -> tuple[Section, ...]:
    """The sections of this console, in their order; the sink's only in the demo."""
    return tuple(section for section in Section if demo or section is not Section.SENT)
