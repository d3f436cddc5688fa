from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.vault.vault_machines import Machine, clone


@pytest.fixture(autouse=True)
def git_of_nobody(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A global git configuration of the story's own."""
    configuration = tmp_path_factory.mktemp("git") / "gitconfig"
    configuration.write_text("[user]\n\tname = Rita\n\temail = rita@example.com\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return configuration


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    return remote


@pytest.fixture
def cloud(remote: Path) -> Machine:
    """The cloud's clone; it has pushed a vault with one request and one note."""
    cloud = clone(remote, "cloud")
    cloud.put("Pending_Approval/cloud/EMAIL_july.md", "draft\n")
    cloud.put("Notes/idea.md", "idea\n")
    cloud.git("add", "-A")
    cloud.git("commit", "-q", "-m", "first")
    cloud.git("push", "-q", "origin", "HEAD")
    return cloud


@pytest.fixture
def laptop(cloud: Machine, remote: Path) -> Machine:
    """A reviewer's clone of the same vault."""
    return clone(remote, "laptop")


@pytest.fixture
def desk(cloud: Machine, remote: Path) -> Machine:
    """A second reviewer's clone."""
    return clone(remote, "desk")
