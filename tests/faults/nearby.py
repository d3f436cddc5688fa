"""A service in the program's own process, that stumbles as it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from platinum_tui.execution.connection import Answer, NeverSent, NoAnswer
from platinum_tui.execution.servers import LocalServers
from platinum_tui.review.house import House

from . import services
from .scene import VAULT_ID, Scene

FLAWS = ("none", "absent", "busy", "no answer, nothing done", "no answer, done", "dies at the point of no return")


class Nearby(LocalServers):
    """The service behind its real gate, in this process.

    Args:
        house: the vault and its surroundings.
        scene: the machine, with the service's journal.
        flaw: over what the service stumbles now, one of FLAWS.
    """

    def __init__(self, house: House, scene: Scene, flaw: Callable[[], str]) -> None:
        super().__init__(house)
        self._flaw = flaw
        journal = _Journal(scene.journal, flaw)
        _, self._server = services.served(scene.service, journal, house.configuration, VAULT_ID, house.clock)

    def ready(self, server: str) -> None:
        if self._flaw() == "absent":
            raise NeverSent("It does not start.")

    def call(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        meta: Mapping[str, Any] | None = None,
        deadline_s: float,
    ) -> Answer:
        self.ready(server)
        acts = meta is not None
        match self._flaw():
            case "busy" if acts:
                content = {"outcome": "refused", "code": "busy", "message": "Busy.", "retriable": True}
                return Answer(True, content, "")
            case "no answer, nothing done":
                raise NoAnswer("It is silent.")
        said = services.answer(self._server, {"tool": tool, "arguments": dict(arguments), "meta": meta})
        if self._flaw() == "no answer, done" and acts:
            raise NoAnswer("It is silent.")
        return Answer(said["is_error"], said["content"], "")


class _Journal(services.Journal):
    """One that cannot be reached where the service dies right after its point of no return."""

    def __init__(self, path: Path, flaw: Callable[[], str]) -> None:
        super().__init__(path)
        self._flaw = flaw

    def take(self, attempt: Any, *, deduplicates: bool) -> None:
        if self._flaw() == "dies at the point of no return":
            raise ConnectionError("The connection was reset.")
        super().take(attempt, deduplicates=deduplicates)
