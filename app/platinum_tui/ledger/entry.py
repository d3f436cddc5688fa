"""One row of the ledger: a decided request, its frozen bytes and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import instant
from platinum_tui.model.request import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A request that somebody or something has decided on.

    Attributes:
        id, digest, file_sha256, kind, fields, title, target, task: as in the request that was decided.
        effect: the idempotency key, unique among all entries.
        data: the file's bytes at the moment of the decision; nothing later reads the vault for them.
        file: the vault-relative path where the file should lie now.
        origin: where it lay before it was decided; undo moves it back there.
        state, why: where it stands, and one sentence on it.
        envelope: the signed decision as DSSE JSON; None where nobody signed.
        decided_by: the key id of the signer, or who moved the file.
        due_at: not executed before this instant.
        expires_at: the request's own end; not executed after it.
        snoozed_until: hidden from the pending list until then.
        attempt: how many times execution was begun.
        result: what the server answered, as JSON.
        executed_at: when the outcome was known.
        settled: whether files, receipt, task and dashboard show the outcome.
    """

    id: str
    effect: str
    digest: str
    file_sha256: str
    kind: Kind | None
    fields: Mapping[str, JsonValue]
    title: str
    target: str
    task: str | None
    data: bytes = field(repr=False)
    file: str
    origin: str
    state: State
    why: str = ""
    envelope: Mapping[str, JsonValue] | None = None
    decided_by: str = ""
    due_at: datetime | None = None
    snoozed_until: datetime | None = None
    expires_at: datetime | None = None
    attempt: int = 0
    result: Mapping[str, JsonValue] | None = None
    executed_at: datetime | None = None
    settled: bool = True

    @property
    def tried(self) -> bool:
        """Whether something came of an attempt under this decision; of one that is approved still, a refusal did."""
        return self.result is not None

    def columns(self) -> dict[str, object]:
        """The entry as database columns."""
        return {name: to_column(getattr(self, name)) for name in COLUMNS}

    @classmethod
    def from_columns(cls, row: Mapping[str, object]) -> Entry:
        """The entry from database columns."""
        values = {name: row[name] for name in COLUMNS}
        for name in _JSON:
            values[name] = json.loads(str(values[name])) if values[name] is not None else None
        for name in _TIMES:
            values[name] = datetime.fromisoformat(str(values[name])) if values[name] is not None else None
        values["kind"] = Kind(str(values["kind"])) if values["kind"] else None
        values["state"] = State(str(values["state"]))
        values["settled"] = bool(values["settled"])
        return cls(**values)  # type: ignore[arg-type]


COLUMNS = tuple(Entry.__dataclass_fields__)
_JSON = ("fields", "envelope", "result")
_TIMES = ("due_at", "snoozed_until", "expires_at", "executed_at")


def to_column(value: object) -> object:
    """A value of an entry as a database column."""
    match value:
        case None | bytes():
            return value
        case Kind() | State():
            return value.value
        case str():
            return value
        case datetime():
            return instant(value)
        case bool():
            return int(value)
        case Mapping():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            return value
