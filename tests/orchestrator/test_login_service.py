"""What starts the daemon at login is written so that no path can change its meaning."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from platinum_tui.system.login_service import UNIT, LoginService, agent_file, unit_file

COMMAND = ("/opt/My Python/bin/python", "-m", "platinum_tui.cli", "--daemon", "--vault", '/home/ana/100% "$HOME" vault')


def service(passphrase: Path = Path("/nowhere/passphrase")) -> LoginService:
    return LoginService(COMMAND, "/usr/bin:/bin", passphrase, Path("/home/ana/state/daemon.log"))


def line_of(unit: str, name: str) -> str:
    (line,) = (line for line in unit.splitlines() if line.startswith(f"{name}="))
    return line.removeprefix(f"{name}=")


def test_a_unit_expands_nothing_of_the_paths_in_it():
    written = line_of(service().unit(), "ExecStart")
    assert "100%%" in written
    assert "$$HOME" in written
    assert shlex.split(written.replace("%%", "%").replace("$$", "$")) == list(COMMAND)


def test_the_passphrase_is_handed_over_once_it_lies_there(tmp_path):
    passphrase = tmp_path / "passphrase"
    assert "\nLoadCredential=" not in service(passphrase).unit()
    passphrase.write_text("secret words\n")
    unit = service(passphrase).unit()
    assert line_of(unit, "LoadCredential") == f"platinum-passphrase:{passphrase}"
    assert "secret words" not in unit


def test_a_launchd_agent_runs_the_same_command_and_comes_back_after_a_crash():
    agent = plistlib.loads(service().agent())
    assert agent["ProgramArguments"] == list(COMMAND)
    assert agent["RunAtLoad"] is True
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    unit = tmp_path / UNIT
    odd = [sys.executable, "-m", "platinum_tui.cli", "--daemon", "--vault", '/tmp/my vault/100% $HOME/"quoted"']
    unit.write_text(LoginService(odd, "/usr/bin:/bin", tmp_path / "passphrase", tmp_path / "log").unit())
    (tmp_path / "run").mkdir(mode=0o700)
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(unit)], env=environ, capture_output=True, text=True
    )
    complaints = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, complaints) == (0, [])


def test_both_lie_where_the_system_looks():
    assert unit_file({"XDG_CONFIG_HOME": "/x"}) == Path("/x/systemd/user/platinum-tui.service")
    assert unit_file({"HOME": "/home/ana"}) == Path("/home/ana/.config/systemd/user/platinum-tui.service")
    assert agent_file(Path("/Users/ana")) == Path("/Users/ana/Library/LaunchAgents/platinum-tui.daemon.plist")
