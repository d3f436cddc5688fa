"""Tasks, workers, servers and audit events as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from platinum_tui.console.rows import Row
from platinum_tui.console.snapshot import Snapshot
from platinum_tui.console.symbols import KIND_WORDS, Symbols, state_word
from platinum_tui.model.request import State
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.model.event import Worker, WorkerStatus
    from platinum_tui.system.audit import AuditRecord
    from platinum_tui.system.health import Finding
    from platinum_tui.vault.tasks import Task

_LOOKS: Mapping[str, str] = {
    "idle": "done",
    "running": "executing",
    "paused": "held",
    "failing": "failed",
    "stopped": "rejected",
    "off": "snoozed",
}
"""The state whose sign and colour a worker's state has."""
_EVENT_LOOKS: Mapping[str, State] = {
    **{state.value: state for state in State},
    "intent": State.EXECUTING,
    "claimed_elsewhere": State.EXECUTING,
    "approved_by_move": State.APPROVED,
    "approved_elsewhere": State.APPROVED,
    "postponed": State.APPROVED,
    "recovered": State.APPROVED,
    "rejected_elsewhere": State.REJECTED,
    "withdrawn": State.REJECTED,
    "frozen": State.HELD,
    "ledger_behind": State.HELD,
    "sync_conflict": State.HELD,
    "thawed": State.DONE,
    "refused": State.FAILED,
}
"""The state whose sign and colour an event has, or what an event came to."""
_ENDINGS = frozenset({"outcome", "resolved", "executed_elsewhere"})
"""Events of which the result says more than their name."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def of_task(task: Task) -> Row:
    """A task."""
    state, word = ("pending", "waiting") if task.claimed_by is None else ("executing", "taken")
    return Row(
        id=task.file,
        state=state,
        word=word,
        kind="task",
        title=safe_line(task.title),
        target=safe_line(f"by {task.claimed_by}" if task.claimed_by else task.domain or task.name),
    )


def of_worker(worker: Worker, status: WorkerStatus, queue: int | None) -> Row:
    """A worker."""
    waits = f"{queue} waiting" if queue else "nothing waits"
    about = waits if queue is not None else ""
    return Row(
        id=f"worker {worker.value}",
        state=_LOOKS[status.state.value],
        word=status.state.value,
        kind="worker",
        title=worker.value,
        target=safe_line(status.progress.words) if status.progress else about,
        since=status.last_run,
        note=safe_line(status.last_error or "") if status.state == "failing" else "",
    )


def of_server(name: str, lacks: Sequence[Finding]) -> Row:
    """A configured server."""
    state, word = ("failed", "lacks") if lacks else ("done", "ready")
    note = safe_line(lacks[0].message) if lacks else ""
    return Row(f"server {name}", state, word, "server", safe_line(name), note=note)


def of_freeze(frozen: bool, symbols: Symbols) -> Row:
    """Whether anything may go out."""
    state, word = ("held", "frozen") if frozen else ("done", "allowed")
    does = symbols.say("{freeze} allows them" if frozen else "{freeze} stops them")
    return Row("freeze", state, word, "switch", "Executions", target=does)


def of_event(event: AuditRecord, snapshot: Snapshot) -> Row:
    """An event of the audit log."""
    standing = snapshot.find(event.request_id) if event.request_id else None
    about = standing.title if standing else event.target or event.request_id or event.event.replace("_", " ")
    told = event.result if event.event in _ENDINGS and event.result in _EVENT_LOOKS else event.event
    return Row(
        id=f"event {event.seq}",
        state=_EVENT_LOOKS.get(told, State.PENDING),
        word=state_word(told).replace("_", " "),
        kind=KIND_WORDS.get(event.action_type or None, event.action_type),
        title=safe_line(about),
        target=safe_line(" ".join(part for part in (event.result, f"by {event.actor}") if part)),
        since=datetime.fromisoformat(event.timestamp),
    )


def moment_of(row: Row) -> datetime:
    """What rows of things that happened are ordered by."""
    return row.since or _BEGINNING
