"""The ids of files that give none: they keep the id under which their bytes, or their place, were seen first."""

from __future__ import annotations

from collections.abc import Callable

from platinum_tui.ledger.decided_ids import DecidedIds
from platinum_tui.ledger.ledger import Ledger, Sighting
from platinum_tui.model.request import Request
from platinum_tui.vault.folders import Folder

_MOST_PLACES = 20
"""At how many places the same bytes are looked for at most: a flood of copies costs no more than other files."""


class Identities:
    """Gives ids, and pins bytes at first sight. Any thread may `refresh`; what else is asked of it, one at a time.

    A file that is moved keeps its id. So a file of the same bytes has the same id, unless the other one still lies
    where it was seen: then it is a request of its own, which somebody copied to write another one. Bytes that are
    approved, or may have been executed, have one id wherever they lie: they are never executed under another one.

    Args:
        ledger: where sightings and decisions are kept.
        lies: whether anything lies at a vault-relative path now.
    """

    def __init__(self, ledger: Ledger, lies: Callable[[str], bool]) -> None:
        self._ledger = ledger
        self._lies = lies
        self._noted: tuple[tuple[int, int] | None, DecidedIds] = None, DecidedIds()
        self._fresh: dict[tuple[str, str], Sighting] = {}

    def refresh(self) -> None:
        """Take note of what was decided since."""
        version = self._ledger.version()
        if version != self._noted[0]:
            self._noted = version, self._ledger.decided_ids()

    def id_of(self, request: Request, folder: Folder) -> str:
        """The id of a request in a folder: its own if its file gives one, else that of its first sighting.

        What asks for nothing is known by its place: notes of the same bytes lie in many.
        """
        if request.declared_id:
            return request.id
        if request.kind is None:
            return self.decided_at(request.file, request.sha256) or request.id
        return self.known(request.file, request.sha256, folder) or request.id

    def known(self, file: str, sha256: str, folder: Folder) -> str | None:
        """The id that some bytes at some place have had before; None where both are new."""
        decided = self._noted[1]
        known = (
            self.decided_for_bytes(file, sha256, folder)
            or self._seen(file, sha256, folder)
            or decided.by_file.get(file)
        )
        if known is None:
            known = self._last_at(file)
            if known in decided.files:
                return None  # the file of that name was decided and has left; this one is another request
        return known

    def decided_at(self, file: str, sha256: str) -> str | None:
        """The id of the decided request whose bytes lie there."""
        return self._noted[1].by_both.get((file, sha256))

    def decided_for_bytes(self, file: str, sha256: str, folder: Folder) -> str | None:
        """The id under which the bytes of a file were decided, if that decision is about this file."""
        decided, at_place = self._noted[1], self.decided_at(file, sha256)
        if at_place and folder is Folder.REJECTED:
            return at_place
        known = decided.by_bytes.get(sha256)
        if known is None or sha256 in decided.spoken_for:
            return known
        if at_place is None and self._lies(decided.files[known]):
            return self._seen_at(file, sha256) or known
        return at_place or known

    def pin(self, file: str, sha256: str, request_id: str) -> None:
        """Remember a sighting; `flush` writes it down."""
        self._fresh[file, sha256] = Sighting(file, sha256, request_id)

    def flush(self) -> None:
        """Write the sightings down."""
        if self._fresh:
            self._ledger.see(self._fresh.values())
            self._fresh.clear()

    def _seen(self, file: str, sha256: str, folder: Folder) -> str | None:
        """The id under which these bytes were seen: at this place, else where they lay before they were moved."""
        if at_place := self._seen_at(file, sha256):
            return at_place
        fresh = [sighting for sighting in self._fresh.values() if sighting.sha256 == sha256]
        sightings = [*self._ledger.sightings_of(sha256, _MOST_PLACES), *fresh][:_MOST_PLACES]
        left = (sighting.id for sighting in sightings if not self._lies(sighting.file))
        is_copy = folder is Folder.PENDING or not sightings
        return next(left, None if is_copy else sightings[0].id)

    def _seen_at(self, file: str, sha256: str) -> str | None:
        fresh = self._fresh.get((file, sha256))
        return fresh.id if fresh else self._ledger.seen_as(file, sha256)

    def _last_at(self, file: str) -> str | None:
        fresh = [sighting.id for sighting in self._fresh.values() if sighting.file == file]
        return fresh[-1] if fresh else self._ledger.id_at(file)
