"""One approved action on its way, and the point after which nobody may say that nothing happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from platinum_tui.model.action import Action
from platinum_tui.model.decision import Decision, idempotency_key

A = TypeVar("A", bound=Action)


@dataclass(slots=True)
class Attempt(Generic[A]):
    """What a tool's function gets to do.

    Attributes:
        action: what was approved.
        decision: the verified decision.
        burn: marks the decision as used, durably.
        crossed: whether the point of no return lies behind.
    """

    action: A
    decision: Decision
    burn: Callable[[], None]
    crossed: bool = field(default=False, init=False)

    @property
    def marker(self) -> str:
        """The name of this effect in the world, the same for every attempt at it: 32 hex digits."""
        return idempotency_key(self.decision.vault, self.decision.request, self.decision.digest)

    def cross(self) -> None:
        """To be called immediately before the first byte that may have an effect.

        Raises:
            Refused: the decision was used before, or cannot be marked.
        """
        if not self.crossed:
            self.burn()
            self.crossed = True
