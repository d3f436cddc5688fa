"""One pass of everything, `--daemon --once`, in a world that moves: what can be done is done, and told."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.orchestrator.clones import git

from platinum_tui.model.errors import Failed
from platinum_tui.review.house import House
from platinum_tui.review.housekeeping import Housekeeping
from platinum_tui.service import Service
from platinum_tui.system.configuration import Options, load

ANOTHER_IS_FIRST = """#!/bin/sh
[ "$1" = refs/heads/main ] || exit 0
export GIT_AUTHOR_NAME=cloud GIT_AUTHOR_EMAIL=cloud GIT_COMMITTER_NAME=cloud GIT_COMMITTER_EMAIL=cloud
git update-ref "$1" $(git commit-tree -p "$1" -m "first, with $3" "$1^{tree}")
exit 1
"""


def sync_of(machine) -> dict[str, object]:
    return machine.json("status")["sync"]


def test_a_sync_whose_push_others_always_forestall_is_no_success(join, remote: Path) -> None:
    one = join("one")
    before = sync_of(one)["last_success"]
    hook = remote / "hooks/update"
    hook.write_text(ANOTHER_IS_FIRST)
    hook.chmod(0o755)
    one.draft("a.md", id="req-a")

    said = one.run("sync", code=1)

    assert "not all is pushed" in said.stderr
    told = sync_of(one)
    assert (told["last_success"], "not all is pushed" in told["last_error"]) == (before, True)
    assert "not all is pushed" in one.run("--daemon", "--once").stderr

    hook.unlink()
    one.run("sync")
    told = sync_of(one)
    assert (told["last_success"] > before, told["last_error"]) == (True, None)
    assert "Pending_Approval/cloud/a.md" in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_the_sync_workers_last_error_is_that_of_the_last_pass_whoever_made_it(join, remote: Path) -> None:
    def worker() -> dict[str, object]:
        return dict(one.json("status")["workers"]["sync"])

    one = join("one")
    one.run("--daemon", "--once")
    assert worker()["last_error"] is None
    away = remote.rename(remote.with_name("away.git"))
    one.run("sync", code=1)
    assert (worker()["last_error"], worker()["last_run"]) == (sync_of(one)["last_error"], sync_of(one)["last_run"])
    assert worker()["last_error"]
    one.run("--daemon", "--once")
    assert worker()["last_error"]
    away.rename(remote)
    one.run("sync")
    assert worker()["last_error"] is None


def test_what_fails_in_the_middle_keeps_nothing_from_being_merged_and_sent_out(join, remote: Path) -> None:
    """The orchestrator tidies, then the executor cannot work: the others are told of what was tidied."""
    one = join("one")
    then = datetime.now(UTC) - timedelta(hours=2)
    times = {
        "created_at": f"{then:%Y-%m-%dT%H:%M:%SZ}",
        "expires_at": f"{then + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    }
    one.draft("late.md", id="req-late", **times)
    one.run("sync")
    claimed = one.vault / "In_Progress/one"
    claimed.rmdir()
    claimed.symlink_to(one.root)

    one.run("--daemon", "--once", code=2)

    assert "Rejected/late.md" in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_a_terminal_that_is_gone_keeps_nothing_from_being_done(machine) -> None:
    """The daemon outlives the terminal from which it was started: nobody reads what it says."""
    for name in ("a", "b"):
        machine.draft(f"{name}.md", id=f"req-{name}")
        machine.approve(f"req-{name}")
    reads, writes = os.pipe()
    os.close(reads)

    subprocess.run(machine.command("--daemon", "--once"), env=machine.environ, stderr=writes, timeout=180, check=False)

    os.close(writes)
    assert sorted(path.name for path in (machine.vault / "Approved/archived").glob("*.md")) == ["a.md", "b.md"]
    workers = machine.json("status")["workers"]
    assert all(workers[name]["last_run"] for name in ("orchestrator", "executor", "dashboard"))


def test_what_the_orchestrator_fails_at_keeps_nothing_from_being_executed(machine, monkeypatch) -> None:
    def fails(_self: object) -> None:
        raise Failed("The folder cannot be tidied.")

    machine.draft("a.md", id="req-a")
    machine.approve("req-a")
    monkeypatch.setattr(Housekeeping, "run_pass", fails)
    service = Service(House.open(load(Options(), machine.environ), environ=machine.environ))

    with pytest.raises(Failed, match="cannot be tidied"):
        service.run_once(wait=lambda _: None)

    service.stop()
    assert len(machine.inbox.mails) == 1
