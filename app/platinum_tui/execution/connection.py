"""One connection to one local MCP server; loaded with the first call, for asyncio and the SDK take long to import."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from platinum_tui.execution.servers import STOP_DEADLINE_S, Answer, NeverSent, NoAnswer
from platinum_tui.model.action import JsonValue
from platinum_tui.model.text import safe, safe_line

MOST_PAGES = 50
"""Pages of a list of tools that are read; a server that goes on for ever is cut off."""


class Connection:
    """One running server. A single task opens, uses and closes it, as the SDK's cancel scopes demand."""

    def __init__(self, name: str, transport: StdioServerParameters | str) -> None:
        self._name = name
        self._transport = transport
        self._client: Client | None = None
        self._opened: asyncio.Future[None] | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether calls can be made."""
        return self._client is not None and self._task is not None and not self._task.done()

    async def open(self) -> None:
        """Start the server and shake hands.

        Raises:
            NeverSent: it does not start or does not speak MCP.
        """
        self._opened = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live())
        await asyncio.shield(self._opened)

    async def close(self) -> None:
        """Stop the server."""
        self._stop.set()
        if self._task:
            await asyncio.wait({self._task}, timeout=STOP_DEADLINE_S)

    async def call(
        self, tool: str, arguments: Mapping[str, JsonValue], meta: Mapping[str, JsonValue] | None, deadline_s: float
    ) -> Answer:
        """One call of a tool; see `LocalServers.call`."""
        if self._client is None or self._task is None:
            raise NeverSent(f"The server {self._name} is not running.")
        work = asyncio.ensure_future(
            self._client.call_tool(tool, dict(arguments), read_timeout_seconds=deadline_s, meta=_meta(meta))
        )
        await asyncio.wait({work, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            raise NoAnswer(f"The server {self._name} ended in the middle of the call.")
        try:
            result = work.result()
        except Exception as error:  # the SDK's errors have no common base of their own
            raise NoAnswer(f"The server {self._name} gave no usable answer: {safe_line(str(error))}") from error
        text = "\n".join(part.text for part in result.content if part.type == "text")
        return Answer(bool(result.is_error), dict(result.structured_content or {}), safe(text))

    async def tools(self) -> tuple[Mapping[str, JsonValue], ...]:
        """The server's tools; see `LocalServers.tools`."""
        if self._client is None or self._task is None:
            raise NeverSent(f"The server {self._name} is not running.")
        work = asyncio.ensure_future(_all_tools(self._client))
        await asyncio.wait({work, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            raise NoAnswer(f"The server {self._name} ended while it listed its tools.")
        try:
            return work.result()
        except Exception as error:  # the SDK's errors have no common base of their own
            raise NoAnswer(f"The server {self._name} does not list its tools: {safe_line(str(error))}") from error

    async def _live(self) -> None:
        opened = self._opened
        if opened is None:
            return
        try:
            async with AsyncExitStack() as stack:
                transport: Any = self._transport
                if isinstance(transport, StdioServerParameters):
                    sink = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
                    transport = stdio_client(transport, errlog=sink)
                self._client = await stack.enter_async_context(Client(transport))
                opened.set_result(None)
                await self._stop.wait()
        except Exception as error:  # noqa: BLE001 - whatever a foreign program does at its start is one finding
            if not opened.done():
                opened.set_exception(NeverSent(f"The server {self._name} does not start: {safe_line(str(error))}"))
        finally:
            self._client = None


def _meta(meta: Mapping[str, JsonValue] | None) -> Any:
    return dict(meta) if meta else None


async def _all_tools(client: Client) -> tuple[Mapping[str, JsonValue], ...]:
    tools: list[Mapping[str, JsonValue]] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        listed = await client.list_tools(cursor=cursor, cache_mode="refresh")
        tools += [tool.model_dump(by_alias=True, exclude_none=True) for tool in listed.tools]
        cursor = listed.next_cursor
        if not cursor:
            break
    return tuple(tools)
