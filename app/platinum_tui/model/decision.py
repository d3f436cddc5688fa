"""A decision: what a reviewer said about one digest, and the signed envelope that carries it."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from platinum_tui.model.action import JsonValue, Kind

PAYLOAD_TYPE = "application/vnd.platinum-tui.decision+json"
"""The DSSE payload type of a decision (https://github.com/secure-systems-lab/dsse, protocol 1.0)."""


class Verdict(enum.StrEnum):
    """What a reviewer can say."""

    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One verdict over one digest, in one vault, until it expires.

    Attributes:
        vault: the vault's id.
        request: the request's id.
        digest: what was on screen, 64 hex digits.
        file_sha256: the hash of the file's bytes, from which a server recomputes the digest.
        kind: the action's kind; None for a verdict on a file that asks for nothing.
        target: whom it reaches, as shown.
        verdict: what was said.
        signer: the key id of the signer.
        decided_at, expires_at: aware instants; after the second the decision is worth nothing.
        nonce: 32 hex digits, never used twice.
    """

    vault: str
    request: str
    digest: str
    file_sha256: str
    kind: Kind | None
    target: str
    verdict: Verdict
    signer: str
    decided_at: datetime
    expires_at: datetime
    nonce: str

    def to_json(self) -> dict[str, JsonValue]:
        """The decision as the JSON object that is signed."""
        values = dataclasses.asdict(self)
        values["decided_at"], values["expires_at"] = instant(self.decided_at), instant(self.expires_at)
        return values

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> Decision:
        """The decision from that JSON object.

        Raises:
            ValueError: a field is missing, unknown, or not of its type.
        """
        if set(value) != _NAMES or not all(isinstance(v, str) or (k == "kind" and v is None) for k, v in value.items()):
            raise ValueError("not a decision")
        times = {name: datetime.fromisoformat(value[name]) for name in ("decided_at", "expires_at")}
        if any(time.tzinfo is None for time in times.values()):
            raise ValueError("a time without a zone")
        kind = Kind(value["kind"]) if value["kind"] else None
        return cls(**{**value, **times, "kind": kind, "verdict": Verdict(value["verdict"])})


_NAMES = {field.name for field in dataclasses.fields(Decision)}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of an envelope.

    Attributes:
        keyid: the first 16 hex digits of the SHA-256 of the raw public key.
        signature: the 64 bytes of an Ed25519 signature over the payload's pre-authentication encoding.
    """

    keyid: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A DSSE envelope: the decision's exact bytes and the signatures over them."""

    payload: bytes
    signatures: tuple[Signature, ...]


def instant(time: datetime) -> str:
    """An aware time as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, in UTC."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def idempotency_key(vault: str, request: str, digest: str) -> str:
    """The name of one effect in the world, the same for every attempt at it: 32 hex digits.

    It does not depend on the nonce: a second approval of the same request cannot pass for a new effect.
    """
    return hashlib.sha256("\0".join((vault, request, digest)).encode()).hexdigest()[:32]
