"""What was decided, counted: per day, per kind, how fast, and how much of it was turned down."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from platinum_tui.system.audit import AuditRecord

TURNED_DOWN = frozenset({"rejected", "changes_requested"})
_DECIDED = TURNED_DOWN | {"approved"}
_TAKE_BACK = frozenset({"undone", "withdrawn", "taken_back_by_move", "rejected_elsewhere"})
_DAYS = 14
EVENTS = 10_000
"""Events of the audit log that are looked at."""


@dataclass(frozen=True)
class Figures:
    """Counts over some days.

    Attributes:
        per_day: decisions on each of the last days, the earliest first.
        per_kind: decisions by kind, the most frequent first.
        turned_down: of all decisions, those that were a no.
        waits: how long each request had waited, in the order of the decisions.
    """

    per_day: Mapping[date, int] = field(default_factory=dict)
    per_kind: Mapping[str, int] = field(default_factory=dict)
    turned_down: int = 0
    waits: tuple[timedelta, ...] = ()

    @property
    def decisions(self) -> int:
        """How many there were."""
        return sum(self.per_kind.values())

    @property
    def median_wait(self) -> timedelta | None:
        """Half of the requests waited less; None where nothing was decided."""
        return timedelta(seconds=statistics.median(w.total_seconds() for w in self.waits)) if self.waits else None


def figures_of(
    events: Iterable[AuditRecord], created: Callable[[str], datetime | None], now: datetime, days: int = _DAYS
) -> Figures:
    """The figures of the last days: of the decisions that stand, for what was taken back is none.

    Args:
        events: of the audit log, in any order.
        created: when a request was drafted, by its id; None where that is not known.
        now: aware; days are those of its zone.
        days: how many, today included.
    """
    first = now.date() - timedelta(days=days - 1)
    per_day = Counter({first + timedelta(days=n): 0 for n in range(days)})
    per_kind: Counter[str] = Counter()
    turned_down, waits = 0, []
    for event in _standing(events):
        time = datetime.fromisoformat(event.timestamp).astimezone(now.tzinfo)
        if time.date() < first:
            continue
        per_day[time.date()] += 1
        per_kind[event.action_type or "none"] += 1
        turned_down += event.event in TURNED_DOWN
        if drafted := created(event.request_id):
            waits.append(max(time - drafted, timedelta()))
    return Figures(dict(per_day), dict(per_kind.most_common()), turned_down, tuple(waits))


def _standing(events: Iterable[AuditRecord]) -> Iterable[AuditRecord]:
    """Of the decisions on each version of a request the last one, unless it was taken back; in their order."""
    standing: dict[tuple[str, str], AuditRecord] = {}
    for event in sorted(events, key=lambda event: event.seq):
        version = event.request_id, event.digest
        if event.event in _DECIDED:
            standing.pop(version, None)
            standing[version] = event
        elif event.event in _TAKE_BACK and event.parameters.get("was") != "snoozed":
            standing.pop(version, None)
    return standing.values()
