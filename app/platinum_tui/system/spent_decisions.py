"""Spent decisions: each is worth one effect, and what was used, voided or taken back stays so across crashes.

Marks are files of the state directory. `NONCE` alone: the decision was taken back. `NONCE.N` holds `acted` (the Nth
attempt has passed its point of no return), `void` (recovery found the Nth attempt dead before that point, or nothing
came of it, so the next attempt may act) or `repeatable` (it has acted, and the next attempt may act all the same: the
service does no key twice). Whoever creates a mark first has decided: the other side is refused.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ACTED, VOID, REPEATABLE, TAKEN_BACK = b"acted", b"void", b"repeatable", b"taken back"


class SpentDecisions:
    """The marks of one vault.

    Args:
        directory: `STATE/vaults/<vault id>/used`; made when the first mark is set.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def is_spent(self, nonce: str) -> bool:
        """Whether a decision (32 hex digits) was acted on or taken back; void and repeatable attempts do not count."""
        return (self._directory / nonce).exists() or bool(self._marks(nonce, but=(VOID, REPEATABLE)))

    def may_have_acted(self, nonce: str) -> bool:
        """Whether any attempt has passed its point of no return of which nobody found out that nothing came."""
        return bool(self._marks(nonce, but=(VOID,)))

    def act(self, nonce: str, attempt: int) -> None:
        """Use a decision, durably, right before the point of no return of an attempt.

        Raises:
            FileExistsError: the decision is spent, or this attempt was voided.
            OSError: the disk did not take the mark.
        """
        if self.is_spent(nonce):
            raise FileExistsError(nonce)
        self._mark(f"{nonce}.{attempt}", ACTED)
        # Two attempts that passed the look above at once see each other's marks here: neither acts, never both.
        if (self._directory / nonce).exists() or len(self._marks(nonce, but=(VOID, REPEATABLE))) > 1:
            raise FileExistsError(nonce)

    def void(self, nonce: str, attempt: int) -> bool:
        """Make sure that an attempt which has not acted yet never will.

        Returns:
            Whether it is void; False where it has acted.
        """
        try:
            self._mark(f"{nonce}.{attempt}", VOID)
        except FileExistsError:
            return (self._directory / f"{nonce}.{attempt}").read_bytes() == VOID
        return True

    def forgive(self, nonce: str) -> None:
        """Let a next attempt act although some have: nothing came of those."""
        self._write_over(self._marks(nonce, but=(VOID,)), VOID)

    def allow_repeat(self, nonce: str) -> None:
        """Let a next attempt act although one has, and something may have come of it: the service does no key twice."""
        self._write_over(self._marks(nonce, but=(VOID, REPEATABLE)), REPEATABLE)

    def take_back(self, nonce: str) -> None:
        """Spend a decision because the person took it back."""
        try:
            self._mark(nonce, TAKEN_BACK)
        except FileExistsError:
            return

    def _marks(self, nonce: str, but: tuple[bytes, ...]) -> list[Path]:
        """The marks of attempts, but for some. Every decision leaves one: their names are gone through, and no more."""
        try:
            names = [name for name in os.listdir(self._directory) if name.startswith(f"{nonce}.")]  # noqa: PTH208
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [mark for mark in map(self._directory.joinpath, names) if mark.read_bytes() not in but]

    def _write_over(self, marks: list[Path], meaning: bytes) -> None:
        for mark in marks:
            self._aside(meaning).replace(mark)
            self._sync()

    def _mark(self, name: str, meaning: bytes) -> None:
        """A whole mark or none: written aside, synced, and linked to its name, which fails where that is taken."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(error.errno, error.strerror, str(self._directory)) from error
        aside = self._aside(meaning)
        try:
            os.link(aside, self._directory / name)
        finally:
            aside.unlink()
        self._sync()

    def _aside(self, meaning: bytes) -> Path:
        aside = self._directory / f".{secrets.token_hex(8)}"
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, meaning)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return aside

    def _sync(self) -> None:
        folder = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
