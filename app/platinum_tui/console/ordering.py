"""Orders of a list of requests; what is equal in one stays by age, so that an order groups as well."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from platinum_tui.console.symbols import KIND_WORDS
from platinum_tui.model.sections import Order

if TYPE_CHECKING:
    from platinum_tui.model.request import Request
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.roll import Roll

_PORTION = 500
_RISKS = ("high", "medium", "low")
_LAST = "\U0010ffff"
"""Where what is not read yet stands."""


_KEYS: Mapping[Order, Callable[[Standing], str]] = {
    Order.RISK: lambda standing: str(_RISKS.index(standing.risk.level)),
    Order.KIND: lambda standing: KIND_WORDS[standing.request.kind],
    Order.TARGET: lambda standing: standing.target.casefold(),
    Order.TITLE: lambda standing: standing.title.casefold(),
    Order.SENDER: lambda standing: standing.file.rpartition("/")[0].partition("/")[2].casefold(),
    Order.THREAD: lambda standing: _thread(standing.request) or _LAST,
}


def _thread(request: Request) -> str:
    """The conversation that a request belongs to, else its task; nothing where it stands alone."""
    answers = request.fields.get("in_reply_to")
    return str(answers or request.task or "").casefold()


def ordered(roll: Roll, places: Sequence[int], order: Order) -> Sequence[int]:
    """Some places of a roll in another order.

    Args:
        roll: the requests.
        places: which of them, by age.
        order: by what; all of one kind, target or risk then stand together, by age.
    """
    if order is Order.AGE:
        return places
    by, keys = _KEYS[order], []
    for start in range(0, len(places), _PORTION):
        some = places[start : start + _PORTION]
        made = roll.at(some)
        keys += [by(made[place]) if place in made else _LAST for place in some]
    by_key = sorted(range(len(places)), key=keys.__getitem__)
    return array("q", (places[index] for index in by_key))
