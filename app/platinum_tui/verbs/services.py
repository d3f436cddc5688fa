"""`service`: the daemon at login, by systemd or launchd."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from platinum_tui.model.errors import ExitCode, Failed
from platinum_tui.system.login_service import UNIT, LoginService, agent_file, passphrase_file, unit_file
from platinum_tui.verbs.call import Call

_DEADLINE_S = 20.0
_IS_MAC = sys.platform == "darwin"


def install_service(call: Call) -> ExitCode:
    """Write what starts the daemon at login, and start it where the system's service manager answers."""
    call.require_writable()
    file = _file(call)
    service = _service(call)
    data = service.agent() if _IS_MAC else service.unit().encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}.") from error
    call.say(f"wrote {file}")
    commands = _start_commands(file)
    wanted = "; ".join(" ".join(each) for each in commands)
    runs = all(_manage(*command) for command in commands)
    call.report(
        {"file": str(file), "started": runs, "to_run": None if runs else wanted},
        "The daemon runs now, and at every login."
        if runs
        else f"The service manager does not answer here. In a session of yours, run: {wanted}",
    )
    return ExitCode.DONE


def remove_service(call: Call) -> ExitCode:
    """Stop the daemon and remove what starts it."""
    call.require_writable()
    file = _file(call)
    if not file.exists():
        call.report({"file": str(file), "removed": False}, "It is not installed.")
        return ExitCode.DONE
    if _IS_MAC:
        _manage("launchctl", "bootout", f"gui/{os.getuid()}", str(file))
    else:
        _manage("systemctl", "--user", "disable", "--now", UNIT)
    file.unlink(missing_ok=True)
    if not _IS_MAC:
        _manage("systemctl", "--user", "daemon-reload")
    call.report({"file": str(file), "removed": True}, f"removed {file}")
    return ExitCode.DONE


def show_service(call: Call) -> ExitCode:
    """Whether it is installed, and what the service manager says of it; ends with 1 where it is not installed."""
    file = _file(call)
    installed = file.exists()
    command = ("launchctl", "list") if _IS_MAC else ("systemctl", "--user", "is-active", UNIT)
    state = _ask(*command) if installed else ""
    if call.as_json:
        call.print_json({"installed": installed, "file": str(file), "state": state or None})
    elif installed:
        call.print_text(f"installed: {file}\nstate: {state or 'the service manager does not answer here'}")
    else:
        call.print_text("not installed; `platinum-tui service install` does it")
    return ExitCode.DONE if installed else ExitCode.FAILED


def _service(call: Call) -> LoginService:
    configuration = call.configuration()
    command = [sys.executable, "-m", "platinum_tui.cli", "--daemon", "--vault", str(configuration.vault_root)]
    command += ["--config", str(configuration.config_file), "--state-dir", str(configuration.state_dir.root)]
    return LoginService(
        command=command,
        search_path=call.environ.get("PATH", os.defpath),
        passphrase_file=passphrase_file(call.environ),
        log_file=configuration.state_dir.root / "daemon.log",
    )


def _file(call: Call) -> Path:
    return agent_file(Path.home()) if _IS_MAC else unit_file(call.environ)


def _start_commands(file: Path) -> tuple[tuple[str, ...], ...]:
    if _IS_MAC:
        return (("launchctl", "bootstrap", f"gui/{os.getuid()}", str(file)),)
    return ("systemctl", "--user", "daemon-reload"), ("systemctl", "--user", "enable", "--now", UNIT)


def _manage(*command: str) -> bool:
    """Whether the service manager did what it was told."""
    try:
        return subprocess.run(command, capture_output=True, timeout=_DEADLINE_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _ask(*command: str) -> str:
    """The service manager's one word."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = done.stdout.strip()
    return next((line for line in words.splitlines() if "platinum" in line), "") if _IS_MAC else words.split("\n")[0]
