"""The services of a family that has several: which are configured, and asking all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from platinum_executors.attempt import A, Attempt
from platinum_executors.family import Answer, Finding, Lookup, Surroundings
from platinum_executors.refusal import Refused
from platinum_tui.model.action import JsonValue

N = TypeVar("N", bound=str)

Evidence = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Generic[A]):
    """One service.

    Attributes:
        settings: any of these says that it is configured.
        act: does the approved action and returns what proves it; raises Refused or Unknown.
        probe: whether it would work, without a side effect; raises Refused.
        find: looks a marker up; None where the service cannot be asked.
    """

    settings: tuple[str, ...]
    act: Callable[[Surroundings, Attempt[A]], Evidence]
    probe: Callable[[Surroundings], None]
    find: Callable[[Surroundings, str], Lookup] | None = None


@dataclass(frozen=True, slots=True)
class Branches(Generic[N, A]):
    """All services of a family, by name.

    Attributes:
        word: what one of them is called in the evidence.
    """

    word: str
    all: Mapping[N, Branch[A]]

    def act(self, here: Surroundings, name: N, attempt: Attempt[A]) -> Evidence:
        """Does the approved action at one of them.

        Raises:
            Refused: it is not configured, or said no.
            Unknown: it may have happened.
        """
        if name not in self.configured(here):
            raise Refused("not_configured", f"{name} is not configured: see [servers.{here.settings.name}].")
        return {self.word: str(name), **self.all[name].act(here, attempt)}

    def find(self, here: Surroundings, marker: str) -> Lookup:
        """Looks a marker up at every configured service; a marker does not say which it was for."""
        configured = self.configured(here)
        silent = not configured
        for name, branch in configured.items():
            lookup = branch.find(here, marker) if branch.find else Lookup(Answer.CANNOT_TELL)
            if lookup.answer is Answer.FOUND:
                return Lookup(Answer.FOUND, {self.word: str(name), **lookup.evidence})
            silent |= lookup.answer is Answer.CANNOT_TELL
        if silent:
            return Lookup(Answer.CANNOT_TELL, {"reason": "Not every service keeps a mark: look into the account."})
        return Lookup(Answer.ABSENT)

    def check(self, here: Surroundings) -> list[Finding]:
        """What does not work, at every configured service."""
        findings = []
        for name, branch in self.configured(here).items():
            try:
                branch.probe(here)
            except Refused as refused:
                findings.append(Finding.of(refused, here.settings.name, about=str(name)))
        return findings

    def configured(self, here: Surroundings) -> Mapping[N, Branch[A]]:
        """Those that the configuration names."""
        named = here.settings.text
        return {name: branch for name, branch in self.all.items() if any(named(key) for key in branch.settings)}
