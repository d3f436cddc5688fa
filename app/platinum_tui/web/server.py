"""The server: the console's page, and for each page that is open a console of its own, drawn by textual-serve."""

from __future__ import annotations

import asyncio
import shlex
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from string import Template
from typing import cast

from aiohttp import web
from textual_serve.server import Server as Consoles

from platinum_tui.model.errors import UsageError
from platinum_tui.web.entrance import LOOPBACK, Entrance, comes_from_here

PATIENCE_S = 120.0
"""How long the end waits for consoles in which something is going out."""
MOST_CONSOLES = 4
"""Pages that may be open at once: each has a console of its own."""
_PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
_HERE = Path(__file__).parent / "page"
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
    asyncio.run(_Server(command).run(port, announce))


class _Server:
    def __init__(self, command: Sequence[str]) -> None:
        self._entrance = Entrance()
        self._consoles = Consoles(shlex.join(command), host=LOOPBACK, title="platinum-tui")
        self._open: set[asyncio.Task[object]] = set()

    async def run(self, port: int, announce: Callable[[str], None]) -> None:
        listener = _listener(port)
        self._cookie_name = f"platinum-{listener.getsockname()[1]}"  # cookies know no ports
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=PATIENCE_S)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        announce(self._entrance.link(listener.getsockname()[1]))
        await _told_to_end()
        await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guarded])
        application.router.add_get("/", self._page)
        application.router.add_get("/ws", self._console)
        application.router.add_static("/page", _HERE)
        application.router.add_static("/static", self._consoles.statics_path)
        application.on_shutdown.append(self._end_consoles)
        return application

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Nothing is answered to a page of another site, nor to a browser that did not come in by the link."""
        response: web.StreamResponse
        if not comes_from_here(request.headers):
            response = _refusal("This is not a page of this console.", "Open the link that `platinum-tui web` printed.")
        elif "token" in request.query:
            response = self._let_in(request.query["token"])
        elif not self._entrance.knows(request.cookies.get(self._cookie_name, "")):
            remedy = "Open the link that `platinum-tui web` printed."
            response = _refusal("This browser has not come in by the link.", remedy)
        else:
            response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _let_in(self, token: str) -> web.Response:
        cookie = self._entrance.spend(token)
        if cookie is None:
            remedy = "End `platinum-tui web` and start it again for a new one."
            return _refusal("This link was used before, or is not ours.", remedy)
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self._cookie_name, cookie, httponly=True, samesite="Strict", path="/")
        return response

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=_PAGE.substitute(socket=f"ws://{request.host}/ws"), content_type="text/html")

    async def _console(self, request: web.Request) -> web.StreamResponse:
        if len(self._open) >= MOST_CONSOLES:
            return _refusal("Too many pages are open.", "Close one of them, then load this one again.", 503)
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._open.add(task)
        try:
            return await self._consoles.handle_websocket(request)
        finally:
            self._open.discard(task)

    async def _end_consoles(self, _: web.Application) -> None:
        """Each console ends the way `q` ends it, after what is going out: the runner waits for that."""
        for task in self._open:
            task.cancel()


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


async def _told_to_end() -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    await told.wait()
