"""What every rail has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from platinum_executors.attempt import Attempt
from platinum_executors.family import Lookup, Surroundings
from platinum_tui.model.action import JsonValue, Payment

Evidence = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class RailAccess:
    """One way for money to go.

    Attributes:
        setting: the setting that says it is configured.
        pay: makes the payment, or its draft, and returns what proves it; raises Refused or Unknown.
        probe: whether it would work, without a side effect; raises Refused.
        find: looks a marker up; None where the service cannot be asked.
    """

    setting: str
    pay: Callable[[Surroundings, Attempt[Payment]], Evidence]
    probe: Callable[[Surroundings], None]
    find: Callable[[Surroundings, str], Lookup] | None = None
