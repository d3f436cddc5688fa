"""Files of the vault become requests: read once for each identity, with the ids that earlier sightings gave them."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime
from typing import NamedTuple

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.ledger.ledger import Sighting
from platinum_tui.model.request import Problem, ProblemCode, Request
from platinum_tui.review.house import House
from platinum_tui.system.server_families import FAMILIES
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.reading import Reason, Unreadable, hash_in_vault, read_in_vault
from platinum_tui.vault.scan import Entry as Found


class _Kept(NamedTuple):
    """A request as it was read, and until when that reading holds."""

    identity: tuple[int, ...]
    request: Request
    until: datetime | None


class RequestReader:
    """Reads the requests of one vault; an unchanged file is not read again.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: dict[str, _Kept] = {}
        self._ids_by_bytes: dict[str, str] = {}
        self._ids_by_file: dict[str, str] = {}
        self._decided = house.ledger.decided_ids()
        for sighting in house.ledger.sightings():
            self._remember(sighting)

    def read_all(self, found: list[Found]) -> list[tuple[Found, Request]]:
        """Every file with its request. Bytes seen pending for the first time are pinned in the ledger."""
        now = self._house.clock.now()
        self._decided = self._house.ledger.decided_ids()
        fresh: list[Sighting] = []
        requests = []
        for entry in found:
            kept = self._kept.get(entry.file)
            if kept and kept.identity == tuple(entry.identity) and (kept.until is None or now < kept.until):
                requests.append((entry, kept.request))
                continue
            request = self._read(entry, now)
            if entry.folder is Folder.PENDING and not entry.obstacle:
                sighting = Sighting(request.file, request.sha256, request.id)
                self._remember(sighting)
                fresh.append(sighting)
            self._keep(entry, request, now)
            requests.append((entry, request))
        if fresh:
            self._house.ledger.see(fresh)
        return requests

    def read_bytes(self, data: bytes, file: str) -> Request:
        """What bytes that lie, or once lay, at a vault-relative path ask for."""
        return self._identified(read_request(data, file, self._surroundings(self._house.clock.now())))

    def _read(self, entry: Found, now: datetime) -> Request:
        try:
            if entry.obstacle:
                raise Unreadable(entry.obstacle)
            data = read_in_vault(self._house.vault, entry.file).data
        except Unreadable as error:
            return _unreadable(entry.file, error)
        return self._identified(read_request(data, entry.file, self._surroundings(now)))

    def _identified(self, request: Request) -> Request:
        """The request under the id of its first sighting, if its file gives none and asks for an action."""
        if request.declared_id or request.kind is None:
            return request
        decided = self._decided
        known = decided.by_bytes.get(request.sha256) or self._ids_by_bytes.get(request.sha256)
        known = known or decided.by_file.get(request.file)
        if known is None:
            known = self._ids_by_file.get(request.file)
            if known in decided.ids:
                known = None  # the file of that name was decided and has left; this one is another request
        return dataclasses.replace(request, id=known) if known else request

    def _remember(self, sighting: Sighting) -> None:
        self._ids_by_bytes.setdefault(sighting.sha256, sighting.id)
        self._ids_by_file[sighting.file] = sighting.id

    def _keep(self, entry: Found, request: Request, now: datetime) -> None:
        if request.fields.get("attachments") or request.fields.get("media"):
            return  # what is attached may change without the request's file
        ahead = [time for time in (request.created_at, request.expires_at) if time and time > now]
        self._kept[entry.file] = _Kept(tuple(entry.identity), request, min(ahead, default=None))

    def _surroundings(self, now: datetime) -> Surroundings:
        configuration = self._house.configuration
        return Surroundings(
            now=now,
            contacts=configuration.contacts,
            servers=frozenset(set(configuration.servers) - set(FAMILIES)),
            attachment=self._attachment,
        )

    def _attachment(self, relative: str) -> AttachmentFacts:
        vault = self._house.vault
        try:
            sha256 = hash_in_vault(vault, relative)
            return AttachmentFacts(sha256=sha256, size=vault.path(relative).stat().st_size)
        except ValueError:
            return AttachmentFacts(reason="lies outside the vault")
        except Unreadable as error:
            missing = error.reason is Reason.MISSING
            return AttachmentFacts(reason="is not there" if missing else f"cannot be read: {error.reason}")
        except OSError:
            return AttachmentFacts(reason="cannot be read")


def _unreadable(file: str, error: Unreadable) -> Request:
    code = ProblemCode.TOO_LARGE if error.reason is Reason.TOO_LARGE else ProblemCode.UNREADABLE
    sha256 = hashlib.sha256(b"").hexdigest()
    problem = Problem(code, f"{error.message} {error.remedy}")
    name = hashlib.sha256(file.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Request(id=f"req-{name}", file=file, sha256=sha256, problems=(problem,))
