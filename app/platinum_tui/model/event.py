"""What the service tells the front ends: typed events, and how each worker is doing."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from platinum_tui.model.request import State


class Worker(enum.StrEnum):
    """The workers inside every front end."""

    ORCHESTRATOR = "orchestrator"
    EXECUTOR = "executor"
    DASHBOARD = "dashboard"
    SYNC = "sync"


class WorkerState(enum.StrEnum):
    """What a worker is doing."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    """Frozen, read-only, or another instance executes."""
    FAILING = "failing"
    STOPPED = "stopped"
    OFF = "off"
    """Not configured."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long work has come.

    Attributes:
        doing: what is being done, in a word or two.
        done: how many things of `total` are done.
        total: how many there are; None where nobody knows.
    """

    doing: str
    done: int = 0
    total: int | None = None

    @property
    def words(self) -> str:
        """It as people read it."""
        return self.doing if self.total is None else f"{self.doing} {self.done} of {self.total}"


Told = Callable[[Progress], None]
"""Hears how far a work has come, in the thread that does it."""


def unheard(_: Progress) -> None:
    """Where nobody wants to know."""


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """How one worker is doing; `progress` says how far a long pass has come."""

    state: WorkerState
    last_run: datetime | None = None
    last_error: str | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """Requests came, went or changed: look again."""


@dataclass(frozen=True, slots=True)
class WorkerChanged:
    """A worker's status changed."""

    worker: Worker
    status: WorkerStatus


@dataclass(frozen=True, slots=True)
class Moved:
    """A request went into another state.

    Attributes:
        request_id: the request.
        title: its headline, safe.
        state: where it stands now.
        why: one sentence, safe; empty where the state says all.
    """

    request_id: str
    title: str
    state: State
    why: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know, not tied to one request; `message` is safe text."""

    message: str
    severe: bool = False


Event = QueueChanged | WorkerChanged | Moved | Notice


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail as the demo's local sink received it; all text as on the wire, not yet safe to show."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    received_at: datetime
