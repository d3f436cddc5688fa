"""Burnt decisions: each is worth one effect, and the mark that it was used survives a crash."""

from __future__ import annotations

import os
from pathlib import Path

from platinum_executors.refusal import Refused


class BurntDecisions:
    """The nonces used so far, one empty file each, in a directory of the machine's state."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def has(self, nonce: str) -> bool:
        """Whether a nonce (32 hex digits) was used."""
        return (self._directory / nonce).exists()

    def burn(self, nonce: str) -> None:
        """Use a nonce, durably, before anything that cannot be taken back.

        Raises:
            Refused: `decision_used`: it was used before; `cannot_record`: the disk did not take the mark.
        """
        try:
            if not self._directory.is_dir():
                self._directory.mkdir(mode=0o700, parents=True)
            self._mark(nonce)
        except OSError as error:
            raise Refused("cannot_record", f"The decision cannot be marked as used: {error.strerror}.") from error

    def _mark(self, nonce: str) -> None:
        try:
            mark = os.open(self._directory / nonce, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        except FileExistsError as error:
            raise used() from error
        _sync_and_close(mark)
        _sync_and_close(os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))


def used() -> Refused:
    """The refusal of a decision that was used before."""
    return Refused("decision_used", "This decision was used before; it is worth one effect only.")


def _sync_and_close(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
