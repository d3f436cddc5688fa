"""Services that the executor can act on, and whose journals never lie: what an effect is, is written there, durably.

Three kinds: one refuses to do a key twice, one can be asked and knows, one can do neither. Each stands behind the real
gate, so that nothing happens there without a decision that the product itself would accept.
"""

from __future__ import annotations

import enum
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_executors.burning import BurntDecisions
from platinum_executors.family import ActingTool, Answer, Family, Lookup, Promise, Surroundings
from platinum_executors.gate import Gate
from platinum_executors.rules import Rules
from platinum_executors.server import FamilyServer
from platinum_tui.model.action import Kind
from platinum_tui.model.canonical import fields_of
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.clock import Clock
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.freeze_mark import FreezeMark
from platinum_tui.system.keys import known_keys
from platinum_tui.system.server_settings import FamilySettings


class Service(enum.StrEnum):
    """What a service can say about an effect whose outcome nobody heard."""

    DEDUPLICATES = "deduplicates"
    ASKABLE = "askable"
    SILENT = "silent"


PROMISES = {
    Service.DEDUPLICATES: Promise(key_life=86_400),
    Service.ASKABLE: Promise(absence_is_proof=True, settled_after=30),
    Service.SILENT: Promise(),
}


class Journal:
    """Every effect in the world, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _alone(self) -> Iterator[int]:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def effects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._path.read_text().splitlines()] if self._path.exists() else []

    def take(self, attempt: Attempt[Any], *, deduplicates: bool) -> None:
        with self._alone() as descriptor:
            if deduplicates and any(effect["key"] == attempt.marker for effect in self.effects()):
                return
            effect = {
                "key": attempt.marker,
                "request": attempt.decision.request,
                "kind": attempt.action.kind.value,
                "fields": fields_of(attempt.action),
                "file_sha256": attempt.decision.file_sha256,
            }
            os.write(descriptor, json.dumps(effect, ensure_ascii=False).encode() + b"\n")
            os.fsync(descriptor)


def family(service: Service, journal: Journal) -> Family:
    """The service as the `email` family of local MCP tools."""

    def act(_: Surroundings, attempt: Attempt[Any]) -> Result:
        attempt.cross()
        journal.take(attempt, deduplicates=service is Service.DEDUPLICATES)
        return Result(Outcome.DONE, {"key": attempt.marker})

    def find(_: Surroundings, marker: str) -> Lookup:
        if service is not Service.ASKABLE:
            return Lookup(Answer.CANNOT_TELL)
        there = any(effect["key"] == marker for effect in journal.effects())
        return Lookup(Answer.FOUND if there else Answer.ABSENT, {"key": marker})

    kinds = {"send_email": Kind.EMAIL_SEND, "reply_email": Kind.EMAIL_REPLY}
    tools = [
        ActingTool(name=name, kind=kind, description="A test's.", promise=PROMISES[service], act=act)
        for name, kind in kinds.items()
    ]
    return Family(name="email", tools=tools, find=find, check=lambda _: ())


def served(
    service: Service, journal: Journal, configuration: Configuration, vault_id: str, clock: Clock
) -> tuple[Family, FamilyServer]:
    """The service behind the gate of one vault: keys and burnt decisions are those of its state directory."""
    surroundings = Surroundings(
        settings=FamilySettings("email", {}),
        vault=configuration.vault_root,
        secret=lambda _: None,
        keep=lambda _name, _value: None,
        clock=clock,
        pause=lambda _: None,
    )
    gate = Gate(
        surroundings,
        vault_id=vault_id,
        rules=Rules(
            configuration,
            FreezeMark(configuration.state_dir.vault_dir(vault_id), configuration.vault_root),
            lambda: known_keys(configuration.state_dir, configuration.config_file.parent),
        ),
        burnt=BurntDecisions(configuration.state_dir.vault_dir(vault_id) / "used"),
    )
    made = family(service, journal)
    return made, FamilyServer(made, surroundings, gate)


def answer(server: FamilyServer, call: Mapping[str, Any]) -> dict[str, Any]:
    """One call as it came over a wire, and what goes back."""
    meta = call["meta"] or {}
    content, is_error = server.call(call["tool"], call["arguments"], meta.get("platinum/approval"))
    return {"content": content, "is_error": is_error}
