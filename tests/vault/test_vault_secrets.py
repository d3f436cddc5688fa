"""Keys, credentials and state are recognised, and our own commits leave them out."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.vault.vault_machines import Machine

from platinum_tui.ledger.ledger import Ledger
from platinum_tui.system.clock import SystemClock
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.keys import create_keys
from platinum_tui.system.paths import StateDir
from platinum_tui.vault.secrets import looks_secret, secret_inside, why_secret

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----\n"
HELD = {
    KEY: "a private key",
    "-----BEGIN PRIVATE KEY-----": "a private key",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----": "a private key",
    "id: AKIA" + "IOSFODNN7EXAMPLE": "an AWS access key",
    "token=ghp_" + "a1B2" * 9: "a GitHub token",
    "github_pat_" + "a1" * 41: "a GitHub token",
    "glpat-" + "x1y2" * 5: "a GitLab token",
    "xoxb-" + "1234567890-abcdef" * 2: "a Slack token",
    "sk_live_" + "a1b2" * 6: "a Stripe key",
    "sk-ant-api03-" + "a1B2" * 10: "an Anthropic key",
    "sk-proj-" + "a1B2" * 10: "an OpenAI key",
    "AIza" + "a1B2x" * 7: "a Google API key",
    "SG." + "a" * 22 + "." + "b" * 43: "a SendGrid key",
    "npm_" + "a1B2" * 9: "an npm token",
    "hf_" + "aB" * 17: "a Hugging Face token",
    "https://me:hunter2@example.com/repo.git": "a password in an address",
}
HARMLESS = (
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "Ask sk-proj about it; the task-list of npm_ is at https://example.com/a:b@c",
    "ana@example.com wrote: see https://example.com:8080/path?x=@y",
    "DE89 3704 0044 0532 0130 00",
    "sk_test_" + "a1b2" * 6,
)


@pytest.mark.parametrize(("text", "what"), HELD.items(), ids=range(len(HELD)))
def test_what_is_secret_is_named(text, what):
    assert secret_inside(f"---\nkind: email_send\n---\nHere: {text} bye\n".encode()) == what


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_let_through(text):
    assert secret_inside(text.encode()) is None


def test_of_all_sample_requests_only_the_one_with_a_secret_is_named():
    samples = Path(__file__).parents[1] / "samples/requests"
    files = [path for path in samples.rglob("*") if path.is_file()]
    assert files
    assert {path.name: why for path in files if (why := why_secret(path.name, path.read_bytes()))} == {
        "051-secret-in-body.md": "holds an AWS access key"
    }


def test_our_own_state_is_recognised_under_any_name(tmp_path: Path):
    state = StateDir(tmp_path / "state")
    state.ensure()
    create_keys(open_credentials(state, {"PLATINUM_PASSPHRASE": "correct horse"}), state, "me", datetime.now(UTC))
    Ledger(tmp_path / "ledger.db", "vault", SystemClock()).close()
    assert secret_inside((tmp_path / "ledger.db").read_bytes()) == "the program's own ledger"
    assert secret_inside((state.root / "keyring.bin").read_bytes()) == "an export of the program's keyring"
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE recipes(x)")
    other.commit()
    other.close()
    assert secret_inside((tmp_path / "other.sqlite").read_bytes()) is None


@pytest.mark.parametrize(
    "name", ["ledger.db-wal", "keyring.bin", "server.KEY", ".env", ".env.local", "mail.env", "id_rsa"]
)
def test_names_of_keys_and_state(name):
    assert looks_secret(name)
    assert why_secret(f"Needs_Action/{name}", b"") == "has the name of a key, of credentials or of state"


@pytest.mark.parametrize("name", ["environment.md", "keyboard.md", "invoice.pem.md", "id_rsa.pub", "env"])
def test_other_names(name):
    assert not looks_secret(name)


def test_our_own_commit_leaves_a_secret_here_and_takes_everything_else(laptop: Machine, cloud: Machine):
    laptop.put("Needs_Action/key.md", KEY)
    laptop.put("Needs_Action/prod.env", "PASSWORD=x")
    laptop.put("Needs_Action/a.md", "a task\n")

    report = laptop.sync()

    assert report.left_out == (("Needs_Action/key.md", "holds a private key"),)
    assert report.pushed
    cloud.git("pull", "-q")
    assert cloud.has("Needs_Action/a.md")
    assert not cloud.has("Needs_Action/key.md")
    assert not cloud.has("Needs_Action/prod.env")
    assert laptop.has("Needs_Action/key.md")
    assert KEY.splitlines()[1] not in cloud.git("log", "-p", "--all")


def test_what_everybody_has_already_is_moved_on_whatever_it_holds(laptop: Machine, cloud: Machine):
    cloud.put("Pending_Approval/cloud/leak.md", KEY)
    cloud.git("add", "-A")
    cloud.git("commit", "-qm", "leak")
    cloud.git("push", "-q")
    laptop.sync()
    (laptop.root / "Pending_Approval/cloud/leak.md").rename(laptop.root / "Rejected/leak.md")

    assert laptop.sync().left_out == ()
    cloud.git("pull", "-q")
    assert cloud.has("Rejected/leak.md")
