"""An amount in words says what the figures say, to the last decimal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platinum_tui.review.outgoing_words import LARGEST, in_words

TEENS = (
    "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,"
    "eighteen,nineteen"
)
TENS = "twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety"
SCALE_WORDS = "thousand,million,billion,trillion,quadrillion,quintillion"


def numbered(words: str, first: int) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(","), first)}


WORDS = numbered(TEENS, 0) | {word: 10 * number for word, number in numbered(TENS, 2).items()}
SCALES = {word: 1000**number for word, number in numbered(SCALE_WORDS, 1).items()}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1250.00", "one thousand two hundred fifty and 00/100 EUR"),
        ("4471.50", "four thousand four hundred seventy-one and 50/100 EUR"),
        ("0.05", "zero and 05/100 EUR"),
        ("1000000", "one million EUR"),
        ("1000001", "one million one EUR"),
        ("19.999", "nineteen and 999/1000 EUR"),
        ("100", "one hundred EUR"),
    ],
)
def test_amounts_as_on_a_cheque(amount: str, words: str) -> None:
    assert in_words(Decimal(amount), "EUR") == words


@given(st.decimals(min_value=0, max_value=LARGEST - 1, places=2))
def test_words_can_be_read_back(amount: Decimal) -> None:
    words = in_words(amount, "PKR").removesuffix(" PKR")
    whole, _, fraction = words.partition(" and ")
    decimals, _, of = fraction.partition("/")
    assert read(whole) + Decimal(decimals) / Decimal(of) == amount


@pytest.mark.parametrize("amount", ["-1", str(LARGEST), "NaN"])
def test_what_is_no_amount_has_no_words(amount: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        in_words(Decimal(amount), "EUR")


def read(words: str) -> int:
    total = group = 0
    for word in words.replace("-", " ").split():
        if word == "hundred":
            group *= 100
        elif word in SCALES:
            total, group = total + group * SCALES[word], 0
        else:
            group += WORDS[word]
    return total + group
