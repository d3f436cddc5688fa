"""What an agent may do with requests: propose, look, revise and withdraw. It writes in Pending_Approval/ alone."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence

from platinum_tui.intake.writing import canonical_text
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue, Kind, field_names
from platinum_tui.model.decision import instant
from platinum_tui.model.errors import Failed, NotApprovable, NotFound, RefusedByPolicy, StaleFingerprint, UsageError
from platinum_tui.model.request import Request, State
from platinum_tui.model.schema import arguments_of
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import title_of
from platinum_tui.model.text import safe_line
from platinum_tui.service import Service
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.moves import create_file, replace_unchanged
from platinum_tui.vault.names import free_name
from platinum_tui.vault.reading import LARGEST_REQUEST, read_in_vault

FOLDER = f"{Folder.PENDING}/agents"
"""Where proposals are written."""
META = ("reason", "expires_at", "task")
"""What an agent may say about a request beside its kind's fields."""
WAITING = frozenset({State.PENDING, State.SNOOZED, State.HELD})
"""States in which nobody has decided yet."""
ACTOR = "agent"
_IN_PLACE = frozenset({State.PENDING, State.SNOOZED, State.EXPIRED})
_ANEW = frozenset({State.CHANGES_REQUESTED, State.REJECTED, State.EXPIRED})


