"""The ids of decided requests, and what they stand for."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.model.text import safe_line

SPOKEN_FOR = frozenset({State.APPROVED, State.EXECUTING, State.UNKNOWN, State.DONE})
"""States in which a request's bytes are executed, or may have been: they are approved under no other id."""


@dataclass(frozen=True, slots=True)
class DecidedIds:
    """The ids of decided requests.

    Attributes:
        files: where the file of each lies.
        by_bytes: by the bytes that were decided; of several, the one in whose name they are executed.
        by_file: by where an open one's file lies.
        by_both: by file and bytes.
        spoken_for: the bytes that are executed, or may have been.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    by_bytes: Mapping[str, str] = field(default_factory=dict)
    by_file: Mapping[str, str] = field(default_factory=dict)
    by_both: Mapping[tuple[str, str], str] = field(default_factory=dict)
    spoken_for: frozenset[str] = frozenset()

    @classmethod
    def from_rows(cls, rows: Sequence[sqlite3.Row]) -> DecidedIds:
        """From the rows of the ledger."""
        spoken_for = {row["file_sha256"]: row["id"] for row in rows if row["state"] in SPOKEN_FOR}
        return cls(
            files={row["id"]: row["file"] for row in rows},
            by_bytes={row["file_sha256"]: row["id"] for row in rows} | spoken_for,
            by_file={row["file"]: row["id"] for row in rows if row["state"] != State.DONE},
            by_both={(row["file"], row["file_sha256"]): row["id"] for row in rows},
            spoken_for=frozenset(spoken_for),
        )


def require_free(connection: sqlite3.Connection, request_id: str, sha256: str) -> None:
    """Make sure that some bytes are not approved, or may have been executed, under another id than this one.

    Raises:
        NotApprovable: they are, or may have been.
    """
    marks = ",".join("?" * len(SPOKEN_FOR))
    other = connection.execute(
        f"SELECT state, file FROM entry WHERE file_sha256 = ? AND id <> ? AND state IN ({marks})",  # noqa: S608
        (sha256, request_id, *SPOKEN_FOR),
    ).fetchone()
    if other:
        raise NotApprovable(f"The very same bytes are {other['state']} already, as {safe_line(other['file'])}.")
