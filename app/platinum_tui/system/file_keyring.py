"""The encrypted file keyring: scrypt (RFC 7914) makes the key, ChaCha20-Poly1305 (RFC 8439) seals the secrets.

The file is one line of JSON that says how the key was made, then the sealed JSON object of all secrets. That line is
bound to the rest as associated data, so that nobody can change how the key is made without being noticed.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platinum_tui.model.errors import KeyringError
from platinum_tui.system.credentials import check_name
from platinum_tui.system.private_file import exclusive, write_private

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

FORMAT = "platinum-tui keyring 1"
COST = 2**15
"""scrypt's N, with r = 8 and p = 1: 32 MiB and under a tenth of a second."""
_COSTS_READ = frozenset({2**14, COST, 2**16, 2**17})
_SALT_SIZE, _NONCE_SIZE, _KEY_SIZE = 16, 12, 32


@dataclass(frozen=True, slots=True)
class _Header:
    cost: int
    salt: bytes
    nonce: bytes

    def to_bytes(self) -> bytes:
        fields = {
            "format": FORMAT,
            "kdf": {"name": "scrypt", "n": self.cost, "r": 8, "p": 1},
            "salt": base64.b64encode(self.salt).decode(),
            "nonce": base64.b64encode(self.nonce).decode(),
        }
        return json.dumps(fields).encode() + b"\n"

    @classmethod
    def from_bytes(cls, line: bytes) -> _Header:
        fields = json.loads(line)
        salt, nonce = (base64.b64decode(fields[name], validate=True) for name in ("salt", "nonce"))
        header = cls(fields["kdf"]["n"], salt, nonce)
        if header.cost not in _COSTS_READ or header.to_bytes() != line:
            raise ValueError("not a header of this format")
        return header


class FileKeyring:
    """Secrets in one encrypted file; the key is made once and kept in memory."""

    backend = "encrypted file"
    place = "the program's own encrypted file"

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._passphrase = passphrase.encode("utf-8", "surrogatepass")
        self._keys: dict[tuple[bytes, int], bytes] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        """The secret of that name, or None."""
        return self._read()[0].get(check_name(name))

    def set(self, name: str, value: str) -> None:
        """Keeps a secret, in place of the one of that name."""
        check_name(name)
        with self._changing() as secrets:
            secrets[name] = value

    def remove(self, name: str) -> None:
        """Forgets a secret; there need be none."""
        check_name(name)
        with self._changing() as secrets:
            secrets.pop(name, None)

    def names(self) -> tuple[str, ...]:
        """The names of all secrets, sorted."""
        return tuple(sorted(self._read()[0]))

    @contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        with self._lock, self._disk_errors(), exclusive(self._path.with_suffix(".lock")):
            secrets, salt = self._read()
            before = dict(secrets)
            yield secrets
            if secrets != before:
                self._write(secrets, salt)

    def _read(self) -> tuple[dict[str, str], bytes]:
        from cryptography.exceptions import InvalidTag

        with self._disk_errors():
            try:
                data = self._path.read_bytes()
            except FileNotFoundError:
                return {}, os.urandom(_SALT_SIZE)
        line, sealed = data[: data.find(b"\n") + 1], data[data.find(b"\n") + 1 :]
        try:
            header = _Header.from_bytes(line)
            secrets: Mapping[str, str] = json.loads(self._cipher(header).decrypt(header.nonce, sealed, line))
        except InvalidTag as error:
            raise KeyringError(
                f"The passphrase does not open the keyring file {self._path}, or the file is damaged.",
                remedy="Correct PLATINUM_PASSPHRASE; if the file is damaged, restore it from a backup.",
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise KeyringError(
                f"The file {self._path} is not a keyring of this program.", remedy="Restore it from a backup."
            ) from error
        return dict(secrets), header.salt

    def _write(self, secrets: Mapping[str, str], salt: bytes) -> None:
        header = _Header(COST, salt, os.urandom(_NONCE_SIZE))
        line = header.to_bytes()
        sealed = self._cipher(header).encrypt(header.nonce, json.dumps(secrets).encode(), line)
        write_private(self._path, line + sealed)

    def _cipher(self, header: _Header) -> ChaCha20Poly1305:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        made_from = (header.salt, header.cost)
        if made_from not in self._keys:
            kdf = Scrypt(salt=header.salt, length=_KEY_SIZE, n=header.cost, r=8, p=1)
            self._keys[made_from] = kdf.derive(self._passphrase)
        return ChaCha20Poly1305(self._keys[made_from])

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise KeyringError(
                f"The keyring file {self._path} cannot be read or written: {error.strerror}.",
                remedy="Check the state directory's owner, its permissions and the free space.",
            ) from error
