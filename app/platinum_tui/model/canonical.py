"""Actions as JSON and back, canonical JSON, and the digest that a decision is bound to."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import typing
from collections.abc import Mapping
from decimal import Decimal

from platinum_tui.model.action import ACTION_TYPES, Action, InvoiceLine, JsonValue, Kind, Platform, Rail

FINGERPRINT_LENGTH = 12
"""Hex digits of a fingerprint, without its dashes."""


def canonical_json(value: JsonValue) -> bytes:
    """The one way to write a JSON value: sorted keys, no white space, UTF-8 (in the manner of RFC 8785).

    Raises:
        ValueError: for a number that is not finite.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def fields_of(action: Action) -> dict[str, JsonValue]:
    """An action's fields as JSON: lists, booleans, decimal strings; absent fields are left out."""
    fields = {field.name: _to_json(getattr(action, field.name)) for field in dataclasses.fields(action)}
    return {name: value for name, value in fields.items() if value not in (None, [], "")}


def build_action(kind: Kind, fields: Mapping[str, JsonValue]) -> Action:
    """The typed action of a kind from its fields as JSON.

    Raises:
        ValueError: a required field is missing, a field is not of its type, or there is one the kind does not have.
    """
    cls, types = ACTION_TYPES[kind], _types_of(kind)
    required = {f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING}
    names = {f.name for f in dataclasses.fields(cls)}
    unknown = sorted(set(fields) - names)
    if unknown:
        raise ValueError(f"{kind} has no field {unknown[0]}")
    missing = sorted(name for name in required - set(fields) if type(None) not in typing.get_args(types[name]))
    if missing:
        raise ValueError(f"{missing[0]} is required")
    values = {name: _from_json(name, types[name], fields.get(name)) for name in required | set(fields)}
    return typing.cast("Action", typing.cast("typing.Any", cls)(**values))


@functools.cache
def _types_of(kind: Kind) -> Mapping[str, object]:
    return typing.get_type_hints(ACTION_TYPES[kind])


def digest_of(kind: Kind | None, fields: Mapping[str, JsonValue], file_sha256: str) -> str:
    """What a decision is bound to: SHA-256 over the canonical JSON of the action and the hash of the file's bytes.

    Args:
        kind: the kind, or None where the file names none.
        fields: the action's fields as JSON, as from `fields_of`.
        file_sha256: the hash of the file's bytes, 64 hex digits.

    Returns:
        64 hex digits.
    """
    action = {"kind": kind.value if kind else None, "fields": dict(fields)}
    return hashlib.sha256(canonical_json({"action": action, "file_sha256": file_sha256})).hexdigest()


def fingerprint_of(digest: str) -> str:
    """The digest's first twelve hex digits, as people compare them: `abcd-ef01-2345`."""
    head = digest[:FINGERPRINT_LENGTH]
    return "-".join(head[at : at + 4] for at in range(0, FINGERPRINT_LENGTH, 4))


def same_fingerprint(given: str, digest: str) -> bool:
    """Whether a fingerprint as typed (with or without dashes, any case) is the digest's."""
    return given.strip().replace("-", "").lower() == digest[:FINGERPRINT_LENGTH]


def _to_json(value: object) -> JsonValue:
    match value:
        case Decimal():
            return format(value, "f")
        case InvoiceLine():
            return {f.name: _to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
        case tuple() | list():
            return [_to_json(item) for item in value]
        case Mapping():
            return {str(key): _to_json(item) for key, item in value.items()}
        case str():
            return str(value)
        case _:
            return value


def _from_json(name: str, wanted: object, value: JsonValue) -> object:
    options = typing.get_args(wanted)
    if value is None and type(None) in options:
        return None
    if type(None) in options:
        wanted = next(option for option in options if option is not type(None))
    if wanted in (Platform, Rail) and isinstance(value, str):
        return typing.cast("typing.Callable[[str], object]", wanted)(value)
    if wanted is Decimal and isinstance(value, str):
        return _decimal(name, value)
    if wanted == tuple[str, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if wanted == tuple[InvoiceLine, ...] and isinstance(value, list):
        return tuple(_line(item) for item in value)
    if typing.get_origin(wanted) is not None and isinstance(value, Mapping):
        return value
    if isinstance(wanted, type) and type(value) is wanted:
        return value
    raise ValueError(f"{name} is not of its type")


def _line(value: JsonValue) -> InvoiceLine:
    if not isinstance(value, Mapping) or set(value) != {"description", "quantity", "unit_price"}:
        raise ValueError("a line has a description, a quantity and a unit_price")
    return InvoiceLine(
        description=str(value["description"]),
        quantity=_decimal("quantity", value["quantity"]),
        unit_price=_decimal("unit_price", value["unit_price"]),
    )


def _decimal(name: str, text: JsonValue) -> Decimal:
    digits = str(text).removeprefix("-").replace(".", "", 1)
    if not isinstance(text, str) or not digits.isascii() or not digits.isdigit():
        raise ValueError(f"{name} is not a decimal number")
    return Decimal(text)
