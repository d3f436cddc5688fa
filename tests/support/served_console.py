"""`platinum-tui web` as a process, and programs that talk to it and are no browser."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import resource
import signal
import socket
import struct
import subprocess
from urllib.parse import urlsplit

import aiohttp
from tests.support.machine import Machine

PATIENCE_S = 60.0
_CONNECTIONS = 8


class Served:
    """`platinum-tui web`, running.

    Attributes:
        link: the link that works once.
        root: the server's address, at which nothing is without a key.
        port: where it listens.
    """

    def __init__(self, machine: Machine, *options: str) -> None:
        environ = {**machine.environ, "TMPDIR": str(machine.root)}
        self.process = subprocess.Popen(
            machine.command(*options, "web"), env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.link = self.process.stdout.readline().strip()
        self.root = self.link.partition("?")[0]
        self.port = int(urlsplit(self.root).port or 0)

    async def come_in(self, session: aiohttp.ClientSession) -> str:
        """Spend the link; the address of the page it leads to."""
        async with session.get(self.link) as page:
            assert page.status == 200
            return str(page.url)

    def answer(self, said: bytes) -> bytes:
        """What the server says to these bytes, until it hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as connection:
            connection.sendall(said)
            with connection.makefile("rb") as answer:
                return answer.read()

    def flood(self) -> None:
        """More connections than the server may have files; over when it answered one and could not take the others."""
        if not hasattr(resource, "prlimit"):  # Linux alone sets a limit of another process
            return
        open_files = {int(name) for name in os.listdir(f"/proc/{self.process.pid}/fd")}
        free = next(number for number in itertools.count() if number not in open_files)
        before = resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (free + 1, before[1]))
        with contextlib.ExitStack() as opened:
            first, *_ = [
                opened.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S))
                for _ in range(_CONNECTIONS)
            ]
            first.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b" 403 " in first.recv(4096)
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, before)

    def end(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


class Abandoned:
    """A program at the page's socket that has the console draw without end, and reads nothing of it.

    It reads until the console draws, so that what follows finds it running.
    """

    def __init__(self, home: str) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(("127.0.0.1", urlsplit(home).port or 0))
        self._socket.sendall(upgrade(home))
        seen = b""
        while b"\x1b[" not in seen:
            seen += self._socket.recv(4096)

    def abandon(self) -> None:
        """Ask for 1,500 sizes, and go without a word."""
        for number in range(1500):
            said = json.dumps(["resize", {"width": 200 + number % 2, "height": 60}]).encode()
            self._socket.sendall(bytes((0x81, 0x80 | len(said), 0, 0, 0, 0)) + said)  # a text, masked with zeros
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


def upgrade(home: str) -> bytes:
    """What opens the page's socket, from a program that is no browser."""
    return (
        f"GET {urlsplit(home).path}ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()
