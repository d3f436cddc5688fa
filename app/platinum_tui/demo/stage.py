"""The demo's stage: a vault, a state directory and a mail sink in a temporary folder, removed at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from string import Template
from types import TracebackType
from typing import TYPE_CHECKING

from platinum_tui.system.clock import Clock

if TYPE_CHECKING:
    from platinum_tui.demo.sink import MailSink
    from platinum_tui.service import Service

_CONFIGURATION = Template("""\
undo = "$undo"

[contacts]
"Lena Brandt" = { whatsapp = "+12025550131", email = "lena.brandt@example.com" }
"Copperleaf Supplies" = { iban = "DE89370400440532013000" }

[servers.email]
smtp_host = "127.0.0.1"
smtp_port = $port
smtp_security = "none"
sender = "Harbourline Freight <desk@harbourline.example>"

[servers.calendar]
command = ["false"]

[sync]
mode = "none"
""")
_TIMES = {
    "ten_minutes_ago": timedelta(minutes=-10),
    "an_hour_ago": timedelta(hours=-1),
    "this_morning": timedelta(hours=-3),
    "early_this_morning": timedelta(hours=-4),
    "yesterday": timedelta(hours=-26),
    "an_hour_before_now": timedelta(hours=-1, minutes=-5),
    "tonight": timedelta(hours=9),
    "tomorrow": timedelta(hours=26),
    "next_week": timedelta(days=7),
}
"""What stands for a time in the demo's files, so that they are always fresh."""


class Stage:
    """Everything that the demo needs, for as long as it is entered.

    Args:
        clock: where times come from.
        undo: the undo window, as the configuration writes it.
    """

    def __init__(self, clock: Clock, undo: str = "10s") -> None:
        self._clock = clock
        self._undo = undo
        self._root = Path()
        self._sink: MailSink | None = None

    def __enter__(self) -> Stage:
        """Take a temporary folder."""
        self._root = Path(tempfile.mkdtemp(prefix="platinum-demo-"))
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Remove everything."""
        if self._sink:
            self._sink.stop()
        shutil.rmtree(self._root, ignore_errors=True)

    @property
    def vault(self) -> Path:
        """The throw-away vault."""
        return self._root / "vault"

    def build(self) -> Service:
        """The demo's service: slow, so it is called behind the first frame."""
        from platinum_tui.demo.sink import MailSink
        from platinum_tui.review.house import House
        from platinum_tui.service import Service
        from platinum_tui.system.configuration import load
        from platinum_tui.system.credentials import open_credentials
        from platinum_tui.system.keys import create_keys
        from platinum_tui.system.options import Options
        from platinum_tui.vault.folders import Vault

        self._sink = MailSink(self._clock)
        self._sink.start()
        environ = self._environment()
        file = self._root / "config.toml"
        file.write_text(_CONFIGURATION.substitute(undo=self._undo, port=self._sink.port), "utf-8")
        options = Options(vault=str(self.vault), config=str(file), state_dir=str(self._root / "state"))
        configuration = load(options, environ)
        Vault(self.vault).ensure()
        self._write_requests()
        state = configuration.state_dir
        create_keys(open_credentials(state, environ), state, "you", self._clock.now())
        return Service(House.open(configuration, clock=self._clock, environ=environ), self._sink.mails)

    def _environment(self) -> dict[str, str]:
        import secrets

        return {**os.environ, "PLATINUM_PASSPHRASE": secrets.token_hex(16)}

    def _write_requests(self) -> None:
        from importlib import resources

        times = {name: f"{self._clock.now() + shift:%Y-%m-%dT%H:%M:%SZ}" for name, shift in _TIMES.items()}
        for source in resources.files("platinum_tui.demo").joinpath("requests").iterdir():
            folder = "Needs_Action" if source.name.startswith("task-") else "Pending_Approval/cloud"
            text = Template(source.read_text("utf-8")).safe_substitute(times)
            name = source.name.removeprefix("task-").partition("-")[2] or source.name
            (self.vault / folder / name).write_text(text, "utf-8")
