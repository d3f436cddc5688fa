"""Stories of the index: whatever happens to the files and to the index itself, it answers as reading anew would."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from pathlib import Path

import pytest
from tests.review.hand import (
    Hand,
    check,
    check_memory,
    index_path,
)
from tests.support.clock import ManualClock
from tests.support.office import Office

from platinum_tui.model.request import State
from platinum_tui.review import inventory, reading
from platinum_tui.review.desk import Desk
from platinum_tui.review.index import Index
from platinum_tui.vault.reading import FileIdentity
from platinum_tui.vault.scan import settled_at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in which a while passes between any write and the next look: see `Hand.change`."""
    monkeypatch.setattr(inventory, "settled_at", lambda *_: True)
    monkeypatch.setattr(reading, "settled_at", lambda *_: True)
    return Office(tmp_path, clock)


@pytest.mark.parametrize("seed", range(8))
def test_the_index_answers_as_reading_anew_would(office: Office, clock: ManualClock, seed: int) -> None:
    hand = Hand(office, clock, seed)
    for _ in range(25):
        for _ in range(hand.chance.randrange(1, 4)):
            hand.change()
        if hand.chance.random() < 0.3:
            office.desk = Desk(office.house)  # another process
        check(office)
        check_memory(office)


@pytest.mark.parametrize("seed", range(3))
def test_a_broken_or_missing_index_is_made_anew(office: Office, clock: ManualClock, seed: int) -> None:
    hand = Hand(office, clock, seed)
    path = index_path(office)
    for step in range(6):
        for _ in range(5):
            hand.change()
        check(office)
        office.desk.queue.close()
        if step % 3 == 0:
            path.unlink()
        elif step % 3 == 1:
            path.write_bytes(b"no database" * 1000)
        else:
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // 2])
        office.desk = Desk(office.house)
        check(office)


def test_an_index_that_breaks_while_it_is_open_is_made_anew(office: Office, clock: ManualClock) -> None:
    hand = Hand(office, clock, 1)
    for _ in range(20):
        hand.change()
    check(office)
    path = index_path(office)
    for ending in ("", "-wal"):
        broken = path.with_name(path.name + ending)
        if broken.exists():
            broken.write_bytes(b"\xff" * broken.stat().st_size)
    check(office)


def test_a_crash_in_the_middle_of_reading_loses_nothing(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(office, clock, 5)
    for round_ in range(12):
        for _ in range(6):
            hand.change()
        with monkeypatch.context() as patch:
            _crash_at(patch, round_)
            with contextlib.suppress(KeyboardInterrupt):
                office.desk.queue.refresh()
        office.desk = Desk(office.house)
        check(office)


def _crash_at(patch: pytest.MonkeyPatch, round_: int) -> None:
    """Before the index is written, before the sightings are, or after one file of a batch."""
    left = [round_ // 3]

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def dies_later(*arguments: object, **named: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    if round_ % 3 == 0:
        patch.setattr(Index, "put", dies)
    elif round_ % 3 == 1:
        patch.setattr("platinum_tui.review.identities.Identities.flush", dies)
    else:
        real = reading.RequestReader.read
        patch.setattr(reading.RequestReader, "read", dies_later)


def test_a_file_is_read_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        office.put(f"r{number}")
    office.desk.standings()
    read: list[str] = []
    real = reading.RequestReader.read
    monkeypatch.setattr(
        reading.RequestReader, "read", lambda self, data, file: read.append(file) or real(self, data, file)
    )
    office.desk = Desk(office.house)
    assert len(office.desk.standings()) == 30
    assert read == [], "another process finds everything in the index"
    office.desk.review("r7")
    assert read == [], "what is only shown is not read again"
    office.put("r3", text="---\nkind: email_send\nid: r3\nto: [b@example.com]\nsubject: New\n---\nB\n")
    office.desk.standings()
    assert read == ["Pending_Approval/cloud/r3.md"]
    read.clear()
    office.desk.approve("r7", office.desk.review("r7").standing.request.fingerprint)
    assert read == ["Pending_Approval/cloud/r7.md", "Approved/r7.md"], "a decision rests on the file, not on the index"


def test_a_forged_index_decides_nothing(office: Office) -> None:
    """Whoever could write the index could show other words; a decision still is on the file's own."""
    office.put("honest")
    standing = office.desk.find("honest")
    database = sqlite3.connect(office.house.state.vault_dir(office.house.vault_id) / "index.db")
    ((body,),) = database.execute("SELECT body FROM request").fetchall()
    forged = zlib.compress(zlib.decompress(body).replace(b"ana@example.com", b"thief@example.com"))
    database.execute("UPDATE request SET body = ?", (forged,))
    database.commit()
    office.desk = Desk(office.house)
    assert "thief" in office.desk.standings()[0].target
    assert office.desk.find("honest") == standing


def test_files_are_glanced_at_before_they_are_read(office: Office) -> None:
    for number in range(150):
        office.put(f"r{number}", quiet=True)
    moments: list[tuple[int, int]] = []
    queue = office.desk.queue

    def told() -> None:
        roll = queue.roll()
        places = roll.by_age({State.PENDING})
        moments.append((len(places), len(list(roll.standings(places)))))
        row = roll.row(places[0])
        assert row is not None
        assert row.title.strip('"') == "Re: July invoice"

    queue.refresh(told)
    assert moments == [(150, 0), (150, 100), (150, 150)]


def test_a_file_written_in_the_grain_of_its_reading_is_not_trusted() -> None:
    second = 1_000_000_000
    now = 1_700_000_000 * second + 5
    assert not settled_at(FileIdentity(1, 2, 3, now, now), now)
    assert settled_at(FileIdentity(1, 2, 3, now, now), now + second)
    whole = 1_700_000_000 * second
    assert not settled_at(FileIdentity(1, 2, 3, whole, whole), whole + second)
    assert settled_at(FileIdentity(1, 2, 3, whole, whole), whole + 3 * second)
    assert not settled_at(FileIdentity(1, 2, 3, now - 9 * second, now), now), "an old time of modification is no proof"
