"""A proof: what some rows rest on, so that a later start can tell in a millisecond whether they are right still.

Loads nothing of the rest: the first page stands before the program does.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Sequence
from typing import NamedTuple

from platinum_tui.review.rules import reading_rules

IDENTITY = struct.Struct("<QQqqq")
"""A file's identity in bytes: device, inode, size, and the times of modification and of change in nanoseconds."""


class Proof(NamedTuple):
    """What the rows of some files were made of.

    Attributes:
        files: each row's file and whatever else was looked at, by their paths, with their packed identities as hex
            digits; none for what was not there.
        since, until: the rows hold from the one instant to just before the other; seconds since the epoch.
        rules: as from `reading_rules`.
        ledger: the database file of the ledger.
        events: how many events it held.
    """

    files: Sequence[Sequence[str]]
    since: float
    until: float
    rules: str
    ledger: str
    events: int

    def holds(self, now: float) -> bool:
        """Whether the rows are as they would be made now: each file is looked at, and none is read."""
        return (
            self.since <= now < self.until
            and all(identity_at(file) == identity for file, identity in self.files)
            and self.rules == reading_rules()
            and _events(self.ledger) == self.events
        )


def identity_at(path: str) -> str:
    """The packed identity of what lies at a path, links not followed, as hex digits; none where nothing does."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return ""
    return IDENTITY.pack(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns).hex()


def _events(ledger: str) -> int | None:
    """How many events a ledger holds; None where it cannot be asked."""
    address = ledger.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    try:
        connection = sqlite3.connect(f"file:{address}?mode=ro", uri=True)
        try:
            (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    return int(last)
