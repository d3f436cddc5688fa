"""What a worker tidies in the request folders: expired, unreadable and resurrected files find their place."""

from __future__ import annotations

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NotApprovable, StaleFingerprint
from platinum_tui.model.request import ProblemCode, State
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.review.entries import DECIDABLE_AGAIN, entry_for
from platinum_tui.review.index_rows import STATE_OF
from platinum_tui.review.putting_away import put_away
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.reading import Reason, Unreadable, read_in_vault
from platinum_tui.vault.scan import scan

ACTOR = "orchestrator"
_HOSTILE = frozenset({Reason.TOO_LARGE, Reason.SYMLINK, Reason.NOT_REGULAR, Reason.HARD_LINKED})


class Housekeeping:
    """Tidies one house. It never approves anything.

    Args:
        desk: the queue and the files of decided requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house

    def run_pass(self) -> list[Standing]:
        """Look at everything, pin what is seen for the first time, and tidy.

        Returns:
            The requests that went into another state.
        """
        self._quarantine()
        self._return_strays()
        tidied = list[Standing]()
        for standing in self._desk.queue.filed({State.EXPIRED: (Folder.PENDING,), State.DONE: STATE_OF}):
            if standing.state is State.EXPIRED:
                tidied += self._expire(standing)
            else:
                self._move(standing.file, Folder.ARCHIVED, standing.request.id, "resurrected")
        return tidied

    def _expire(self, standing: Standing) -> list[Standing]:
        if any(problem.code is ProblemCode.CONFLICT for problem in standing.request.problems):
            return []
        ledger = self._house.ledger
        try:
            entry = entry_for(self._house, standing, State.EXPIRED, None, why="Nobody decided before it expired.")
            entry = ledger.record(entry, Happening("expired", ACTOR), replaces=DECIDABLE_AGAIN)
        except (NotApprovable, StaleFingerprint):
            return []
        return [self._desk.queue.of_entry(self._desk.placement.settle(entry))]

    def _quarantine(self) -> None:
        for file, obstacle in self._desk.queue.obstructed().items():
            if obstacle in _HOSTILE and file.startswith((f"{Folder.PENDING}/", f"{Folder.APPROVED}/")):
                self._move(file, Folder.QUARANTINE, "quarantined", "quarantined", str(obstacle))

    def _return_strays(self) -> None:
        """What was claimed under a ledger that is lost, and that nothing would ever bring on, goes to the person."""
        claimed = [found.file for found in scan(self._house.vault, (Folder.IN_PROGRESS,)) if not found.obstacle]
        decided = [file for file in claimed if self._is_decided(file)]
        if not decided:
            return
        with self._desk.placement.alone():
            for file in decided:
                if self._is_stray(file):
                    self._move(file, Folder.NEEDS_ATTENTION, "claimed", "held", "The ledger does not know it.")

    def _is_decided(self, file: str) -> bool:
        try:
            return self._desk.admission.envelope_beside(file) is not None
        except Unreadable:
            return False  # the next pass sees

    def _is_stray(self, file: str) -> bool:
        try:
            sha256 = read_in_vault(self._house.vault, file).sha256
        except Unreadable:
            return False
        entry = self._house.ledger.entry(self._house.ledger.decided_ids().by_bytes.get(sha256, ""))
        return entry is None or self._desk.placement.locate(entry) != file

    def _move(self, file: str, folder: Folder, tag: str, event: str, why: str = "") -> None:
        put_away(self._house, file, folder, tag=tag, happening=Happening(event, ACTOR, details={"why": why}))
