"""The gate of every acting tool: the signed decision is verified here, whoever the caller is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from platinum_executors.refusal import Refused
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import digest_of
from platinum_tui.model.decision import Decision, Envelope, Verdict
from platinum_tui.model.envelope import decision_in, envelope_from_json, valid_signers

META_KEY = "platinum/approval"
"""The key of a call's `_meta` that carries the DSSE envelope, with two hints beside its own keys.

`required_signers` is how many must have signed it (1 unless said), `attempt` which attempt at the effect this is.
"""

_NONCE = re.compile(r"[0-9a-f]{32}")


class SigningKey(Protocol):
    """A key whose signatures may count."""

    @property
    def public_key(self) -> bytes:
        """The raw Ed25519 key, 32 bytes."""

    @property
    def revoked_at(self) -> datetime | None:
        """Since when it counts no more; a revoked key vouches for nothing, however old the decision claims to be."""


def verify(
    approval: JsonValue,
    *,
    kind: Kind,
    arguments: Mapping[str, JsonValue],
    vault_id: str,
    keys: Iterable[SigningKey],
    signers: int = 1,
    now: datetime,
) -> Decision:
    """The decision that allows exactly this call.

    Args:
        approval: the value of `_meta["platinum/approval"]`, or None.
        kind: what the tool does.
        arguments: the call's arguments, as received: the action's fields as JSON.
        vault_id: the vault that this server serves.
        keys: the keys that count here.
        signers: how many of them must have signed; the call may ask for more, never for fewer.
        now: an aware instant.

    Raises:
        Refused: with one of the `decision_…` codes. Whether it was used before is for `burning` to say.
    """
    if not isinstance(approval, Mapping) or not approval.get("payload"):
        raise Refused("decision_missing", "This call carries no signed decision; only an approved request may act.")
    try:
        envelope = envelope_from_json(approval)
        decision = decision_in(envelope)
    except ValueError as error:
        raise Refused("decision_invalid", "What came with this call is not a decision.") from error
    _require_signers(envelope, keys, approval.get("required_signers", 1), signers)
    if decision.verdict is not Verdict.APPROVE or not _NONCE.fullmatch(decision.nonce):
        raise Refused("decision_invalid", "The decision that came with this call is not an approval.")
    if decision.vault != vault_id:
        raise Refused("decision_other_vault", "The decision was made for another vault.")
    if now >= decision.expires_at:
        raise Refused("decision_expired", "The approval has expired; approve the request anew.")
    if decision.kind is not kind or decision.digest != digest_of(kind, arguments, decision.file_sha256):
        raise Refused("decision_mismatch", "What would be done is not what was approved.")
    return decision


def attempt_number(approval: JsonValue) -> int:
    """Which attempt at the effect a call is, from 1.

    Raises:
        Refused: `decision_invalid`: what came is no such number.
    """
    attempt = approval.get("attempt", 1) if isinstance(approval, Mapping) else 1
    if type(attempt) is not int or attempt < 1:
        raise Refused("decision_invalid", "The number of the attempt that came with this call is not a number.")
    return attempt


def _require_signers(envelope: Envelope, keys: Iterable[SigningKey], wanted: JsonValue, at_least: int) -> None:
    if not isinstance(wanted, int) or wanted < 1:
        raise Refused("decision_invalid", "The number of signers that came with this call is not a number.")
    trusted = [key.public_key for key in keys if key.revoked_at is None]
    if len(valid_signers(envelope, trusted)) < max(wanted, at_least):
        raise Refused("decision_untrusted", "The decision is not signed by the keys that this machine trusts.")
