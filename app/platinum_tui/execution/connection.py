"""One connection to one local MCP server, through a courier: what was sent, what was answered, what nobody knows."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import Failed
from platinum_tui.model.text import safe_line

START_DEADLINE_S = 20.0
"""From spawning a server to the end of its handshake."""
STOP_DEADLINE_S = 10.0
_GRACE_S = 5.0
"""How much longer than the courier we wait for an answer."""
_COURIER = "platinum_tui.execution.courier"
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool answered.

    Attributes:
        is_error: as the server says.
        content: the structured content; empty where there is none.
        text: the text content, made safe.
    """

    is_error: bool
    content: Mapping[str, JsonValue]
    text: str


class NeverSent(Failed):
    """The call did not reach the server."""


class NoAnswer(Failed):
    """The server got the call, and its answer did not come."""


class Connection:
    """One running server and its courier.

    Args:
        name: the server's name, for people.
        where: `command`, `args`, `env` and `cwd` of a server on stdio, or the `url` of another.

    Raises:
        NeverSent: it does not start, not in time, or does not speak MCP.
    """

    def __init__(self, name: str, where: Mapping[str, JsonValue]) -> None:
        self._name = safe_line(name)
        self._heard = b""
        self._one_at_a_time = threading.Lock()
        self._used_at = time.monotonic()
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._courier = subprocess.Popen(
                [sys.executable, "-P", "-m", _COURIER],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environ(),
                start_new_session=True,  # a Ctrl-C for us must not end it in the middle of a call
            )
        try:
            said = self._exchange({"where": where, "deadline_s": START_DEADLINE_S}, START_DEADLINE_S + _GRACE_S)
        except (NoAnswer, NeverSent) as error:
            self.close()
            raise NeverSent(f"The server {self._name} did not start.") from error
        if "failed" in said:
            self.close()
            raise NeverSent(f"The server {self._name} does not start: {said['failed']}")

    @property
    def alive(self) -> bool:
        """Whether calls can be made."""
        return self._courier.poll() is None

    @property
    def idle_s(self) -> float:
        """For how many seconds nobody has used it."""
        return 0.0 if self._one_at_a_time.locked() else time.monotonic() - self._used_at

    def call(
        self, tool: str, arguments: Mapping[str, JsonValue], meta: Mapping[str, JsonValue] | None, deadline_s: float
    ) -> Answer:
        """One call of a tool, after those that are under way.

        Raises:
            NeverSent: the courier did not get all of it, so the server got nothing.
            NoAnswer: the courier got it, and no answer came.
        """
        order = {
            "tool": tool,
            "arguments": dict(arguments),
            "meta": dict(meta) if meta else None,
            "deadline_s": deadline_s,
        }
        with self._one_at_a_time:
            said = self._exchange(order, deadline_s + _GRACE_S)
            self._used_at = time.monotonic()
        if "lost" in said:
            raise NoAnswer(f"The server {self._name} gave no usable answer: {said['lost']}")
        return Answer(said["is_error"], said["content"], said["text"])

    def tools(self) -> tuple[Mapping[str, JsonValue], ...]:
        """The server's tools as it lists them now.

        Raises:
            NeverSent: it does not list them; nothing else was asked of it.
        """
        with self._one_at_a_time:
            try:
                said = self._exchange({"list": "tools", "deadline_s": START_DEADLINE_S}, START_DEADLINE_S + _GRACE_S)
            except NoAnswer as error:
                raise NeverSent(f"The server {self._name} does not list its tools.") from error
        if "lost" in said:
            raise NeverSent(f"The server {self._name} does not list its tools: {said['lost']}")
        return tuple(said["tools"])

    def close(self) -> None:
        """Stop the server; a call that is under way has no answer."""
        self._hang_up()
        try:
            self._courier.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self._courier.kill()
            self._courier.wait()
        self._channel.close()

    def _exchange(self, message: Mapping[str, Any], deadline_s: float) -> dict[str, Any]:
        """Send one line and get one; after a line that was not answered, nothing is sent any more.

        A courier acts on a line only when its end, sent last, has arrived.
        """
        try:
            return self._spoken(message, time.monotonic() + deadline_s)
        except (NeverSent, NoAnswer):
            self._hang_up()  # what is answered too late must not be taken for the next answer
            raise

    def _spoken(self, message: Mapping[str, Any], ends_at: float) -> dict[str, Any]:
        try:
            self._channel.settimeout(max(0.001, ends_at - time.monotonic()))
            self._channel.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise NeverSent(f"The server {self._name} is not running.") from error
        try:
            while b"\n" not in self._heard:
                self._channel.settimeout(max(0.001, ends_at - time.monotonic()))
                chunk = self._channel.recv(_CHUNK)
                if not chunk:
                    raise NoAnswer(f"The server {self._name} ended in the middle of the call.")
                self._heard += chunk
        except TimeoutError as error:
            raise NoAnswer(f"The server {self._name} did not answer in time.") from error
        except OSError as error:
            raise NoAnswer(f"The server {self._name} ended in the middle of the call.") from error
        line, _, self._heard = self._heard.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)


def _environ() -> dict[str, str]:
    """What the courier sees: not what opens the keyring, which a server gets with its own environment."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATINUM_PASSPHRASE")}
    return {**environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
