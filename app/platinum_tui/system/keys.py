"""Signing keys: the reviewer's and the machine's own (Ed25519, RFC 8032), and the public keys that are known here."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import enum
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platinum_tui.model.decision import PAYLOAD_TYPE, Signature, instant
from platinum_tui.model.envelope import encoding_to_sign, key_id
from platinum_tui.model.errors import ConfigurationError, KeyringError
from platinum_tui.system.credentials import Credentials
from platinum_tui.system.paths import StateDir
from platinum_tui.system.private_file import write_private
from platinum_tui.system.toml_table import Table, text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNERS_FILE = "signers.toml"
_SIGNERS_DIR = "signers-dir"
KEY_SIZE = 32


class Role(enum.StrEnum):
    """Whose key it is."""

    REVIEWER = "reviewer"
    """A person's: what approves."""
    MACHINE = "machine"
    """This program's on one machine: it attests moves by hand and the audit log, and never passes for a person."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key whose signatures count.

    Attributes:
        name: the signer's, as people know it.
        public_key: 32 raw bytes.
        revoked_at: since when it counts for nothing; None for a good key.
        listed: whether it stands in `signers.toml`.
    """

    name: str
    role: Role
    public_key: bytes
    revoked_at: datetime | None = None
    listed: bool = False

    @property
    def key_id(self) -> str:
        """The name of the key in envelopes: 16 hex digits."""
        return key_id(self.public_key)

    @property
    def revoked(self) -> bool:
        """Whether the key counts for nothing. Its holder writes `decided_at`, so an older decision is no better."""
        return self.revoked_at is not None


@dataclass(frozen=True)
class Signer:
    """A private key that can sign."""

    key_id: str
    role: Role
    _private: Ed25519PrivateKey = dataclasses.field(repr=False)

    def sign(self, payload: bytes, payload_type: str = PAYLOAD_TYPE) -> Signature:
        """The signature over a payload's pre-authentication encoding (DSSE 1.0)."""
        return Signature(self.key_id, self._private.sign(encoding_to_sign(payload, payload_type)))


