"""A person's own version of a request: taken as a draft, written back only while the file is still what was taken."""

from __future__ import annotations

from dataclasses import dataclass

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import RefusedByPolicy, StaleFingerprint
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.review.ways_on import not_in_state
from platinum_tui.vault.moves import replace_unchanged
from platinum_tui.vault.reading import read_in_vault

EDITABLE = frozenset({State.PENDING, State.HELD, State.SNOOZED, State.EXPIRED})
"""The states in which a request has a file that waits for a decision."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as it was taken to be edited.

    Attributes:
        request_id: the request.
        file: its vault-relative path.
        fingerprint: what it would have been approved as.
        data: the file's bytes.
    """

    request_id: str
    file: str
    fingerprint: str
    data: bytes


def take_draft(desk: Desk, name: str) -> Draft:
    """A request's bytes, to be edited.

    Raises:
        RefusedByPolicy: nothing may be written.
        NotApprovable: it does not wait for a decision.
        NotFound, Ambiguous: as they say.
    """
    if desk.house.configuration.readonly:
        raise RefusedByPolicy("Nothing is written in read-only mode.", remedy="Start it without --readonly.")
    standing = desk.find(name)
    if standing.state not in EDITABLE:
        entry = desk.house.ledger.entry(standing.request.id)
        raise not_in_state(standing, entry, "only a request that waits for a decision can be edited.")
    data = read_in_vault(desk.house.vault, standing.file).data
    return Draft(standing.request.id, standing.file, standing.request.fingerprint, data)


def revise(desk: Desk, draft: Draft, data: bytes) -> Standing:
    """Write a draft's new version in its place; what it asks for is read and checked anew.

    Raises:
        StaleFingerprint: the file is not what was taken (any more); nothing was written.
    """
    house = desk.house
    unchanged = read_in_vault(house.vault, draft.file).data == draft.data
    if not unchanged or not replace_unchanged(house.vault.path(draft.file), data, draft.data):
        raise StaleFingerprint("The file was changed by somebody else meanwhile; nothing was written.")
    house.ledger.note_event(Happening("edited", "person", details={"request": draft.request_id}))
    desk.queue.notice(draft.file)
    return desk.find(draft.file)