class Proposals:
    """The requests of one vault, as agents may see and change them.

    Args:
        service: the vault's service, its workers at rest.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._desk = service.desk
        self._house = service.house

    def propose(self, arguments: Mapping[str, JsonValue]) -> Standing:
        """A new request, as a file in Pending_Approval/; it is there even with problems, for `revise`.

        Args:
            arguments: `kind`, the kind's fields, `reason`, `expires_at`, `task`, and `request_key`: a repeated call
                with the same key gives the request of the first one.

        Raises:
            UsageError: no such kind, or a field that the kind does not have.
            RefusedByPolicy: read-only mode.
        """
        self._require_writable()
        kind, key = _kind(arguments.get("kind")), arguments.get("request_key")
        fields = _fields(kind, {n: v for n, v in arguments.items() if n not in {"kind", "request_key", *META}})
        meta = {name: str(arguments[name]) for name in META if arguments.get(name)}
        request_id = _id_of_key(str(key)) if key else f"req-{secrets.token_hex(8)}"
        with self._desk.placement.alone():
            known = self._known(request_id)
            if known is None:
                text = _text(kind, fields, {"id": request_id, "created_at": instant(self._house.clock.now()), **meta})
                self._create(request_id, kind, fields, text)
        if known is None:
            self._note("proposed", request_id)
        return known or self.get(request_id)

    def get(self, request_id: str) -> Standing:
        """The request of exactly that id.

        Raises:
            NotFound: there is none.
        """
        known = self._known(request_id)
        if known is None:
            raise NotFound(f"There is no request {safe_line(request_id)}.", remedy="`list_requests` names them all.")
        return known

    def list(self, state: State | None) -> Sequence[Standing]:
        """The requests in a state, or all; files that ask for nothing are left out."""
        states = None if state is None else (state,)
        return [standing for standing in self._desk.standings(states) if standing.request.kind]

    def revise(self, request_id: str, changes: Mapping[str, JsonValue]) -> Standing:
        """A new version of a request that is not decided, or that was sent back: the same id, another fingerprint.

        Args:
            request_id: exactly its id.
            changes: fields, `reason`, `expires_at`, `task` to change; None removes one.

        Raises:
            NotFound: there is none of that id.
            NotApprovable: it is approved, executed, or has to be looked at by a person.
            UsageError: a field that its kind does not have.
        """
        self._require_writable()
        standing = self.get(request_id)
        kind = standing.request.kind
        if kind is None:
            raise NotApprovable("It asks for nothing that could be revised.", remedy="Propose a new request.")
        meta, fields = _meta_of(standing.request), dict(standing.request.fields)
        meta |= {name: str(value or "") for name, value in changes.items() if name in META}
        fields |= _fields(kind, {name: value for name, value in changes.items() if name not in META})
        meta = {name: value for name, value in meta.items() if value}
        fields = {name: value for name, value in fields.items() if value is not None}
        meta = {"id": request_id, "created_at": instant(self._house.clock.now()), **meta}
        with self._desk.placement.alone():
            self._write_version(standing, kind, fields, meta)
        self._note("revised", request_id)
        return self.get(request_id)

    def withdraw(self, request_id: str) -> Standing:
        """Take a request out of the queue; a worker moves its file.

        Raises:
            NotFound: there is none of that id.
            NotApprovable: it was executed, or is being executed.
        """
        self._require_writable()
        self._desk.note_withdrawal(self.get(request_id).file)
        return self.get(request_id)

    def _known(self, request_id: str) -> Standing | None:
        try:
            found = self._desk.find(request_id)
        except NotFound:
            return None
        return found if found.request.id == request_id else None

    def _create(self, request_id: str, kind: Kind, fields: Mapping[str, JsonValue], text: str) -> None:
        slug = re.sub(r"[^a-z0-9]+", "-", title_of(kind, fields, kind.value).lower()).strip("-")[:40]
        folder = self._house.vault.path(FOLDER)
        self._house.vault.make(FOLDER)
        name = free_name(folder, f"{kind.value}-{slug or 'request'}.md", request_id)
        create_file(folder / name, _encoded(text))

    def _write_version(
        self, standing: Standing, kind: Kind, fields: Mapping[str, JsonValue], meta: Mapping[str, str]
    ) -> None:
        """Nobody moves a decided file while this runs; a decision that was committed before it is seen here."""
        entry = self._house.ledger.entry(standing.request.id)
        state = entry.state if entry and not entry.settled else standing.state
        waits = standing.file.startswith(f"{Folder.PENDING}/")
        if waits and state in _IN_PLACE:
            found = read_in_vault(self._house.vault, standing.file)
            data = _encoded((_json if standing.file.endswith(".json") else _text)(kind, fields, meta))
            path, unchanged = self._house.vault.path(standing.file), found.sha256 == standing.request.sha256
            if not unchanged or not replace_unchanged(path, data, found.data):
                raise StaleFingerprint("The file was changed by somebody else meanwhile; nothing was written.")
        elif not waits and state in _ANEW:
            self._create(standing.request.id, kind, fields, _text(kind, fields, meta))
        else:
            raise NotApprovable(f"It is {state}; it can no longer be revised.", remedy="Propose a new request.")

    def _note(self, event: str, request_id: str) -> None:
        self._house.ledger.note_event(Happening(event, ACTOR, details={"request": request_id}))

    def _require_writable(self) -> None:
        if self._service.readonly:
            raise RefusedByPolicy("Nothing is written in read-only mode.", remedy="Start it without --readonly.")


def _kind(value: JsonValue) -> Kind:
    try:
        return Kind(str(value))
    except ValueError:
        raise UsageError(f"There is no kind {safe_line(str(value))}.", remedy=f"Kinds: {', '.join(Kind)}.") from None


def _fields(kind: Kind, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    names = [name for name in field_names(kind) if not name.endswith("_sha256")]
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise UsageError(f"{kind} has no field {safe_line(unknown[0])}.", remedy=f"Its fields: {', '.join(names)}.")
    lists = {name for name, form in arguments_of(kind)["properties"].items() if form["type"] == "array"}
    return {name: _listed(value) if name in lists else value for name, value in given.items()}


def _listed(value: JsonValue) -> JsonValue:
    """A list that came as its JSON text, as some clients send it; anything else as it is."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _meta_of(request: Request) -> dict[str, str]:
    expires = instant(request.expires_at) if request.expires_at else ""
    return {"reason": request.reason or "", "expires_at": expires, "task": request.task or ""}


def _text(kind: Kind, fields: Mapping[str, JsonValue], meta: Mapping[str, str]) -> str:
    return canonical_text(kind, {name: value for name, value in fields.items() if value is not None}, meta)


def _json(kind: Kind, fields: Mapping[str, JsonValue], meta: Mapping[str, str]) -> str:
    named = {name: value for name, value in fields.items() if not name.endswith("_sha256")}
    return json.dumps({"kind": kind.value, **meta, **named}, ensure_ascii=False, indent=2) + "\n"


def _encoded(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise UsageError("A text holds half a character.", remedy="Send well-formed Unicode.") from None
    if len(data) > LARGEST_REQUEST:
        raise Failed(f"The request is larger than {LARGEST_REQUEST // 1024} KiB.", remedy="Shorten it; attach files.")
    return data


def _id_of_key(key: str) -> str:
    return "req-" + hashlib.sha256(b"request_key\0" + key.encode("utf-8", "surrogatepass")).hexdigest()[:24]
