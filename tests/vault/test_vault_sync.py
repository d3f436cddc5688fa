from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.vault.vault_machines import Machine, clone

from platinum_tui.vault import sync as sync_module
from platinum_tui.vault.git import Repository, is_clone
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.merge import Clash
from platinum_tui.vault.sync import Sync
from platinum_tui.vault.sync_tools import SyncTool, sync_tools
from platinum_tui.vault.travel import exposed_files
from platinum_tui.vault.worktree import WorkTree

REQUEST = "Pending_Approval/cloud/EMAIL_july.md"


def push_by_hand(machine: Machine, message: str = "by hand") -> None:
    machine.git("add", "-A")
    machine.git("commit", "-q", "-m", message)
    machine.git("pull", "-q", "--rebase")
    machine.git("push", "-q", "origin", "HEAD")


def test_what_the_cloud_commits_arrives_and_what_we_do_goes_back(cloud: Machine, laptop: Machine) -> None:
    cloud.put("Needs_Action/EMAIL_july.md", "task\n")
    push_by_hand(cloud)
    report = laptop.sync()
    assert (report.received, report.pushed) == (1, True)
    assert laptop.read("Needs_Action/EMAIL_july.md") == "task\n"

    os.rename(laptop.root / REQUEST, laptop.root / "Approved/EMAIL_july.md")
    laptop.put("Logs/audit-2026-01-07.jsonl", "{}\n")
    assert laptop.sync().pushed
    cloud.git("pull", "-q", "--rebase")
    assert cloud.read("Approved/EMAIL_july.md") == "draft\n"
    assert not cloud.has(REQUEST)
    assert cloud.has("Logs/audit-2026-01-07.jsonl")
    assert laptop.git("status", "--porcelain") == ""
    assert cloud.git("log", "-1", "--format=%an <%ae>", "--no-merges") == "Rita <rita@example.com>"


def test_a_second_pass_does_nothing(laptop: Machine) -> None:
    laptop.sync()
    head = laptop.git("rev-parse", "HEAD")
    report = laptop.sync()
    assert (report.received, report.committed, report.pushed) == (0, 0, True)
    assert laptop.git("rev-parse", "HEAD") == head


def test_only_the_vaults_own_files_are_committed(laptop: Machine, cloud: Machine) -> None:
    stays = [
        "Logs/approval_executor.log",
        "Logs/laptop/approval_executor.log.1",
        "Approved/.platinum-0123.tmp",
        "Approved/ledger.db",
        "Approved/ledger.db-wal",
        "Approved/keyring.bin",
        "Approved/reviewer.pem",
        ".platinum/other",
        "Notes/new.md",
        "secret.txt",
    ]
    goes = ["Approved/a.md", "Approved/a.decision.json", "Done/t.md", "Dashboard.md", ".platinum/vault-id"]
    (laptop.root / ".gitignore").write_text("")
    for file in (*stays, *goes):
        laptop.put(file, file)
    laptop.put("Notes/idea.md", "my own edit\n")
    (laptop.root / "Approved/link.md").symlink_to("/etc/passwd")
    report = laptop.sync()
    assert [left.file for left in report.left_out] == ["Approved/link.md"]
    listed = laptop.git("ls-tree", "-r", "--name-only", "origin/main").splitlines()
    assert sorted(listed) == sorted([".gitignore", *goes, "Notes/idea.md", REQUEST])
    assert laptop.git("show", "origin/main:Notes/idea.md") == "idea"
    assert laptop.read("Notes/idea.md") == "my own edit\n"


def test_both_push_at_once_and_both_arrive(laptop: Machine, desk: Machine) -> None:
    """The second to push merges and tries again by itself."""
    laptop.put("Done/one.md", "1")
    desk.put("Done/two.md", "2")
    assert laptop.sync().pushed
    assert desk.sync().pushed
    assert laptop.sync().pushed
    assert laptop.files() == desk.files()
    assert {"Done/one.md", "Done/two.md"} <= set(laptop.files())


def test_a_file_that_two_changed_is_kept_twice(laptop: Machine, desk: Machine) -> None:
    laptop.put(REQUEST, "laptop's\n")
    desk.put(REQUEST, "desk's\n")
    laptop.sync()
    report = desk.sync()
    (conflict,) = report.conflicts
    assert (conflict.file, conflict.clash) == (REQUEST, Clash.BOTH_CHANGED)
    assert conflict.other is not None
    assert conflict.other.startswith("Needs_Attention/EMAIL_july.sync-conflict-")
    assert desk.read(REQUEST) == "desk's\n"
    assert desk.read(conflict.other) == "laptop's\n"
    laptop.sync()
    assert laptop.files() == desk.files()


