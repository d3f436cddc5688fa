"""The local MCP servers: each started with its courier when it is needed, kept for a while, called with a deadline."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping

from platinum_tui.execution.connection import Answer, Connection, NeverSent, NoAnswer
from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.system.server_families import FAMILIES

IDLE_S = 120.0
"""Seconds after which a server that is not used is stopped."""
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"),
        *("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"),
        *("PLATINUM_PASSPHRASE", "PLATINUM_PASSPHRASE_FILE", "CREDENTIALS_DIRECTORY"),
    }
)
"""The environment that a built-in server gets; everything else stays here."""


class LocalServers:
    """The servers of one house, each with one connection.

    Args:
        house: names the servers and what they need.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._connections: dict[str, Connection] = {}
        self._lock = threading.Lock()

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
            return connection.call(tool, arguments, meta, deadline_s)
        except (NoAnswer, NeverSent):
            self._give_up(server, connection)
            raise

    def ready(self, server: str) -> None:
        """Have a server running, so that the next call goes out at once.

        Raises:
            NeverSent: it could not be started.
        """
        self._connection(server)

    def tools(self, server: str) -> tuple[Mapping[str, JsonValue], ...]:
        """The tools of a server: name, description, input schema.

        Raises:
            NeverSent: it could not be started, or does not list them.
        """
        connection = self._connection(server)
        try:
            return connection.tools()
        except NeverSent:
            self._give_up(server, connection)
            raise

    def rest(self) -> None:
        """Stop every server that has not been used for a while; the next call starts it again."""
        with self._lock:
            for name, connection in list(self._connections.items()):
                if connection.idle_s > IDLE_S:
                    self._drop(name, connection)

    def close(self) -> None:
        """Stop every server."""
        with self._lock:
            for name, connection in list(self._connections.items()):
                self._drop(name, connection)

    def _connection(self, name: str) -> Connection:
        with self._lock:
            found = self._connections.get(name)
            if found and found.alive:
                return found
            if found:
                self._drop(name, found)
            self._connections[name] = connection = Connection(name, self._where(name))
            return connection

    def _drop(self, name: str, connection: Connection) -> None:
        del self._connections[name]
        connection.close()

    def _give_up(self, name: str, connection: Connection) -> None:
        """Close a connection that failed; the one that another thread may have put in its place stays."""
        with self._lock:
            if self._connections.get(name) is connection:
                del self._connections[name]
        connection.close()

    def _where(self, name: str) -> dict[str, JsonValue]:
        environ = self._house.environ
        if name in FAMILIES:
            configuration = self._house.configuration
            arguments = ["-m", "platinum_tui.cli", "serve", name, "--config", str(configuration.config_file)]
            arguments += ["--state-dir", str(configuration.state_dir.root), "--vault", str(configuration.vault_root)]
            env = {key: environ[key] for key in _PASSED_ON if key in environ}
            env["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
            return {"command": sys.executable, "args": arguments, "env": env}
        own = self._house.configuration.own_server(name)
        if own is None:
            raise ConfigurationError(
                f"No server {safe_line(name)} is configured.",
                remedy=f"Add [servers.{safe_line(name)}] with its command.",
            )
        if own.url:
            return {"url": own.url}
        env = {key: environ[key] for key in own.env if key in environ}
        cwd = str(own.cwd) if own.cwd else None
        return {"command": own.command[0], "args": list(own.command[1:]), "env": env, "cwd": cwd}
