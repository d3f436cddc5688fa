"""What a server is made of: its tools, its promises, and how it looks things up. Plain data and plain functions."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_executors.concealment import Concealment
from platinum_executors.refusal import Refused
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.receipt import Result
from platinum_tui.system.clock import Clock
from platinum_tui.system.server_settings import FamilySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a server stands on.

    Attributes:
        settings: its table of the configuration.
        vault: the vault's root.
        secret: the credential of a name like `email.password`; None where there is none.
        keep: puts a credential in the place of the one of that name, for services that renew theirs.
        clock: where time comes from.
        pause: waits for some seconds.
        concealment: what no answer may repeat; every credential that is given out is in it.
    """

    settings: FamilySettings
    vault: Path
    secret: Callable[[str], str | None]
    keep: Callable[[str, str], None]
    clock: Clock
    pause: Callable[[float], None]
    concealment: Concealment = field(default_factory=Concealment)

    def __post_init__(self) -> None:
        look_up, put, learn = self.secret, self.keep, self.concealment.learn

        def secret(name: str) -> str | None:
            value = look_up(name)
            learn(value)
            return value

        def keep(name: str, value: str) -> None:
            learn(value)
            put(name, value)

        object.__setattr__(self, "secret", secret)
        object.__setattr__(self, "keep", keep)

    def credential(self, name: str) -> str:
        """The credential of that name.

        Raises:
            Refused: there is none.
        """
        value = self.secret(name)
        if not value:
            raise Refused("credential_missing", f"A credential is missing: platinum-tui credentials set {name}")
        return value


class Answer(enum.StrEnum):
    """Whether an effect is in the world."""

    FOUND = "found"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Lookup:
    """What `find` answers."""

    answer: Answer
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `check` found wrong, and what to do about it."""

    code: str
    message: str
    remedy: str

    @classmethod
    def of(cls, refused: Refused, family: str, about: str = "") -> Finding:
        """What a refused look means for a family, or for one service of it."""
        message = f"{about}: {refused.message}" if about else refused.message
        return cls(refused.reason, message, f"Correct [servers.{family}], or set the credential anew.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the core may rely on after an unknown outcome.

    Attributes:
        marker: what `find` is asked with: `message_id` for mail, else `idempotency_key`.
        absence_is_proof: whether `absent` proves that nothing happened.
        settled_after: seconds after the attempt from which `absent` may be believed at all.
        key_life: for how many seconds the service itself refuses to do the same key twice; None where it does not.
    """

    marker: str = "idempotency_key"
    absence_is_proof: bool = False
    settled_after: int = 0
    key_life: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingTool:
    """One tool that does one kind of action.

    `act` returns `done`, or raises Refused or Unknown. It calls `attempt.cross()` immediately before what cannot be
    taken back; whatever else it raises after that is unknown.
    """

    name: str
    kind: Kind
    description: str
    promise: Promise
    act: Callable[[Surroundings, Attempt[Any]], Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A tool of one family that only shows something, as structured content."""

    name: str
    description: str
    show: Callable[[Surroundings], Mapping[str, JsonValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One local MCP server."""

    name: str
    tools: Sequence[ActingTool]
    find: Callable[[Surroundings, str], Lookup]
    check: Callable[[Surroundings], Sequence[Finding]]
    views: Sequence[View] = ()
