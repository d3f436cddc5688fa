"""What the desk makes of the service's events: rows change, and a person is told what an execution came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platinum_tui.model.event import Event, Moved, Notice, QueueChanged, WorkerChanged
from platinum_tui.model.request import State
from platinum_tui.model.sections import Section
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk


def hear(desk: Desk, event: Event) -> None:
    """Let the desk know what happened behind the door."""
    match event:
        case WorkerChanged():
            desk.know_worker(event.worker, event.status)
            if event.status.progress:
                desk.premises.know_worker(event.worker, event.status)
            elif desk.section is Section.SERVICES:
                desk.premises.refresh(desk.section)
            desk.refresh_bars()
        case QueueChanged():  # the bars tell of it with the rows
            desk.refresh_requests()
            desk.premises.refresh(desk.section)
        case Moved():
            title, why = safe_line(event.title), safe_line(event.why)
            _announce(desk, event.state, title, why)
            desk.refresh_bars()
            desk.refresh_requests()
            desk.premises.refresh(desk.section)
        case Notice():
            message = safe_line(event.message)
            desk.premises.notice(State.FAILED if event.severe else State.DONE, message)
            desk.premises.refresh(desk.section)
            desk.refresh_bars()
            desk.tell(message, "error" if event.severe else "information")


def _announce(desk: Desk, state: State, title: str, why: str) -> None:
    """A toast for what an execution came to."""
    because = f": {why}" if why else ""
    match state:
        case State.DONE:
            desk.tell(f"Done: {title}{because}")
        case State.FAILED | State.HELD | State.QUARANTINED:
            desk.tell(f"{state.value.capitalize()}: {title}{because}", "error")
        case State.UNKNOWN:
            desk.tell(
                f"Unknown whether it happened: {title}{because}. {desk.symbols.key('settle')} settles it", "error"
            )
        case _:
            pass
