"""DSSE envelopes: how a decision is signed, written and checked (DSSE 1.0, Ed25519 of RFC 8032)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping

from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import PAYLOAD_TYPE, Decision, Envelope, Signature


def encoding_to_sign(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """DSSE's pre-authentication encoding: what is really signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def key_id(public_key: bytes) -> str:
    """The name of a raw Ed25519 public key (32 bytes): 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def decision_in(envelope: Envelope) -> Decision:
    """The decision that an envelope carries, whoever signed it.

    Raises:
        ValueError: the payload is no decision.
    """
    try:
        return Decision.from_json(json.loads(envelope.payload))
    except (UnicodeDecodeError, json.JSONDecodeError, TypeError, KeyError, RecursionError) as error:
        raise ValueError("not a decision") from error


def valid_signers(envelope: Envelope, keys: Iterable[bytes], payload_type: str = PAYLOAD_TYPE) -> frozenset[str]:
    """The key ids among `keys` (raw public keys) whose signature on the envelope is valid."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    by_id = {key_id(key): key for key in keys}
    signed = encoding_to_sign(envelope.payload, payload_type)
    valid: set[str] = set()
    for signature in envelope.signatures:
        if signature.keyid in by_id:
            try:
                Ed25519PublicKey.from_public_bytes(by_id[signature.keyid]).verify(signature.signature, signed)
            except InvalidSignature:
                continue
            valid.add(signature.keyid)
    return frozenset(valid)


def envelope_to_json(envelope: Envelope, payload_type: str = PAYLOAD_TYPE) -> dict[str, JsonValue]:
    """The envelope as DSSE's JSON object."""
    return {
        "payloadType": payload_type,
        "payload": base64.b64encode(envelope.payload).decode(),
        "signatures": [{"keyid": s.keyid, "sig": base64.b64encode(s.signature).decode()} for s in envelope.signatures],
    }


def envelope_from_json(value: JsonValue, payload_type: str = PAYLOAD_TYPE) -> Envelope:
    """The envelope from DSSE's JSON object.

    Raises:
        ValueError: it is not one, or not of that payload type.
    """
    if not isinstance(value, Mapping) or value.get("payloadType") != payload_type:
        raise ValueError("not such an envelope")
    try:
        signatures = tuple(
            Signature(str(item["keyid"]), base64.b64decode(item["sig"], validate=True)) for item in value["signatures"]
        )
        return Envelope(base64.b64decode(value["payload"], validate=True), signatures)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("not such an envelope") from error
