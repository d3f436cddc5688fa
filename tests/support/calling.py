"""Acting tools called inside the test's own process, through the real gate: fast, for every failure of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.decisions import VAULT_ID, Signer, approval, decide
from tests.support.rules import OneSignature

from platinum_executors.burning import BurntDecisions
from platinum_executors.family import Family, Surroundings
from platinum_executors.gate import Gate
from platinum_executors.server import FamilyServer
from platinum_tui.model.action import Action
from platinum_tui.model.canonical import fields_of
from platinum_tui.model.decision import idempotency_key
from platinum_tui.system.server_settings import FamilySettings

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class StoppedClock:
    """It is always NOW, and waiting takes no time."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Caller:
    """One server of a family, and a reviewer who approves whatever is asked of it."""

    family: Family
    root: Path
    settings: Mapping[str, Any]
    secrets: dict[str, str] = field(default_factory=dict)
    signer: Signer = field(default_factory=Signer)
    pauses: list[float] = field(default_factory=list)

    @property
    def server(self) -> FamilyServer:
        here = Surroundings(
            settings=FamilySettings(self.family.name, dict(self.settings)),
            vault=self.root,
            secret=lambda name: self.secrets.get(name.removeprefix(f"{self.family.name}.")),
            keep=lambda name, value: self.secrets.update({name.removeprefix(f"{self.family.name}."): value}),
            clock=StoppedClock(),
            pause=self.pauses.append,
        )
        burnt = BurntDecisions(self.root / ".used")
        return FamilyServer(
            self.family, here, Gate(here, vault_id=VAULT_ID, rules=OneSignature([self.signer]), burnt=burnt)
        )

    def do(self, tool: str, action: Action, **changes: Any) -> dict[str, Any]:
        """Approves an action and has it done."""
        return self.call(tool, action, self.decide(action, **changes))

    def decide(self, action: Action, **changes: Any) -> Any:
        """The value of `_meta["platinum/approval"]` for an action."""
        decision = decide(action.kind, fields_of(action), self.signer, **{"decided_at": NOW, **changes})
        return approval(decision, self.signer)

    def call(self, tool: str, action: Action, approved: Any) -> dict[str, Any]:
        """Calls a tool with an approval."""
        payload, is_error = self.server.call(tool, fields_of(action), approved)
        assert is_error is (payload["outcome"] != "done")
        return payload

    def marker(self, action: Action, request: str = "req-1") -> str:
        """What `find` is asked with."""
        decision = decide(action.kind, fields_of(action), self.signer, request=request)
        return idempotency_key(decision.vault, decision.request, decision.digest)

    def find(self, marker: str) -> dict[str, Any]:
        return self.server.call("find", {"marker": marker}, None)[0]

    def check(self) -> dict[str, Any]:
        return self.server.call("check", {}, None)[0]

    @property
    def burnt(self) -> int:
        """How many decisions were used."""
        return len(list((self.root / ".used").glob("*")))
