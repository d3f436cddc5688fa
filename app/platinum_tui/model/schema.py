"""The JSON schema of each kind's fields in their JSON form, from the types of its action."""

from __future__ import annotations

import dataclasses
import typing
from decimal import Decimal

from platinum_tui.model.action import ACTION_TYPES, InvoiceLine, JsonValue, Kind


def arguments_of(kind: Kind) -> dict[str, JsonValue]:
    """The schema of a kind's fields in their JSON form."""
    return _object(ACTION_TYPES[kind])


def _object(cls: type) -> dict[str, JsonValue]:
    types = typing.get_type_hints(cls)
    fields = dataclasses.fields(cls)
    return {
        "type": "object",
        "properties": {field.name: _schema(types[field.name]) for field in fields},
        "required": [
            field.name
            for field in fields
            if field.default is dataclasses.MISSING and type(None) not in typing.get_args(types[field.name])
        ],
        "additionalProperties": False,
    }


def _schema(wanted: object) -> dict[str, JsonValue]:
    options = [option for option in typing.get_args(wanted) if option is not type(None)]
    if type(None) in typing.get_args(wanted):
        return _schema(options[0])
    if typing.get_origin(wanted) is tuple:
        return {"type": "array", "items": _schema(options[0])}
    if wanted is bool:
        return {"type": "boolean"}
    if wanted is Decimal:
        return {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
    if wanted is InvoiceLine:
        return _object(InvoiceLine)
    if isinstance(wanted, type) and issubclass(wanted, str) and hasattr(wanted, "__members__"):
        return {"type": "string", "enum": [str(member) for member in typing.cast("typing.Iterable[str]", wanted)]}
    return {"type": "string"}
