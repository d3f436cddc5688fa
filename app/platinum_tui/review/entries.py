"""Ledger entries for decisions: the bytes are read anew, and frozen only if they are those that were shown."""

from __future__ import annotations

from datetime import datetime

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.decision import Envelope, idempotency_key
from platinum_tui.model.envelope import decision_in, envelope_to_json
from platinum_tui.model.errors import NotApprovable, StaleFingerprint
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.house import House
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.reading import Reason, Unreadable, read_in_vault

DECIDABLE_AGAIN = frozenset(
    {State.HELD, State.SNOOZED, State.FAILED, State.REJECTED, State.CHANGES_REQUESTED, State.EXPIRED, State.PENDING}
)
"""States whose row a new decision may replace."""
_REFUSED = frozenset({State.REJECTED, State.CHANGES_REQUESTED})
_FILE_GONE = "Put the file back where it lay, or reject the request: that ends it."


def entry_for(
    house: House,
    standing: Standing,
    state: State,
    envelope: Envelope | None,
    *,
    due_at: datetime | None = None,
    snoozed_until: datetime | None = None,
    settled: bool = False,
    why: str = "",
) -> Entry:
    """The row that a decision makes of a request.

    Raises:
        StaleFingerprint: the file's bytes are no longer those of the standing.
        NotApprovable: the file can no longer be read. What was decided before is refused without it all the same.
    """
    request = standing.request
    before = house.ledger.entry(request.id)
    same = before if before and before.file_sha256 == request.sha256 else None
    return Entry(
        id=request.id,
        effect=idempotency_key(house.vault_id, request.id, request.digest),
        digest=request.digest,
        file_sha256=request.sha256,
        kind=request.kind,
        fields=request.fields,
        title=standing.title,
        target=standing.target,
        task=request.task,
        data=same.data if same and state in _REFUSED else _shown_bytes(house, standing),
        file=standing.file,
        origin=_origin(house, standing, before),
        state=state,
        why=why,
        envelope=envelope_to_json(envelope) if envelope else None,
        decided_by=decision_in(envelope).signer if envelope else "",
        due_at=due_at,
        snoozed_until=snoozed_until,
        expires_at=request.expires_at,
        attempt=before.attempt if before else 0,
        settled=settled,
    )


def _origin(house: House, standing: Standing, before: Entry | None) -> str:
    """Where a request waited before somebody moved it by hand, so that undo never leaves it among the approved."""
    if standing.file.startswith(f"{Folder.PENDING}/"):
        return standing.file
    if before:
        return before.origin
    name = standing.file.rpartition("/")[2]
    return house.ledger.seen_at(standing.request.sha256) or f"{Folder.PENDING}/{name}"


def _shown_bytes(house: House, standing: Standing) -> bytes:
    try:
        found = read_in_vault(house.vault, standing.file)
    except Unreadable as error:
        remedy = _FILE_GONE if error.reason is Reason.MISSING else error.remedy
        raise NotApprovable(error.message, remedy=remedy) from error
    if found.sha256 != standing.request.sha256:
        raise StaleFingerprint("The file changed at this very moment; nothing was decided.")
    return found.data
