from __future__ import annotations

import errno
import multiprocessing
import os
import stat
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from platinum_tui.vault import moves
from platinum_tui.vault.moves import create_file, move, remove_leftovers, replace_unchanged

PROCESSES = 16
FILES = 60


@pytest.fixture(params=["native", "link and unlink"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "native":
        monkeypatch.setattr(moves, "_native_rename", lambda *_: lambda *_: errno.ENOSYS)
    return str(request.param)


def test_a_move_keeps_the_bytes(tmp_path: Path, way: str) -> None:
    (tmp_path / "a.md").write_bytes(b"hello")
    (tmp_path / "Approved").mkdir()
    move(tmp_path / "a.md", tmp_path / "Approved" / "a.md")
    assert (tmp_path / "Approved" / "a.md").read_bytes() == b"hello"
    assert not (tmp_path / "a.md").exists()


def test_a_taken_name_is_never_overwritten(tmp_path: Path, way: str) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "b.md").write_bytes(b"two")
    with pytest.raises(FileExistsError):
        move(tmp_path / "a.md", tmp_path / "b.md")
    assert (tmp_path / "a.md").read_bytes() == b"one"
    assert (tmp_path / "b.md").read_bytes() == b"two"


def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path: Path, way: str) -> None:
    with pytest.raises(FileNotFoundError):
        move(tmp_path / "a.md", tmp_path / "b.md")


def test_who_is_second_without_such_a_rename_takes_its_link_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another mover takes the source between our link and our unlink: the file must not exist twice."""
    plain = os.link

    def link_and_lose(source: str, target: str, **options: Any) -> None:
        plain(source, target, **options)
        (tmp_path / source).rename(tmp_path / "taken by another.md")

    monkeypatch.setattr(moves, "_native_rename", lambda *_: lambda *_: errno.ENOSYS)
    monkeypatch.setattr(os, "link", link_and_lose)
    (tmp_path / "a.md").write_bytes(b"one")
    with pytest.raises(FileNotFoundError):
        move(tmp_path / "a.md", tmp_path / "b.md")
    assert os.listdir(tmp_path) == ["taken by another.md"]


def _race(root: Path, number: int, start: Barrier, native: bool) -> None:
    if not native:
        moves._native_rename = lambda *_: lambda *_: errno.ENOSYS  # type: ignore[assignment]
    start.wait()
    for index in range(FILES):
        # half of the racers want names of their own, half collide on the same one
        name = f"{index}.md" if number % 2 else f"{index}.{number}.md"
        try:
            move(root / "Approved" / f"{index}.md", root / "In_Progress" / name)
            (root / "wins" / f"{index}.{number}").touch()
        except (FileNotFoundError, FileExistsError):
            continue


def test_of_sixteen_processes_that_claim_one_file_exactly_one_wins(tmp_path: Path, way: str) -> None:
    for folder in ("Approved", "In_Progress", "wins"):
        (tmp_path / folder).mkdir()
    for index in range(FILES):
        (tmp_path / "Approved" / f"{index}.md").write_text(str(index))
    context = multiprocessing.get_context("fork")
    start = context.Barrier(PROCESSES)
    racers = [
        context.Process(target=_race, args=(tmp_path, number, start, way == "native")) for number in range(PROCESSES)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
        assert racer.exitcode == 0
    assert len(list((tmp_path / "wins").iterdir())) == FILES
    moved = [path.read_text() for path in (tmp_path / "In_Progress").iterdir()]
    assert sorted(moved, key=int) == [str(index) for index in range(FILES)]
    assert list((tmp_path / "Approved").iterdir()) == []


def test_a_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    create_file(tmp_path / "a.json", b"x" * 100_000)
    assert (tmp_path / "a.json").read_bytes() == b"x" * 100_000
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_new_file_never_replaces_another(tmp_path: Path, way: str) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_rewritten_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "Dashboard.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    assert replace_unchanged(path, b"new", b"old")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failing_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Dashboard.md"
    path.write_bytes(b"old")

    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        replace_unchanged(path, b"new", b"old")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["Dashboard.md"]


def _write_and_die(root: Path) -> None:
    moves.rename_at = lambda *_: os._exit(9)  # type: ignore[assignment]
    create_file(root / "a.json", b"half")


def test_what_a_crash_left_is_removed_and_what_is_being_written_stays(tmp_path: Path) -> None:
    crashed = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(tmp_path,))
    crashed.start()
    crashed.join(60)
    assert crashed.exitcode == 9
    (left,) = os.listdir(tmp_path)
    (tmp_path / "note.md").write_text("the user's")
    with moves.opened(tmp_path) as folder, moves._temporary(folder) as (name, _descriptor):
        living = tmp_path / name
        assert remove_leftovers(tmp_path) == [left]
        assert living.exists()
        living.rename(tmp_path / "written.json")
    assert sorted(os.listdir(tmp_path)) == ["note.md", "written.json"]


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_file_is_replaced_if_it_is_what_was_read(tmp_path: Path, way: str) -> None:
    file = tmp_path / "D.md"
    assert moves.replace_unchanged(file, b"new", b"")
    file.chmod(0o640)
    assert moves.replace_unchanged(file, b"newer", b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777, names(tmp_path)) == (b"newer", 0o640, ["D.md"])
    assert not moves.replace_unchanged(file, b"newest", b"new")
    assert not moves.replace_unchanged(tmp_path / "E.md", b"x", b"was there")
    assert (file.read_bytes(), names(tmp_path)) == (b"newer", ["D.md"])


@pytest.mark.parametrize("saves", [["one"], ["one", "two"]], ids=len)
@pytest.mark.parametrize("rename", [False, True], ids=["in place", "by rename"])
def test_what_is_saved_at_the_very_moment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saves: list[str], rename: bool
) -> None:
    file, left, real = tmp_path / "D.md", list(saves), moves.exchange_at

    def save(folder: int, one: str, other: str) -> None:
        if left:
            path = tmp_path / "saving" if rename else file
            path.write_text(left.pop(0))
            os.replace(path, file)
        real(folder, one, other)

    file.write_text("old")
    monkeypatch.setattr(moves, "exchange_at", save)
    assert not moves.replace_unchanged(file, b"ours", b"old")
    assert (file.read_text(), names(tmp_path)) == (saves[-1], ["D.md"])


def test_what_appears_where_nothing_was_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, real = tmp_path / "D.md", moves.rename_at

    def save(*names: Any) -> None:
        file.write_text("theirs")
        real(*names)

    monkeypatch.setattr(moves, "rename_at", save)
    assert not moves.replace_unchanged(file, b"ours", b"")
    assert file.read_text() == "theirs"
