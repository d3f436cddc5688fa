"""The console in a browser on this machine: `platinum-tui web`, a link that works once, and a real Chromium."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from tests.support.another_site import another_site
from tests.support.browser import CHROMIUM, Browser, browser
from tests.support.machine import Machine
from tests.support.served_console import PATIENCE_S, Abandoned, Served, upgrade

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
DEAD_S = 0.6
"""Keys that decide are dead for 400 ms after the screen changed."""


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
        address = await page.evaluate("location.href")
        assert served.link.partition("=")[2] not in address, "the token stays in no history"
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
    with another_site() as site:
        async with reviewer(served, tmp_path) as page:
            socket = str(await page.evaluate("location.href")).replace("http", "ws") + "ws"
            await page.open(site.address)
            await until_titled(page, "another site")

            told = await page.evaluate(
                f"new Promise(tell => {{ const s = new WebSocket('{socket}');"
                "s.onopen = () => tell('opened'); s.onerror = () => tell('refused') })"
            )

    assert told == "refused"


@needs_chromium
async def test_a_page_at_another_port_of_this_machine_is_told_nothing_it_could_come_in_with(
    served: Served, tmp_path: Path
) -> None:
    with another_site() as site:
        async with reviewer(served, tmp_path) as page:
            address = str(await page.evaluate("location.href"))
            assert await page.evaluate("document.cookie") == ""
            await page.open(site.address)
            await until_titled(page, "another site")

            await page.evaluate("fetch('/asked', {credentials: 'include'}).then(answer => answer.text())")

    assert "/asked" in [request["path"] for request in site.requests]
    assert [request["Cookie"] for request in site.requests if "Cookie" in request] == []
    assert urlsplit(address).path.strip("/") not in str(site.requests)


@needs_chromium
async def test_a_text_that_ends_its_own_paste_presses_no_key(machine: Machine, served: Served, tmp_path: Path) -> None:
    async with reviewer(served, tmp_path) as page:
        await asyncio.sleep(DEAD_S)
        for text in ("hello\x1b[201~a", "hello\x9b201~a"):
            await paste(page, text)
        await page.type("/")
        await page.wait_for("Enter submit", PATIENCE_S)
        await paste(page, "plain text")
        await page.wait_for("/ plain text", PATIENCE_S)

    (request,) = machine.json("list", "--state", "all")["requests"]
    assert request["state"] == "pending"
    assert machine.inbox.mails == []


@needs_chromium
async def test_a_console_that_ended_is_opened_again_at_the_same_address(served: Served, tmp_path: Path) -> None:
    async with reviewer(served, tmp_path) as page:
        address = await page.evaluate("location.href")
        await page.type("q")
        await until_shown(page, "The console has ended")

        await page.evaluate("window.gone = true; document.getElementById('again').click()")
        await until_false(page, "window.gone || !document.body.classList.contains('-first-byte')")

        assert await page.evaluate("location.href") == address


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
    async with aiohttp.ClientSession() as session:
        assert "has not come in by the link" in await refused(session, served.root)
        assert "is not ours" in await refused(session, f"{served.root}?token=guessed")

        async with session.get(served.link) as page:
            assert page.status == 200
            assert "textual-terminal" in await page.text()
            (redirect,) = page.history
            assert redirect.status == 303
            assert "Set-Cookie" not in redirect.headers

        assert "was used before" in await refused(session, served.link)
        async with session.get(page.url) as again:
            assert again.status == 200, "the page may be loaded anew"


@pytest.mark.parametrize(
    "path", ["", "ws", "static/js/textual.js", "page/page.js", "elsewhere", "guessed/", "guessed/ws"]
)
async def test_who_does_not_know_the_address_is_refused_everywhere(served: Served, path: str) -> None:
    async with aiohttp.ClientSession() as reviewer, aiohttp.ClientSession() as stranger:
        await served.come_in(reviewer)

        assert "has not come in by the link" in await refused(stranger, served.root + path)


async def test_asking_in_another_way_or_elsewhere_does_not_spend_the_link(served: Served) -> None:
    token = served.link.partition("?")[2]
    async with aiohttp.ClientSession() as session:
        for method in ("HEAD", "POST", "PUT"):
            async with session.request(method, served.link, allow_redirects=False) as answer:
                assert answer.status == 403
                assert_guarded(answer)
        await refused(session, f"{served.root}ws?{token}")
        await refused(session, f"{served.root}elsewhere?{token}")

        await served.come_in(session)


@pytest.mark.parametrize("target", [b"/?token=%FF", b"/?token=%ED%A0%80", b"/%FF/", b"/%ED%A0%80/ws", b"/%00"], ids=str)
def test_no_address_is_too_strange_to_be_refused(served: Served, target: bytes) -> None:
    said = served.answer(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 403"), said


async def test_every_answer_forbids_what_no_console_needs(served: Served) -> None:
    async with aiohttp.ClientSession() as session:
        home = await served.come_in(session)
        for address, status in (
            (served.root, 403),
            (f"{served.root}elsewhere", 403),
            (home, 200),
            (f"{home}page/page.js", 200),
            (f"{home}page/page.css", 200),
            (f"{home}static/js/textual.js", 200),
            (f"{home}static/css/xterm.css", 200),
            (f"{home}static/fonts/RobotoMono-VariableFont_wght.ttf", 403),
            (f"{home}elsewhere", 403),
            (f"{home}ws", 400),
        ):
            async with session.get(address) as answer:
                assert answer.status == status, address
                assert_guarded(answer)
        async with session.post(home) as answer:
            assert answer.status == 403
            assert_guarded(answer)


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
    async with aiohttp.ClientSession() as session:
        assert "not a page of this console" in await refused(session, served.link, headers)
        home = await served.come_in(session)  # the token was not spent by that
        assert "not a page of this console" in await refused(session, home, headers)
        assert "not a page of this console" in await refused(session, f"{home}ws", headers)


async def test_only_so_many_pages_have_a_console_at_once(served: Served) -> None:
    async with aiohttp.ClientSession() as session, contextlib.AsyncExitStack() as pages:
        home = await served.come_in(session)
        for _ in range(4):
            await pages.enter_async_context(session.ws_connect(f"{home}ws"))

        assert "Too many pages" in await refused(session, f"{home}ws", status=503)


async def test_a_console_that_is_abandoned_ends_and_counts_until_then(machine: Machine, tmp_path: Path) -> None:
    served = Served(machine, "--demo")
    async with aiohttp.ClientSession() as session, contextlib.AsyncExitStack() as pages:
        home = await served.come_in(session)
        flood = Abandoned(home)
        (console,) = tmp_path.glob("platinum-demo*")
        for _ in range(3):
            await pages.enter_async_context(session.ws_connect(f"{home}ws"))

        flood.abandon()
        await until_admitted(session, f"{home}ws")

        assert not console.exists()
    assert served.end() == 0
    served.process.communicate()


async def test_ctrl_c_ends_the_consoles_of_open_pages(machine: Machine, tmp_path: Path) -> None:
    served = Served(machine, "--demo")
    async with aiohttp.ClientSession() as session:
        home = await served.come_in(session)
        async with session.ws_connect(f"{home}ws") as page:
            await page.receive_bytes()

            ending = asyncio.create_task(asyncio.to_thread(served.end))
            async for _ in page:
                pass

            assert page.close_code == aiohttp.WSCloseCode.OK, "the console ended by itself, the connection after it"
            assert await ending == 0
    assert not list(tmp_path.glob("platinum-demo*"))
    served.process.communicate()


async def test_nothing_that_comes_in_is_told_on_the_terminal(served: Served) -> None:
    async with aiohttp.ClientSession() as session:
        home = await served.come_in(session)
        await refused(session, f"{home}ws", status=400)
        for said in (
            "{",
            "[]",
            "5",
            '["stdin"]',
            '["stdin", 5]',
            '["stdin", "\\ud800"]',
            '["resize", null]',
            "[" * 100_000,
        ):
            async with session.ws_connect(f"{home}ws") as page:
                await page.send_str(said)
                async for _ in page:
                    pass
        served.answer(b"\x16\x03\x01 no HTTP\r\n\r\n")
        served.answer(upgrade(home) + b"\xff\xff\xff\xff")
        served.flood()
        async with aiohttp.ClientSession() as another:
            assert "was used before" in await refused(another, served.link)

    assert served.end() == 0
    assert served.process.stderr is not None
    told = served.process.stderr.read().splitlines()
    assert [line for line in told if line != "Ctrl-C ends it." and not line.startswith("Open this link")] == []


def test_it_listens_on_loopback_alone_and_a_taken_port_is_said(machine: Machine, served: Served) -> None:
    listening = Path("/proc/net/tcp").read_text() if Path("/proc/net/tcp").exists() else ""
    said = machine.run("web", "--port", str(served.port), code=2).stderr

    assert f"0100007F:{served.port:04X}" in listening or not listening
    assert f"00000000:{served.port:04X}" not in listening
    assert f"Port {served.port} of this machine cannot be used" in said
    assert "--port" in said


def test_a_port_that_is_none_is_wrong_usage(machine: Machine) -> None:
    for port in ("0", "65536", "eighty"):
        assert "is no port" in machine.run("web", "--port", port, code=2).stderr


async def refused(
    session: aiohttp.ClientSession, address: str, headers: dict[str, str] | None = None, status: int = 403
) -> str:
    async with session.get(address, headers=headers or {}) as answer:
        assert answer.status == status
        assert_guarded(answer)
        return await answer.text()


def assert_guarded(answer: aiohttp.ClientResponse) -> None:
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


async def paste(page: Browser, text: str) -> None:
    """Paste, as Ctrl+Shift+V does."""
    await page.evaluate(
        f"{{ const data = new DataTransfer(); data.setData('text/plain', {json.dumps(text)});"
        "document.querySelector('.xterm-helper-textarea').dispatchEvent("
        "new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }"
    )


async def until_admitted(session: aiohttp.ClientSession, address: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with contextlib.suppress(aiohttp.WSServerHandshakeError):
                async with session.ws_connect(address):
                    return
            await asyncio.sleep(0.05)


async def until_false(page: Browser, script: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await page.evaluate(script):
            await asyncio.sleep(0.05)


async def until_shown(page: Browser, text: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while text not in str(await page.evaluate("document.body.innerText")):
            await asyncio.sleep(0.05)


async def until_titled(page: Browser, title: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await page.evaluate("document.title") != title:
            await asyncio.sleep(0.05)
