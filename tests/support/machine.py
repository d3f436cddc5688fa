"""A person's machine: an empty home, a vault, a configuration, a mail server on loopback, and the real program."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from platinum_tui.cli import main

CHECKOUT = Path(__file__).parents[2]


@dataclass
class Inbox:
    """A mail server that keeps what it is sent."""

    envelopes: list[Any] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 kept"

    @property
    def mails(self) -> list[EmailMessage]:
        parser = BytesParser(policy=default)
        return [parser.parsebytes(envelope.content) for envelope in self.envelopes]


@dataclass
class Machine:
    """A person's machine: its folders, and the program as the person runs it."""

    root: Path
    port: int
    inbox: Inbox
    environ: dict[str, str]

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "platinum_tui.cli", *arguments]

    def run(self, *arguments: str, code: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments), env=self.environ, input=stdin, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)

    def here(self, *arguments: str, code: int = 0) -> Any:
        """The same within this process, which is quicker than a process for each word."""
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as said:
            for name, value in self.environ.items():
                patch.setenv(name, value)
            assert main([*arguments, "--json"]) == code, said.getvalue()
        return json.loads(said.getvalue())

    def configure(self, more: str = "", undo: str = "0s", machine: str = "local") -> None:
        (self.root / "config.toml").write_text(
            f'vault = "{self.vault}"\nundo = "{undo}"\nmachine = "{machine}"\n'
            '[servers.email]\nsmtp_host = "127.0.0.1"\n'
            f'smtp_port = {self.port}\nsmtp_security = "none"\nsender = "me@example.com"\n{more}'
        )

    def draft(self, name: str, body: str = "The crates leave on Friday.", folder: str = "cloud", **fields: str) -> Path:
        """A canonical mail request, as the cloud writes it."""
        now = datetime.now(UTC)
        values = {
            "kind": "email_send",
            "to": "[ana@example.com]",
            "subject": '"July invoice"',
            "created_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "expires_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
            **fields,
        }
        head = "".join(f"{key}: {value}\n" for key, value in values.items() if value)
        path = self.vault / "Pending_Approval" / folder / name
        path.write_text(f"---\n{head}---\n{body}\n")
        return path

    def approve(self, name: str, code: int = 0) -> Any:
        fingerprint = self.json("show", name)["fingerprint"]
        return self.json("approve", name, "--fingerprint", fingerprint, code=code)


@contextmanager
def mail_server() -> Iterator[tuple[int, Inbox]]:
    """A mail server on loopback: its port and what it received."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield port, inbox
    finally:
        server.stop()


def new_machine(root: Path, port: int, inbox: Inbox) -> Machine:
    """A machine below a folder: its configuration is written, its vault is not there yet."""
    root.mkdir(exist_ok=True)
    (root / "home").mkdir()
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(root / "home"),
        "LANG": "C.UTF-8",
        "PLATINUM_CONFIG": str(root / "config.toml"),
        "PLATINUM_STATE_DIR": str(root / "state"),
        "PLATINUM_PASSPHRASE": "correct horse",
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "app"), str(CHECKOUT / "executors")]),
    }
    machine = Machine(root, port, inbox, environ)
    machine.configure()
    return machine
