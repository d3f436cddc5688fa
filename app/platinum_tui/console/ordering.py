"""Orders of a list of requests; what is equal in one stays by age, so that an order groups as well."""

from __future__ import annotations

import enum
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from platinum_tui.console.symbols import KIND_WORDS

if TYPE_CHECKING:
    from platinum_tui.review.roll import Roll

_PORTION = 500
_RISKS = ("high", "medium", "low")


class Order(enum.StrEnum):
    """What a list is ordered by; the value is what the screen says."""

    AGE = "age"
    RISK = "risk"
    KIND = "kind"
    TARGET = "target"
    TITLE = "title"

    @property
    def next(self) -> Order:
        """The one that the key goes to."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


def ordered(roll: Roll, places: Sequence[int], order: Order) -> Sequence[int]:
    """Some places of a roll in another order.

    Args:
        roll: the requests.
        places: which of them, by age.
        order: by what; all of one kind, target or risk then stand together, by age.
    """
    if order is Order.AGE:
        return places
    keys: Sequence[int] | Sequence[str] = _risks(roll, places) if order is Order.RISK else _words(roll, places, order)
    by_key = sorted(range(len(places)), key=keys.__getitem__)
    return array("q", (places[index] for index in by_key))


def _words(roll: Roll, places: Sequence[int], order: Order) -> list[str]:
    said = roll.words(places)
    match order:
        case Order.KIND:
            return [KIND_WORDS[kind] for _, _, kind, _ in said]
        case Order.TARGET:
            return [target.casefold() for _, target, _, _ in said]
        case _:
            return [title.casefold() for title, _, _, _ in said]


def _risks(roll: Roll, places: Sequence[int]) -> list[int]:
    """How far down each stands; what is not read yet stands last."""
    found: list[int] = []
    for start in range(0, len(places), _PORTION):
        some = places[start : start + _PORTION]
        made = roll.at(some)
        found += [_RISKS.index(made[place].risk.level) if place in made else len(_RISKS) for place in some]
    return found
