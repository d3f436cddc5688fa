"""A machine for tests of the local MCP servers: vault, state, keys, credentials, configuration, and a real client."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from tests.support import decisions

from platinum_tui.model.action import Action
from platinum_tui.model.decision import Decision
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.keys import Role, Signer, create_keys, load_signer
from platinum_tui.system.paths import StateDir
from platinum_tui.system.vault_identity import pin_vault_id

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = {"PLATINUM_PASSPHRASE": "correct horse battery staple"}


@dataclass(frozen=True)
class Household:
    """One machine with one vault."""

    vault: Path
    state: Path
    config: Path
    vault_id: str
    signer: Signer

    def configure(self, name: str, settings: dict[str, Any], secrets: dict[str, str] | None = None) -> None:
        """Writes the configuration of one server and its credentials."""
        lines = [f"{key} = {_toml(value)}" for key, value in settings.items()]
        self.config.write_text("\n".join([f"[servers.{name}]", *lines, ""]))
        keyring = open_credentials(StateDir(self.state), PASSPHRASE)
        for key, value in (secrets or {}).items():
            keyring.set(f"{name}.{key}", value)

    def decide(self, action: Action, **changes: Any) -> Decision:
        """An approval of an action in this vault, not yet enclosed."""
        fields = decisions.fields_of(action)
        return decisions.decide(action.kind, fields, self.signer, **{"vault": self.vault_id, **changes})

    def approve(self, action: Action, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The arguments and the `_meta` of a call that does this action."""
        fields, approval = decisions.approve(action, self.signer, **{"vault": self.vault_id, **changes})
        return fields, {"platinum/approval": approval}

    @property
    def burnt(self) -> list[str]:
        """The nonces used so far."""
        return sorted(
            mark.name.partition(".")[0] for mark in (self.state / "vaults" / self.vault_id / "used").glob("*")
        )

    @asynccontextmanager
    async def serve(
        self, name: str, environ: dict[str, str] | None = None, errlog: TextIO = sys.stderr
    ) -> AsyncIterator[Client]:
        """A client of a server process, started as the core starts it; `errlog` takes what it says."""
        arguments = [str(ROOT / "tests/support/serve_door.py"), name]
        arguments += ["--config", str(self.config), "--state-dir", str(self.state), "--vault", str(self.vault)]
        path = ":".join(str(ROOT / part) for part in ("app", "executors"))
        environment = {"PYTHONPATH": path, "HOME": str(self.state), **PASSPHRASE, **(environ or {})}
        server = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
        async with Client(stdio_client(server, errlog=errlog), read_timeout_seconds=30) as client:
            yield client

    async def do(self, client: Client, tool: str, action: Action, **changes: Any) -> dict[str, Any]:
        """Approves an action and has it done; the structured result."""
        fields, meta = self.approve(action, **changes)
        return await self.call(client, tool, fields, meta)

    @staticmethod
    async def call(client: Client, tool: str, fields: dict[str, Any], meta: dict[str, Any] | None) -> dict[str, Any]:
        """Calls an acting tool; the structured result, once it is clear that an error is marked as one."""
        result = await client.call_tool(tool, fields, meta=meta)
        assert result.is_error is (result.structured_content["outcome"] != "done")
        return result.structured_content


def make_household(root: Path) -> Household:
    """A vault, a state directory with keys, and an empty configuration below `root`."""
    vault, state, config = root / "vault", root / "state", root / "config.toml"
    vault.mkdir()
    state.mkdir(mode=0o700)
    config.touch()
    keyring = open_credentials(StateDir(state), PASSPHRASE)
    create_keys(keyring, StateDir(state), "reviewer", datetime.now(UTC))
    return Household(vault, state, config, pin_vault_id(state, vault), load_signer(keyring, Role.REVIEWER))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
