"""Bytes of the vault become requests, with what their reading rests on: the surroundings, the time, other files."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property

from platinum_tui.intake.attachments import AttachmentFacts, AttachmentLookup
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.action import LARGEST_ATTACHMENT, JsonValue
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.request import Problem, ProblemCode, Request, derive_id
from platinum_tui.review.house import House
from platinum_tui.review.index_rows import NEVER, Reading
from platinum_tui.review.rules import reading_rules
from platinum_tui.system.server_families import FAMILIES
from platinum_tui.vault.names import may_be_request, second_version
from platinum_tui.vault.reading import FileIdentity, Reason, Unreadable, probe_in_vault, stream_in_vault
from platinum_tui.vault.scan import settled_at

_KEPT = 10_000
"""Hashes of attachments that are kept in memory."""
_UNREAD_NOTE = "id of unread "
"""With the path: what its file was called before somebody put it there."""
_NO_REQUEST = Problem(
    ProblemCode.NOT_A_REQUEST,
    "Its name ends in neither .md nor .json: this is no request; rename it if it shall be one.",
)


class RequestReader:
    """Reads bytes of one vault.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._era: tuple[ContactBook, int, str] | None = None
        self._hashes: dict[FileIdentity, str] = {}

    @property
    def era(self) -> str:
        """A digest of the surroundings: contacts, servers and their tools as of now, and the modules that read."""
        contacts, tools = self._house.contacts, self._house.tool_lists.stamp if self._servers else 0
        if self._era is None or self._era[0] is not contacts or self._era[1] != tools:
            digest = hashlib.sha256(repr((contacts, sorted(self._servers), tools)).encode())
            digest.update(self.rules.encode())
            self._era = (contacts, tools, digest.hexdigest()[:16])
        return self._era[2]

    @cached_property
    def rules(self) -> str:
        """What tells whether the code that reads is another one."""
        return reading_rules()

    def read(self, data: bytes, file: str) -> Reading:
        """What bytes that lie, or once lay, at a vault-relative path ask for; the id is the file's own."""
        if not may_be_request(file):
            return self._noted(data, file)
        now = self._house.clock.now()
        from platinum_tui.intake.reader import read_request  # a list of what was read before does not need it

        looks: dict[str, object] = {}

        def attachment(relative: str) -> AttachmentFacts:
            looks[relative] = self._look(relative)
            return self._attachment(relative)

        request = _one_of_two(read_request(data, file, self._surroundings(now, attachment)))
        since, until = _span(request, now)
        if None in looks.values():
            until = since
        return Reading(request, self.era, since, until, json.dumps(looks) if looks else None)

    def parts(self, data: bytes, request: Request) -> list[str]:
        """The separate requests that one with the problem `multiple_actions` asks for; see `split_request`."""
        from platinum_tui.intake.splitting import split_request

        surroundings = self._surroundings(self._house.clock.now(), self._attachment)
        return split_request(data, request.file, surroundings, request.id)

    def refusal(self, file: str, error: Unreadable) -> Reading:
        """What stands for a file that cannot be read; it holds for no time."""
        code = ProblemCode.TOO_LARGE if error.reason is Reason.TOO_LARGE else ProblemCode.UNREADABLE
        sha256 = hashlib.sha256(b"").hexdigest()
        problem = (
            _NO_REQUEST if error.reason is Reason.OTHER_SUFFIX else Problem(code, f"{error.message} {error.remedy}")
        )
        request = Request(id=unread_id(self._house.ledger, file), file=file, sha256=sha256, problems=(problem,))
        return Reading(request, self.era, 0.0, 0.0, None)

    def _noted(self, data: bytes, file: str) -> Reading:
        """What stands for a file that is not called like a request: whatever it says, it asks for nothing."""
        from platinum_tui.intake.decode import decode

        text, sha256 = decode(data), hashlib.sha256(data).hexdigest()
        request = Request(
            id=derive_id(file, data),
            file=file,
            sha256=sha256,
            problems=(_NO_REQUEST,),
            text=text if isinstance(text, str) else "",
        )
        return Reading(request, self.era, 0.0, NEVER, None)

    def looks_the_same(self, looks: str | None) -> bool:
        """Whether the other files that a reading looked at are as they were."""
        return looks is None or all(self._look(file) == seen for file, seen in json.loads(looks).items())

    @cached_property
    def _servers(self) -> frozenset[str]:
        return frozenset(set(self._house.configuration.servers) - set(FAMILIES))

    def _surroundings(self, now: datetime, attachment: AttachmentLookup) -> Surroundings:
        return Surroundings(now, self._house.contacts, self._servers, attachment, self._schemas)

    def _schemas(self, server: str) -> Mapping[str, Mapping[str, JsonValue]] | None:
        known = self._house.tool_lists.known(server)
        return {tool.name: tool.schema for tool in known.tools.values()} if known else None

    def _look(self, relative: str) -> object:
        """An attachment's identity, or why it has none; None while a change of it could go unseen."""
        try:
            identity = probe_in_vault(self._house.vault, relative)
        except (Unreadable, ValueError) as error:
            return str(error)
        return list(identity) if settled_at(identity) else None

    def _attachment(self, relative: str) -> AttachmentFacts:
        moment = time.time_ns()
        try:
            with stream_in_vault(self._house.vault, relative) as (identity, chunks):
                sha256 = self._hashes.get(identity) or _hash(identity, chunks)
        except ValueError:
            return AttachmentFacts(reason="lies outside the vault")
        except Unreadable as error:
            missing = error.reason is Reason.MISSING
            return AttachmentFacts(reason="is not there" if missing else f"cannot be read: {error.reason}")
        if sha256 is None:
            return AttachmentFacts(size=identity.size, reason=f"is larger than {LARGEST_ATTACHMENT // 1024**2} MiB")
        if settled_at(identity, moment):
            if len(self._hashes) >= _KEPT:
                self._hashes.clear()
            self._hashes[identity] = sha256
        return AttachmentFacts(sha256=sha256, size=identity.size)


def unread_id(ledger: Ledger, file: str) -> str:
    """The id of a file that is not read: from its path, or from the one that it had before it was put aside."""
    name = hashlib.sha256(file.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return ledger.note(_UNREAD_NOTE + file) or f"req-{name}"


def keep_unread_id(ledger: Ledger, file: str, request_id: str) -> None:
    """Have a file that is not read keep its id at the place to which it was put."""
    ledger.set_note(_UNREAD_NOTE + file, request_id)


def _one_of_two(request: Request) -> Request:
    """A request that no sync tool has set beside another one; else it says so, for both would be done."""
    if not second_version(request.file.rpartition("/")[2]):
        return request
    message = (
        "A sync tool kept this second version of a file. Compare the two; rename this one to keep it, or reject it."
    )
    return dataclasses.replace(request, problems=(*request.problems, Problem(ProblemCode.CONFLICT, message)))


def _hash(identity: FileIdentity, chunks: Iterator[bytes]) -> str | None:
    """The SHA-256 of an attachment; None where it is too large, or grows to be while it is read."""
    digest, left = hashlib.sha256(), LARGEST_ATTACHMENT
    if identity.size > left:
        return None
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            return None
        digest.update(chunk)
    return digest.hexdigest()


def _span(request: Request, now: datetime) -> tuple[float, float]:
    """From when to when a reading holds, by the times that the request names."""
    times = [time for time in (request.created_at, request.expires_at) if time]
    since = max((time.timestamp() for time in times if time <= now), default=0.0)
    until = min((time.timestamp() for time in times if time > now), default=NEVER)
    return since, until
