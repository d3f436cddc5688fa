"""Invoice lines as mappings: description, quantity, unit price, and nothing that changes what is owed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

from platinum_tui.intake.amounts import Amount, read_amount
from platinum_tui.intake.draft import identifier, one_line
from platinum_tui.intake.money_fields import read_currency
from platinum_tui.intake.values import Raw, folded, is_false, is_nothing
from platinum_tui.model.action import JsonValue

QUANTITY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_DESCRIPTION = ("description", "name", "item", "product", "service")
_NUMBER = ("quantity", "qty", "hours", "units")
_PRICE = ("unit_price", "price", "price_unit", "rate", "unit_cost")
_TOTAL = ("total", "subtotal", "line_total", "amount", "price_total", "price_subtotal")
_CURRENCY = ("currency", "currency_code")
_CHANGES = ("discount", "discount_percent", "tax", "taxes", "tax_rate", "vat", "vat_rate")
"""What changes the amount that is owed; nothing here can pass it on."""


def read_lines(value: Raw) -> list[JsonValue]:
    """Lines as the action has them.

    Raises:
        ValueError: one is no line, contradicts itself, or says more than can be passed on.
    """
    if not isinstance(value, list):
        raise ValueError("must be a list of lines")
    return [_line(item) for item in value]


def amounts_in(value: Raw) -> Iterator[Amount]:
    """The amounts in lines, and the currencies beside them, as far as they can be read."""
    for item in value if isinstance(value, list) else ():
        line = _folded(item) if isinstance(item, dict) else {}
        for said in _said(line, (*_PRICE, *_TOTAL)):
            with suppress(ValueError):
                yield read_amount(identifier(said))
        for said in _said(line, _CURRENCY):
            with suppress(ValueError):
                yield Amount("", currency=read_currency(said))


def lacks_quantity(value: Raw) -> bool:
    """Whether a line gives no quantity."""
    lines = value if isinstance(value, list) else ()
    return any(isinstance(item, dict) and not _said(_folded(item), _NUMBER) for item in lines)


def _line(item: Raw) -> JsonValue:
    if not isinstance(item, dict):
        raise ValueError("has a line that is no mapping of description, quantity and unit_price")
    line = _folded(item)
    for name in _CHANGES:
        if name in line and not (is_nothing(line[name]) or is_false(line[name]) or _is_zero(line[name])):
            raise ValueError(f"has a line with {name.replace('_', ' ')}, which cannot be passed on; price it in")
    descriptions = [one_line(said) for said in _said(line, _DESCRIPTION)]
    prices = {Decimal(value): value for value in (read_amount(identifier(said)).value for said in _said(line, _PRICE))}
    if not descriptions or not prices:
        raise ValueError("has a line without description or unit_price")
    quantity = _quantity(line)
    if len(prices) > 1:
        raise ValueError("has a line with two prices that are not the same; keep one")
    (price,) = prices.values()
    for said in _said(line, _TOTAL):
        if Decimal(read_amount(identifier(said)).value) != Decimal(quantity) * Decimal(price):
            raise ValueError("has a line whose total is not quantity times price")
    return {"description": descriptions[0], "quantity": quantity, "unit_price": price}


def _quantity(line: dict[str, Raw]) -> str:
    said = [identifier(value) for value in _said(line, _NUMBER)]
    numbers = {Decimal(text): text for text in said if QUANTITY.fullmatch(text)}  # `units: hours` says what is counted
    if said and (not numbers or not min(numbers)):
        raise ValueError("has a line whose quantity is no positive number")
    if len(numbers) > 1:
        raise ValueError("has a line with two quantities that are not the same; keep one")
    return next(iter(numbers.values()), "1")


def _folded(item: dict[str, Raw]) -> dict[str, Raw]:
    return {folded(key): value for key, value in item.items()}


def _said(line: dict[str, Raw], names: tuple[str, ...]) -> list[Raw]:
    return [line[name] for name in names if name in line and not is_nothing(line[name])]


def _is_zero(value: Raw) -> bool:
    return isinstance(value, str) and not value.strip().rstrip("%").strip("0. ")
