"""An HTTP server on loopback that plays a service's contract, keeps a journal, and can fail in every known way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.content.decode(), keep_blank_values=True).items()}

    def part(self, name: str) -> str | None:
        """The text of one field of a multipart body (RFC 7578), or of a form."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return self.form.get(name)
        message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.content)
        parts = {part.get_param("name", header="content-disposition"): part for part in message.get_payload()}
        return parts[name].get_payload(decode=True).decode() if name in parts else None


@dataclass(frozen=True)
class Answer:
    """What the service says."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    """The service does its work, and the connection breaks before the answer."""
    silent: bool = False
    """The service does its work, and says nothing, on a line that stays open."""

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


LOST = Answer(lost=True)
SILENT = Answer(silent=True)
GARBAGE = Answer(b"<html>not what you asked for", headers={"content-type": "text/html"})


@dataclass
class Contract:
    """A service: `answer` is its behaviour, `faults` what it says instead to the next calls of a path.

    Attributes:
        journal: every call, in order.
        faults: by path, or method and path; an answer with `lost` lets `answer` do its work first.
    """

    answer: Callable[[Call], Answer]
    journal: list[Call] = field(default_factory=list)
    faults: dict[str, Answer] = field(default_factory=dict)
    url: str = ""

    def respond(self, call: Call) -> Answer:
        self.journal.append(call)
        fault = self.faults.get(f"{call.method} {call.path}") or self.faults.get(call.path)
        if fault is None:
            return self.answer(call)
        if fault.lost or fault.silent or fault is GARBAGE:
            self.answer(call)
        return fault

    def calls(self, path: str) -> list[Call]:
        """The calls of one path."""
        return [call for call in self.journal if call.path == path]


@contextmanager
def contract_server(answer: Callable[[Call], Answer]) -> Iterator[Contract]:
    """A service on a free port of loopback."""
    contract, over = Contract(answer), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            split = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = {name: values[0] for name, values in parse_qs(split.query).items()}
            call = Call(self.command, split.path, query, headers, self.rfile.read(length))
            answer = contract.respond(call)
            if answer.silent:
                over.wait(30)
            if answer.lost or answer.silent:
                self.close_connection = True
                return
            content = b"" if answer.status == 204 else answer.content
            self.send_response(answer.status)
            for name, value in {"content-type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    contract.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield contract
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
