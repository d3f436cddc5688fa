"""The tools of the user's own MCP servers, as last listed: what a call is checked against before it is approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from platinum_tui.model.action import JsonValue
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.decision import instant
from platinum_tui.system.private_file import write_private
from platinum_tui.system.server_settings import OwnServer

LARGEST_LIST = 4 * 1024 * 1024
"""Bytes of one server's list at most."""


@dataclass(frozen=True, slots=True)
class KnownTool:
    """One tool as its server described it. Every text is the server's own: make it safe before it is shown.

    Attributes:
        schema: the JSON schema of its arguments.
    """

    name: str
    description: str
    schema: Mapping[str, JsonValue]

    @property
    def schema_sha256(self) -> str:
        """The digest of the schema, 64 hex digits."""
        return hashlib.sha256(canonical_json(dict(self.schema))).hexdigest()

    @classmethod
    def listed(cls, tool: Mapping[str, JsonValue]) -> KnownTool:
        """A tool from an entry of `tools/list` (MCP 2025-11-25, server/tools)."""
        schema = tool.get("inputSchema")
        return cls(
            str(tool.get("name", "")),
            str(tool.get("description") or ""),
            dict(schema) if isinstance(schema, Mapping) else {},
        )


@dataclass(frozen=True, slots=True)
class ToolList:
    """The tools of one server.

    Attributes:
        tools: by name.
        listed_at: when the server was asked, aware.
    """

    tools: Mapping[str, KnownTool]
    listed_at: datetime


class ToolLists:
    """What the state directory knows of servers' tools, one file a server.

    Args:
        directory: where the files lie; made when the first list is kept.
        own_server: the settings of a server of the user's. A list counts for the very program it was asked of.
    """

    def __init__(self, directory: Path, own_server: Callable[[str], OwnServer | None]) -> None:
        self.directory = directory
        self._own_server = own_server

    @property
    def stamp(self) -> int:
        """Another number after every list that was kept."""
        try:
            return self.directory.stat().st_mtime_ns
        except OSError:
            return 0

    def known(self, server: str) -> ToolList | None:
        """The tools of a server as last listed; None where nobody asked it yet, or it is another program now."""
        own = self._own_server(server)
        if own is None:
            return None
        try:
            kept = json.loads(self._file(server).read_text("utf-8"))
            tools = [KnownTool(tool["name"], tool["description"], tool["schema"]) for tool in kept["tools"]]
            listed_at = datetime.fromisoformat(kept["listed_at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if kept.get("program") != _program(own):
            return None
        return ToolList({tool.name: tool for tool in tools}, listed_at)

    def keep(self, server: OwnServer, listed: Iterable[Mapping[str, JsonValue]], now: datetime) -> ToolList:
        """Keep what a server answered to `tools/list`.

        Raises:
            ValueError: the list is larger than anybody could read.
            OSError: the disk says no.
        """
        tools = [KnownTool.listed(tool) for tool in listed]
        entries = [
            {"name": tool.name, "description": tool.description, "schema": tool.schema, "sha256": tool.schema_sha256}
            for tool in tools
        ]
        value = {"server": server.name, "program": _program(server), "listed_at": instant(now), "tools": entries}
        data = json.dumps(value, ensure_ascii=True, indent=1).encode()
        if len(data) > LARGEST_LIST:
            raise ValueError("the list of tools is too large")
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._file(server.name), data)
        return ToolList({tool.name: tool for tool in tools}, now)

    def _file(self, server: str) -> Path:
        return self.directory / f"{server}.json"


def _program(server: OwnServer) -> str:
    told = [*server.command, str(server.cwd or ""), server.url]
    return hashlib.sha256(canonical_json(told)).hexdigest()
