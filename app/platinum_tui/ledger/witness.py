"""Whether this machine has signed for more of the log than the ledger knows: then it was lost, or restored from a copy.

From then on nothing counts that was decided before, and no move by hand: everything asks for a fresh signature. Only
checkpoints under this machine's own key are believed, so that whoever writes in the vault can bring nobody into that.
What was decided since the last checkpoint before the loss cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.happening import Happening
from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.decision import instant
from platinum_tui.system.audit_checkpoints import Checkpoint, append_checkpoint, read_checkpoints
from platinum_tui.system.keys import Signer

_TRUSTS_FROM = "trusts_from"
_RECKONED = "reckoned"
_AT = "checkpoint"
MOST_RECORDS = 100
LONGEST_PAUSE = timedelta(hours=1)


class Witness:
    """Signs how far one ledger's log goes, and compares the ledger with what was signed.

    Args:
        ledger: holds the events.
        trail: their files.
        machine_keys: the raw public keys of this machine's own, replaced ones included.
        signer: the machine's key.
    """

    def __init__(
        self,
        ledger: Ledger,
        trail: AuditTrail,
        machine_keys: Callable[[], Iterable[bytes]],
        signer: Callable[[], Signer],
    ) -> None:
        self._ledger = ledger
        self._trail = trail
        self._machine_keys = machine_keys
        self._signer = signer

    def compare(self) -> bool:
        """Before anything is executed: is the ledger behind what this machine has signed? Where it is, that is noted.

        What was signed stays ahead for a while. It is reckoned with once: what is decided from then on counts.

        Returns:
            Whether it was found out just now.
        """
        known = trusts_from(self._ledger) is not None
        folders = (self._trail.folder,) if known else self._trail.folders
        signed = {checkpoint.hash: checkpoint.timestamp for folder in folders for checkpoint in self._ahead(folder)}
        if signed.keys() <= set((self._ledger.note(_RECKONED) or "").split()):
            return False
        now = self._ledger.clock.now()  # a clock that was put back makes nothing decided before count again
        self._ledger.set_note(_TRUSTS_FROM, instant(max(now, *signed.values())))
        self._ledger.note_event(Happening("ledger_behind", "executor"))
        self._ledger.set_note(_RECKONED, " ".join(signed))  # last: after a crash before it, all of this is done again
        return True

    def sign(self, *, at_the_end: bool = False) -> None:
        """A checkpoint: where many records or much time have passed since the last one, and whenever the program ends.

        Raises:
            KeyringError: the machine's key cannot be had.
            Failed: the disk refuses.
        """
        tail, now = self._trail.tail, self._ledger.clock.now()
        if tail is None:
            return
        seq, _, since = (self._ledger.note(_AT) or "0 ").partition(" ")
        passed = bool(since) and now - datetime.fromisoformat(since) >= LONGEST_PAUSE
        if tail.seq == int(seq) or not (at_the_end or passed or tail.seq - int(seq) >= MOST_RECORDS):
            return
        checkpoint = Checkpoint(self._ledger.vault_id, tail.seq, tail.hash, now)
        append_checkpoint(self._trail.folder, checkpoint, self._signer())
        self._ledger.set_note(_AT, f"{tail.seq} {instant(now)}")

    def _ahead(self, folder: Path) -> list[Checkpoint]:
        """The last checkpoint of a folder, if it vouches for what the ledger does not know."""
        signed = read_checkpoints(folder, self._ledger.vault_id, self._machine_keys()).valid
        reached = self._ledger.tail().seq
        return [checkpoint for checkpoint in signed[-1:] if checkpoint.seq > reached or self._contradicts(checkpoint)]

    def _contradicts(self, checkpoint: Checkpoint) -> bool:
        return self._ledger.tail_at(checkpoint.seq) != checkpoint.tail


def trusts_from(ledger: Ledger) -> datetime | None:
    """Since when decisions count, where the ledger was found to be behind its log; None where it never was."""
    note = ledger.note(_TRUSTS_FROM)
    return datetime.fromisoformat(note) if note else None
