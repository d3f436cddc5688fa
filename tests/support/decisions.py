"""Signed decisions for tests: a vault's id, a reviewer's key, and approvals of any action, good or spoilt."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platinum_tui.model.action import Action, Kind
from platinum_tui.model.canonical import canonical_json, digest_of, fields_of
from platinum_tui.model.decision import Decision, Envelope, Signature, Verdict
from platinum_tui.model.envelope import encoding_to_sign, envelope_to_json, key_id

VAULT_ID = "0123456789abcdef0123456789abcdef"
FILE_SHA256 = hashlib.sha256(b"the request's bytes").hexdigest()


class Signs(Protocol):
    """Whoever can sign: the machine's real signers, and those below."""

    @property
    def key_id(self) -> str: ...

    def sign(self, payload: bytes) -> Signature: ...


@dataclass(frozen=True)
class Signer:
    """A key pair, in the shape of a known key."""

    name: str = "reviewer"
    private_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    revoked_at: datetime | None = None

    @property
    def public_key(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        return key_id(self.public_key)

    def sign(self, payload: bytes) -> Signature:
        return Signature(self.key_id, self.private_key.sign(encoding_to_sign(payload)))


def decide(
    kind: Kind,
    fields: dict[str, Any],
    signer: Signs,
    *,
    request: str = "req-1",
    vault: str = VAULT_ID,
    verdict: Verdict = Verdict.APPROVE,
    decided_at: datetime | None = None,
    nonce: str | None = None,
    lasts: timedelta = timedelta(hours=1),
) -> Decision:
    """A decision over an action's fields; the nonce is new unless given."""
    decided_at = decided_at or datetime.now(UTC)
    return Decision(
        vault=vault,
        request=request,
        digest=digest_of(kind, fields, FILE_SHA256),
        file_sha256=FILE_SHA256,
        kind=kind,
        target="someone",
        verdict=verdict,
        signer=signer.key_id,
        decided_at=decided_at,
        expires_at=decided_at + lasts,
        nonce=nonce or secrets.token_hex(16),
    )


def enclose(decision: Decision, *signers: Signs) -> Envelope:
    """A decision in its envelope, signed by each."""
    payload = canonical_json(decision.to_json())
    return Envelope(payload, tuple(signer.sign(payload) for signer in signers))


def approval(decision: Decision, *signers: Signs, required_signers: int | None = None) -> dict[str, Any]:
    """The value of `_meta["platinum/approval"]` for a call."""
    value: dict[str, Any] = envelope_to_json(enclose(decision, *signers))
    return value if required_signers is None else {**value, "required_signers": required_signers}


def approve(action: Action, signer: Signs, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments and the approval of a call that does this action."""
    fields = json.loads(json.dumps(fields_of(action)))
    return fields, approval(decide(action.kind, fields, signer, **changes), signer)


def renewed(decision: Decision) -> Decision:
    """The same decision taken once more: another nonce, nothing else."""
    return dataclasses.replace(decision, nonce=secrets.token_hex(16))
