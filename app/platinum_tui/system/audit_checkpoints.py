"""Signed checkpoints: the machine's word on how far the log went, so that a cut or a rewritten log is told.

They lie in `Logs/checkpoints.jsonl`, one DSSE envelope a line. Whoever holds the machine's key can forge them,
and whoever can delete every copy of the log can delete them too.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from platinum_tui.model.action import JsonValue
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.decision import Envelope, instant
from platinum_tui.model.envelope import envelope_from_json, envelope_to_json, valid_signers
from platinum_tui.model.errors import Failed
from platinum_tui.system.audit import Tail
from platinum_tui.system.audit_files import append_line, cut_torn_line, lines_of
from platinum_tui.system.keys import Signer

FILE_NAME = "checkpoints.jsonl"
PAYLOAD_TYPE = "application/vnd.platinum-tui.audit-checkpoint+json"


class Purpose(enum.StrEnum):
    """What a checkpoint is for."""

    REACHED = "reached"
    """The log had come so far."""
    EXPIRED = "expired"
    """The log up to here was old enough, and was deleted."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A record of one vault's chain that the machine has vouched for."""

    vault: str
    seq: int
    hash: str
    timestamp: datetime
    purpose: Purpose = Purpose.REACHED

    @property
    def tail(self) -> Tail:
        """The record."""
        return Tail(self.seq, self.hash)

    def to_json(self) -> dict[str, JsonValue]:
        """The JSON object that is signed."""
        return {**dataclasses.asdict(self), "timestamp": instant(self.timestamp)}

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> Checkpoint:
        """The checkpoint from that JSON object.

        Raises:
            ValueError: it is none.
        """
        try:
            time = datetime.fromisoformat(value["timestamp"])
            checkpoint = cls(value["vault"], value["seq"], value["hash"], time, Purpose(value["purpose"]))
        except (KeyError, TypeError) as error:
            raise ValueError("not a checkpoint") from error
        if type(checkpoint.seq) is not int or checkpoint.seq < 1:
            raise ValueError("not a checkpoint")
        return checkpoint


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """What the file of checkpoints holds.

    Attributes:
        valid: this vault's, signed by a known key, in the order of the file.
        broken_lines: the numbers, from 1, of the lines that are no such checkpoint; a torn last line is none of them.
    """

    valid: tuple[Checkpoint, ...] = ()
    broken_lines: tuple[int, ...] = ()


def append_checkpoint(logs_folder: Path, checkpoint: Checkpoint, signer: Signer) -> None:
    """Signs a checkpoint and writes it at the end of the file, durably.

    Raises:
        Failed: the disk refuses.
    """
    payload = canonical_json(checkpoint.to_json())
    envelope = Envelope(payload, (signer.sign(payload, PAYLOAD_TYPE),))
    file = logs_folder / FILE_NAME
    line = canonical_json(envelope_to_json(envelope, PAYLOAD_TYPE)) + b"\n"
    try:
        cut_torn_line(file)
        append_line(file, line)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}.") from error


def read_checkpoints(logs_folder: Path, vault_id: str, keys: Iterable[bytes]) -> Checkpoints:
    """The checkpoints of a vault.

    Args:
        logs_folder: where the log lies.
        vault_id: the vault.
        keys: the raw public keys of this machine, replaced ones included.

    Raises:
        Failed: the file cannot be read.
    """
    known = tuple(keys)
    valid: list[Checkpoint] = []
    broken: list[int] = []
    for number, line in enumerate(lines_of(logs_folder / FILE_NAME), start=1):
        try:
            valid.append(_open(line, vault_id, known))
        except ValueError:
            if line.endswith(b"\n"):
                broken.append(number)
    return Checkpoints(tuple(valid), tuple(broken))


def _open(line: bytes, vault_id: str, keys: tuple[bytes, ...]) -> Checkpoint:
    try:
        envelope = envelope_from_json(json.loads(line), PAYLOAD_TYPE)
        checkpoint = Checkpoint.from_json(json.loads(envelope.payload))
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not a checkpoint") from error
    if checkpoint.vault != vault_id or not valid_signers(envelope, keys, PAYLOAD_TYPE):
        raise ValueError("not signed by a known key for this vault")
    return checkpoint
