"""Decisions that machines took while they did not hear of each other, and that now meet.

A refusal beats an approval that was not executed; what was executed stays executed. Both decisions are recorded, and
of bytes that two machines moved to two places one file is left.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import Envelope
from platinum_tui.model.envelope import decision_in
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.copies import OUTLIVES
from platinum_tui.review.desk import Desk
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.merge import Conflict
from platinum_tui.vault.moves import fsync_directory
from platinum_tui.vault.names import decision_name
from platinum_tui.vault.reading import Unreadable, read_in_vault
from platinum_tui.vault.scan import scan
from platinum_tui.vault.sync import SyncReport

ACTOR = "sync"
_STRONGEST_FIRST = (
    *(Folder.ARCHIVED, Folder.IN_PROGRESS, Folder.REJECTED, Folder.NEEDS_ATTENTION, Folder.APPROVED, Folder.PENDING),
)
"""Of bytes at two places, the file in the first of these stays."""


class Meeting:
    """Settles, in one house, what a sync brought together.

    Args:
        desk: the queue and the files of decided requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house

    def settle(self, report: SyncReport) -> list[Entry]:
        """Settle what a pass brought, and what an earlier pass that was cut off left.

        Returns:
            The requests that went into another state.
        """
        for conflict in report.conflicts:
            self._record(conflict)
        turned: list[Entry] = []
        for pair in dict.fromkeys((*report.doubled, *self._decided_twice())):
            self._leave_one(*pair)
        for standing in self._desk.queue.filed({State.APPROVED: (Folder.REJECTED,)}):
            entry = self._turned_down(standing)
            turned += [entry] if entry else []
        self._follow()
        return turned

    def _follow(self) -> None:
        """What another machine executed lies where that one archived it, from the pass on that brought it here."""
        for entry in self._house.ledger.done_outside(Folder.ARCHIVED):
            with contextlib.suppress(Unreadable):  # it is looked for again at the next pass
                lies = self._desk.placement.archived_at(entry)
                if lies:
                    self._house.ledger.relocate([dataclasses.replace(entry, file=lies)])

    def _decided_twice(self) -> Iterable[tuple[str, str]]:
        """The files of Approved/ whose bytes lie in Rejected/ too."""
        approved = self._by_bytes(Folder.APPROVED)
        rejected = self._by_bytes(Folder.REJECTED) if approved else {}
        return [(approved[each], rejected[each]) for each in approved.keys() & rejected.keys()]

    def _by_bytes(self, folder: Folder) -> Mapping[str, str]:
        found = {}
        for each in scan(self._house.vault, (folder,)):
            with contextlib.suppress(Unreadable):
                found[read_in_vault(self._house.vault, each.file).sha256] = each.file
        return found

    def _leave_one(self, one: str, other: str) -> None:
        """Of the same bytes at two places, keep the file in the one that counts, and record both decisions."""
        stays, goes = sorted((one, other), key=_rank)
        if _rank(stays) == _rank(goes):
            return
        placement = self._desk.placement
        with placement.alone():
            try:
                sha256 = read_in_vault(self._house.vault, stays).sha256
                if not placement.holds(goes, sha256) or self._is_outlived(stays, sha256):
                    return
                envelopes = {file: self._desk.admission.envelope_beside(file) for file in (stays, goes)}
            except Unreadable:
                return  # they meet again at the next pass
            details: dict[str, JsonValue] = {"stays": safe_line(stays), "goes": safe_line(goes)}
            details["decisions"] = [_recorded(envelope) for envelope in envelopes.values()]
            self._house.ledger.note_event(Happening("decisions_met", ACTOR, details=details), self._entry_of(sha256))
            self._remove(goes)
            if envelopes[goes]:  # anything else of that name is a person's own
                folder, _, name = goes.rpartition("/")
                self._remove(f"{folder}/{decision_name(name)}")

    def _is_outlived(self, refused: str, sha256: str) -> bool:
        """Whether a file was turned down before the approval of its bytes was given here: that one knew of it."""
        entry = self._entry_of(sha256)
        if entry is None or entry.state is not State.APPROVED:
            return False
        if entry.id != self._house.ledger.decided_ids().by_both.get((refused, sha256), entry.id):
            return True
        history = self._house.ledger.history(entry.id)
        return any(safe_line(refused) in _texts(record.parameters.get(OUTLIVES)) for record in history)

    def _turned_down(self, standing: Standing) -> Entry | None:
        """Our approval of a request that lies in Rejected/: the refusal came before its execution."""
        entry = self._house.ledger.entry(standing.request.id)
        if entry is None:
            return None
        try:
            turned = self._house.ledger.transition(
                entry,
                State.REJECTED,
                Happening("rejected_elsewhere", ACTOR, details={"file": safe_line(standing.file)}),
                while_in={State.APPROVED},
                file=standing.file,
                why="It was rejected on another machine.",
                due_at=None,
                settled=True,
            )
        except NotApprovable:
            return None  # its execution began at this very moment
        self._desk.placement.spend_taken_back()
        return turned

    def _record(self, conflict: Conflict) -> None:
        """Both versions are kept; of two envelopes for one file ours stays, and theirs is kept whole in the log."""
        details: dict[str, JsonValue] = {"file": safe_line(conflict.file), "clash": conflict.clash.value}
        details["other"] = safe_line(conflict.other or "")
        if conflict.other and conflict.file.endswith(decision_name("")):
            details["decision"] = _recorded(self._desk.admission.envelope_at(conflict.other))
            self._house.vault.path(conflict.other).unlink(missing_ok=True)
        self._house.ledger.note_event(Happening("sync_conflict", ACTOR, details=details))

    def _entry_of(self, sha256: str) -> Entry | None:
        request_id = self._house.ledger.decided_ids().by_bytes.get(sha256)
        return self._house.ledger.entry(request_id) if request_id else None

    def _remove(self, file: str) -> None:
        path = self._house.vault.path(file)
        path.unlink(missing_ok=True)
        fsync_directory(path.parent)


def _rank(file: str) -> int:
    fits = (at for at, folder in enumerate(_STRONGEST_FIRST) if file.startswith(f"{folder}/"))
    return next(fits, len(_STRONGEST_FIRST))


def _texts(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else ()


def _recorded(envelope: Envelope | None) -> JsonValue:
    """A decision as the audit log keeps it: what was said, by whom, when; foreign texts made safe."""
    try:
        decision = decision_in(envelope).to_json() if envelope else {}
    except ValueError:
        decision = {}
    return {name: safe_line(str(value))[:200] for name, value in decision.items()}
