"""A page of somebody else, at another port of this machine: it hears what a browser tells it."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator


class Site(http.server.ThreadingHTTPServer):
    """Another site.

    Attributes:
        address: where its page is.
        requests: what it was asked: the path and the headers of each request, in order.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.requests: list[dict[str, str]] = []


class _Page(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.requests.append({"path": self.path, **self.headers})
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>another site</title>")

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is its own."""


@contextlib.contextmanager
def another_site() -> Iterator[Site]:
    """Another site, open as long as the block."""
    with Site() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()
