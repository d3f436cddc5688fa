"""The daemon as a service of the login: a systemd user unit or a launchd agent, as text and where it lies.

Sources: systemd.service(5), systemd.exec(5), systemd.syntax(7), launchd.plist(5).
"""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platinum_tui.system.paths import FOLDER, config_home

UNIT = "platinum-tui.service"
LABEL = "platinum-tui.daemon"
CREDENTIAL = "platinum-passphrase"
"""The name under which systemd hands over the file keyring's passphrase."""


@dataclass(frozen=True, slots=True)
class LoginService:
    """What runs at login.

    Attributes:
        command: the program and its arguments, absolute.
        search_path: PATH, for git and for the user's own servers.
        passphrase_file: where the file keyring's passphrase lies, if systemd shall hand it over.
        log_file: where launchd keeps what the program says; systemd has its journal.
    """

    command: Sequence[str]
    search_path: str
    passphrase_file: Path
    log_file: Path

    def unit(self) -> str:
        """The systemd user unit. A passphrase file that is not there yet is named in a comment."""
        load = f"LoadCredential={CREDENTIAL}:{_escaped(str(self.passphrase_file))}"
        if not self.passphrase_file.exists():
            load = f"# Without a system keyring: keep its passphrase there (chmod 600), then take the # away.\n# {load}"
        return f"""\
[Unit]
Description=platinum-tui: does what was approved
After=network-online.target

[Service]
Type=exec
ExecStart={" ".join(_quoted(word) for word in self.command)}
Environment={_quoted(f"PATH={self.search_path}")}
{load}
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=60
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target
"""

    def agent(self) -> bytes:
        """The launchd agent's property list."""
        return plistlib.dumps(
            {
                "Label": LABEL,
                "ProgramArguments": list(self.command),
                "EnvironmentVariables": {"PATH": self.search_path},
                "RunAtLoad": True,
                "KeepAlive": {"SuccessfulExit": False},
                "ThrottleInterval": 10,
                "ExitTimeOut": 60,
                "ProcessType": "Background",
                "Umask": 0o077,
                "StandardErrorPath": str(self.log_file),
            }
        )


def unit_file(environ: Mapping[str, str]) -> Path:
    """Where systemd looks for the user's units."""
    return config_home(environ) / "systemd" / "user" / UNIT


def agent_file(home: Path) -> Path:
    """Where launchd looks for the user's agents."""
    return home / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def passphrase_file(environ: Mapping[str, str]) -> Path:
    """Where the passphrase for the service is looked for."""
    return config_home(environ) / FOLDER / "passphrase"


def _quoted(word: str) -> str:
    """A word of a systemd command line: quoted, with nothing in it expanded."""
    escaped = _escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
