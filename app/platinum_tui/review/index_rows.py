"""What the index holds of a file: a reading, the row that is written, and the row that a list needs."""

from __future__ import annotations

from typing import NamedTuple

from platinum_tui.model.request import Request, State
from platinum_tui.vault.folders import Folder

NEVER = 1e18
"""Seconds since the epoch of what has no time: it sorts last, and never comes."""
STATE_OF = {
    Folder.PENDING: State.PENDING,
    Folder.APPROVED: State.APPROVED,
    Folder.REJECTED: State.REJECTED,
    Folder.NEEDS_ATTENTION: State.HELD,
    Folder.QUARANTINE: State.QUARANTINED,
}
"""The folders whose files are indexed, and what each says of their state."""


class Reading(NamedTuple):
    """A request as some bytes at some place were read, and for how long that holds.

    Attributes:
        request: under the id of its own, before the ledger has a say.
        era: the digest of the surroundings.
        since, until: it holds from the one instant to just before the other; seconds since the epoch.
        looks: what of other files was looked at, as JSON; None for nothing.
    """

    request: Request
    era: str
    since: float
    until: float
    looks: str | None

    def holds(self, era: str, now: float) -> bool:
        """Whether time and surroundings still are those of the reading."""
        return self.era == era and self.since <= now < self.until


Seen = tuple[str, bytes, str | None, bool]
"""What is known of a file without reading it: its path, its packed identity, what of other files was looked at, and
whether time and surroundings still are those of its reading."""


class FileRow(NamedTuple):
    """One row to be written; `place` is the index's own.

    Attributes:
        file, folder: as the scan found them.
        identity: the packed identity of the file; empty where the next look must read it again.
        state: by folder and reading alone; the ledger may know better.
        sha256: None while the file was only glanced at.
        created: seconds since the epoch, or `NEVER`.
    """

    file: str
    folder: Folder
    identity: bytes
    era: str
    since: float
    until: float
    looks: str | None
    sha256: str | None
    id: str
    declared: bool
    state: State
    kind: str | None
    title: str
    target: str
    created: float


class Row(NamedTuple):
    """One row as a list needs it."""

    place: int
    file: str
    folder: Folder
    identity: bytes
    sha256: str | None
    id: str
    state: State
    kind: str | None
    title: str
    target: str
    created: float


def created_of(request: Request) -> float:
    """When a request was created, in seconds since the epoch; `NEVER` where it does not say."""
    return request.created_at.timestamp() if request.created_at else NEVER
