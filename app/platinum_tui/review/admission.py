"""What a file in Approved/ is worth: enough to be executed, or held, and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from platinum_tui.ledger.witness import trusts_from
from platinum_tui.model.action import Kind
from platinum_tui.model.decision import Envelope
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.model.request import Request, Risk, RiskLevel, State
from platinum_tui.review.house import House
from platinum_tui.review.signing import shortfall
from platinum_tui.system.policy import Level
from platinum_tui.vault.names import decision_name
from platinum_tui.vault.reading import Unreadable, read_in_vault

_REFUSED = frozenset({State.REJECTED, State.CHANGES_REQUESTED})

_BEHIND = "The ledger was lost, or an older copy of it restored: what was decided before counts no more."


class Admission:
    """The rules of one vault for what counts as approval.

    Args:
        house: the vault and its surroundings.
        came_by_sync: whether a sync, not a person here, brought a vault-relative path to its place.
    """

    def __init__(self, house: House, came_by_sync: Callable[[str], bool] = lambda _file: False) -> None:
        self._house = house
        self._came_by_sync = came_by_sync

    def level_of(self, request: Request, risk: Risk) -> Level:
        """What counts as approval of this request."""
        if request.kind is None:
            return Level.SIGNED
        return self._house.configuration.approval.level_for(request.kind, risk.level)

    def highest_level(self, kind: Kind | None) -> Level:
        """What counts as approval of an action of a kind, whatever its risk turns out to be."""
        return self._house.configuration.approval.level_for(kind, RiskLevel.HIGH) if kind else Level.SIGNED

    def shortfall_of_file(self, request: Request, risk: Risk, file: str) -> str | None:
        """Why a file that lies in Approved/ may not be executed; None when it may.

        Args:
            request: the file, read.
            risk: its risk.
            file: its vault-relative path.
        """
        if request.problems:
            return f"It cannot be executed: {request.problems[0].message}"
        level = self.level_of(request, risk)
        envelope = self.envelope_beside(file)
        if self._was_refused_here(request, envelope) and (envelope is not None or self._came_by_sync(file)):
            return "It was turned down here, and an earlier approval was brought back; decide on it anew."
        if envelope is None and level is Level.MOVE:
            return self._shortfall_of_move(request, file)
        return self.shortfall_of_envelope(envelope, request, level)

    def shortfall_of_envelope(self, envelope: Envelope | None, request: Request, level: Level) -> str | None:
        """Why a signed decision is not enough for a request at a level; None when it is."""
        short = self.shortfall_of_signatures(envelope, request, level)
        if short is None and envelope and self._house.spent.is_spent(decision_in(envelope).nonce):
            return "The decision beside the file was used or taken back before; approve it again."
        return short

    def shortfall_of_signatures(self, envelope: Envelope | None, request: Request, level: Level) -> str | None:
        """The same, but for whether it was used before."""
        house, now = self._house, self._house.clock.now()
        since = trusts_from(house.ledger)
        if since and envelope and _decided_at(envelope) <= since:
            return f"{_BEHIND} Approve it again."
        return shortfall(envelope, request, level, vault_id=house.vault_id, keys=house.known_keys(), now=now)

    def envelope_beside(self, file: str) -> Envelope | None:
        """The decision that lies beside a file, if there is one; raises `Unreadable` where we cannot see that now."""
        folder, _, name = file.rpartition("/")
        return self.envelope_at(f"{folder}/{decision_name(name)}")

    def envelope_at(self, file: str) -> Envelope | None:
        """The decision in a file, if it is one; raises `Unreadable` where the machine does not let us see that now."""
        try:
            return envelope_from_json(json.loads(read_in_vault(self._house.vault, file).data))
        except (ValueError, RecursionError):
            return None
        except Unreadable as error:
            error.raise_if_denied()
            return None

    def _was_refused_here(self, request: Request, envelope: Envelope | None) -> bool:
        """Whether a refusal of these bytes stands here that the approval beside them does not come after."""
        entry = self._house.ledger.entry(request.id)
        if entry is None or entry.state not in _REFUSED or entry.file_sha256 != request.sha256:
            return False
        if not entry.envelope:
            return True
        refused_at = decision_in(envelope_from_json(entry.envelope)).decided_at
        try:
            return envelope is None or decision_in(envelope).decided_at <= refused_at
        except ValueError:
            return True

    def _shortfall_of_move(self, request: Request, file: str) -> str | None:
        if trusts_from(self._house.ledger):
            return f"{_BEHIND} Approve it here."
        if not self._house.ledger.was_seen(request.sha256):
            return "These bytes were never seen in Pending_Approval on this machine; approve them here."
        if self._came_by_sync(file):
            return "A sync brought it into Approved, not a person at this machine; approve it here."
        return None


def _decided_at(envelope: Envelope) -> datetime:
    try:
        return decision_in(envelope).decided_at
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
