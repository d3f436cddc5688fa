"""The audit chain: every event a record, every record bound to the one before by its hash."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from platinum_tui.model.action import JsonValue
from platinum_tui.model.canonical import canonical_json

LARGEST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a chain: the last record's number and its hash (64 hex digits). Number 0 is the beginning."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One event in its place in the chain; the fields stand in the order in which a line has them.

    Attributes:
        seq: its number in the chain, from 1, without a gap.
        timestamp: an instant, `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`.
        event: what happened, in a word.
        actor: who did it: a signer's name, a worker's name, or `person`.
        action_type: the request's kind; empty where there is none.
        target: whom or what it reaches.
        parameters: what else is worth keeping; never a body, never a secret.
        approval_status: how the approval stood.
        approved_by: who approved.
        result: how it came out.
        request_id, digest: which request, and which bytes.
        prev_hash: the hash of the record before, or the chain's beginning.
        hash: SHA-256 over the canonical JSON of all other fields; empty before the record is sealed.
    """

    seq: int
    timestamp: str
    event: str
    actor: str
    action_type: str = ""
    target: str = ""
    parameters: Mapping[str, JsonValue] = dataclasses.field(default_factory=dict)
    approval_status: str = ""
    approved_by: str = ""
    result: str = ""
    request_id: str = ""
    digest: str = ""
    prev_hash: str = ""
    hash: str = ""

    @property
    def tail(self) -> Tail:
        """What the next record follows."""
        return Tail(self.seq, self.hash)

    @property
    def day(self) -> date:
        """The day (UTC) of the timestamp."""
        return datetime.fromisoformat(self.timestamp).astimezone(UTC).date()

    def to_json(self) -> dict[str, JsonValue]:
        """The record as a JSON object."""
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def from_json(cls, value: JsonValue) -> AuditRecord:
        """The record from that JSON object.

        Raises:
            ValueError: it is no object, or a field is missing, unknown, or not of its type.
        """
        if not isinstance(value, Mapping):
            raise ValueError("not a record")
        texts = (isinstance(value.get(name), str) for name in FIELDS if name not in {"seq", "parameters"})
        seq, parameters = value.get("seq"), value.get("parameters")
        if set(value) != set(FIELDS) or not all(texts) or not isinstance(parameters, Mapping):
            raise ValueError("not a record")
        if type(seq) is not int or not 0 < seq <= LARGEST_SEQ:
            raise ValueError("not a record's number")
        return cls(**value)

    def to_line(self) -> bytes:
        """The record as its line, line end included. There is exactly one way to write it."""
        fields = self.to_json()
        fields["parameters"] = json.loads(canonical_json(dict(self.parameters)))
        text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8", "surrogatepass") + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> AuditRecord:
        """The record that a line (with or without its line end) holds, if not one byte of it was changed.

        Raises:
            ValueError: it holds none, it is not written as this program does, or its hash is not the one it names.
        """
        try:
            record = cls.from_json(json.loads(line.decode("utf-8", "surrogatepass")))
            unchanged = record.hash == hash_of(record) and record.to_line().rstrip(b"\n") == line.removesuffix(b"\n")
        except (TypeError, RecursionError) as error:
            raise ValueError("not a record") from error
        if not unchanged:
            raise ValueError("not a record as it was written")
        return record


FIELDS = tuple(field.name for field in dataclasses.fields(AuditRecord))
"""A record's fields, in the order in which a line has them."""


def genesis_hash(vault_id: str) -> str:
    """What the first record follows. It names the vault, so that another vault's chain cannot pass for this one."""
    return hashlib.sha256(f"platinum-tui audit {vault_id}".encode()).hexdigest()


def beginning(vault_id: str) -> Tail:
    """The end of the empty chain."""
    return Tail(0, genesis_hash(vault_id))


def hash_of(record: AuditRecord) -> str:
    """The hash that a record should have: 64 hex digits, over everything else in it."""
    return _hash(record.to_json())


def seal(record: AuditRecord, prev_hash: str) -> AuditRecord:
    """The record bound to the one before: both hashes filled in."""
    return dataclasses.replace(record, prev_hash=prev_hash, hash=_hash({**record.to_json(), "prev_hash": prev_hash}))


def _hash(record: Mapping[str, JsonValue]) -> str:
    fields = {name: value for name, value in record.items() if name != "hash"}
    return hashlib.sha256(canonical_json(fields)).hexdigest()
