"""Stories of the index: whatever happens to the files and to the index itself, it answers as reading anew would."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office

from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review import inventory, reading, tidings
from platinum_tui.review.adoption import Adoption
from platinum_tui.review.desk import Desk
from platinum_tui.review.index import Index
from platinum_tui.review.queue import Queue
from platinum_tui.vault import scan
from platinum_tui.vault.reading import FileIdentity, identity_of
from platinum_tui.vault.scan import Entry, settled_at

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "requests").rglob("*.md"))
FOLDERS = ("Pending_Approval/cloud", "Pending_Approval", "Approved", "Rejected", "Needs_Attention", "Quarantine")
EXPIRING = (
    "---\nkind: whatsapp_message\nto: '+4915112345678'\nexpires_at: 2026-01-07T12:{minute:02}:00Z\n---\nHello {n}\n"
)
ATTACHING = (
    "---\nkind: email_send\nid: with-file-{n}\nto: [a@example.com]\nsubject: S\nattachments: [paper.txt]\n---\nB\n"
)
TWIN = "---\nkind: email_send\nid: twin\nto: [a@example.com]\nsubject: S{n}\n---\nBody\n"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in which a while passes between any write and the next look: see `Hand.change`."""
    monkeypatch.setattr(inventory, "settled_at", lambda *_: True)
    monkeypatch.setattr(reading, "settled_at", lambda *_: True)
    return Office(tmp_path, clock)


class Hand:
    """Does something at random to the files of a vault."""

    def __init__(self, office: Office, clock: ManualClock, seed: int) -> None:
        self.office = office
        self.clock = clock
        self.chance = random.Random(seed)
        self.root = office.house.vault.root
        self.count = 0
        (self.root / "paper.txt").write_text("paper")

    def change(self) -> None:
        """One thing happens."""
        steps: list[Callable[[], None]] = [
            *(self._write, self._write, self._edit, self._rename, self._touch, self._delete, self._disguise),
            *(self._attach, self._time, self._decide, self._decide),
        ]
        self.chance.choice(steps)()

    def _files(self) -> list[Path]:
        return [
            path
            for folder in FOLDERS
            for path in sorted((self.root / folder).glob("*.md"))
            if path.is_file() and not path.is_symlink()
        ]

    def _write(self) -> None:
        self.count += 1
        folder = self.root / self.chance.choice(FOLDERS)
        text = self.chance.choice(
            [
                EXPIRING.format(minute=self.count % 60, n=self.count % 3).encode(),
                ATTACHING.format(n=self.count).encode(),
                TWIN.format(n=self.count % 4).encode(),
                self.chance.choice(SAMPLES).read_bytes(),
            ]
        )
        name = self.chance.choice([f"n{self.count}.md", f"n{self.count % 5}.md", f"ä{self.count}.md"])
        self._put(folder / name, text)

    def _edit(self) -> None:
        for path in self._one():
            data = bytearray(path.read_bytes())
            at = self.chance.randrange(len(data)) if data else 0
            data[at : at + 1] = b"7"
            self._put(path, bytes(data))

    def _disguise(self) -> None:
        """Other bytes of the same length under the same time of modification."""
        for path in self._one():
            status, data = path.stat(), bytearray(path.read_bytes())
            if data:
                data[-2:-1] = b"8"
            self._put(path, bytes(data))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def _rename(self) -> None:
        for path in self._one():
            target = self.root / self.chance.choice(FOLDERS) / self.chance.choice([path.name, f"m{self.count}.md"])
            if not target.exists():
                path.rename(target)

    def _touch(self) -> None:
        for path in self._one():
            os.utime(path)

    def _delete(self) -> None:
        for path in self._one():
            path.unlink()

    def _attach(self) -> None:
        paper = self.root / "paper.txt"
        if paper.exists() and self.chance.random() < 0.3:
            paper.unlink()
        else:
            self._put(paper, self.chance.choice([b"paper", b"other", b"longer paper"]))

    def _time(self) -> None:
        self.clock.advance(self.chance.choice([30, 90, 600, -120]))

    def _decide(self) -> None:
        desk = self.office.desk
        standings = desk.standings()
        if not standings:
            return
        standing = self.chance.choice(standings)
        name, fingerprint = standing.file, standing.request.fingerprint
        decide = self.chance.choice(
            [
                lambda: desk.approve(name, fingerprint),
                lambda: desk.reject(name, "no"),
                lambda: desk.undo(standing.request.id),
                lambda: Adoption(desk, "executor").adopt(standing),
            ]
        )
        try:
            decide()
        except PlatinumError:
            return

    def _one(self) -> list[Path]:
        files = self._files()
        return [self.chance.choice(files)] if files else []

    def _put(self, path: Path, data: bytes) -> None:
        """Write until the file system's clock has ticked, as it would have if a person had done this."""
        before = path.stat().st_ctime_ns if path.exists() else 0
        path.write_bytes(data)
        while path.stat().st_ctime_ns == before:
            path.write_bytes(data)


