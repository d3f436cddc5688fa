"""A real browser without a window: it opens pages, takes keys, and tells what a console in it shows.

Driven by the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/, stable 1.3).
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pyte

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions",
    "--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1280,860",
    # Nothing but this machine exists, not even to the browser's own services.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)  # fmt: skip
_BINARY = 2


class Browser:
    """One page in a headless Chromium.

    Attributes:
        complaints: what the page's own console said was wrong.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._news = asyncio.Event()
        self.complaints: list[str] = []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol; gives its result."""
        number = next(self._numbers)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        return await answer

    async def open(self, address: str) -> None:
        """Go to a page, as when a link is clicked."""
        await self.call("Page.navigate", url=address)

    async def type(self, text: str) -> None:
        """Press keys, one after the other."""
        for key in text:
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=key, key=key)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def evaluate(self, script: str) -> Any:
        """What a script in the page comes to, run as if a click had begun it."""
        how = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = await self.call("Runtime.evaluate", expression=script, **how)
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    @property
    def text(self) -> str:
        """What the console in the page shows, a line a row."""
        return "\n".join(self._screen.display)

    async def wait_for(self, text: str, within: float = 60.0) -> None:
        """Until the console in the page shows a text."""
        async with asyncio.timeout(within):
            with contextlib.suppress(TimeoutError):
                while text not in self.text:
                    self._news.clear()
                    await self._news.wait()
        if text not in self.text:
            raise AssertionError(f"{text!r} was not seen:\n{self.text}\n{self.complaints}")

    async def listen(self) -> None:
        """Take in what the browser tells, until it ends."""
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told.get("result", {}))
            else:
                self._hear(told["method"], told["params"])

    def _hear(self, event: str, told: dict[str, Any]) -> None:
        match event:
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == _BINARY:
                self._stream.feed(base64.b64decode(told["response"]["payloadData"]))
                self._news.set()
            case "Network.webSocketFrameSent":
                self._resize(told["response"]["payloadData"])
            case "Log.entryAdded":
                self.complaints.append(str(told["entry"]["text"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(told["exceptionDetails"]))

    def _resize(self, sent: str) -> None:
        kind, *values = json.loads(sent)
        if kind == "resize":
            self._screen.resize(values[0]["height"], values[0]["width"])


@contextlib.asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    """A browser that has never been anywhere; ended with the block."""
    assert CHROMIUM is not None
    home = folder / "browser"
    home.mkdir()
    process = subprocess.Popen(
        [CHROMIUM, *_FLAGS, f"--user-data-dir={home}", "about:blank"],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            port = await _port(home / "DevToolsActivePort")
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                (page,) = [each for each in await answer.json() if each["type"] == "page"]
            async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                found = Browser(socket)
                listening = asyncio.create_task(found.listen())
                for room in ("Page", "Network", "Log", "Runtime"):
                    await found.call(f"{room}.enable")
                yield found
                listening.cancel()
    finally:
        process.terminate()
        process.wait(20)


async def _port(file: Path) -> int:
    async with asyncio.timeout(60):
        while not (file.exists() and "\n" in file.read_text()):
            await asyncio.sleep(0.05)
    return int(file.read_text().splitlines()[0])
