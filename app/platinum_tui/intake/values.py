"""Values as a file spells them: every scalar stays text until the schema of its field types it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from platinum_tui.model.action import JsonValue

Raw = Any
"""A scalar (`Scalar`), a list of raw values, or a mapping of names to raw values."""

_NOTHING = frozenset(
    {"", "none", "null", "nil", "n/a", "na", "-", "--", "—", "(none)", "not specified", "not provided"}
)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+][0-9]+)")
_NUMBER_OR_NAME = re.compile(r"[-+]?[0-9]+[eE][0-9]+")
"""`12e5`: a number in JSON and YAML 1.2, a text in YAML 1.1, and as often the name of a commit."""
_KEPT = range(-(2**63), 2**64)
"""Integers that take 64 bits: what languages other than Python keep."""
_LONGEST = 40
_SHOWN = 30
_WORDS: Mapping[str, JsonValue] = {"": None, "~": None, "null": None, "true": True, "false": False}


class Scalar(str):
    """The text of one scalar; `plain` tells that it stood without quotes and could be a number or a truth value."""

    __slots__ = ("plain",)
    plain: bool

    def __new__(cls, text: str, *, plain: bool = False) -> Scalar:
        """A scalar of that text."""
        scalar = super().__new__(cls, text)
        scalar.plain = plain
        return scalar


def is_nothing(value: Raw) -> bool:
    """Whether a value says that there is none: empty, `None`, `n/a`, a dash, an empty list."""
    if isinstance(value, str):
        return value.strip().casefold() in _NOTHING or (value == "~" and getattr(value, "plain", False))
    return value is None or (isinstance(value, (list, dict)) and not value)


def is_true(value: Raw) -> bool:
    """Whether a value is one of the ways to write yes."""
    return isinstance(value, str) and value.strip().casefold() in {"true", "yes", "on", "1"}


def is_false(value: Raw) -> bool:
    """Whether a value is one of the ways to write no."""
    return isinstance(value, str) and value.strip().casefold() in {"false", "no", "off", "0"}


def is_plain_datum(value: Raw) -> bool:
    """Whether a value is a number or a truth value without quotes: what says something about a file, and no text."""
    if not isinstance(value, Scalar) or not value.plain:
        return False
    return value.lower() in _WORDS or bool(_INTEGER.fullmatch(value) or _DECIMAL.fullmatch(value))


def folded(name: str) -> str:
    """A key as it is looked up: case folded, words joined by one underscore."""
    return re.sub(r"[\s\-./]+", "_", name.strip()).casefold().strip("_")


def texts_in(value: Raw) -> Iterator[str]:
    """Every text inside a value, keys of mappings too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def typed(value: Raw) -> JsonValue:
    """A raw value as JSON, by the YAML 1.2 core schema: plain `30` is a number, `"30"` and `0x1e` are texts.

    Raises:
        ValueError: a plain number that would not arrive as it is written.
    """
    if isinstance(value, Mapping):
        return {str(key): typed(item) for key, item in value.items()}
    if isinstance(value, Scalar):
        return _typed_plain(value) if value.plain else str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [typed(item) for item in value]
    return str(value)


def _typed_plain(text: str) -> JsonValue:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER_OR_NAME.fullmatch(text):
        raise ValueError(
            f"hold {text[:_SHOWN]}, which may be a number or a name; write all its digits, or put it in quotes"
        )
    whole = _INTEGER.fullmatch(text)
    if not whole and not _DECIMAL.fullmatch(text):
        return str(text)
    number = _number(text, whole=bool(whole)) if len(text) <= _LONGEST else None
    if number is None:
        raise ValueError(f"hold the number {text[:_SHOWN]}, which would not arrive digit by digit; put it in quotes")
    return number


def _number(text: str, *, whole: bool) -> int | float | None:
    """The number that a text is, where it is kept on the way to a server; None where its digits would change."""
    if whole:
        return int(text) if int(text) in _KEPT else None
    number = float(text)
    try:
        return number if math.isfinite(number) and Decimal(repr(number)) == Decimal(text) else None
    except InvalidOperation:
        return None
