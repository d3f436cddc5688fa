"""An amount in words, as on a cheque: a digit that was misread in figures stands out."""

from __future__ import annotations

from decimal import Decimal

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
LARGEST = 1000 ** len(_SCALES)


def in_words(amount: Decimal, currency: str) -> str:
    """An amount in English words, exact: `one thousand two hundred fifty and 50/100 EUR`.

    Args:
        amount: at least zero and less than `LARGEST`; its decimals stand as a fraction, as many as are written.
        currency: its code.

    Raises:
        ValueError: it is negative or too large.
    """
    if not 0 <= amount < LARGEST:
        raise ValueError("is negative or too large")
    whole, _, decimals = format(amount, "f").partition(".")
    fraction = f" and {decimals}/1{'0' * len(decimals)}" if decimals else ""
    return f"{_number(int(whole))}{fraction} {currency}"


def _number(number: int) -> str:
    words: list[str] = []
    for scale in reversed(range(len(_SCALES))):
        group = number // 1000**scale % 1000
        if group:
            words += [*_hundreds(group), _SCALES[scale]]
    return " ".join(word for word in words if word) or _ONES[0]


def _hundreds(group: int) -> list[str]:
    hundreds, rest = divmod(group, 100)
    return ([_ONES[hundreds], "hundred"] if hundreds else []) + _below_hundred(rest)


def _below_hundred(number: int) -> list[str]:
    if number < len(_ONES):
        return [_ONES[number]] if number else []
    tens, ones = divmod(number, 10)
    return [f"{_TENS[tens - 2]}-{_ONES[ones]}" if ones else _TENS[tens - 2]]
