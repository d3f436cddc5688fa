"""The entrance: one browser comes in, by a link that works once, and no page of another site comes in with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
_LOCAL_NAMES = frozenset({LOOPBACK, "localhost", "::1"})


class Entrance:
    """Who may talk to one server.

    The link carries a token that is spent by the first browser which brings it; from then on that browser is known by
    a cookie, which no script reads and no other site's page sends (`HttpOnly`, `SameSite=Strict`: RFC 6265bis, 5.6).
    A page of another site that reaches us under a name of its own (DNS rebinding), or opens a socket to us (cross-site
    WebSocket hijacking), is told by the headers `Host` and `Origin`, which it cannot set.
    """

    def __init__(self) -> None:
        self._token: str | None = secrets.token_urlsafe(32)
        self._cookie = secrets.token_urlsafe(32)

    def link(self, port: int) -> str:
        """The link that works once; only before `spend`."""
        return f"http://{LOOPBACK}:{port}/?token={self._token}"

    def spend(self, token: str) -> str | None:
        """The cookie's value for whoever brings the token first; None for everybody else."""
        if self._token is None or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = None
        return self._cookie

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is that of the browser which came in."""
        return secrets.compare_digest(cookie.encode(), self._cookie.encode())


def comes_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request was meant for this machine, and not sent by a page of another site."""
    host, origin = headers.get("Host", ""), headers.get("Origin")
    return _name_of(f"//{host}") in _LOCAL_NAMES and origin in {None, f"http://{host}"}


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