def create_keys(credentials: Credentials, state: StateDir, name: str, now: datetime) -> tuple[KnownKey, ...]:
    """Makes this machine's two keys where they are missing, and writes their public sides to `signers.json`.

    Args:
        credentials: where the private keys lie or come to lie.
        state: where `signers.json` lies.
        name: the reviewer's name, as others will see it.
        now: when a key that was lost and is replaced counts as revoked.

    Returns:
        The keys of this machine that count, the reviewer's first.

    Raises:
        KeyringError: the keyring cannot be used.
        ConfigurationError: `signers.json` cannot be read or written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    current = []
    for role in Role:
        if credentials.get(_entry(role)) is None:
            raw = Ed25519PrivateKey.generate().private_bytes_raw()
            credentials.set(_entry(role), base64.b64encode(raw).decode())
        public = _load_private(credentials, role).public_key().public_bytes_raw()
        current.append(KnownKey(name if role is Role.REVIEWER else f"{name}'s machine", role, public))
    before = {key.public_key: key for key in _own_keys(state)}
    kept = tuple(before.get(key.public_key, key) for key in current)
    replaced = tuple(
        dataclasses.replace(key, revoked_at=key.revoked_at or now) for key in before.values() if key not in kept
    )
    _write_own_keys(state, (*kept, *replaced))
    return kept


def pin_signers_dir(state: StateDir, config_dir: Path) -> None:
    """Note from which directory `signers.toml` counts, so that nobody can bring another to a server."""
    write_private(state.root / _SIGNERS_DIR, f"{config_dir.resolve()}\n".encode())


def signers_dir(state: StateDir, config_dir: Path) -> Path:
    """The directory from which `signers.toml` counts: the one that `init` noted, the given one before that."""
    try:
        return Path((state.root / _SIGNERS_DIR).read_text("utf-8").strip())
    except FileNotFoundError:
        return config_dir


def load_signer(credentials: Credentials, role: Role) -> Signer:
    """The signer of a role.

    Raises:
        KeyringError: the keyring cannot be used, or has no such key.
    """
    private = _load_private(credentials, role)
    return Signer(key_id(private.public_key().public_bytes_raw()), role, private)


def known_keys(state: StateDir, config_dir: Path) -> tuple[KnownKey, ...]:
    """Every public key known here, each once: this machine's, then those of `signers.toml`, revoked ones included.

    Raises:
        ConfigurationError: a file cannot be read, gives one key to two signers, or gives a machine's key to a person.
    """
    known = {key.public_key: key for key in _own_keys(state)}
    for key in _listed_keys(config_dir / SIGNERS_FILE):
        same = known.get(key.public_key)
        if same and (same.listed or same.role is Role.MACHINE):
            raise ConfigurationError(
                f"{SIGNERS_FILE}: the key of {key.name} is also the key of {same.name}.",
                remedy="Each signer needs a key of their own: correct one of the two.",
            )
        revoked = key.revoked_at or (same.revoked_at if same else None)
        known[key.public_key] = dataclasses.replace(key, revoked_at=revoked)
    return tuple(known.values())


def _entry(role: Role) -> str:
    return f"signing.{role}"


def _load_private(credentials: Credentials, role: Role) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    encoded = credentials.get(_entry(role))
    if encoded is None:
        raise KeyringError(
            f"There is no signing key of the {role} in the keyring ({credentials.backend}).",
            remedy="Run `platinum-tui init`: it makes the keys that are missing and touches nothing else.",
        )
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(encoded, validate=True))
    except ValueError as error:
        raise KeyringError(
            f"The signing key of the {role} in the keyring is damaged.",
            remedy=f"Restore it, or run `platinum-tui credentials remove {_entry(role)}` and `platinum-tui init`.",
        ) from error


def _own_keys(state: StateDir) -> tuple[KnownKey, ...]:
    try:
        entries = json.loads(state.signers_file.read_bytes())["signers"]
        return tuple(
            KnownKey(entry["name"], Role(entry["role"]), parse_public_key(entry["public_key"]), _time(entry))
            for entry in entries
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{state.signers_file} cannot be read.",
            remedy="Move it away and run `platinum-tui init`: it is written again from the keyring.",
        ) from error


def _write_own_keys(state: StateDir, keys: Iterable[KnownKey]) -> None:
    entries = [
        {
            "name": key.name,
            "role": key.role.value,
            "public_key": base64.b64encode(key.public_key).decode(),
            **({"revoked_at": instant(key.revoked_at)} if key.revoked_at else {}),
        }
        for key in keys
    ]
    state.ensure()
    try:
        write_private(state.signers_file, json.dumps({"signers": entries}, indent=2).encode() + b"\n")
    except OSError as error:
        raise ConfigurationError(f"{state.signers_file} cannot be written: {error.strerror}.") from error


def _listed_keys(file: Path) -> tuple[KnownKey, ...]:
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}.", remedy="Correct the file.") from error
    table = Table(values, file)
    keys = []
    for name, below in table.below("signers").tables():
        public = below.take("public_key", lambda value: parse_public_key(text(value)), b"", "32 bytes as base64")
        revoked = below.take("revoked_at", _revocation, None, "a time: revoked_at = 2026-01-07T10:30:00Z")
        below.end()
        if not public:
            below.report(f"signers.{name} has no public key.", remedy='Give it public_key = "…", 32 bytes as base64.')
        keys.append(KnownKey(name, Role.REVIEWER, public, revoked, listed=True))
    table.end()
    if table.problems:
        raise table.problems[0]
    return tuple(keys)


def parse_public_key(encoded: str) -> bytes:
    """The 32 raw bytes of a public key from its base64.

    Raises:
        ValueError: it is no such key.
    """
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("it is not base64") from error
    if len(raw) != KEY_SIZE:
        raise ValueError(f"it has {len(raw)} bytes")
    return raw


def _time(entry: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(entry["revoked_at"]) if "revoked_at" in entry else None


def _revocation(value: object) -> datetime:
    revoked = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(revoked, datetime):
        raise ValueError("it is not a time")
    return revoked if revoked.tzinfo else revoked.replace(tzinfo=UTC)
