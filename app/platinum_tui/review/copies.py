"""Files of one request: its id and its bytes at several places, by hand, by an author who drafts again, by a sync."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue
from platinum_tui.model.request import Request, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.review.index_rows import Row
from platinum_tui.review.placement import Placement
from platinum_tui.review.putting_aside import put_aside
from platinum_tui.review.queue import Queue
from platinum_tui.review.versions import TURNED_DOWN
from platinum_tui.vault.folders import Folder

OUTLIVES = "outlives"
"""What the log calls the files in Rejected/ over which a request was approved."""
_WAITING_IN = frozenset({Folder.PENDING, Folder.APPROVED, Folder.NEEDS_ATTENTION})


class Copies:
    """The other files of the requests of one house, as last looked at.

    Args:
        house: the vault and its surroundings.
        queue: what lies where.
        placement: the files of decided requests.
    """

    def __init__(self, house: House, queue: Queue, placement: Placement) -> None:
        self._house = house
        self._queue = queue
        self._placement = placement

    def approved_one(self, standing: Standing) -> Standing:
        """A request at the file that is approved, if that still lies there and the standing is of a copy."""
        entry, sha256 = self._house.ledger.entry(standing.request.id), standing.request.sha256
        if entry is None or (entry.state, entry.file_sha256) != (State.APPROVED, sha256):
            return standing
        return dataclasses.replace(standing, file=entry.file) if self._placement.holds(entry.file, sha256) else standing

    def turn_down(self, entry: Entry, actor: str) -> None:
        """Have every other file of a refused request that waits, or is approved, go with the one that did."""
        happening = Happening("turned_down_too", actor, details={"request": safe_line(entry.id)})
        rows = [row for row in self._of(entry.id, entry.file_sha256) if row.folder in _WAITING_IN]
        for row in rows:
            if self._placement.holds(row.file, entry.file_sha256):
                put_aside(self._house, row.file, Folder.REJECTED, entry.id, happening)
        self._queue.notice(*(row.file for row in rows))

    def turned_down_before(self, request: Request) -> Mapping[str, JsonValue]:
        """For the log of an approval: the files of the request in Rejected/, where it was turned down here before."""
        entry = self._house.ledger.entry(request.id)
        if entry is None or entry.state not in TURNED_DOWN:
            return {}
        rows = self._of(request.id, request.sha256)
        files: list[JsonValue] = [safe_line(row.file) for row in rows if row.folder is Folder.REJECTED]
        return {OUTLIVES: files} if files else {}

    def _of(self, request_id: str, sha256: str) -> list[Row]:
        return [row for row in self._queue.index.rows_of_ids((request_id,)) if row.sha256 == sha256]
