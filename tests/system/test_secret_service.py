"""On a desktop the secrets lie in the real Secret Service; tried with GNOME Keyring on a bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("gnome-keyring-daemon", "dbus-run-session")
MISSING = [name for name in NEEDED if not shutil.which(name)]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")

STORY = """
import os, pathlib
from datetime import UTC, datetime
from platinum_tui.system.credentials import open_credentials, self_test
from platinum_tui.system.keys import Role, create_keys, load_signer
from platinum_tui.system.paths import StateDir
state = StateDir(pathlib.Path(os.environ["HOME"]) / "state")
credentials = open_credentials(state, os.environ)
self_test(credentials)
credentials.set("email.password", "hunter2")
credentials.set("odoo.api_key", "k")
credentials.remove("odoo.api_key")
create_keys(credentials, state, "Ana", datetime.now(UTC))
load_signer(credentials, Role.REVIEWER)
again = open_credentials(state, os.environ)
print(again.backend, again.get("email.password"), *again.names())
"""
LOCKED = """
import os, pathlib, time
from platinum_tui.model.errors import KeyringError
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.paths import StateDir
begun = time.monotonic()
try:
    open_credentials(StateDir(pathlib.Path(os.environ["HOME"]) / "state"), os.environ).get("email.password")
except KeyringError as error:
    print("refused", time.monotonic() - begun < 7, error.remedy)
"""


def on_a_bus_of_its_own(tmp_path: Path, daemon: str, story: str) -> str:
    (tmp_path / "run").mkdir(mode=0o700)
    (tmp_path / "story.py").write_text(story)
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    # The daemon is put beside the story in one shell, so that both end with the bus.
    script = f"{daemon} >/dev/null 2>&1; {sys.executable} {tmp_path}/story.py"
    ran = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_secrets_and_keys_come_back_from_the_real_service(tmp_path: Path) -> None:
    daemon = "printf PW | gnome-keyring-daemon --unlock --components=secrets --daemonize"
    shown = on_a_bus_of_its_own(tmp_path, daemon, STORY)
    assert shown == "Secret Service hunter2 email.password signing.machine signing.reviewer\n"


def test_a_service_that_nobody_unlocks_is_given_up_with_a_remedy(tmp_path: Path) -> None:
    shown = on_a_bus_of_its_own(tmp_path, "gnome-keyring-daemon --components=secrets --daemonize", LOCKED)
    assert shown.startswith("refused True")
    assert "PLATINUM_PASSPHRASE" in shown
