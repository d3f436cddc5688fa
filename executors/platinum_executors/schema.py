"""The JSON schemas of the tools that act on nothing: a marker, or no argument at all."""

from __future__ import annotations

from platinum_tui.model.action import JsonValue

MARKER: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"marker": {"type": "string"}},
    "required": ["marker"],
    "additionalProperties": False,
}
NOTHING: dict[str, JsonValue] = {"type": "object", "properties": {}, "additionalProperties": False}
