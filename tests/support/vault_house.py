"""A vault and everything behind it, real but for time: what stories of deciding and executing happen in."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.clock import NOON, ManualClock
from tests.support.leftovers import shared_folder

from platinum_tui.execution.connection import Answer
from platinum_tui.execution.executor import Executor
from platinum_tui.execution.servers import LocalServers
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.review.house import House
from platinum_tui.review.housekeeping import Housekeeping
from platinum_tui.system.configuration import Options, load
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.keys import Role, Signer, create_keys, load_signer
from platinum_tui.system.paths import StateDir
from platinum_tui.vault.folders import Vault

ENVIRON = {"PLATINUM_PASSPHRASE": "correct horse battery staple", "HOME": "/nonexistent"}


@cache
def keys() -> tuple[Path, Signer, Signer]:
    """A state directory with keys in the encrypted file keyring, made once for all stories, and its signers."""
    state = StateDir(shared_folder("platinum-keys-") / "state")
    state.ensure()
    credentials = open_credentials(state, ENVIRON)
    create_keys(credentials, state, "reviewer", NOON - timedelta(days=1))
    return state.root, load_signer(credentials, Role.REVIEWER), load_signer(credentials, Role.MACHINE)


class Stand(LocalServers):
    """Local servers that note what they are asked and answer as told; only for stories that are not about them."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.calls: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = []
        self.answers: Callable[[str], Mapping[str, Any]] = lambda _: {"outcome": "done", "evidence": {}}
        self.while_starting: Callable[[], None] = lambda: None
        self.promises: Mapping[str, Mapping[str, Any]] = {}

    def ready(self, server: str) -> None:
        self.while_starting()

    def call(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        meta: Mapping[str, Any] | None = None,
        deadline_s: float,
    ) -> Answer:
        if tool == "describe":
            return Answer(False, {"tools": {name: {"promise": each} for name, each in self.promises.items()}}, "")
        self.calls.append((tool, arguments, meta or {}))
        content = dict(self.answers(tool))
        return Answer(content.get("outcome") != "done", content, "")


@dataclass
class Home:
    """One vault on one machine."""

    root: Path
    clock: ManualClock = field(default_factory=ManualClock)
    synced: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        shutil.copytree(keys()[0], self.root / "state", dirs_exist_ok=True)
        Vault(self.vault).ensure()
        self.configure()

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    def configure(self, text: str = 'undo = "10s"\n') -> None:
        """The configuration; the house is opened anew."""
        mail = '[servers.email]\nsender = "me@example.com"\nsmtp_host = "127.0.0.1"\nsmtp_port = 1\n'
        (self.root / "config.toml").write_text(f'{text}\n{mail}smtp_security = "none"\n')
        self.reopen()

    def reopen(self) -> None:
        """The program ends and starts again."""
        options = Options(
            vault=str(self.vault), config=str(self.root / "config.toml"), state_dir=str(self.root / "state")
        )
        self.house = House.open(load(options, ENVIRON), clock=self.clock, environ=ENVIRON)
        self.house.__dict__.update(reviewer=keys()[1], machine_signer=keys()[2])
        self.desk = Desk(self.house, lambda file: file in self.synced)
        self.servers = Stand(self.house)
        self.executor = Executor(self.desk, self.servers)
        self.housekeeping = Housekeeping(self.desk)

    def write(self, file: str, text: str | bytes, *, age_s: float = 3600) -> Path:
        """A file that somebody wrote some time ago."""
        path = self.vault / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        then = self.clock.now().timestamp() - age_s
        os.utime(path, (then, then))
        return path

    def draft(self, name: str, file: str | None = None, *, body: str = "It is paid.", **more: str) -> Path:
        """A mail that waits for a decision."""
        fields = {"id": name, "kind": "email_send", "to": "[ana@example.com]", "subject": '"July"', **more}
        head = "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
        return self.write(file or f"Pending_Approval/cloud/{name}.md", f"---\n{head}---\n{body}\n")

    def look(self) -> None:
        """The orchestrator's pass."""
        self.housekeeping.run_pass()

    def work(self) -> None:
        """The executor's pass."""
        self.executor.run_pass()

    def approve(self, name: str) -> Standing:
        return self.desk.approve(name, self.desk.find(name).request.fingerprint)

    def state(self, name: str) -> State:
        return self.desk.find(name).state

    def lies(self, name: str) -> str:
        return self.desk.find(name).file

    @property
    def sent(self) -> list[str]:
        """What the servers were asked to do, by subject."""
        return [str(arguments.get("subject")) for _, arguments, _ in self.servers.calls]

    def files(self, folder: str) -> list[str]:
        """The names of the files of a folder, sorted."""
        return sorted(path.name for path in (self.vault / folder).iterdir() if path.is_file())


def public(raw: bytes) -> str:
    """A public key as `signers.toml` has it."""
    return base64.b64encode(raw).decode()
