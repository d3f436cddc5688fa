"""Which keys make sense now: what the footer shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platinum_tui.console.sections import STATES, UNDECIDED
from platinum_tui.model.sections import Section
from platinum_tui.system.console_actions import DESK, Action, Scope

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk

_DECIDING = frozenset({"approve", "approve_noted", "reject", "changes", "snooze", "withdraw", "fix", "edit", "drop"})
_FIXED_HERE = ("unresolved_recipient", "multiple_actions")


def offered(desk: Desk) -> list[Action]:
    """The actions that make sense now, for the footer."""
    keys = desk.symbols.keys
    if any(prompt.display for prompt in desk.query("#prompt")):
        return [item for item in keys.actions if item.scope is Scope.TYPING]
    never = _out_of_place(desk) | _of_other_sections(desk.section)
    never |= {"open"} if desk.has_class("-reading") else {"back"}
    return [item for item in keys.actions if item.scope in DESK and item.footer is not None and item.id not in never]


def _out_of_place(desk: Desk) -> set[str]:
    """What would be refused for the selected request."""
    standing = desk.selected_standing()
    never = set() if standing is not None and standing.state == "unknown" else {"settle"}
    if desk.service.readonly or desk.undoing.candidate is None:
        never.add("undo")
    if standing is None or desk.service.readonly or not desk.preview_on_screen or standing.state not in UNDECIDED:
        return never | _DECIDING | {"settle", "scroll_down"}
    from platinum_tui.review.editing import EDITABLE  # as `parts_of`, below

    if standing.state not in EDITABLE:
        never |= {"edit", "drop"}
    if not any(problem.code in _FIXED_HERE for problem in standing.request.problems):
        never.add("fix")
    from platinum_tui.model.parts import parts_of  # the first frame stands before there is a request

    if not parts_of(standing.request):
        never.add("drop")
    if not standing.approvable:
        return never | {"approve", "approve_noted", "scroll_down"}
    if desk.must_read_on:
        return never | {"approve", "approve_noted"}
    return never | {"scroll_down"}


def _of_other_sections(section: Section) -> set[str]:
    never = set() if section in STATES else {"raw", "copy", "links"}
    if section is not Section.TASKS:
        never |= {"take_task", "finish_task"}
    if section is not Section.SERVICES:
        never.add("retry")
    return never
