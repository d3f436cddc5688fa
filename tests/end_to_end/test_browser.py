"""The console in a browser on this machine: `platinum-tui web`, a link that works once, and a real Chromium."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import http.server
import signal
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest
from tests.support.browser import CHROMIUM, Browser, browser
from tests.support.machine import Machine
from tests.support.mail_servers import free_port

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
PATIENCE_S = 60.0
DEAD_S = 0.6
"""Keys that decide are dead for 400 ms after the screen changed."""


class Served:
    """`platinum-tui web`, running.

    Attributes:
        link: the link that works once.
        home: where it leads to, without the token.
    """

    def __init__(self, machine: Machine, *options: str) -> None:
        environ = {**machine.environ, "TMPDIR": str(machine.root)}
        self.process = subprocess.Popen(
            machine.command(*options, "web"), env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.link = self.process.stdout.readline().strip()
        self.home = self.link.partition("?")[0]

    def end(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def served(machine: Machine) -> Iterator[Served]:
    machine.draft("a.md", id="req-a")
    served = Served(machine)
    yield served
    served.process.kill()
    served.process.communicate()


@contextlib.asynccontextmanager
async def reviewer(served: Served, folder: Path) -> AsyncIterator[Browser]:
    """A person at a browser who opened the link and sees the request."""
    async with browser(folder) as page:
        await page.open(served.link)
        await page.wait_for("To: ana@example.com", PATIENCE_S)
        await page.evaluate("document.querySelector('.xterm-helper-textarea').focus()")
        yield page


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.05)


@needs_chromium
async def test_a_reviewer_approves_in_a_browser_and_the_mail_arrives_once(
    machine: Machine, served: Served, tmp_path: Path
) -> None:
    async with reviewer(served, tmp_path) as page:
        assert "July invoice" in page.text
        assert await page.evaluate("location.href") == served.home, "the token stays in no history"
        await asyncio.sleep(DEAD_S)

        await page.type("a")
        await until(lambda: len(machine.inbox.mails) == 1)
        await page.wait_for("History 1", PATIENCE_S)  # while it is under way, leaving asks first
        assert "0 waiting" in page.text
        await page.type("q")
        await until_shown(page, "The console has ended")

        assert [text for text in page.complaints if "WebGL" not in text] == []
    assert served.end() == 0
    (request,) = machine.json("list", "--state", "all")["requests"]
    assert request["state"] == "done"
    assert len(machine.inbox.mails) == 1


@needs_chromium
async def test_a_page_of_another_site_cannot_reach_the_console_of_a_browser_that_came_in(
    served: Served, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("<title>another site</title>")
    with another_site(tmp_path) as address:
        async with reviewer(served, tmp_path) as page:
            await page.open(address)
            await until_titled(page, "another site")
            socket = served.home.replace("http", "ws") + "ws"

            told = await page.evaluate(
                f"new Promise(tell => {{ const s = new WebSocket('{socket}');"
                "s.onopen = () => tell('opened'); s.onerror = () => tell('refused') })"
            )

    assert told == "refused"


@needs_chromium
async def test_what_a_request_links_to_is_not_opened_from_the_console(served: Served, tmp_path: Path) -> None:
    async with reviewer(served, tmp_path) as page:
        assert await page.evaluate("String(window.open('https://example.com/'))") == "null"


@needs_chromium
async def test_a_closed_browser_ends_its_console_and_removes_the_demo(machine: Machine, tmp_path: Path) -> None:
    served = Served(machine, "--demo")
    async with browser(tmp_path) as page:
        await page.open(served.link)
        await page.wait_for("Copperleaf", PATIENCE_S)
        assert list(tmp_path.glob("platinum-demo*"))

    await until(lambda: not list(tmp_path.glob("platinum-demo*")))
    assert served.end() == 0


@needs_chromium
async def test_a_killed_server_leaves_no_console_behind(machine: Machine, tmp_path: Path) -> None:
    served = Served(machine, "--demo")
    async with browser(tmp_path) as page:
        await page.open(served.link)
        await page.wait_for("Copperleaf", PATIENCE_S)

        served.process.kill()

        await until(lambda: not list(tmp_path.glob("platinum-demo*")))
    served.process.communicate()


async def test_the_link_works_once(served: Served) -> None:
    async with (
        client() as mine,
        client() as other,
    ):
        assert "has not come in by the link" in await _refused(mine, served.home)
        assert "is not ours" in await _refused(mine, f"{served.home}?token=guessed")

        async with mine.get(served.link) as page:
            assert page.status == 200
            assert "textual-terminal" in await page.text()
            assert page.history[0].headers["Set-Cookie"].endswith("; HttpOnly; Path=/; SameSite=Strict")
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            assert page.headers["X-Frame-Options"] == "DENY"

        assert "was used before" in await _refused(other, served.link)
        assert "has not come in by the link" in await _refused(other, f"{served.home}static/js/textual.js")
        async with mine.get(served.home) as again:
            assert again.status == 200, "the page may be loaded anew"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
    ],
    ids=str,
)
async def test_under_another_name_or_from_another_page_not_even_the_link_works(
    served: Served, headers: dict[str, str]
) -> None:
    async with client() as session:
        assert "not a page of this console" in await _refused(session, served.link, headers)
        async with session.get(served.link) as page:
            assert page.status == 200, "the token was not spent by that"


async def test_only_so_many_pages_have_a_console_at_once(served: Served) -> None:
    async with (
        client() as session,
        contextlib.AsyncExitStack() as pages,
    ):
        await session.get(served.link)
        socket = f"{served.home}ws"
        for _ in range(4):
            await pages.enter_async_context(session.ws_connect(socket))

        assert "Too many pages" in await _refused(session, socket, {}, 503)


def test_it_listens_on_loopback_alone_and_a_taken_port_is_said(machine: Machine, served: Served) -> None:
    port = served.home.rstrip("/").rpartition(":")[2]

    listening = Path("/proc/net/tcp").read_text() if Path("/proc/net/tcp").exists() else ""
    said = machine.run("web", "--port", port, code=2).stderr

    assert f"0100007F:{int(port):04X}" in listening or not listening
    assert f"00000000:{int(port):04X}" not in listening
    assert f"Port {port} of this machine cannot be used" in said
    assert "--port" in said


def test_a_port_that_is_none_is_wrong_usage(machine: Machine) -> None:
    for port in ("0", "65536", "eighty"):
        assert "is no port" in machine.run("web", "--port", port, code=2).stderr


def client() -> aiohttp.ClientSession:
    """A program that keeps cookies, also those of an address without a name."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def _refused(
    session: aiohttp.ClientSession, address: str, headers: dict[str, str] | None = None, status: int = 403
) -> str:
    async with session.get(address, headers=headers or {}) as answer:
        assert answer.status == status
        return await answer.text()


async def until_shown(page: Browser, text: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while text not in str(await page.evaluate("document.body.innerText")):
            await asyncio.sleep(0.05)


async def until_titled(page: Browser, title: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await page.evaluate("document.title") != title:
            await asyncio.sleep(0.05)


@contextlib.contextmanager
def another_site(folder: Path) -> Iterator[str]:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
