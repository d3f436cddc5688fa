"""The audit log as files: what the ledger has committed is appended to Logs/, by one process at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.errors import Failed
from platinum_tui.system.audit import Tail
from platinum_tui.system.audit_files import append, day_files, last_written

_FOLDER = "audit_folder"
_WRITTEN = "audit_written"


class AuditTrail:
    """The files of one ledger's audit events.

    Args:
        ledger: holds the events.
        logs: this machine's log folder. Where another ledger's chain lies there already, ours gets a folder below it.
    """

    def __init__(self, ledger: Ledger, logs: Path) -> None:
        self._ledger = ledger
        self._logs = logs

    @property
    def folder(self) -> Path:
        """Where the files of this chain lie."""
        return self._logs / (self._ledger.note(_FOLDER) or "")

    @property
    def tail(self) -> Tail | None:
        """The last event that is known to be in the files; None before the first."""
        written = self._ledger.note(_WRITTEN)
        return self._ledger.tail_at(int(written)) if written else None

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where checkpoints of this chain, and of one that an earlier ledger began, may lie."""
        return tuple(dict.fromkeys((self.folder, self._logs)))

    def write(self) -> None:
        """Append every event that is not in the files yet.

        Raises:
            Failed: the files cannot be written.
        """
        with self._exclusively():
            first = self._ledger.tail_at(1)
            if first is None:
                return
            if self._ledger.note(_FOLDER) is None:
                self._ledger.set_note(_FOLDER, f"chain-{first.hash[:8]}" if day_files(self._logs) else "")
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Failed(
                    f"The folder {self.folder} of the audit log cannot be made: {error.strerror}.",
                    remedy="Move away what lies there; nothing is executed until the log can be written.",
                ) from error
            there = last_written(self.folder)
            known = self._ledger.tail_at(there.seq) if there else None
            after = there.seq if there and known == there else int(self._ledger.note(_WRITTEN) or 0)
            records = self._ledger.events(after=after)
            if records:
                append(self.folder, records)
                self._ledger.set_note(_WRITTEN, str(records[-1].seq))

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        descriptor = os.open(self._ledger.path.with_name("audit.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
