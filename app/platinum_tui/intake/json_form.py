"""JSON requests and JSON blocks: one object, numbers as their digits, a key given twice is no source."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from platinum_tui.intake.frontmatter import MAX_DEPTH, MAX_ITEMS, MAX_KEYS
from platinum_tui.intake.values import Raw, Scalar, folded
from platinum_tui.intake.writing import value_text

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"": "null", "~": "null", "null": "null", "true": "true", "false": "false"}


@dataclass
class JsonObject:
    """One JSON object: raw values by folded key, and the keys given twice with different values."""

    values: dict[str, Raw] = field(default_factory=dict)
    disagreeing: set[str] = field(default_factory=set)


class _Twice:
    """Stands for the value of a key that was given two different values."""


def read_json(text: str) -> JsonObject:
    """The object that a text is.

    Raises:
        ValueError: it is no single JSON object, or nested too deep, or too large. The message is a sentence.
    """
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=lambda digits: Scalar(digits, plain=True),
            parse_float=lambda digits: Scalar(digits, plain=True),
            parse_constant=_refuse,
        )
    except RecursionError:
        raise ValueError("The JSON is nested too deep.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"The JSON is broken at line {error.lineno}: {error.msg}.") from None
    if not isinstance(value, Mapping):
        raise ValueError("The JSON is no single object.")
    found, listed = JsonObject(), itertools.count(1)
    for key, item in value.items():
        name = folded(key)
        if isinstance(item, _Twice) or (name in found.values and found.values[name] != item):
            found.disagreeing.add(name)
            continue
        found.values[name] = _checked(item, 2, listed)
    for name in found.disagreeing:
        found.values.pop(name, None)
    return found


def _object(pairs: list[tuple[str, Raw]]) -> dict[str, Raw]:
    if len(pairs) > MAX_KEYS:
        raise ValueError("The JSON has more than 200 keys.")
    result: dict[str, Raw] = {}
    for key, value in pairs:
        result[key] = _Twice() if key in result and result[key] != value else value
    return result


def _refuse(word: str) -> Raw:
    raise ValueError(f"The JSON holds {word}, which is no JSON.")


def _checked(value: Raw, depth: int, listed: Iterator[int]) -> Raw:
    if depth > MAX_DEPTH + 1:
        raise ValueError("The JSON is nested more than eight levels deep.")
    if isinstance(value, _Twice):
        raise ValueError("The JSON gives a key two values in one object.")
    if isinstance(value, Mapping):
        return {key: _checked(item, depth + 1, listed) for key, item in value.items()}
    if isinstance(value, list):
        if any(number > MAX_ITEMS for number in itertools.islice(listed, len(value))):
            raise ValueError("The JSON lists more than 2000 items.")
        return [_checked(item, depth + 1, listed) for item in value]
    if value is None:
        return Scalar("null", plain=True)
    if isinstance(value, bool):
        return Scalar(str(value).lower(), plain=True)
    return value if isinstance(value, Scalar) else Scalar(value)


def json_text(value: Raw) -> str:
    """A raw value as JSON that reads the same, in YAML too: a plain number keeps its digits."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{value_text(name)}: {json_text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    plain = getattr(value, "plain", False)
    if plain and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    return str(value) if plain and _NUMBER.fullmatch(value) else value_text(str(value))
