"""A merge that a crash interrupts: the next pass ends it, and undoes nothing that was done in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.vault.test_vault_sync import REQUEST, push_by_hand
from tests.vault.vault_machines import Machine

from platinum_tui.vault import worktree
from platinum_tui.vault.git import Repository

NEW = "Pending_Approval/cloud/EMAIL_new.md"
WRITES = 21
"""How often this merge changes something; a later crash would come after it."""


class Crash(BaseException):
    """The machine goes off."""


def crash_in_a_merge(cloud: Machine, laptop: Machine, step: int) -> None:
    """The cloud revises, adds and removes files; the laptop's merge of that ends before its step-th change."""
    laptop.put("Dashboard.md", "# Mine\n")
    laptop.sync()
    cloud.git("pull", "-q", "--rebase")
    cloud.put("Dashboard.md", "# Mine\n\n- theirs\n")
    cloud.put(REQUEST, "revised\n")
    cloud.put(NEW, "new\n")
    cloud.put("Approved/pushed.md", "pushed\n")
    (cloud.root / "Notes/idea.md").unlink()
    push_by_hand(cloud)
    left = [step]

    def crash_before(patch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        plain = getattr(owner, name)

        def call(*arguments: object, **options: object) -> object:
            if left[0] == 0:
                raise Crash
            left[0] -= 1
            return plain(*arguments, **options)

        patch.setattr(owner, name, call)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("update_ref", "delete_ref", "change_index"):
            crash_before(patch, Repository, name)
        for name in ("exchange", "rename", "publish_file", "fsync_directory"):
            crash_before(patch, worktree, name)
        crash_before(patch, Path, "unlink")
        with pytest.raises(Crash):
            laptop.open_sync().pull()


def test_every_change_of_the_merge_is_a_place_to_crash(cloud: Machine, laptop: Machine) -> None:
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        crash_in_a_merge(cloud, laptop, WRITES)


@pytest.mark.parametrize("step", range(WRITES))
def test_a_crash_anywhere_in_a_merge_loses_nothing(cloud: Machine, laptop: Machine, step: int) -> None:
    """After the crash the next pass ends where an undisturbed one would have: nothing of theirs becomes ours."""
    crash_in_a_merge(cloud, laptop, step)
    if laptop.has("Approved/pushed.md"):
        assert laptop.open_sync().arrived_by_sync("Approved/pushed.md"), "half a merge does not make it a move by hand"
    report = laptop.sync()
    assert report.committed == 0
    assert report.pushed
    assert laptop.read(REQUEST) == "revised\n"
    assert laptop.read(NEW) == "new\n"
    assert not laptop.has("Notes/idea.md")
    assert laptop.open_sync().arrived_by_sync("Approved/pushed.md")
    assert laptop.git("status", "--porcelain") == ""
    assert laptop.git("diff", "--stat", "HEAD", cloud.git("rev-parse", "HEAD")) == ""


@pytest.mark.parametrize("step", range(WRITES))
def test_a_file_that_is_revised_is_there_at_every_moment(cloud: Machine, laptop: Machine, step: int) -> None:
    """A Dashboard.md that a crash took away would be made anew from nothing."""
    crash_in_a_merge(cloud, laptop, step)
    assert laptop.read("Dashboard.md") in {"# Mine\n", "# Mine\n\n- theirs\n"}
    assert laptop.read(REQUEST) in {"draft\n", "revised\n"}


@pytest.mark.parametrize("step", range(WRITES))
def test_what_was_decided_after_the_crash_does_not_come_back(cloud: Machine, laptop: Machine, step: int) -> None:
    crash_in_a_merge(cloud, laptop, step)
    moved = [file for file in (NEW, REQUEST) if laptop.has(file)]
    texts = {file: laptop.read(file) for file in moved}
    for file in moved:
        os.rename(laptop.root / file, laptop.root / "Approved" / Path(file).name)
    laptop.sync()
    found = list(laptop.files().values())
    for file in moved:
        if texts[file] != "draft\n":
            assert not laptop.has(file)
            assert found.count(texts[file]) == 1
    assert all(found.count(text) == 1 for text in ("new\n", "revised\n"))
    assert not laptop.has("Notes/idea.md")
    assert laptop.git("status", "--porcelain") == ""


def test_where_files_cannot_change_places_a_merge_is_written_all_the_same(
    cloud: Machine, laptop: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worktree, "exchange", lambda *_places: False)
    cloud.put(REQUEST, "revised\n")
    push_by_hand(cloud)
    laptop.sync()
    assert laptop.read(REQUEST) == "revised\n"
    assert [file for file in laptop.files() if "/." in file] == []