def fresh(office: Office) -> list[Standing]:
    """What reading everything anew answers."""
    desk = office.desk
    path = office.house.state.root / "fresh.db"
    for left in path.parent.glob("fresh.db*"):
        left.unlink()
    queue = Queue(office.house, desk.admission, Index(path))
    try:
        return in_order(queue.standings())
    finally:
        queue.close()


def in_order(standings: tuple[Standing, ...]) -> list[Standing]:
    return sorted(standings, key=lambda s: (s.file, s.request.id, s.request.sha256))


def check(office: Office) -> None:
    answer = in_order(office.desk.standings())
    assert answer == fresh(office)
    roll = office.desk.queue.roll()
    assert sum(roll.counts.values()) == len(answer)
    for state in State:
        wanted = sorted(s.request.id for s in answer if s.state is state)
        assert roll.counts.get(state, 0) == len(wanted)
        assert sorted(s.request.id for s in roll.standings(roll.by_age({state}))) == wanted


def check_memory(office: Office) -> None:
    """What the index remembers of all rows is what is found by looking through them."""
    remembered, looked_up = office.desk.queue.index, Index(index_path(office))
    try:
        assert remembered.counts() == looked_up.counts()
        assert remembered.conflicting_ids() == looked_up.conflicting_ids()
        for states in ({State.PENDING}, {State.PENDING, State.HELD}, set(State)):
            assert remembered.places_by_age(states) == looked_up.places_by_age(states)
    finally:
        looked_up.close()


def index_path(office: Office) -> Path:
    return office.house.state.vault_dir(office.house.vault_id) / "index.db"


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


class Listener:
    """Hears of every file in the request folders that came, went or changed; of nothing else."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._seen = self._look()
        office.desk.queue.inventory.tidings.is_listening = lambda: True

    def hear(self) -> None:
        before, self._seen = self._seen, self._look()
        self._office.desk.queue.inventory.hear({file for file, _ in before ^ self._seen})

    def _look(self) -> set[tuple[str, FileIdentity]]:
        root = self._office.house.vault.root
        paths = [path for folder in FOLDERS for path in (root / folder).rglob("*") if not path.is_dir()]
        return {(path.relative_to(root).as_posix(), identity_of(path.lstat())) for path in paths}


@pytest.mark.parametrize("seed", range(8))
def test_who_hears_of_every_change_knows_as_much_as_who_reads_anew(
    office: Office, clock: ManualClock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, listener, looks = Hand(office, clock, seed + 100), Listener(office), list[None]()
    everything = scan.scan

    def counted(*arguments: object) -> Iterator[Entry]:
        looks.append(None)
        return everything(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(inventory, "scan", counted)
    steps = [hand._write, hand._edit, hand._rename, hand._delete, hand._disguise, hand._decide, hand._time]
    for _ in range(40):
        for _ in range(hand.chance.randrange(1, 4)):
            hand.chance.choice(steps)()
            listener.hear()
        check(office)
        check_memory(office)
    by_listening = len(looks) - 40  # `fresh` looks at everything each time
    assert by_listening < 30, "time passing makes a reading end now and then, and only that has all files looked at"


def test_who_listens_looks_at_everything_once_in_a_while_and_whenever_it_cannot_be_told(
    office: Office, clock: ManualClock
) -> None:
    office.put("known")
    listener = Listener(office)
    inventory = office.desk.queue.inventory
    office.desk.queue.refresh()
    silent = office.house.vault.path("Pending_Approval/silent.md")
    silent.write_text(TWIN.format(n=1))
    assert len(office.desk.standings()) == 1, "nobody told"
    clock.advance(tidings.LONGEST_S)
    assert len(office.desk.standings()) == 2
    silent.unlink()
    inventory.hear(None)
    assert len(office.desk.standings()) == 1
    (silent.parent / "left.decision.json").write_text("{}")
    listener.hear()
    assert len(office.desk.standings()) == 2, "a stray decision is listed for the lack of a neighbour"
    for number in range(tidings.MOST + 1):
        silent.with_name(f"many{number}.md").write_text(TWIN.format(n=number))
    listener.hear()
    assert len(office.desk.standings()) == 2 + tidings.MOST + 1
    inventory.tidings.is_listening = lambda: False
    silent.write_text(TWIN.format(n=1))
    assert len(office.desk.standings()) == 3 + tidings.MOST + 1


def test_a_look_that_failed_is_done_over_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener(office)
    office.desk.queue.refresh()
    office.house.vault.path("Pending_Approval/new.md").write_text(TWIN.format(n=1))
    listener.hear()
    with monkeypatch.context() as patch:
        _crash_at(patch, 0)
        with contextlib.suppress(KeyboardInterrupt):
            office.desk.queue.refresh()
    assert len(office.desk.standings()) == 1


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
