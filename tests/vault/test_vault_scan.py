from __future__ import annotations

import os
from pathlib import Path

import pytest

from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.reading import Reason
from platinum_tui.vault.scan import QUEUE_FOLDERS, lists, scan


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path)
    vault.ensure()
    return vault


def put(vault: Vault, *files: str) -> None:
    for file in files:
        path = vault.path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file)


def test_every_request_is_found_with_its_folder(vault: Vault) -> None:
    files = {
        "Pending_Approval/a.md": Folder.PENDING,
        "Pending_Approval/cloud/b.json": Folder.PENDING,
        "Pending_Approval/email/deep/c.MD": Folder.PENDING,
        "Pending_Approval/README.md": Folder.PENDING,
        "Approved/d.md": Folder.APPROVED,
        "Rejected/e.md": Folder.REJECTED,
        "Needs_Attention/f.md": Folder.NEEDS_ATTENTION,
        "Quarantine/g.md": Folder.QUARANTINE,
        "In_Progress/local/h.md": Folder.IN_PROGRESS,
    }
    put(vault, *files)
    assert {entry.file: entry.folder for entry in scan(vault)} == files


def test_what_is_no_request_or_not_ours_is_left_out(vault: Vault) -> None:
    put(
        vault,
        "Approved/a.decision.json",
        "Approved/archived/old.md",
        "Approved/.hidden.md",
        "Pending_Approval/.obsidian/x.md",
        "Pending_Approval/notes.txt",
        "In_Progress/other-agent/x.md",
        "Needs_Action/task.md",
    )
    assert list(scan(vault)) == []


def test_files_that_no_request_is_called_like_are_listed_where_they_are_asked_for(vault: Vault, tmp_path: Path) -> None:
    notes = ["Pending_Approval/notes.txt", "Pending_Approval/deep/README", "Approved/mail.eml", "Rejected/x.yaml"]
    put(vault, *notes, "Pending_Approval/a.md", "Pending_Approval/notes.txt.decision.json", "Approved/archived/b.txt")
    put(vault, "Pending_Approval/.hidden", "Pending_Approval/a.md~", "Pending_Approval/b.part", "Needs_Action/c.txt")
    (vault.folder(Folder.PENDING) / "link").symlink_to(tmp_path)
    os.mkfifo(vault.folder(Folder.PENDING) / "pipe")
    large, doubled = vault.folder(Folder.PENDING) / "film.mp4", vault.folder(Folder.APPROVED) / "doubled.txt"
    large.touch()
    os.truncate(large, 10**10)
    os.link(vault.path("Approved/mail.eml"), doubled)
    found = {entry.file: entry.obstacle for entry in scan(vault, others=True)}
    other = Reason.OTHER_SUFFIX
    assert found == {
        **dict.fromkeys([*notes, "Pending_Approval/a.md"]),
        **dict.fromkeys(["Pending_Approval/film.mp4", "Approved/doubled.txt", "Approved/mail.eml"], other),
    }
    assert [entry.file for entry in scan(vault) if not entry.obstacle] == ["Pending_Approval/a.md"]


def test_a_decision_that_nobody_made_is_listed_with_what_is_wrong_with_it(vault: Vault) -> None:
    put(
        vault,
        "Pending_Approval/a.md",
        "Pending_Approval/a.decision.json",
        "Pending_Approval/stray.decision.json",
        "Pending_Approval/deep/stray.Receipt.json",
        "Pending_Approval/.hidden.decision.json",
    )
    found = {entry.file: entry.obstacle for entry in scan(vault)}
    assert found == {
        "Pending_Approval/a.md": None,
        "Pending_Approval/stray.decision.json": Reason.RESERVED_NAME,
        "Pending_Approval/deep/stray.Receipt.json": Reason.RESERVED_NAME,
    }


def test_the_archive_is_scanned_where_it_is_asked_for(vault: Vault) -> None:
    put(vault, "Approved/a.md", "Approved/archived/old.md", "Approved/archived/old.receipt.json")
    found = {entry.file: entry.folder for entry in scan(vault, (*QUEUE_FOLDERS, Folder.ARCHIVED))}
    assert found == {"Approved/a.md": Folder.APPROVED, "Approved/archived/old.md": Folder.ARCHIVED}


def test_what_cannot_be_read_is_listed_with_its_obstacle(vault: Vault, tmp_path: Path) -> None:
    pending = vault.folder(Folder.PENDING)
    (pending / "link.md").symlink_to("/etc/passwd")
    (pending / "folder.md").mkdir()
    os.mkfifo(pending / "pipe.md")
    (tmp_path / "one").write_text("x")
    os.link(tmp_path / "one", pending / "hard.md")
    (pending / "big.md").touch()
    os.truncate(pending / "big.md", 10**9)
    assert {Path(entry.file).name: entry.obstacle for entry in scan(vault)} == {
        "link.md": Reason.SYMLINK,
        "folder.md": Reason.NOT_REGULAR,
        "pipe.md": Reason.NOT_REGULAR,
        "hard.md": Reason.HARD_LINKED,
        "big.md": Reason.TOO_LARGE,
    }


def test_links_are_never_followed(vault: Vault, tmp_path: Path) -> None:
    (vault.folder(Folder.PENDING) / "loop").symlink_to(vault.root)
    vault.folder(Folder.REJECTED).rmdir()
    vault.folder(Folder.REJECTED).symlink_to("/")
    (entry,) = scan(vault)
    assert (entry.file, entry.obstacle) == ("Rejected", Reason.SYMLINK)


def test_a_missing_folder_is_an_empty_one(tmp_path: Path) -> None:
    assert list(scan(Vault(tmp_path))) == []


def test_a_name_that_is_not_utf_8_is_listed_and_breaks_nothing(vault: Vault) -> None:
    put(vault, "Pending_Approval/ünï.md")
    (vault.folder(Folder.PENDING) / os.fsdecode(b"bad-\xff.md")).write_text("x")
    assert {entry.file: entry.obstacle for entry in scan(vault)} == {
        "Pending_Approval/ünï.md": None,
        "Pending_Approval/bad-\ufffd.md": Reason.BAD_NAME,
    }


NAMES = [
    *("a.md", "b.JSON", "c.Md", "notes.txt", ".hidden.md", "x.tmp", "y.md.tmp", "ä.md", "md", ".md", "README.md"),
    *("a.md~", "b.part", "mail.eml", "README", "notes.txt.decision.json"),
    *("a.decision.json", "stray.receipt.json", "deep/d.md", ".obsidian/e.md", "deep/.trash/f.md", "archived/g.md"),
    "archived/deep/h.md",
]


@pytest.mark.parametrize("folder", [each for each in QUEUE_FOLDERS if each is not Folder.IN_PROGRESS])
def test_a_path_alone_tells_whether_a_scan_lists_it_or_that_it_does_not_tell(vault: Vault, folder: Folder) -> None:
    files = [f"{folder}/{name}" for name in NAMES]
    put(vault, *files)
    listed = {entry.file for entry in scan(vault, others=True)}
    told = {file: lists(file) for file in files}
    assert {file for file in files if told[file]} == {file for file in listed if told[file] is not None}
    untold = {"a.decision.json", "stray.receipt.json", "notes.txt.decision.json"} if folder is Folder.PENDING else set()
    assert {file.removeprefix(f"{folder}/") for file in files if told[file] is None} == untold
    assert lists(os.fsdecode(b"Approved/\xff.md")) is None
