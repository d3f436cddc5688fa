"""The client of the local MCP servers: spawned on stdio when first needed, kept, called with a deadline."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import ConfigurationError, Failed
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.system.server_families import FAMILIES

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

    from mcp import StdioServerParameters

    from platinum_tui.execution.connection import Connection

START_DEADLINE_S = 20.0
"""From spawning a server to the end of its handshake."""
STOP_DEADLINE_S = 10.0
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"),
        *("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"),
        *("PLATINUM_PASSPHRASE", "PLATINUM_PASSPHRASE_FILE", "CREDENTIALS_DIRECTORY"),
    }
)
"""The environment that a built-in server gets; everything else stays here."""
T = TypeVar("T")


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


class LocalServers:
    """The servers of one house, each a child process with one connection.

    Args:
        house: names the servers and what they need.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._connections: dict[str, Connection] = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def call(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        meta: Mapping[str, JsonValue] | None = None,
        deadline_s: float,
    ) -> Answer:
        """Call one tool, starting its server if need be.

        Args:
            server: a built-in server's name or one of the user's own.
            tool: the tool's name.
            arguments: as JSON.
            meta: the call's `_meta`.
            deadline_s: seconds to wait for the answer.

        Raises:
            NeverSent: the server could not be started; nothing was asked of it.
            NoAnswer: the call was sent and its answer did not come: what it did is not known.
        """
        connection = self._connection(server)
        try:
            return self._run(connection.call(tool, arguments, meta, deadline_s), deadline_s + 5)
        except (NoAnswer, NeverSent):
            self._drop(server, connection)
            raise
        except TimeoutError as error:
            self._drop(server, connection)
            raise NoAnswer(f"The server {server} did not answer within {deadline_s:.0f} s.") from error

    def ready(self, server: str) -> None:
        """Have a server running, so that the next call goes out at once.

        Raises:
            NeverSent: it could not be started.
        """
        self._connection(server)

    def tools(self, server: str) -> tuple[Mapping[str, JsonValue], ...]:
        """The tools of a server: name, description, input schema.

        Raises:
            NeverSent, NoAnswer: as in `call`.
        """
        connection = self._connection(server)
        try:
            return self._run(connection.tools(), START_DEADLINE_S)
        except (NoAnswer, NeverSent):
            self._drop(server, connection)
            raise
        except TimeoutError as error:
            self._drop(server, connection)
            raise NoAnswer(f"The server {server} did not list its tools within {START_DEADLINE_S:.0f} s.") from error

    def close(self) -> None:
        """Stop every server."""
        with self._lock:
            for name, connection in list(self._connections.items()):
                self._drop(name, connection)
            if self._loop and self._thread:
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join(STOP_DEADLINE_S)
            self._loop = self._thread = None

    def _connection(self, name: str) -> Connection:
        with self._lock:
            found = self._connections.get(name)
            if found and found.alive:
                return found
            from platinum_tui.execution.connection import Connection

            connection = Connection(name, self._transport(name))
            try:
                self._run(connection.open(), START_DEADLINE_S)
            except TimeoutError as error:
                raise NeverSent(
                    f"The server {safe_line(name)} did not start within {START_DEADLINE_S:.0f} s."
                ) from error
            self._connections[name] = connection
            return connection

    def _drop(self, name: str, connection: Connection) -> None:
        self._connections.pop(name, None)
        try:
            self._run(connection.close(), STOP_DEADLINE_S)
        except (TimeoutError, Failed):
            return

    def _run(self, work: Coroutine[Any, Any, T], deadline_s: float) -> T:
        import asyncio

        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._running_loop())
        try:
            return future.result(deadline_s)
        except TimeoutError:
            future.cancel()
            raise

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            import asyncio

            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="mcp client", daemon=True)
            self._thread.start()
        return self._loop

    def _transport(self, name: str) -> StdioServerParameters | str:
        from mcp import StdioServerParameters

        environ = self._house.environ
        if name in FAMILIES:
            configuration = self._house.configuration
            arguments = ["serve", name, "--config", str(configuration.config_file)]
            arguments += ["--state-dir", str(configuration.state_dir.root), "--vault", str(configuration.vault_root)]
            env = {key: environ[key] for key in _PASSED_ON if key in environ}
            env["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
            return StdioServerParameters(command=sys.executable, args=["-m", "platinum_tui.cli", *arguments], env=env)
        own = self._house.configuration.own_server(name)
        if own is None:
            raise ConfigurationError(
                f"No server {safe_line(name)} is configured.",
                remedy=f"Add [servers.{safe_line(name)}] with its command.",
            )
        if own.url:
            return own.url
        env = {key: environ[key] for key in own.env if key in environ}
        return StdioServerParameters(command=own.command[0], args=list(own.command[1:]), env=env, cwd=own.cwd)