def test_a_draft_revised_after_it_was_approved_here_lies_beside_it(cloud: Machine, laptop: Machine) -> None:
    laptop.sync()
    os.rename(laptop.root / REQUEST, laptop.root / "Approved/EMAIL_july.md")
    cloud.put(REQUEST, "revised\n")
    push_by_hand(cloud)
    (conflict,) = laptop.sync().conflicts
    assert (conflict.file, conflict.clash, conflict.other) == (REQUEST, Clash.GONE_HERE, None)
    assert laptop.read("Approved/EMAIL_july.md") == "draft\n"
    assert laptop.read(REQUEST) == "revised\n"


def test_what_they_removed_and_we_changed_stays(cloud: Machine, laptop: Machine) -> None:
    laptop.put(REQUEST, "edited here\n")
    (cloud.root / REQUEST).unlink()
    push_by_hand(cloud)
    (conflict,) = laptop.sync().conflicts
    assert conflict.clash is Clash.GONE_THERE
    assert laptop.read(REQUEST) == "edited here\n"


def test_one_request_moved_two_ways_is_reported(laptop: Machine, desk: Machine) -> None:
    os.rename(laptop.root / REQUEST, laptop.root / "Approved/EMAIL_july.md")
    os.rename(desk.root / REQUEST, desk.root / "Rejected/EMAIL_july.md")
    laptop.sync()
    assert desk.sync().doubled == (("Rejected/EMAIL_july.md", "Approved/EMAIL_july.md"),)


def test_a_note_with_unsaved_work_is_not_overwritten(cloud: Machine, laptop: Machine) -> None:
    laptop.put("Notes/idea.md", "my own edit\n")
    cloud.put("Notes/idea.md", "theirs\n")
    cloud.put("Notes/new.md", "theirs\n")
    laptop.put("Notes/new.md", "mine, not committed\n")
    push_by_hand(cloud)
    conflicts = {conflict.file: conflict.other for conflict in laptop.sync().conflicts}
    assert laptop.read("Notes/idea.md") == "my own edit\n"
    assert laptop.read("Notes/new.md") == "mine, not committed\n"
    for file in ("Notes/idea.md", "Notes/new.md"):
        other = conflicts[file]
        assert other is not None
        assert laptop.read(other) == "theirs\n"


