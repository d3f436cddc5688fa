"""One machine alone, and several with clones of one vault and a bare remote between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.orchestrator.clones import git
from tests.support.machine import Machine, mail_server, new_machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with mail_server() as (port, inbox):
        machine = new_machine(tmp_path, port, inbox)
        machine.run("init")
        yield machine


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare remote with one empty commit on main."""
    bare, seed = tmp_path / "remote.git", tmp_path / "seed"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    git(tmp_path, "clone", "-q", str(bare), str(seed))
    git(seed, "commit", "-q", "--allow-empty", "-m", "the vault")
    git(seed, "push", "-q", "origin", "HEAD:main")
    return bare


@pytest.fixture
def join(tmp_path: Path, remote: Path) -> Iterator[Callable[..., Machine]]:
    """Gives a machine of a name a clone of the vault; all share one mail server."""
    with mail_server() as (port, inbox):

        def clone(name: str, more: str = "", undo: str = "0s") -> Machine:
            machine = new_machine(tmp_path / name, port, inbox)
            machine.configure(undo=undo, more=more, machine=name)
            git(tmp_path, "clone", "-q", str(remote), str(machine.vault))
            machine.run("init")
            machine.run("sync")  # the first one's vault id is everybody's
            return machine

        yield clone
