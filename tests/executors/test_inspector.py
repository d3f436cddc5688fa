"""A client that others wrote, `mcp-inspector --cli`: it may look, and it may not act."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.support import counterparts
from tests.support.household import PASSPHRASE, ROOT
from tests.support.mail_servers import mail_server

pytestmark = [pytest.mark.long, counterparts.INSPECTOR.needed]


@pytest.fixture
def inspect(household, tmp_path):
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE["PLATINUM_PASSPHRASE"])
    secret.chmod(0o600)

    def run(*words: str) -> dict[str, Any]:
        environ = {
            "PYTHONPATH": ":".join(str(ROOT / part) for part in ("app", "executors")),
            "PLATINUM_PASSPHRASE_FILE": str(secret),
            "PLATINUM_CONFIG": str(household.config),
            "PLATINUM_STATE_DIR": str(household.state),
            "PLATINUM_VAULT": str(household.vault),
        }
        given = [word for name, value in environ.items() for word in ("-e", f"{name}={value}")]
        server = [sys.executable, "-m", "platinum_tui.cli", "serve", "email"]
        command = [str(counterparts.INSPECTOR.path()), "--cli", *given, *server, *words]
        done = subprocess.run(
            command,
            env=counterparts.node_environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


def content(answered: dict[str, Any]) -> dict[str, Any]:
    return answered.get("structuredContent") or json.loads(answered["content"][0]["text"])


def test_it_lists_and_looks_and_cannot_act(household, inspect):
    with mail_server() as (journal, port):
        settings = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "sender": "me@example.com"}
        household.configure("email", settings)
        listed = inspect("--method", "tools/list")
        call = ("--method", "tools/call", "--tool-name")
        checked = inspect(*call, "check")
        found = inspect(*call, "find", "--tool-arg", "marker=<a@b.c>")
        mail = ('to=["ana@example.com"]', "subject=Hello", "body=Hi")
        acted = inspect(*call, "send_email", *(word for each in mail for word in ("--tool-arg", each)))

    assert {tool["name"] for tool in listed["tools"]} == {"send_email", "reply_email", "find", "check", "describe"}
    assert content(checked)["ok"] is True
    assert content(found)["outcome"] == "cannot_tell"
    assert acted["isError"] is True
    assert (content(acted)["outcome"], content(acted)["code"]) == ("refused", "decision_missing")
    assert (journal.envelopes, household.burnt) == ([], [])
