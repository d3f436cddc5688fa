"""Commits that a person makes by hand in the vault are checked, by a hook that `init` installs and `doctor` knows."""

from __future__ import annotations

import subprocess

import pytest
from tests.orchestrator.clones import git

KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n"


@pytest.fixture
def clone(machine):
    git(machine.vault, "init", "-q", "-b", "main")
    return machine


def commit(machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The person commits."""
    identity = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
    return subprocess.run(
        ["git", *identity, "commit", "-qm", "mine", *arguments],
        cwd=machine.vault,
        env=machine.environ,
        capture_output=True,
        text=True,
    )


def codes(machine, code: int = 0) -> dict[str, str]:
    return {each["code"]: each["remedy"] for each in machine.json("doctor", code=code)["findings"]}


def test_a_secret_is_refused_with_its_remedy_and_everything_else_goes_through(clone):
    assert "platinum-tui init" in codes(clone)["commits_unchecked"]
    assert "pre-commit" in clone.run("init").stderr
    assert "commits_unchecked" not in codes(clone)
    (clone.vault / "Needs_Action/a.md").write_text("# A task\n")
    git(clone.vault, "add", "-A")
    assert commit(clone).returncode == 0, commit(clone).stderr

    (clone.vault / "Needs_Action/a.md").write_text(f"# A task\n{KEY}")
    (clone.vault / "mail.env").write_text("PASSWORD=x\n")
    git(clone.vault, "add", "-f", "mail.env")
    refused = commit(clone, "-a")

    assert refused.returncode != 0
    said = refused.stdout + refused.stderr
    assert "Needs_Action/a.md holds a private key: it must not be committed." in said
    assert "mail.env has the name of a key, of credentials or of state" in said
    assert "git restore --staged -- Needs_Action/a.md" in said
    assert git(clone.vault, "rev-list", "--count", "HEAD") == "1"
    git(clone.vault, "restore", "--staged", "mail.env")
    assert commit(clone, "--", "Needs_Action/a.md").returncode != 0
    (clone.vault / "Needs_Action/a.md").write_text("# A task\nwithout it\n")
    done = commit(clone, "--", "Needs_Action/a.md")
    assert done.returncode == 0, done.stderr


def test_the_hook_runs_nothing_that_lies_in_the_vault(clone):
    clone.run("init")
    (clone.vault / "platinum_tui").mkdir()
    (clone.vault / "platinum_tui/__init__.py").write_text("raise SystemExit('hostile')\n")
    (clone.vault / "Needs_Action/a.md").write_text("# A task\n")
    git(clone.vault, "add", "Needs_Action/a.md")
    done = commit(clone)
    assert (done.returncode, done.stderr) == (0, "Everything is in order.\n")


def test_a_hook_of_the_users_own_stays_and_doctor_names_the_line_for_it(clone):
    hook = clone.vault / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    clone.run("init")
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    remedy = codes(clone)["commits_unchecked"]
    line = remedy.removeprefix("Put this line into the hook: ")
    hook.write_text(f"#!/bin/sh\n{line}\nexit 0\n")
    hook.chmod(0o755)
    assert "commits_unchecked" not in codes(clone)
    (clone.vault / "key.md").write_text(KEY)
    git(clone.vault, "add", "key.md")
    assert commit(clone).returncode != 0


def test_where_the_clone_keeps_its_hooks_elsewhere_nothing_is_written(clone):
    git(clone.vault, "config", "core.hooksPath", "tools/hooks")
    clone.run("init")
    assert not (clone.vault / "tools").exists()
    assert not (clone.vault / ".git/hooks/pre-commit").exists()
    assert "Put this line" in codes(clone)["commits_unchecked"]


def test_doctor_names_a_secret_in_a_file_of_the_vault(machine):
    (machine.vault / "Needs_Action/note.md").write_text(f"use this\n{KEY}")
    assert "secret_in_file" in codes(machine, code=5)
