"""A courier: the process that speaks MCP to one local server for the program that executes.

The SDK takes 50 MB to load; here it goes away with the courier. Both sides write one JSON object a line, over the
socket that is the courier's standard input: first where the server is, then one call after the other. A line counts
when its end has arrived. When the socket closes, the courier ends, and with it the server.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platinum_tui.model.text import safe, safe_line

if TYPE_CHECKING:
    from mcp import Client

_LONGEST_LINE = 256 * 1024 * 1024
_MOST_PAGES = 50
"""Pages of a list of tools that are read; a server that goes on for ever is cut off."""
_STDIN = 0
_IN_WORDS = {
    "Connection closed": "it ended before it answered.",
    "All connection attempts failed": "nothing answers at its address.",
}
"""What the SDK and its HTTP client say, and what it means."""


def main() -> None:
    """Serve until the socket closes."""
    asyncio.run(_serve(socket.socket(fileno=_STDIN)))


async def _serve(channel: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=channel, limit=_LONGEST_LINE)

    async def say(**said: object) -> None:
        writer.write(json.dumps(said).encode() + b"\n")
        await writer.drain()

    order = json.loads(await reader.readline())
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(order["deadline_s"]):
                client = await _connected(stack, order["where"])
        except Exception as error:  # noqa: BLE001 - whatever a foreign program does at its start is one finding
            await say(failed=_sentence(error))
            return
        await say(open=True)
        line = asyncio.ensure_future(reader.readline())
        while (next_line := await line).endswith(b"\n"):
            line = asyncio.ensure_future(reader.readline())
            answering = asyncio.ensure_future(_answer(client, json.loads(next_line)))
            await asyncio.wait({answering, line}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                os._exit(1)  # nobody waits for the answer any more; the server ends the call by itself
            await say(**answering.result())


async def _connected(stack: AsyncExitStack, where: dict[str, Any]) -> Client:
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    if "url" in where:
        return await stack.enter_async_context(Client(where["url"]))
    sink = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    transport = stdio_client(StdioServerParameters(**where), errlog=sink)
    return await stack.enter_async_context(Client(transport))


async def _answer(client: Client, order: dict[str, Any]) -> dict[str, Any]:
    """What one order comes to; `lost` says why there is no answer to it."""
    try:
        async with asyncio.timeout(order["deadline_s"]):
            return await (_tools(client) if "list" in order else _call(client, order))
    except Exception as error:  # noqa: BLE001 - the SDK's errors have no common base of their own
        return {"lost": _sentence(error)}


def _sentence(error: BaseException) -> str:
    """What lies at the bottom of the groups in which the SDK raises, as the end of a sentence about a server."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    match error:
        case FileNotFoundError(filename=str(program)):
            return safe_line(f"there is no program {program}.")
        case PermissionError(filename=str(program)):
            return safe_line(f"{program} may not be run.")
        case TimeoutError():
            return "it did not answer in time."
        case _:
            return _IN_WORDS.get(str(error)) or safe_line(f"{type(error).__name__}: {error}")


async def _call(client: Client, order: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(
        order["tool"], order["arguments"], read_timeout_seconds=order["deadline_s"], meta=order["meta"]
    )
    text = "\n".join(part.text for part in result.content if part.type == "text")
    return {"is_error": bool(result.is_error), "content": dict(result.structured_content or {}), "text": safe(text)}


async def _tools(client: Client) -> dict[str, Any]:
    tools: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        listed = await client.list_tools(cursor=cursor, cache_mode="refresh")
        tools += [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in listed.tools]
        cursor = listed.next_cursor
        if not cursor:
            break
    return {"tools": tools}


if __name__ == "__main__":
    main()
