"""A console: the process that draws one page, from its first byte to its end."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from asyncio.subprocess import Process
from collections.abc import Sequence

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

PATIENCE_S = 120.0
"""How long a console is waited for in which something is going out."""
_MOUTHFUL = 65536


class Console(AppService):
    """The program behind one page; what it draws goes to the page, and the page's keys go to it.

    Args:
        command: the program, with its arguments.
        page: the page's socket, open.
    """

    def __init__(self, command: Sequence[str], page: web.WebSocketResponse) -> None:
        super().__init__(
            f"exec {shlex.join(command)}",  # the shell becomes the program: what ends the one ends the other
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self._page = page

    async def listen(self) -> None:
        """Take in what the page says until it is closed, or says what no page of ours does."""
        with contextlib.suppress(ValueError, RecursionError, ConnectionError):
            async for message in self._page:
                await self._hear(message.json())

    async def _hear(self, said: object) -> None:
        match said:
            case ["stdin", str(keys)]:
                await self.send_bytes(keys.encode())
            case ["resize", {"width": int(width), "height": int(height)}]:
                await self.set_terminal_size(width, height)
            case ["ping", str(number)]:
                await self._page.send_json(["pong", number])
            case ["focus"]:
                await self.focus()
            case ["blur"]:
                await self.blur()
            case _:
                raise ValueError(said)

    async def run(self) -> None:
        """Show the program until it has ended, also when nobody looks any more.

        A program whose output nobody takes stands still in the middle of a write. So it is read to its end.
        """
        try:
            with contextlib.suppress(ConnectionError):
                await super().run()
        finally:
            if self._process is not None:
                await self._outlast(self._process)
            await self._close()

    async def _outlast(self, process: Process) -> None:
        streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
        try:
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*(_drain(stream) for stream in streams))
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _close(self) -> None:
        await self._page.close()


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(_MOUTHFUL):
        pass
