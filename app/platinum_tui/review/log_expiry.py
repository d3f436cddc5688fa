"""Old days of the audit log, deleted because a person says so; the log tells that they were."""

from __future__ import annotations

from datetime import date, timedelta

from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.happening import Happening
from platinum_tui.ledger.witness import Witness
from platinum_tui.review.house import House
from platinum_tui.system.audit_checkpoints import read_checkpoints
from platinum_tui.system.audit_retention import expire


def expire_log(house: House, trail: AuditTrail, witness: Witness, keep: timedelta) -> tuple[date, ...]:
    """Delete whole days of this machine's log that are older than `keep`, at least 90 days. The ledger keeps them all.

    Its caller holds the executor's lock: nobody else signs meanwhile how far the log goes.

    Returns:
        The days that were deleted; a day that was changed, and those that lead to it, stay as evidence.

    Raises:
        Failed: a file cannot be read, written or deleted.
        KeyringError: the machine's key cannot be had.
    """
    trail.write()
    witness.sign(at_the_end=True)
    checkpoints = read_checkpoints(trail.folder, house.vault_id, house.machine_keys())
    deleted = expire(trail.folder, house.vault_id, house.clock.now(), checkpoints, house.machine_signer, keep)
    if deleted:
        details = {"days": len(deleted), "until": deleted[-1].isoformat()}
        house.ledger.note_event(Happening("log_expired", "person", details=details))
        trail.write()
        witness.sign(at_the_end=True)
    return deleted
