"""Orders of a list of requests; what is equal in one stays by age, and in some stands under a heading of its own."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from platinum_tui.console.rows import UNGROUPED, Groups
from platinum_tui.console.symbols import KIND_WORDS
from platinum_tui.model.sections import Order
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.model.request import Request
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.roll import Roll

_PORTION = 500
_RISKS = ("high", "medium", "low")
_LAST = "\U0010ffff"
"""Where what is not read yet stands."""
_ALONE = "\U0010fffe"
"""Where what belongs to no thread stands."""
_NOT_READ = "not read yet"


def _sender(standing: Standing) -> str:
    """The folder in which the request's author writes."""
    return standing.file.rpartition("/")[0].partition("/")[2]


def _thread(request: Request) -> str:
    """The conversation that a request belongs to, else its task; nothing where it stands alone."""
    return str(request.fields.get("in_reply_to") or request.task or "")


_KEYS: Mapping[Order, Callable[[Standing], str]] = {
    Order.RISK: lambda standing: str(_RISKS.index(standing.risk.level)),
    Order.KIND: lambda standing: KIND_WORDS[standing.request.kind],
    Order.TARGET: lambda standing: standing.target.casefold(),
    Order.TITLE: lambda standing: standing.title.casefold(),
    Order.SENDER: lambda standing: _sender(standing).casefold(),
    Order.THREAD: lambda standing: _thread(standing.request).casefold() or _ALONE,
}
_NAMES: Mapping[Order, Callable[[Standing], str]] = {
    Order.KIND: lambda standing: KIND_WORDS[standing.request.kind],
    Order.SENDER: lambda standing: _sender(standing) or "no sender",
    Order.THREAD: lambda standing: _thread(standing.request) or "no thread",
}
"""What a group is called, in the orders that group."""


def ordered(roll: Roll, places: Sequence[int], order: Order) -> tuple[Sequence[int], Groups]:
    """Some places of a roll in another order, and which of them stand together.

    Args:
        roll: the requests.
        places: which of them, by age.
        order: by what; all of one kind, target or risk then stand together, by age.
    """
    if order is Order.AGE:
        return places, UNGROUPED
    key_of, name_of = _KEYS[order], _NAMES.get(order)
    keys: list[str] = []
    names = {_LAST: _NOT_READ}
    for start in range(0, len(places), _PORTION):
        some = places[start : start + _PORTION]
        made = roll.at(some)
        for place in some:
            key = key_of(made[place]) if place in made else _LAST
            keys.append(key)
            if name_of and key not in names:
                names[key] = safe_line(name_of(made[place]))
    by_key = sorted(range(len(places)), key=keys.__getitem__)
    groups = _grouped([keys[index] for index in by_key], names) if name_of else UNGROUPED
    return array("q", (places[index] for index in by_key)), groups


def _grouped(keys: Sequence[str], names: Mapping[str, str]) -> Groups:
    """Runs of equal keys as groups."""
    starts, called, start = array("q"), [], 0
    for key, run in groupby(keys):
        starts.append(start)
        called.append(names[key])
        start += sum(1 for _ in run)
    return Groups(starts, called)
