from __future__ import annotations

import errno
import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.watch import Doorbell, _Touched

SOON = 10.0


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path)
    vault.ensure()
    return vault


class Rings:
    """Counts rings and lets a story wait for them."""

    def __init__(self) -> None:
        self._heard: queue.Queue[frozenset[str] | None] = queue.Queue()

    def ring(self, files: frozenset[str] | None) -> None:
        self._heard.put(files)

    def wait(self) -> frozenset[str] | None:
        return self._heard.get(timeout=SOON)

    def silence(self) -> int:
        """Wait until nothing rings for longer than an event is ever held back; how often it rang until then."""
        heard = 0
        while True:
            try:
                self._heard.get(timeout=0.8)
                heard += 1
            except queue.Empty:
                return heard


@pytest.fixture
def rings() -> Rings:
    return Rings()


@pytest.fixture
def doorbell(vault: Vault, rings: Rings) -> Iterator[Doorbell]:
    doorbell = Doorbell(vault, rings.ring, lambda: None)
    doorbell.start()
    rings.wait()
    yield doorbell
    doorbell.stop()
    assert not doorbell.alive


def test_it_rings_when_files_come_move_change_and_go(doorbell: Doorbell, vault: Vault, rings: Rings) -> None:
    assert doorbell.alive
    path = vault.path("Pending_Approval/cloud/a.md")
    path.write_text("x")
    rings.wait()
    rings.silence()
    path.write_text("y")
    rings.wait()
    rings.silence()
    path.rename(vault.path("Approved/a.md"))
    rings.wait()
    rings.silence()
    vault.path("Approved/a.md").unlink()
    rings.wait()


def test_it_tells_which_files_and_where_it_cannot_that_it_may_be_any(
    doorbell: Doorbell, vault: Vault, rings: Rings
) -> None:
    rings.silence()
    path = vault.path("Pending_Approval/cloud/a.md")
    path.write_text("x")
    assert rings.wait() == {"Pending_Approval/cloud/a.md"}
    rings.silence()
    path.rename(vault.path("Approved/ä.md"))
    told: set[str] = set()
    while len(told) < 2:
        told |= rings.wait() or {"anything"}
    assert told == {"Pending_Approval/cloud/a.md", "Approved/ä.md"}
    rings.silence()
    vault.make("Pending_Approval/email")
    assert rings.wait() is None
    rings.silence()
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert rings.wait() is None


def test_a_new_sub_folder_is_watched_too(doorbell: Doorbell, vault: Vault, rings: Rings) -> None:
    vault.make("Pending_Approval/email/ana")
    rings.wait()
    rings.silence()
    vault.path("Pending_Approval/email/ana/a.md").write_text("x")
    rings.wait()


def test_a_folder_that_git_removed_and_made_anew_is_watched_again(
    doorbell: Doorbell, vault: Vault, rings: Rings
) -> None:
    shutil.rmtree(vault.folder(Folder.REJECTED))
    rings.wait()
    rings.silence()
    vault.ensure()
    rings.wait()
    rings.silence()
    vault.path("Rejected/a.md").write_text("x")
    rings.wait()


def test_reading_and_git_ring_nothing(doorbell: Doorbell, vault: Vault, rings: Rings) -> None:
    vault.path("Approved/a.md").write_text("x")
    (vault.root / ".git").mkdir()
    rings.silence()
    vault.path("Approved/a.md").read_text()
    (vault.root / ".git" / "index").write_text("x")
    (vault.root / "notes.md").write_text("x")
    assert rings.silence() == 0


def test_a_burst_is_folded_into_few_rings(doorbell: Doorbell, vault: Vault, rings: Rings) -> None:
    for index in range(300):
        vault.path(f"Pending_Approval/{index}.md").write_text("x")
    rings.wait()
    assert rings.silence() < 30


_FLOOD = """
import os, sys
source, target = sys.argv[1:]
for name in os.listdir(source):
    os.rename(f"{source}/{name}", f"{target}/{name}")
"""


def test_a_flood_is_not_heard_to_its_end_and_what_comes_after_it_is_told_by_name(
    doorbell: Doorbell, vault: Vault, rings: Rings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, heard, threads = tmp_path / "elsewhere", list[str](), threading.active_count()
    hear = _Touched.file
    monkeypatch.setattr(_Touched, "file", lambda self, path: (heard.append(path), hear(self, path)))
    source.mkdir()
    for number in range(5_000):
        (source / f"{number}.md").write_text("x")
    rings.silence()
    subprocess.run(
        [sys.executable, "-c", _FLOOD, str(source), str(vault.folder(Folder.PENDING))], check=True, timeout=SOON
    )
    told = [rings.wait()]
    while rings.silence() > 0:
        pass
    assert told[0] is None or len(told[0]) <= 100
    assert len(heard) < 4_000  # the rest is dropped unread: a look at everything finds it
    (vault.folder(Folder.PENDING) / "late.md").write_text("x")
    assert rings.wait() == {"Pending_Approval/late.md"}
    rings.silence()
    assert threading.active_count() == threads


def test_lost_events_ring(doorbell: Doorbell, rings: Rings) -> None:
    rings.silence()
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    rings.wait()


def test_where_the_system_gives_no_events_the_reason_is_told(
    vault: Vault, rings: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.api import BaseObserver

    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", full)
    doorbell = Doorbell(vault, rings.ring, lambda: None)
    doorbell.start()
    doorbell._thread.join(SOON)
    assert not doorbell.alive
    assert doorbell.reason == "the system gives no events: inotify watch limit reached"
    doorbell.stop()


def test_it_can_be_stopped_before_it_was_started(vault: Vault, rings: Rings) -> None:
    doorbell = Doorbell(vault, rings.ring, lambda: None)
    doorbell.stop()
    assert not doorbell.alive


def test_importing_it_loads_no_watchdog() -> None:
    code = "import sys, platinum_tui.vault.watch; sys.exit('watchdog' in sys.modules or 'ctypes' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONPATH": os.pathsep.join(sys.path)}, check=False
        ).returncode
        == 0
    )
