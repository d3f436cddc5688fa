"""The fields of a call to one of the user's own MCP servers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from platinum_tui.intake.draft import Draft, free_text, identifier
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.tool_arguments import fault_of_arguments
from platinum_tui.intake.values import Raw, texts_in, typed
from platinum_tui.model.action import JsonValue
from platinum_tui.model.request import ProblemCode
from platinum_tui.model.text import safe_line

_MOST_NAMED = 20
"""Tools that a message names at most."""
_NAME = re.compile(r"[\w.-]{1,64}")


def read_call(draft: Draft, surroundings: Surroundings) -> None:
    """Reads server, tool and arguments into the draft."""

    def server(value: Raw) -> str:
        name = identifier(value)
        if name not in surroundings.servers:
            raise ValueError("is none of your configured servers; the built-in ones are reached by their own kinds")
        return name

    if not draft.take("server", server):
        _keep_name(draft)
    draft.take("tool", identifier)
    found = draft.agreed(
        "arguments",
        draft.sources.in_head(("arguments", "args", "params", "parameters", "input"), draft.kind),
        _arguments,
    )
    if found:
        draft.put("arguments", found[0], found[1].source)
    draft.missing("server", "No server is given; add `server` with the name of a configured one.")
    draft.missing("tool", "No tool is given; add `tool`.")
    if "arguments" not in draft.fields and not draft.findings.has("arguments"):
        draft.missing("arguments", "No arguments are given; add `arguments`, perhaps empty: {}.")
    _check_tool(draft, surroundings)


def _check_tool(draft: Draft, surroundings: Surroundings) -> None:
    """Holds the call against the list of the server's tools, where there is one."""
    if any(name not in draft.fields or draft.findings.has(name) for name in ("server", "tool", "arguments")):
        return
    server, tool, arguments = (draft.fields[name] for name in ("server", "tool", "arguments"))
    tools = surroundings.tools(server)
    if tools is None:
        return
    if tool not in tools:
        known = ", ".join(safe_line(name) for name in sorted(tools)[:_MOST_NAMED])
        draft.findings.problem(
            ProblemCode.INVALID_VALUE, f"{server} has no tool {tool}; it has: {known or 'none'}.", "tool"
        )
        return
    fault = fault_of_arguments(tools[tool], arguments)
    if fault:
        draft.findings.problem(ProblemCode.INVALID_VALUE, f"{tool} of {server} {fault}.", "arguments")


def _keep_name(draft: Draft) -> None:
    """Keeps the name of a server that may not be called, so that a reviewer sees which was asked for."""
    candidates = draft.sources.of(draft.kind, "server")
    if len(candidates) == 1 and isinstance(candidates[0].value, str) and _NAME.fullmatch(candidates[0].value):
        draft.put("server", str(candidates[0].value), candidates[0].source)


def _arguments(value: Raw) -> JsonValue:
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping of names to values")
    if any(text == "_meta" for text in texts_in(value)):
        raise ValueError("hold `_meta`, which carries decisions and is not for files")
    for text in texts_in(value):
        free_text(text)
    return typed(value)
