"""An update that was merged comes back, by whomever: it is archived once, and nothing else is lost."""

from __future__ import annotations

import contextlib
import subprocess

import pytest
from tests.vault.vault_machines import clone

from platinum_tui.dashboard import inbox
from platinum_tui.dashboard.journal import MergedJournal
from platinum_tui.dashboard.merge import merge_updates
from platinum_tui.vault import moves, worktree

PACKED = '{"id": "u1", "content": "Crate 1 is packed."}'


class Crash(BaseException):
    """The machine goes off."""


def test_an_update_that_was_merged_while_a_sync_was_broken_off_does_not_come_back(desk, tmp_path, monkeypatch):
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True)
    cloud = clone(remote, "cloud")
    cloud.put("Updates/u1.json", PACKED)
    cloud.sync()
    local = clone(remote, "local")
    local.sync()
    cloud.sync()
    cloud.put("Updates/u2.json", PACKED.replace("1", "2"))
    cloud.sync()

    def crash(*_: object) -> None:
        raise Crash

    journal = MergedJournal(desk.state)
    with monkeypatch.context() as patch:
        patch.setattr(worktree, "fsync_directory", crash)  # their files lie on the disk, and no commit holds them
        with pytest.raises(Crash):
            local.open_sync().pull()
    assert local.has("Updates/u2.json")
    merge_updates(local.vault, desk.clock, journal, values={})
    local.sync()
    assert not local.has("Updates/u2.json"), "the sync sees that it lies in the archive by now"
    merge_updates(local.vault, desk.clock, journal, values={})

    local.sync()
    cloud.sync()
    for side in (local, cloud):
        updates = {file: text for file, text in side.files().items() if file.startswith("Updates/")}
        assert updates == {
            "Updates/archive/u1.json": PACKED,
            "Updates/archive/u2.json": PACKED.replace("1", "2"),
        }
        assert side.read("Dashboard.md").count("Crate 2") == 1


def test_what_comes_back_is_archived_once_under_each_of_its_names(desk):
    for text in ("The first.", "The second.", "The first.", "The second.", "The second."):
        desk.arrives("status.md", f"{text}\n")
        desk.merge()
    archived = desk.files("Updates/archive")
    assert sorted(archived.values()) == [b"The first.\n", b"The second.\n"]
    assert desk.files("Updates").keys() == {f"archive/{name}" for name in archived}


def test_an_unreadable_file_that_comes_back_is_set_aside_once(desk):
    for _ in range(3):
        desk.arrives("broken.json", "{broken")
        desk.merge()
    assert desk.files("Updates").keys() == {"error/broken.json", "error/broken.json.reason.txt"}
    assert desk.shown.count("broken.json") == 1


def test_two_files_that_say_the_same_are_both_kept(desk):
    desk.arrives("one.md", "Packed.\n")
    desk.arrives("other.md", "Packed.\n")
    desk.merge()
    assert desk.files("Updates").keys() == {"archive/one.md", "archive/other.md"}


def test_the_same_words_in_other_bytes_are_both_kept(desk):
    for text in ('{"content": "Packed."}', '{ "content":  "Packed." }'):
        desk.arrives("status.json", text)
        desk.merge()
    assert len(desk.files("Updates/archive")) == 2


def test_a_link_in_the_archive_is_no_copy(desk, tmp_path):
    (tmp_path / "elsewhere.md").write_text("Packed.\n")
    (desk.vault.root / "Updates/archive").mkdir(exist_ok=True)
    (desk.vault.root / "Updates/archive/status.md").symlink_to(tmp_path / "elsewhere.md")
    desk.arrives("status.md", "Packed.\n")
    desk.merge()
    assert sorted(desk.files("Updates/archive").values()) == [b"Packed.\n", b"Packed.\n"]


def test_what_is_saved_at_the_moment_of_the_removal_stays(desk, monkeypatch):
    desk.arrives("status.md", "Packed.\n")
    desk.merge()
    path = desk.arrives("status.md", "Packed.\n")
    plain = moves.rename_at

    def save_first(*names: object) -> None:
        monkeypatch.setattr(moves, "rename_at", plain)
        path.write_text("Unpacked.\n")
        plain(*names)  # type: ignore[arg-type]
        desk.arrives("status.md", "Packed anew.\n")

    monkeypatch.setattr(moves, "rename_at", save_first)
    desk.merge()
    desk.merge()
    assert sorted(desk.files("Updates").values()) == [b"Packed anew.\n", b"Packed.\n", b"Unpacked.\n"]
    assert all(name.startswith("archive/") for name in desk.files("Updates"))


def test_a_crash_at_any_step_of_the_removal_loses_nothing(desk, monkeypatch):
    for step in range(10):
        desk.arrives("status.md", "Packed.\n")
        left = [step]

        def dying(act, left=left):
            def call(*arguments, **options):
                if left[0] == 0:
                    raise Crash
                left[0] -= 1
                return act(*arguments, **options)

            return call

        with monkeypatch.context() as patch:
            for owner, name in ((moves, "rename_at"), (moves, "sync_folder"), (moves.os, "unlink")):
                patch.setattr(owner, name, dying(getattr(owner, name)))
            with contextlib.suppress(Crash):
                desk.merge()
        moves.remove_leftovers(desk.vault.root / "Updates")
        desk.merge()
        assert desk.files("Updates") == {"archive/status.md": b"Packed.\n"}
        if left[0]:
            return
    pytest.fail("it never came to its end")


def test_two_mergers_that_drop_one_copy_lose_nothing(desk):
    desk.arrives("status.md", "Packed.\n")
    desk.merge()
    desk.arrives("status.md", "Packed.\n")
    (arrival,) = inbox.arrivals(desk.vault)
    inbox.archive(desk.vault, arrival, "update 0000-0000-0000")
    inbox.archive(desk.vault, arrival, "update 0000-0000-0000")
    assert desk.files("Updates") == {"archive/status.md": b"Packed.\n"}
