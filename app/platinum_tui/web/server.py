"""The server: the console's page at an address that nobody guesses, and for each page that is open a console."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import textual_serve
from aiohttp import web

from platinum_tui.model.errors import UsageError
from platinum_tui.web.console import PATIENCE_S, Console
from platinum_tui.web.entrance import LOOPBACK, Entrance, comes_from_here

MOST_CONSOLES = 4
"""Pages that may be open at once: each has a console of its own."""
_HEARTBEAT_S = 15.0
_OURS, _TERMINAL = Path(__file__).parent, Path(textual_serve.__file__).parent
_FILES = {
    "": _OURS / "page.html",
    **{name: _OURS / name for name in ("page/page.css", "page/page.js")},
    **{name: _TERMINAL / name for name in ("static/css/xterm.css", "static/js/textual.js")},
}
"""What the page is made of, by its address behind the key."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Nothing is kept, nothing is loaded from elsewhere, and no other page may frame a console whose keys decide."""
_TALKERS = ("asyncio", "aiohttp.access", "aiohttp.server", "textual-serve")
"""What would tell on the reviewer's terminal of everything that strangers send."""
_BY_THE_LINK = "Open the link that `platinum-tui web` printed."
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(command: Sequence[str], port: int, announce: Callable[[str], None]) -> None:
    """Serve a console on loopback until Ctrl-C or SIGTERM.

    Args:
        command: the program that is the console, with its arguments.
        port: where to listen; 0 for any free port.
        announce: is told the link that works once.

    Raises:
        UsageError: the port is taken.
    """
    for name in _TALKERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(_Server(command).run(port, announce))


class _Server:
    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._entrance = Entrance()
        self._open: set[Console] = set()
        self._ending: list[asyncio.Task[None]] = []

    async def run(self, port: int, announce: Callable[[str], None]) -> None:
        listener = _listener(port)
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=PATIENCE_S)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        announce(self._entrance.link(listener.getsockname()[1]))
        await _told_to_end()
        await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guarded])
        application.router.add_get("/{key}/ws", self._console, allow_head=False)
        application.router.add_get("/{key}/{name:.*}", self._file, allow_head=False)
        application.on_response_prepare.append(_add_headers)
        application.on_shutdown.append(self._end_consoles)
        return application

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Nothing is answered to a page of another site, nor to a browser that did not come in by the link."""
        if not comes_from_here(request.headers):
            return _refusal("This is not a page of this console.", _BY_THE_LINK)
        if request.method == "GET" and request.path == "/" and "token" in request.query:
            return self._let_in(request.query["token"])
        if not self._entrance.knows(request.match_info.get("key", "")):
            return _refusal("This browser has not come in by the link.", _BY_THE_LINK)
        return await handler(request)

    def _let_in(self, token: str) -> web.Response:
        key = self._entrance.spend(token)
        if key is None:
            remedy = "End `platinum-tui web` and start it again for a new one."
            return _refusal("This link was used before, or is not ours.", remedy)
        return web.Response(status=303, headers={"Location": f"/{key}/"})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = _FILES.get(request.match_info["name"])
        return web.FileResponse(file) if file else _refusal("This is not a page of this console.", _BY_THE_LINK)

    async def _console(self, request: web.Request) -> web.StreamResponse:
        if len(self._open) >= MOST_CONSOLES:
            return _refusal("Too many pages are open.", "Close one of them, then load this one again.", 503)
        page = web.WebSocketResponse(heartbeat=_HEARTBEAT_S)
        if not page.can_prepare(request):
            return _refusal("This address is for the page alone.", _BY_THE_LINK, 400)
        console = Console(self._command, page)
        async with contextlib.AsyncExitStack() as leaving:
            self._open.add(console)
            leaving.callback(self._open.discard, console)
            leaving.push_async_callback(console.stop)
            await page.prepare(request)
            await console.start(_cells(request, "width", 80), _cells(request, "height", 24))
            await console.listen()
        return page

    async def _end_consoles(self, _: web.Application) -> None:
        """Each console ends the way `q` ends it, after what is going out: the runner waits for that."""
        self._ending += [asyncio.create_task(console.stop()) for console in self._open]


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Port {port} of this machine cannot be used: {error.strerror}.",
            remedy="Name another one with --port, or leave it out for a free one.",
        ) from error
    return listener


def _refusal(message: str, remedy: str, status: int = 403) -> web.Response:
    return web.Response(status=status, text=f"{message}\n{remedy}\n")


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


def _cells(request: web.Request, side: str, usual: int) -> int:
    """How many cells a side of the page has."""
    try:
        return int(request.query[side])
    except (KeyError, ValueError):
        return usual


async def _told_to_end() -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    await told.wait()
