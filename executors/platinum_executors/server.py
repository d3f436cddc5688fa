"""A family as an MCP server on stdio: the acting tools behind the gate, `find`, `check` and `describe`."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from platinum_executors import schema
from platinum_executors.approval import META_KEY
from platinum_executors.family import Answer, Family, Finding, Lookup, Surroundings, View
from platinum_executors.gate import Gate
from platinum_executors.refusal import Refused, Unknown
from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.schema import arguments_of
from platinum_tui.model.text import safe

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp.types import CallToolResult, Tool

Payload = dict[str, JsonValue]


class FamilyServer:
    """What the tools of one family answer, as structured content."""

    def __init__(self, family: Family, surroundings: Surroundings, gate: Gate) -> None:
        self._family = family
        self._surroundings = surroundings
        self._gate = gate
        self._acting = {tool.name: tool for tool in family.tools}
        self._reading: Mapping[str, Callable[[Mapping[str, JsonValue]], Payload]] = {
            "find": self._find,
            "check": lambda _: self._check(),
            "describe": lambda _: self.describe(),
            **{view.name: partial(self._show, view) for view in family.views},
        }

    def call(self, name: str, arguments: Mapping[str, JsonValue], approval: JsonValue) -> tuple[Payload, bool]:
        """The structured content of a call, and whether it is an error; blocks, so call it in a thread."""
        payload, is_error = self._answer(name, arguments, approval)
        return dict(self._surroundings.concealment.cover(payload)), is_error

    def _answer(self, name: str, arguments: Mapping[str, JsonValue], approval: JsonValue) -> tuple[Payload, bool]:
        if name in self._acting:
            result = self._gate.run(self._acting[name], arguments, approval)
            return _result_payload(result), result.outcome is not Outcome.DONE
        if name in self._reading:
            return self._reading[name](arguments), False
        return _result_payload(Refused("no_such_tool", f"{self._family.name} has no tool of that name.").result()), True

    def describe(self) -> Payload:
        """The family's tools with their kinds and promises, as data."""
        tools = {
            tool.name: {"kind": tool.kind.value, "promise": dataclasses.asdict(tool.promise)}
            for tool in self._family.tools
        }
        return {"server": self._family.name, "tools": tools}

    def _find(self, arguments: Mapping[str, JsonValue]) -> Payload:
        marker = arguments.get("marker")
        if not isinstance(marker, str) or not marker:
            lookup = Lookup(Answer.CANNOT_TELL, {"reason": "A marker is required."})
        else:
            try:
                lookup = self._family.find(self._surroundings, marker)
            except Exception as error:  # noqa: BLE001 — whatever a look-up meets, it only means that it cannot tell
                lookup = Lookup(Answer.CANNOT_TELL, {"reason": _sentence(error)})
        return {"outcome": lookup.answer.value, "evidence": _safe(dict(lookup.evidence))}

    def _show(self, view: View, _: Mapping[str, JsonValue]) -> Payload:
        try:
            shown: JsonValue = _safe(dict(view.show(self._surroundings)))
        except PlatinumError as error:
            return {"error": {"message": safe(error.message), "remedy": error.remedy}}
        return dict(shown)

    def _check(self) -> Payload:
        try:
            findings = list(self._family.check(self._surroundings))
        except Exception as error:  # noqa: BLE001 — whatever a check meets is its finding
            remedy = error.remedy if isinstance(error, PlatinumError) else PlatinumError.default_remedy
            findings = [Finding("check_failed", _sentence(error), remedy)]
        return {"ok": not findings, "findings": _safe([dataclasses.asdict(finding) for finding in findings])}


def build_server(family: Family, served: FamilyServer) -> Server[Any]:
    """The MCP server of a family; arguments reach the gate exactly as they came, unconverted."""
    import anyio.to_thread
    from mcp.server.lowlevel import Server
    from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, TextContent

    tools = _tools(family)

    async def list_tools(_: object, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    async def call_tool(_: object, params: CallToolRequestParams) -> CallToolResult:
        meta: Mapping[str, Any] = params.meta or {}
        payload, is_error = await anyio.to_thread.run_sync(
            served.call, params.name, params.arguments or {}, meta.get(META_KEY)
        )
        text = TextContent(type="text", text=json.dumps(payload, ensure_ascii=False))
        return CallToolResult(content=[text], structured_content=payload, is_error=is_error)

    return Server(
        f"platinum-{family.name}",
        instructions="Acting tools need a signed decision of platinum-tui; find, check and describe change nothing.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def run_on_stdio(server: Server[Any]) -> None:
    """Serves until the client closes the stream. Whatever prints by mistake goes to stderr."""
    import anyio
    from mcp.server.stdio import stdio_server

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    anyio.run(run)


def _tools(family: Family) -> list[Tool]:
    from mcp.types import Tool, ToolAnnotations

    reading = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=True)
    acting = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=True)
    return [
        *(
            Tool(
                name=tool.name,
                description=tool.description,
                input_schema=arguments_of(tool.kind),
                annotations=acting,
            )
            for tool in family.tools
        ),
        Tool(
            name="find",
            description="Whether the effect with this marker is in the world.",
            input_schema=schema.MARKER,
            annotations=reading,
        ),
        Tool(
            name="check",
            description="Whether the service can be reached and takes the credentials; changes nothing.",
            input_schema=schema.NOTHING,
            annotations=reading,
        ),
        Tool(
            name="describe",
            description="The tools of this server and what each promises.",
            input_schema=schema.NOTHING,
            annotations=reading,
        ),
        *(
            Tool(name=view.name, description=view.description, input_schema=schema.NOTHING, annotations=reading)
            for view in family.views
        ),
    ]


def _result_payload(result: Result) -> Payload:
    payload: Payload = {"outcome": result.outcome.value}
    if result.outcome is Outcome.REFUSED:
        payload |= {"code": result.code, "message": safe(result.message), "retriable": result.retriable}
    elif result.outcome is Outcome.UNKNOWN:
        payload |= {"code": result.code, "message": safe(result.message)}
    if result.outcome is not Outcome.REFUSED:
        payload["evidence"] = _safe(dict(result.evidence))
    return payload


def _sentence(error: Exception) -> str:
    known = isinstance(error, PlatinumError | Refused | Unknown)
    return str(error) if known else f"{type(error).__name__} while asking the service."


def _safe(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return safe(value)
        case list() | tuple():
            return [_safe(item) for item in value]
        case Mapping():
            return {safe(str(key)): _safe(item) for key, item in value.items()}
        case _:
            return value