def test_an_edit_in_the_very_moment_of_the_pull_is_kept(
    cloud: Machine, laptop: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.sync()
    cloud.put(REQUEST, "revised\n")
    push_by_hand(cloud)
    plain = WorkTree.apply

    def meanwhile(self: WorkTree, *arguments: object) -> object:
        laptop.put(REQUEST, "edited just now\n")
        return plain(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(WorkTree, "apply", meanwhile)
    laptop.sync()
    monkeypatch.undo()
    laptop.sync()
    assert laptop.read(REQUEST) == "edited just now\n"
    assert "revised\n" in laptop.files().values()


def test_a_move_by_hand_counts_and_one_that_a_sync_brought_does_not(
    cloud: Machine, laptop: Machine, desk: Machine
) -> None:
    laptop.sync()
    os.rename(laptop.root / REQUEST, laptop.root / "Approved/EMAIL_july.md")
    assert not laptop.open_sync().arrived_by_sync("Approved/EMAIL_july.md")
    laptop.sync()
    assert not laptop.open_sync().arrived_by_sync("Approved/EMAIL_july.md"), "our own commit does not make it foreign"
    desk.sync()
    assert desk.open_sync().arrived_by_sync("Approved/EMAIL_july.md")
    desk.put("Approved/EMAIL_july.md", "other bytes\n")
    assert not desk.open_sync().arrived_by_sync("Approved/EMAIL_july.md")
    assert desk.open_sync().arrived_by_sync("Approved/none.md"), "in doubt it is foreign"


def test_a_pull_by_hand_brings_foreign_moves_too(cloud: Machine, laptop: Machine) -> None:
    laptop.sync()
    cloud.put("Approved/pushed.md", "pushed\n")
    push_by_hand(cloud)
    laptop.git("pull", "-q", "--rebase")
    assert laptop.open_sync().arrived_by_sync("Approved/pushed.md")


def test_what_they_took_away_and_brought_again_is_theirs(cloud: Machine, laptop: Machine) -> None:
    laptop.put("Approved/a.md", "x\n")
    laptop.sync()
    cloud.git("pull", "-q", "--rebase")
    (cloud.root / "Approved/a.md").unlink()
    push_by_hand(cloud)
    laptop.sync()
    cloud.put("Approved/a.md", "x\n")
    push_by_hand(cloud)
    laptop.sync()
    assert laptop.open_sync().arrived_by_sync("Approved/a.md")


def test_the_first_machine_fills_an_empty_remote(remote: Path) -> None:
    first = clone(remote, "first")
    first.put("Needs_Action/a.md", "x")
    assert first.sync().pushed
    second = clone(remote, "second")
    assert second.read("Needs_Action/a.md") == "x"


def test_a_vault_that_was_never_cloned_meets_a_filled_remote(cloud: Machine, remote: Path, tmp_path: Path) -> None:
    root = tmp_path / "late"
    root.mkdir()
    late = Machine(root, "late")
    late.git("init", "-q")
    late.git("remote", "add", "origin", str(remote))
    late.put("Pending_Approval/mine.md", "mine\n")
    assert late.sync().pushed
    assert {REQUEST, "Pending_Approval/mine.md", "Notes/idea.md"} <= set(late.files())


def test_a_large_file_stays_here_and_blocks_nothing(laptop: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "LARGEST_FILE", 1000)
    laptop.put("Needs_Action/film.md", "x" * 1001)
    laptop.put("Needs_Action/a.md", "x")
    report = laptop.sync()
    assert [left.file for left in report.left_out] == ["Needs_Action/film.md"]
    assert report.pushed
    assert laptop.has("Needs_Action/film.md")


def test_without_a_network_everything_stays_and_goes_later(laptop: Machine, remote: Path) -> None:
    laptop.put("Done/a.md", "x")
    remote.rename(remote.with_name("gone.git"))
    with pytest.raises(GitFailed) as failed:
        laptop.sync()
    assert "remote.git" in failed.value.message
    assert laptop.read("Done/a.md") == "x"
    remote.with_name("gone.git").rename(remote)
    assert laptop.sync().pushed


def test_a_merge_by_hand_is_not_disturbed(cloud: Machine, laptop: Machine) -> None:
    laptop.put("Notes/idea.md", "mine\n")
    laptop.git("commit", "-q", "-a", "-m", "mine")
    cloud.put("Notes/idea.md", "theirs\n")
    push_by_hand(cloud)
    laptop.git("fetch", "-q")
    with pytest.raises(Exception, match="git"):
        laptop.git("merge", "-q", "origin/main")
    with pytest.raises(GitFailed, match="under way"):
        laptop.sync()
    laptop.git("merge", "--abort")
    laptop.git("checkout", "-q", "--detach")
    with pytest.raises(GitFailed, match="No branch"):
        laptop.sync()


def test_a_plain_folder_is_no_clone(tmp_path: Path, laptop: Machine) -> None:
    assert is_clone(laptop.root)
    assert not is_clone(laptop.root / "Approved")
    assert not is_clone(tmp_path)


def test_two_passes_at_once_do_not_mix(laptop: Machine) -> None:
    first = laptop.open_sync()
    with first._alone(), pytest.raises(GitFailed, match="under way"):
        laptop.sync()
    assert laptop.sync().pushed


def test_state_and_keys_that_somebody_committed_are_named(laptop: Machine) -> None:
    laptop.put("Notes/backup/ledger.db", "x")
    laptop.put("Notes/reviewer.pem", "x")
    laptop.put("Notes/keyboard.md", "x")
    laptop.git("add", "-f", "Notes")
    assert exposed_files(Repository(laptop.root)) == ["Notes/backup/ledger.db", "Notes/reviewer.pem"]


@pytest.mark.parametrize(
    ("mark", "tool"),
    [
        ("vault/.stfolder", SyncTool.SYNCTHING),
        (".dropbox.cache", SyncTool.DROPBOX),
        ("vault/.obsidian/core-plugins.json", SyncTool.OBSIDIAN),
    ],
)
def test_a_tool_without_compare_and_swap_is_recognised(tmp_path: Path, mark: str, tool: SyncTool) -> None:
    (tmp_path / "vault").mkdir()
    assert sync_tools(tmp_path / "vault") == ()
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).write_text('{"graph": true, "sync": true}')
    assert sync_tools(tmp_path / "vault") == (tool,)


def test_a_pass_tells_what_it_is_doing(cloud: Machine, laptop: Machine) -> None:
    cloud.put("Needs_Action/EMAIL_july.md", "task\n")
    push_by_hand(cloud)
    laptop.put("Updates/a.md", "one\n")
    laptop.put("Updates/b.md", "two\n")
    told: list[str] = []
    Sync(laptop.vault, Repository(laptop.root), lambda progress: told.append(progress.words)).run()
    assert told == [
        "looking for changes",
        "committing 0 of 2",
        "committing 1 of 2",
        "pulling",
        "looking for changes",
        "writing 0 of 1",
        "pushing",
    ]
