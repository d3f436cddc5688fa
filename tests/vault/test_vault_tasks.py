from __future__ import annotations

import os
from pathlib import Path

import pytest

from platinum_tui.model.errors import Ambiguous, Failed, NotFound, UsageError
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.tasks import Task, claim_task, complete_task, find_task, list_tasks, release_task


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "vault")
    vault.ensure()
    return vault


def put(vault: Vault, file: str, text: str = "x") -> str:
    vault.make(file.rpartition("/")[0])
    vault.path(file).write_text(text)
    return file


def test_all_tasks_are_listed_with_their_claimers(vault: Vault) -> None:
    put(vault, "Needs_Action/EMAIL_july.md", "---\na: b\n---\n# Answer \x1b[2J Ana\n\n# Not this\n")
    put(vault, "Needs_Action/odoo/INV.json")
    put(vault, "In_Progress/local/email/mine.md")
    put(vault, "In_Progress/local/request.md")
    put(vault, "In_Progress/other-agent/theirs.md")
    put(vault, "Needs_Action/.hidden.md")
    assert list(list_tasks(vault, {"In_Progress/local/request.md"})) == [
        Task("Needs_Action/EMAIL_july.md", "", None, "Answer ⟦U+001B⟧[2J Ana"),
        Task("Needs_Action/odoo/INV.json", "odoo", None, "INV.json"),
        Task("In_Progress/local/email/mine.md", "email", "local", "mine.md"),
        Task("In_Progress/other-agent/theirs.md", "", "other-agent", "theirs.md"),
    ]


def test_a_task_is_claimed_released_claimed_again_and_done(vault: Vault) -> None:
    waiting = put(vault, "Needs_Action/email/july.md", "bytes")
    claimed = claim_task(vault, waiting)
    assert claimed == "In_Progress/local/email/july.md"
    assert release_task(vault, claimed) == waiting
    claimed = claim_task(vault, waiting)
    assert release_task(vault, claimed, back_to="Needs_Action/cloud/july.md") == "Needs_Action/cloud/july.md"
    assert complete_task(vault, "Needs_Action/cloud/july.md") == "Done/july.md"
    assert vault.path("Done/july.md").read_text() == "bytes"


def test_who_is_second_is_told_so(vault: Vault) -> None:
    waiting = put(vault, "Needs_Action/a.md")
    claim_task(vault, waiting)
    with pytest.raises(NotFound):
        claim_task(vault, waiting)


def test_a_claim_never_replaces_a_claimed_task(vault: Vault) -> None:
    waiting = put(vault, "Needs_Action/a.md", "new")
    put(vault, "In_Progress/local/a.md", "old")
    with pytest.raises(Failed, match="taken"):
        claim_task(vault, waiting)
    assert vault.path("In_Progress/local/a.md").read_text() == "old"
    assert vault.path(waiting).read_text() == "new"


@pytest.mark.parametrize("claimed", ["In_Progress/local/email/july.md", "In_Progress/local/july.md"])
def test_a_done_task_is_found_where_it_was_claimed_meanwhile(vault: Vault, claimed: str) -> None:
    put(vault, claimed)
    assert complete_task(vault, "Needs_Action/email/july.md") == "Done/july.md"
    assert complete_task(vault, "Needs_Action/email/july.md") is None


def test_two_tasks_of_one_name_are_both_kept(vault: Vault) -> None:
    assert complete_task(vault, put(vault, "Needs_Action/email/july.md", "one")) == "Done/july.md"
    second = complete_task(vault, put(vault, "Needs_Action/odoo/july.md", "two"))
    assert second is not None
    assert vault.path("Done/july.md").read_text() == "one"
    assert vault.path(second).read_text() == "two"


@pytest.mark.parametrize(
    "hostile",
    [
        "Approved/a.md",
        "../outside.md",
        "/etc/passwd",
        "Needs_Action/../Approved/a.md",
        "In_Progress/other-agent/theirs.md",
        "In_Progress/local/../other-agent/theirs.md",
        "Needs_Action/team/secret.md",
        "Needs_Action/link.md",
        "Needs_Action/",
        "Needs_Action",
        "",
        "Needs_Action/a\0.md",
    ],
)
def test_a_task_path_from_a_file_cannot_reach_anything_else(vault: Vault, tmp_path: Path, hostile: str) -> None:
    outside = tmp_path / "home"
    outside.mkdir()
    (outside / "secret.md").write_text("x")
    (tmp_path / "outside.md").write_text("x")
    put(vault, "Approved/a.md")
    put(vault, "In_Progress/other-agent/theirs.md")
    (vault.root / "Needs_Action/team").symlink_to(outside)
    (vault.root / "Needs_Action/link.md").symlink_to(outside / "secret.md")
    before = sorted(os.fspath(path) for path in tmp_path.rglob("*"))
    assert complete_task(vault, hostile) is None
    for touch in (claim_task, release_task):
        with pytest.raises(NotFound):
            touch(vault, hostile)
    assert sorted(os.fspath(path) for path in tmp_path.rglob("*")) == before


def test_a_claim_does_not_leave_the_vault_through_a_link(vault: Vault, tmp_path: Path) -> None:
    (vault.claimed / "email").symlink_to(tmp_path)
    with pytest.raises(UsageError):
        claim_task(vault, put(vault, "Needs_Action/email/a.md"))
    assert not (tmp_path / "a.md").exists()


def test_a_task_is_found_by_path_name_stem_or_beginning(vault: Vault) -> None:
    put(vault, "Needs_Action/july.md")
    put(vault, "Needs_Action/july_two.md")
    put(vault, "Needs_Action/email/april.md")
    put(vault, "Needs_Action/odoo/april.md")
    tasks = list(list_tasks(vault))
    for name in ("Needs_Action/july.md", "july.md", "july"):
        assert find_task(tasks, name).file == "Needs_Action/july.md"
    assert find_task(tasks, "july_").file == "Needs_Action/july_two.md"
    with pytest.raises(Ambiguous) as ambiguous:
        find_task(tasks, "april")
    assert "Needs_Action/odoo/april.md" in ambiguous.value.remedy
    with pytest.raises(NotFound):
        find_task(tasks, "june")
