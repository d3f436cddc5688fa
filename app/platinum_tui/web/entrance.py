"""The entrance: one browser comes in, by a link that works once, and no page of another site comes in with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
_LOCAL_NAMES = frozenset({LOOPBACK, "localhost", "::1"})


class Entrance:
    """Who may talk to one server.

    The link carries a token that is spent by the first browser which brings it; that browser is told a key, and the
    console is at an address that begins with it. Nothing is kept that a browser sends on its own: a cookie would go to
    every port of this machine (RFC 6265, 8.5), and with it whoever listens there could come in.
    A page of another site that reaches us under a name of its own (DNS rebinding), or opens a socket to us (cross-site
    WebSocket hijacking), is told by the headers `Host` and `Origin`, which it cannot set.
    """

    def __init__(self) -> None:
        self._token: str | None = secrets.token_urlsafe(32)
        self._key = secrets.token_urlsafe(32)

    def link(self, port: int) -> str:
        """The link that works once; only before `spend`."""
        return f"http://{LOOPBACK}:{port}/?token={self._token}"

    def spend(self, token: str) -> str | None:
        """The key for whoever brings the token first; None for everybody else."""
        if self._token is None or not _same(token, self._token):
            return None
        self._token = None
        return self._key

    def knows(self, key: str) -> bool:
        """Whether a key is that of the browser which came in."""
        return _same(key, self._key)


def comes_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request was meant for this machine, and not sent by a page of another site."""
    host, origin = headers.get("Host", ""), headers.get("Origin")
    return _name_of(f"//{host}") in _LOCAL_NAMES and origin in {None, f"http://{host}"}


def _same(given: str, secret: str) -> bool:
    """Whether both are the same, in a time that tells nothing; bytes that are no text are compared like any others."""
    return secrets.compare_digest(given.encode(errors="surrogatepass"), secret.encode())


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
