"""A server of the user's for tests: a calendar that keeps what it did in the file of its first argument.

The file of the second names its tools, each with what it takes; the third is what happens once it has done its work:
`good`, `die`, `garble` (an answer that is no JSON) or `error`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import CallToolResult, ListToolsResult, TextContent, Tool

journal, tools, mode = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]


async def list_tools(_: object, __: object) -> ListToolsResult:
    known = json.loads(tools.read_text())
    listed = [Tool(name=name, description="Do it.\nAt once.", input_schema=schema) for name, schema in known.items()]
    return ListToolsResult(tools=listed)


async def call_tool(_: object, params) -> CallToolResult:
    with journal.open("a") as file:
        file.write(json.dumps(params.arguments) + "\n")
    if mode == "die":
        os._exit(1)
    if mode == "garble":
        os.write(1, b"what was asked?\n")
        os._exit(0)
    return CallToolResult(content=[TextContent(type="text", text="booked")], is_error=mode == "error")


async def run() -> None:
    server = Server("calendar", on_list_tools=list_tools, on_call_tool=call_tool)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


anyio.run(run)
