from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from platinum_tui.vault.folders import Vault
from platinum_tui.vault.reading import Reason, Unreadable, hash_file, read_file, read_in_vault, stream_in_vault


def reason(path: Path) -> Reason:
    with pytest.raises(Unreadable) as refused:
        read_file(path)
    with pytest.raises(Unreadable) as refused_too:
        hash_file(path)
    assert refused.value.reason is refused_too.value.reason
    return refused.value.reason


def test_a_plain_file_is_read_with_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"hello")
    read = read_file(path)
    assert read.data == b"hello"
    assert read.sha256 == hash_file(path) == hashlib.sha256(b"hello").hexdigest()
    assert (read.identity.size, read.identity.inode) == (5, path.stat().st_ino)


def test_a_changed_file_has_another_identity(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"hello")
    before = read_file(path).identity
    path.write_bytes(b"other")
    os.utime(path, ns=(0, before.mtime_ns + 1))
    assert read_file(path).identity != before


def test_what_is_no_plain_file_of_ours_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to(tmp_path / "secret")
    os.link(tmp_path / "secret", tmp_path / "hard.md")
    os.mkfifo(tmp_path / "pipe.md")
    assert reason(tmp_path / "none.md") is Reason.MISSING
    assert reason(tmp_path / "folder.md") is Reason.NOT_REGULAR
    assert reason(tmp_path / "link.md") is Reason.SYMLINK
    assert reason(tmp_path / "hard.md") is Reason.HARD_LINKED
    assert reason(tmp_path / "pipe.md") is Reason.NOT_REGULAR, "a plain open of a FIFO would wait for ever"


def test_a_socket_and_a_device_are_refused(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.md"))
        assert reason(tmp_path / "s.md") is Reason.NOT_REGULAR
    assert reason(Path("/dev/zero")) is Reason.NOT_REGULAR


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "a.md").chmod(0)
    assert reason(tmp_path / "a.md") is Reason.DENIED


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    path.touch()
    os.truncate(path, 256 * 1024)
    assert len(read_file(path).data) == 256 * 1024
    os.truncate(path, 1024**3)
    with pytest.raises(Unreadable) as refused:
        read_file(path)
    assert refused.value.reason is Reason.TOO_LARGE


def test_an_attachment_of_any_size_comes_in_pieces(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    (tmp_path / "Attachments").mkdir()
    path = tmp_path / "Attachments" / "film.mp4"
    path.write_bytes(b"x" * 3_000_000)
    with stream_in_vault(vault, "Attachments/film.mp4") as (identity, chunks):
        pieces = list(chunks)
    assert (identity.size, len(pieces) > 1, b"".join(pieces)) == (3_000_000, True, b"x" * 3_000_000)


def test_a_link_anywhere_on_the_way_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "home"
    outside.mkdir()
    (outside / "key.md").write_text("secret")
    vault = Vault(tmp_path / "vault")
    vault.ensure()
    (vault.root / "Pending_Approval/team").symlink_to(outside)
    (vault.root / "Pending_Approval/key.md").symlink_to(outside / "key.md")
    for path in ("Pending_Approval/team/key.md", "Pending_Approval/key.md"):
        with pytest.raises(Unreadable) as refused:
            read_in_vault(vault, path)
        assert refused.value.reason is Reason.SYMLINK


def test_the_vault_itself_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.md").write_text("x")
    (tmp_path / "vault").symlink_to(tmp_path / "real")
    assert read_in_vault(Vault(tmp_path / "vault"), "a.md").data == b"x"


def test_a_path_through_a_file_or_out_of_the_vault_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    with pytest.raises(Unreadable) as refused:
        read_in_vault(Vault(tmp_path), "a.md/b.md")
    assert refused.value.reason is Reason.MISSING
    with pytest.raises(ValueError, match="inside the vault"):
        read_in_vault(Vault(tmp_path), "../a.md")
    with pytest.raises(Unreadable):
        read_in_vault(Vault(tmp_path), ".")
