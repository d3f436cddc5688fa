"""Values as a file spells them: every scalar stays text until the schema of its field types it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from platinum_tui.model.action import JsonValue

Raw = Any
"""A scalar (`Scalar`), a list of raw values, or a mapping of names to raw values."""

_NOTHING = frozenset(
    {"", "none", "null", "nil", "n/a", "na", "-", "--", "—", "(none)", "not specified", "not provided"}
)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
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
        ValueError: a plain number that a binary float would change.
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
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        if f"{number:.15f}".rstrip("0") != f"{text.lstrip('+').rstrip('0')}" and repr(number) != text.lstrip("+"):
            raise ValueError("a number has more digits than can be kept; put it in quotes")
        return number
    return str(text)
