"""A console behind a page: it is shown until it has ended, and waited for only so long."""

from __future__ import annotations

import asyncio
import os
import sys

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from platinum_tui.web import console
from platinum_tui.web.console import Console

SHOW_NUMBER = "import os, time; os.write(1, b'__GANGLION__\\nD' + (8).to_bytes(4, 'big') + b'%08d' % os.getpid())\n"


async def shown(program: str) -> list[bytes]:
    """What a page gets of a program, until the program has ended or is given up."""

    async def serve(request: web.Request) -> web.StreamResponse:
        page = web.WebSocketResponse()
        await page.prepare(request)
        behind = Console([sys.executable, "-c", program], page)
        await behind.start(80, 24)
        await behind.listen()
        await behind.stop()
        return page

    application = web.Application()
    application.router.add_get("/", serve)
    async with (
        asyncio.timeout(60),
        TestServer(application) as server,
        aiohttp.ClientSession() as session,
        session.ws_connect(server.make_url("/")) as page,
    ):
        return [message.data async for message in page]


async def test_a_program_that_ends_without_a_word_closes_its_page() -> None:
    (number,) = await shown(SHOW_NUMBER)

    assert not is_alive(int(number))


async def test_a_program_that_shows_no_more_and_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE_S", 0.1)

    (number,) = await shown(SHOW_NUMBER + "os.close(1); os.close(2); time.sleep(3600)")

    assert not is_alive(int(number))


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
