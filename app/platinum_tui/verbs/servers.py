"""`serve` and `servers`: the local MCP servers, one run on stdio, or all by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import instant
from platinum_tui.model.errors import ExitCode, PlatinumError, UsageError
from platinum_tui.verbs.call import Call

if TYPE_CHECKING:
    from platinum_tui.system.tool_lists import ToolList

GROUP = "platinum_tui.executors"
"""The entry points under which servers register; they are listed without being imported."""


def serve(call: Call) -> ExitCode:
    """Run one server on stdio until its client closes the stream."""
    found = entry_points(group=GROUP, name=call.arguments.name)
    if not found:
        known = ", ".join(sorted(point.name for point in entry_points(group=GROUP)))
        raise UsageError(f"There is no server {call.arguments.name}.", remedy=f"There are: {known}.")
    next(iter(found)).load()(call.configuration(), dict(os.environ))
    return ExitCode.DONE


def show_link(call: Call) -> ExitCode:
    """Whether WhatsApp is linked, and the code to scan where it is not; ends with 5 while it has to be scanned."""
    from platinum_tui.execution.whatsapp_link import LinkState
    from platinum_tui.model.qr_code import Ground, qr_lines

    with call.service() as service:
        link = service.whatsapp_link()
    if call.as_json:
        call.print_json(link.to_json())
    else:
        call.print_text(f"WhatsApp ({link.way}): {link.state} {link.number}".rstrip())
        if link.code:
            ground = Ground.LIGHT if call.arguments.light else Ground.DARK
            call.print_text("\n".join(qr_lines(link.code, ground, ascii_only=call.options.ascii)))
        if link.code_expires_at:
            call.print_text(f"good until {instant(link.code_expires_at)}; ask again for the next code")
        call.say(link.advice)
    return ExitCode.DONE if link.state is LinkState.LINKED else ExitCode.NEEDS_PERSON


def list_servers(call: Call) -> ExitCode:
    """The built-in servers and the user's own, and which are configured; with `--tools`, what one's own offer."""
    configuration = call.configuration()
    names = sorted({point.name for point in entry_points(group=GROUP)} | set(configuration.servers))
    built_in = {point.name for point in entry_points(group=GROUP)}
    rows = [{"name": n, "built_in": n in built_in, "configured": n in configuration.servers} for n in names]
    if call.arguments.tools:
        tools = dict(_tools(call))
        rows = [{**row, **tools.get(str(row["name"]), {})} for row in rows]
    if call.as_json:
        call.print_json({"servers": rows})
    else:
        for row in rows:
            kind = "built in" if row["built_in"] else "your own"
            call.print_text(f"{row['name']}  {kind}{'' if row['configured'] else ', not configured'}")
            call.print_text("".join(_lines(row)).rstrip("\n")) if "tools" in row or "error" in row else None
    return ExitCode.FAILED if any("error" in row for row in rows) else ExitCode.DONE


def _tools(call: Call) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    """For each server of the user's its tools, asked of it now, or why it does not tell them."""
    with call.service() as service:
        for name in service.own_servers():
            try:
                yield name, _described(service.list_tools(name))
            except PlatinumError as error:
                yield name, {"error": error.to_json()}


def _described(listed: ToolList) -> dict[str, JsonValue]:
    tools = [
        {"name": t.name, "description": t.description, "schema": dict(t.schema), "schema_sha256": t.schema_sha256}
        for t in listed.tools.values()
    ]
    return {"tools": tools, "listed_at": instant(listed.listed_at)}


def _lines(row: dict[str, JsonValue]) -> Iterator[str]:
    if "error" in row:
        yield f"  {row['error']['message']}\n"
    for tool in row.get("tools", ()):
        taken = ", ".join(tool["schema"].get("properties", {}))
        first = tool["description"].strip().split("\n")[0]
        yield f"  {tool['name']}({taken})  {first}\n"
