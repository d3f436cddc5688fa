"""The ids of files that give none: they keep the id under which their bytes, or their place, were seen first."""

from __future__ import annotations

from platinum_tui.ledger.ledger import DecidedIds, Ledger, Sighting
from platinum_tui.model.request import Request


class Identities:
    """Gives ids, and pins bytes at first sight. Any thread may `refresh`; what else is asked of it, one at a time.

    Args:
        ledger: where sightings and decisions are kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._noted: tuple[tuple[int, int] | None, DecidedIds] = None, DecidedIds(frozenset(), {}, {}, {})
        self._fresh: dict[tuple[str, str], Sighting] = {}

    def refresh(self) -> None:
        """Take note of what was decided since."""
        version = self._ledger.version()
        if version != self._noted[0]:
            self._noted = version, self._ledger.decided_ids()

    def id_of(self, request: Request) -> str:
        """The id of a request: its own if its file gives one, else that of its first sighting.

        What asks for nothing is known by its place: notes of the same bytes lie in many.
        """
        if request.declared_id:
            return request.id
        if request.kind is None:
            return self.decided_at(request.file, request.sha256) or request.id
        return self.known(request.file, request.sha256) or request.id

    def known(self, file: str, sha256: str) -> str | None:
        """The id that some bytes at some place have had before; None where both are new."""
        decided = self._noted[1]
        known = decided.by_bytes.get(sha256) or self._first_of_bytes(sha256) or decided.by_file.get(file)
        if known is None:
            known = self._last_at(file)
            if known in decided.ids:
                return None  # the file of that name was decided and has left; this one is another request
        return known

    def decided_at(self, file: str, sha256: str) -> str | None:
        """The id of the decided request whose bytes lie there."""
        return self._noted[1].by_both.get((file, sha256))

    def decided_for_bytes(self, sha256: str) -> str | None:
        """The id under which these bytes were decided."""
        return self._noted[1].by_bytes.get(sha256)

    def pin(self, file: str, sha256: str, request_id: str) -> None:
        """Remember a sighting; `flush` writes it down."""
        self._fresh[file, sha256] = Sighting(file, sha256, request_id)

    def flush(self) -> None:
        """Write the sightings down."""
        if self._fresh:
            self._ledger.see(self._fresh.values())
            self._fresh.clear()

    def _first_of_bytes(self, sha256: str) -> str | None:
        fresh = (sighting.id for sighting in self._fresh.values() if sighting.sha256 == sha256)
        return self._ledger.id_of_bytes(sha256) or next(fresh, None)

    def _last_at(self, file: str) -> str | None:
        fresh = [sighting.id for sighting in self._fresh.values() if sighting.file == file]
        return fresh[-1] if fresh else self._ledger.id_at(file)
