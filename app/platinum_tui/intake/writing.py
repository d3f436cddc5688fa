"""A request in the canonical spelling, as text: what reading it gives back is what was written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from platinum_tui.intake.vocabulary import BODY_FIELD
from platinum_tui.model.action import JsonValue, Kind

_YAML_LINE_ENDS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def canonical_text(kind: Kind, fields: Mapping[str, JsonValue], meta: Mapping[str, str] | None = None) -> str:
    """A Markdown file that asks for one action.

    Args:
        kind: what it asks for.
        fields: the action's fields as JSON; hashes of files are left out, they are found anew.
        meta: `id`, `created_at`, `expires_at`, `task`, `reason`, as far as they are known.

    Returns:
        Front matter, one key a line, each value as JSON (which is YAML), then the text that goes out.
    """
    body = BODY_FIELD.get(kind, "")
    named = {name: value for name, value in fields.items() if name != body and not name.endswith("_sha256")}
    lines = [f"{name}: {value_text(value)}" for name, value in {"kind": kind.value, **(meta or {}), **named}.items()]
    text = str(fields.get(body, ""))
    return "\n".join(["---", *lines, "---", text]).rstrip("\n") + "\n"


def value_text(value: JsonValue) -> str:
    """A value as JSON that YAML reads the same, too."""
    text = json.dumps(value, ensure_ascii=False)
    return _YAML_LINE_ENDS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
