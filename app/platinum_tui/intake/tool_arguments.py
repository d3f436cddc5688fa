"""Whether arguments are what a tool's JSON schema asks for, said in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from platinum_tui.model.action import JsonValue
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SHOWN = 80
"""Characters of a schema's own words that are repeated at most."""


def fault_of_arguments(schema: Mapping[str, JsonValue], arguments: Mapping[str, JsonValue]) -> str | None:
    """What is wrong with arguments; None where the schema takes them.

    Args:
        schema: the tool's `inputSchema`; JSON Schema 2020-12 unless it says otherwise (MCP, server/tools). References
            to other documents are not followed: they would be fetched.
        arguments: as JSON.

    Returns:
        The end of a sentence that begins with the tool's name.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError, best_match
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    cls = validator_for(dict(schema), default=Draft202012Validator)
    try:
        cls.check_schema(dict(schema))
        validator = cls(dict(schema), registry=Registry())
        error = best_match(validator.iter_errors(dict(arguments)))
    except (SchemaError, Unresolvable, RecursionError, ValueError, TypeError) as fault:
        return f"describes its arguments in a way that cannot be checked ({type(fault).__name__})"
    return _said(error) if error else None


def _said(error: ValidationError) -> str:
    path = ".".join(str(step) for step in error.absolute_path)
    where, wanted = f"the argument {_short(path)}" if path else "arguments", error.validator_value
    match error.validator:
        case "required":
            lacking = [name for name in wanted if name not in error.instance]
            inside = f" in {_short(path)}" if path else ""
            return f"needs the argument {_short(', '.join(lacking))}{inside}"
        case "additionalProperties" | "unevaluatedProperties":
            known = error.schema.get("properties", {})
            extra = [name for name in error.instance if name not in known]
            return f"has no argument {_short(', '.join(extra))}" + (f" in {_short(path)}" if path else "")
        case "type":
            types = wanted if isinstance(wanted, str) else " or ".join(wanted)
            return f"takes {where} as {_short(types)} only"
        case "enum" | "const":
            return f"takes for {where} only: {_short(str(wanted))}"
        case _:
            return f"does not take {where}: {_short(str(error.validator))} is {_short(str(wanted))}"


def _short(words: str) -> str:
    shown = safe_line(words)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
