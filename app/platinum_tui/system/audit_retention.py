"""How long the audit log is kept: whole days are deleted when they are old, and the machine signs that it did so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from platinum_tui.model.errors import Failed
from platinum_tui.system.audit import AuditRecord, Tail
from platinum_tui.system.audit_checkpoints import Checkpoint, Checkpoints, Purpose, append_checkpoint
from platinum_tui.system.audit_files import day_files, lines_of
from platinum_tui.system.keys import Signer
from platinum_tui.system.private_file import sync_folder

SHORTEST = timedelta(days=90)


def expire(
    logs_folder: Path,
    vault_id: str,
    now: datetime,
    checkpoints: Checkpoints,
    signer: Signer,
    keep: timedelta = SHORTEST,
) -> tuple[date, ...]:
    """Deletes the files of whole days that are older than `keep`, the oldest first.

    A file goes only if its records lead to one that a checkpoint vouches for; the newest file stays. Before it goes,
    the machine signs up to where the log has expired, so that `verify` can tell an expiry from a deletion; and, once
    more, how far the log goes: the last checkpoint always says that.

    Args:
        logs_folder: where the log lies.
        vault_id: the vault's id.
        now: an aware instant.
        checkpoints: the machine's own, as `read_checkpoints` gives them.
        signer: the machine's.
        keep: at least 90 days.

    Returns:
        The days that were deleted.

    Raises:
        Failed: a file cannot be read or deleted.
        ValueError: `keep` is less than the shortest time.
    """
    if keep < SHORTEST:
        raise ValueError("the audit log is kept for 90 days at least")
    oldest_kept = now.astimezone(UTC).date() - keep
    deleted: list[date] = []
    reached = max(checkpoints.valid, key=lambda checkpoint: checkpoint.seq, default=None)
    if reached is None:
        return ()
    for day, path, tail in _proven_days(logs_folder, oldest_kept, {c.tail for c in checkpoints.valid}):
        expired = Checkpoint(vault_id, tail.seq, tail.hash, now, Purpose.EXPIRED)
        append_checkpoint(logs_folder, expired, signer)
        append_checkpoint(logs_folder, reached, signer)
        try:
            path.unlink()
            sync_folder(logs_folder)
        except OSError as error:
            raise Failed(f"{path} cannot be deleted: {error.strerror}.") from error
        deleted.append(day)
    return tuple(deleted)


def _proven_days(logs_folder: Path, oldest_kept: date, vouched: set[Tail]) -> list[tuple[date, Path, Tail]]:
    """The old days whose records are whole and lead, each following the one before, to one that is vouched for."""
    waiting: list[tuple[date, Path, Tail]] = []
    proven: list[tuple[date, Path, Tail]] = []
    tail: Tail | None = None
    files = day_files(logs_folder)
    for day, path in files:
        for line in lines_of(path):
            try:
                record = AuditRecord.from_line(line)
            except ValueError:
                return proven
            if tail and (record.seq, record.prev_hash) != (tail.seq + 1, tail.hash):
                return proven
            tail = record.tail
            if tail in vouched:
                proven += waiting
                waiting = []
        if day >= oldest_kept and not waiting:
            return proven
        if tail and day < oldest_kept and path != files[-1][1]:
            (proven if tail in vouched else waiting).append((day, path, tail))
    return proven
