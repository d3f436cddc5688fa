"""What a list needs of a decided request: the ledger's row without its bytes, fields and envelope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from platinum_tui.model.request import State

OUTLINE_COLUMNS = (
    *("id", "state", "why", "file", "origin", "file_sha256", "settled", "due_at", "snoozed_until"),
    *("kind", "title", "target", "result IS NOT NULL AS tried"),
)


class Outline(NamedTuple):
    """One row of the ledger in short; the attributes are those of `Entry`."""

    id: str
    state: State
    why: str
    file: str
    origin: str
    file_sha256: str
    settled: bool
    due_at: datetime | None
    snoozed_until: datetime | None
    kind: str | None
    title: str
    target: str
    tried: bool

    @classmethod
    def from_columns(cls, row: Mapping[str, object]) -> Outline:
        """The outline from database columns."""
        return cls(
            str(row["id"]),
            State(str(row["state"])),
            str(row["why"]),
            str(row["file"]),
            str(row["origin"]),
            str(row["file_sha256"]),
            bool(row["settled"]),
            _time(row["due_at"]),
            _time(row["snoozed_until"]),
            None if row["kind"] is None else str(row["kind"]),
            str(row["title"]),
            str(row["target"]),
            bool(row["tried"]),
        )


def _time(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))
