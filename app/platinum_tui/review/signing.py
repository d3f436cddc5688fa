"""Decisions made and signed, and what a signed decision is worth here and now."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.decision import Decision, Envelope, Verdict
from platinum_tui.model.envelope import decision_in, valid_signers
from platinum_tui.model.request import Request
from platinum_tui.model.summary import target_of
from platinum_tui.system.keys import KnownKey, Role, Signer
from platinum_tui.system.policy import Level

DECISION_LIFE = timedelta(hours=72)
"""How long a decision is worth something; it never outlives the request."""
CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far another machine's clock may be ahead of ours."""


def decide(request: Request, verdict: Verdict, *, vault_id: str, signer: Signer, now: datetime) -> Envelope:
    """A signed decision on exactly this request.

    Args:
        request: what was on screen.
        verdict: what was said.
        vault_id: the vault's id.
        signer: whose key signs.
        now: the moment of the decision.
    """
    ends = [now + DECISION_LIFE, *([request.expires_at] if request.expires_at else [])]
    decision = Decision(
        vault=vault_id,
        request=request.id,
        digest=request.digest,
        file_sha256=request.sha256,
        kind=request.kind,
        target=target_of(request.kind, request.fields),
        verdict=verdict,
        signer=signer.key_id,
        decided_at=now,
        expires_at=min(ends),
        nonce=secrets.token_hex(16),
    )
    payload = canonical_json(decision.to_json())
    return Envelope(payload, (signer.sign(payload),))


def countersign(envelope: Envelope, signer: Signer) -> Envelope:
    """The same decision with one more signature."""
    others = tuple(s for s in envelope.signatures if s.keyid != signer.key_id)
    return Envelope(envelope.payload, (*others, signer.sign(envelope.payload)))


def shortfall(
    envelope: Envelope | None,
    request: Request,
    level: Level,
    *,
    vault_id: str,
    keys: Iterable[KnownKey],
    now: datetime,
) -> str | None:
    """Why a signed decision is not enough to act on a request; None when it is.

    Args:
        envelope: what lies beside the file, if anything.
        request: the request as its bytes read now.
        level: what counts as approval here.
        vault_id: the vault's id.
        keys: every public key that counts.
        now: the present moment.
    """
    if envelope is None:
        return "Nobody has approved this with the keyboard; approve it here."
    try:
        decision = decision_in(envelope)
    except ValueError:
        return "The decision beside the file cannot be read; approve it again."
    known = {key.key_id: key for key in keys}
    signers = [known[key_id] for key_id in valid_signers(envelope, (key.public_key for key in known.values()))]
    counting = [key for key in signers if not key.revoked and (level is Level.MOVE or key.role is Role.REVIEWER)]
    if not signers:
        return "The decision is not signed by a key that this machine knows; approve it again."
    if not counting:
        return "The decision is signed by a key that does not count here (revoked, or a machine's own)."
    checks = (
        (decision.vault == vault_id, "The decision was made for another vault."),
        (decision.verdict is Verdict.APPROVE, "The decision beside the file is no approval."),
        (decision.request == request.id, "The decision was made for another request."),
        (decision.digest == request.digest, "The file is not the one that was approved; read it again."),
        (decision.decided_at <= now + CLOCK_TOLERANCE, "The decision comes from the future; check the clock."),
        (now < decision.expires_at, "The decision has expired; approve it again."),
    )
    for holds, reason in checks:
        if not holds:
            return reason
    if level is Level.TWO_KEYS and sum(key.listed for key in counting) < 2:
        return "Two keys are required: one more reviewer of signers.toml has to approve."
    return None
