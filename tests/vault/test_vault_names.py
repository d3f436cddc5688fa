from __future__ import annotations

import os
from pathlib import Path

import pytest

from platinum_tui.vault.names import (
    conflict_copy,
    conflict_name,
    decision_name,
    folded,
    free_name,
    is_machinery,
    receipt_name,
)


def test_a_free_name_stays(tmp_path: Path) -> None:
    assert free_name(tmp_path, "EMAIL_a.md", "req-1") == "EMAIL_a.md"


def test_a_taken_name_gets_the_id_before_its_suffix_then_a_count(tmp_path: Path) -> None:
    (tmp_path / "EMAIL_a.md").touch()
    assert free_name(tmp_path, "EMAIL_a.md", "req-1") == "EMAIL_a.req-1.md"
    (tmp_path / "EMAIL_a.req-1.md").touch()
    assert free_name(tmp_path, "EMAIL_a.md", "req-1") == "EMAIL_a.req-1.2.md"


def test_a_dangling_link_takes_a_name_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "nowhere")
    assert free_name(tmp_path, "a.md", "1") == "a.1.md"


def test_two_requests_never_share_one_receipt(tmp_path: Path) -> None:
    (tmp_path / "pay.json").touch()
    name = free_name(tmp_path, "pay.md", "req-1")
    assert name == "pay.req-1.md"
    assert receipt_name(name) != receipt_name("pay.json")


@pytest.mark.parametrize("lies", ["n.md", "n.MD", "n.Json", "n.json"])
def test_suffixes_that_differ_in_case_share_no_sidecar(tmp_path: Path, lies: str) -> None:
    (tmp_path / lies).touch()
    for name in ("n.MD", "n.md", "n.JSON"):
        assert decision_name(free_name(tmp_path, name, "req-1")) == "n.req-1.decision.json"


@pytest.mark.parametrize("beside", ["a.decision.json", "a.receipt.json"])
def test_a_name_beside_which_a_decision_or_a_receipt_lies_is_taken(tmp_path: Path, beside: str) -> None:
    (tmp_path / beside).touch()
    assert free_name(tmp_path, "a.md", "req-1") == "a.req-1.md"
    assert free_name(tmp_path, "note.txt", "req-1") == "note.txt"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("note.txt", "note.req-1.txt"),
        ("README", "README.req-1"),
        ("a. and so on", "a. and so on.req-1"),
        (".x", ".x.req-1"),
    ],
)
def test_a_taken_name_keeps_its_suffix_whatever_that_is(tmp_path: Path, name: str, other: str) -> None:
    (tmp_path / name).touch()
    assert free_name(tmp_path, name, "req-1") == other


def test_a_hostile_id_cannot_steer_the_path(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    name = free_name(tmp_path, "a.md", "../../etc/passwd\0\n")
    assert name == "a._etc_passwd_.md"


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("EMAIL_a.md", "EMAIL_a.decision.json"),
        ("pay.json", "pay.decision.json"),
        ("v1.2.md", "v1.2.decision.json"),
        ("no suffix", "no suffix.decision.json"),
        ("notes.txt", "notes.txt.decision.json"),
        ("A.MD", "A.decision.json"),
    ],
)
def test_the_envelope_is_named_after_the_request(name: str, decision: str) -> None:
    assert decision_name(name) == decision
    assert receipt_name(name) == decision.replace("decision", "receipt")


def test_the_longest_names_still_have_a_receipt_of_their_own(tmp_path: Path) -> None:
    one, two = "ä" * 125 + "x.md", "ä" * 125 + "y.md"
    assert receipt_name(one) != receipt_name(two)
    for name in (receipt_name(one), decision_name(one), free_name(tmp_path, one, "i" * 200)):
        assert len(os.fsencode(name)) <= 255
        (tmp_path / name).touch()
    assert len(os.fsencode(free_name(tmp_path, one, "i" * 200))) <= 255


@pytest.mark.parametrize(
    "name",
    ["a.decision.json", "a.receipt.json", ".a.md", ".platinum-1.tmp", "a.tmp", "a.md~", "a.md.Part", ".a.md.swp"],
)
def test_machinery_is_no_request(name: str) -> None:
    assert is_machinery(name)


@pytest.mark.parametrize("name", ["a.md", "decision.json", "a.decision.md", "tmp.md"])
def test_a_request_is_no_machinery(name: str) -> None:
    assert not is_machinery(name)


@pytest.mark.parametrize(
    "name",
    [
        "EMAIL_a.sync-conflict-20260107-103000-ABCDEFG.md",
        "EMAIL_a (Ana's conflicted copy 2026-01-07).md",
        "EMAIL_a (Conflicted copy laptop 202601071030).md",
        "EMAIL_a (1).md",
        "EMAIL_a.md~",
        "EMAIL_a.md~HEAD",
        conflict_name("EMAIL_a.md", "0123abcd"),
    ],
)
def test_a_conflict_copy_is_recognised(name: str) -> None:
    assert conflict_copy(name)


@pytest.mark.parametrize("name", ["EMAIL_a.md", "Invoice (draft).md", "conflict.md", "a(1)b.md", "~home.md"])
def test_an_ordinary_name_is_no_conflict_copy(name: str) -> None:
    assert not conflict_copy(name)


def test_names_that_some_disk_takes_for_one_fold_to_one() -> None:
    assert folded("Straße.md") == folded("STRASSE.MD")
    assert folded("e\u0301.md") == folded("\u00e9.md")
    assert folded("ﬁle.md") == folded("file.md")
