"""What a person, or a sync, put into Approved/ by hand: recorded as approved if it is enough, else as held."""

from __future__ import annotations

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.decision import Verdict
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.review.entries import DECIDABLE_AGAIN, entry_for
from platinum_tui.review.signing import decide


class Adoption:
    """Records files of Approved/ that no decision of this ledger speaks for.

    Args:
        desk: the queue and the policy.
        actor: who looks, for the audit log.
    """

    def __init__(self, desk: Desk, actor: str) -> None:
        self._desk = desk
        self._house = desk.house
        self._actor = actor

    def adopt(self, standing: Standing) -> Entry | None:
        """The new entry of a file; None where it asks for nothing, or the ledger knows it already.

        Raises:
            NotApprovable, StaleFingerprint: somebody else decided on it, or wrote it, at the same moment.
            KeyringError: the machine's key cannot be had.
        """
        if standing.request.kind is None or self._is_known(standing):
            return None
        short = self._desk.admission.shortfall_of_file(standing.request, standing.risk, standing.file)
        return self._held(standing, short) if short else self._approved(standing)

    def _is_known(self, standing: Standing) -> bool:
        entry = self._house.ledger.entry(standing.request.id)
        if entry is None:
            return False
        if entry.state is State.APPROVED:
            return entry.file_sha256 == standing.request.sha256
        return not entry.settled or entry.state not in DECIDABLE_AGAIN

    def _held(self, standing: Standing, why: str) -> Entry:
        envelope = self._desk.admission.envelope_beside(standing.file)
        entry = entry_for(self._house, standing, State.HELD, envelope, why=why)
        happening = Happening("held", self._actor, details={"why": why})
        return self._house.ledger.record(entry, happening, replaces=DECIDABLE_AGAIN | {State.APPROVED})

    def _approved(self, standing: Standing) -> Entry:
        house, now, request = self._house, self._house.clock.now(), standing.request
        envelope = self._desk.admission.envelope_beside(standing.file)
        event = "approved_elsewhere" if envelope else "approved_by_move"
        if envelope is None:
            signer = house.machine_signer
            envelope = decide(request, Verdict.APPROVE, vault_id=house.vault_id, signer=signer, now=now)
        due_at = now + house.configuration.undo_for(request.kind)
        entry = entry_for(house, standing, State.APPROVED, envelope, due_at=due_at)
        happening = Happening(event, self._actor, details=self._desk.copies.turned_down_before(request))
        return house.ledger.record(entry, happening, replaces=DECIDABLE_AGAIN)
