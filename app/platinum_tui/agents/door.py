"""The MCP server for agents, on stdio: six tools, and none that decides."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from platinum_tui.agents.proposals import META, WAITING, Proposals
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import instant
from platinum_tui.model.errors import NotFound, PlatinumError, UsageError
from platinum_tui.model.request import State
from platinum_tui.model.schema import arguments_of
from platinum_tui.model.standing import Standing
from platinum_tui.service import Service

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp.types import CallToolResult, Tool

LONGEST_WAIT_S = 600.0
_LOOK_EVERY_S = 0.5
_TEXT: JsonValue = {"type": "string"}
_INSTRUCTIONS = (
    "Every action with an effect outside needs a person's approval. Propose it with request_approval, wait with "
    "wait_for_decision. A person decides in platinum-tui; nothing here approves. Problems name the fields to mend "
    "with revise_request. Use the same request_key when you repeat a call."
)

Payload = dict[str, JsonValue]


def serve(service: Service) -> None:
    """Serve agents until the client closes the stream. Whatever prints by mistake goes to stderr."""
    import anyio
    from mcp.server.stdio import stdio_server

    server = build_server(Proposals(service))

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    anyio.run(run)


def build_server(proposals: Proposals) -> Server[Any]:
    """The server over one vault's proposals."""
    import anyio
    import anyio.to_thread
    from mcp.server.lowlevel import Server
    from mcp.types import CallToolRequestParams, ListToolsResult, PaginatedRequestParams

    tools = _tools()
    answers = _answers(proposals)

    async def wait(arguments: Mapping[str, JsonValue]) -> Payload:
        deadline = anyio.current_time() + _seconds(arguments.get("timeout_s"))
        while True:
            standing = await anyio.to_thread.run_sync(proposals.get, str(arguments.get("id", "")))
            left = deadline - anyio.current_time()
            if standing.state not in WAITING or left <= 0:
                return {**_described(standing), "decided": standing.state not in WAITING}
            await anyio.sleep(min(_LOOK_EVERY_S, left))

    names = [tool.name for tool in tools]

    async def list_tools(_: object, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    async def call_tool(_: object, params: CallToolRequestParams) -> CallToolResult:
        arguments = params.arguments or {}
        try:
            if params.name == "wait_for_decision":
                return _result(await wait(arguments))
            answer = answers.get(params.name)
            if answer is None:
                raise NotFound(f"There is no tool {params.name}.", remedy=f"There are: {', '.join(names)}.")
            return _result(await anyio.to_thread.run_sync(answer, arguments))
        except PlatinumError as error:
            return _result({"error": error.to_json()}, is_error=True)

    return Server("platinum-agents", instructions=_INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool)


def _answers(proposals: Proposals) -> Mapping[str, Callable[[Mapping[str, JsonValue]], Payload]]:
    def named(arguments: Mapping[str, JsonValue]) -> str:
        return str(arguments.get("id", ""))

    def revise(arguments: Mapping[str, JsonValue]) -> Payload:
        changes = {name: value for name, value in arguments.items() if name != "id"}
        return _brief(proposals.revise(named(arguments), changes))

    def listed(arguments: Mapping[str, JsonValue]) -> Payload:
        return {"requests": [_brief(standing) for standing in proposals.list(_state(arguments.get("state")))]}

    return {
        "request_approval": lambda arguments: _brief(proposals.propose(arguments)),
        "get_request": lambda arguments: _described(proposals.get(named(arguments))),
        "list_requests": listed,
        "revise_request": revise,
        "withdraw_request": lambda arguments: _brief(proposals.withdraw(named(arguments))),
    }


def _brief(standing: Standing) -> Payload:
    request = standing.request
    return {
        "id": request.id,
        "file": standing.file,
        "fingerprint": request.fingerprint,
        "state": standing.state.value,
        "problems": [{"code": p.code.value, "field": p.field, "message": p.message} for p in request.problems],
    }


def _described(standing: Standing) -> Payload:
    request = standing.request
    return {
        **_brief(standing),
        "kind": request.kind.value if request.kind else None,
        "title": standing.title,
        "fields": dict(request.fields),
        "warnings": [{"code": w.code.value, "message": w.message} for w in request.warnings],
        "why": standing.why,
        "expires_at": instant(request.expires_at) if request.expires_at else None,
    }


def _result(payload: Payload, *, is_error: bool = False) -> CallToolResult:
    from mcp.types import CallToolResult, TextContent

    text = TextContent(type="text", text=json.dumps(payload, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=payload, is_error=is_error)


def _state(value: JsonValue) -> State | None:
    if value in (None, "", "all"):
        return None
    try:
        return State(str(value))
    except ValueError:
        raise UsageError("There is no such state.", remedy=f"States: {', '.join(State)}, all.") from None


def _seconds(value: JsonValue) -> float:
    if value is None:
        return 0.0
    if not isinstance(value, int | float) or not 0 <= value <= LONGEST_WAIT_S:
        raise UsageError("timeout_s is a number of seconds.", remedy=f"Give one from 0 to {LONGEST_WAIT_S:.0f}.")
    return float(value)


def _tools() -> list[Tool]:
    from mcp.types import Tool, ToolAnnotations

    looking = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    writing = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
    one: JsonValue = _schema({"id": _TEXT}, "id")
    fields = _fields()
    meta = dict.fromkeys(META, _TEXT)
    kind: JsonValue = {"type": "string", "enum": [kind.value for kind in Kind], "description": _required_fields()}
    states: JsonValue = {"type": "string", "enum": [*(state.value for state in State), "all"]}
    wait: JsonValue = {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT_S}
    proposing = _schema({"kind": kind, **fields, **meta, "request_key": _TEXT}, "kind")

    def tool(name: str, description: str, schema: JsonValue, annotations: ToolAnnotations) -> Tool:
        return Tool(name=name, description=description, input_schema=schema, annotations=annotations)

    return [
        tool(
            "request_approval", "Ask a person to approve one action. Nothing is done by this call.", proposing, writing
        ),
        tool("get_request", "One request and where it stands.", one, looking),
        tool("list_requests", "The requests in a state, or all.", _schema({"state": states}), looking),
        tool(
            "wait_for_decision",
            "Wait until a person has decided, at most timeout_s seconds; `decided` says whether.",
            _schema({"id": _TEXT, "timeout_s": wait}, "id"),
            looking,
        ),
        tool(
            "revise_request",
            "A new version of a request that is not decided or was sent back; null removes a field.",
            _schema({"id": _TEXT, **{name: _or_null(value) for name, value in {**fields, **meta}.items()}}, "id"),
            writing,
        ),
        tool("withdraw_request", "Take a request back that is not executed.", one, writing),
    ]


def _fields() -> dict[str, JsonValue]:
    """Every field of every kind; where kinds differ, either form."""
    forms: dict[str, list[JsonValue]] = {}
    for kind in Kind:
        for name, form in arguments_of(kind)["properties"].items():
            known = forms.setdefault(name, [])
            if form not in known and not name.endswith("_sha256"):
                known.append(form)
    return {name: found[0] if len(found) == 1 else {"anyOf": found} for name, found in forms.items() if found}


def _required_fields() -> str:
    return "; ".join(f"{kind}: {', '.join(arguments_of(kind)['required'])}" for kind in Kind)


def _or_null(form: JsonValue) -> JsonValue:
    return {"anyOf": [form, {"type": "null"}]}


def _schema(properties: Mapping[str, JsonValue], *required: str) -> dict[str, JsonValue]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [*required],
        "additionalProperties": False,
    }
