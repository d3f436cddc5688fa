"""Stories of listening to a vault: what is heard of is looked at, and everything where that cannot be told."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.review.hand import FOLDERS, TWIN, Hand, check, check_memory
from tests.support.clock import ManualClock
from tests.support.office import Office

from platinum_tui.ledger.ledger import Ledger, Sighting
from platinum_tui.model.request import State
from platinum_tui.review import inventory, reading, tidings
from platinum_tui.review.identities import Identities
from platinum_tui.review.index import Index
from platinum_tui.review.index_rows import Reading
from platinum_tui.vault import scan
from platinum_tui.vault.reading import FileIdentity, identity_of
from platinum_tui.vault.scan import Entry


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in which a while passes between any write and the next look: see `Hand.change`."""
    monkeypatch.setattr(inventory, "settled_at", lambda *_: True)
    monkeypatch.setattr(reading, "settled_at", lambda *_: True)
    return Office(tmp_path, clock)


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


def test_who_waits_for_another_ones_look_is_told_how_it_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker reads a burst of new files; the console that looks meanwhile has all their rows before they are read."""
    for number in range(inventory.BATCH * 3):
        office.put(f"r{number:03}", quiet=True)
    queue = office.desk.queue
    read, seen = queue.inventory.reader.read, list[tuple[int, int]]()
    console = threading.Thread(target=lambda: queue.refresh(told), name="console")

    def told() -> None:
        places = queue.roll().by_age({State.PENDING})
        seen.append((len(places), len(list(queue.roll().standings(places)))))

    def read_while_it_comes(data: bytes, file: str) -> Reading:
        if not console.ident:
            console.start()
            _until(lambda: queue.inventory._waiting)
        return read(data, file)

    monkeypatch.setattr(queue.inventory.reader, "read", read_while_it_comes)
    queue.refresh()
    console.join(20)
    assert seen[:2] == [(100, 100), (300, 100)], "the first batch; then, glanced at, the rest"
    assert seen[-1] == (300, 300)


def test_what_comes_while_many_files_are_read_is_listed_before_they_all_are(office: Office, clock: ManualClock) -> None:
    for number in range(inventory.BATCH * 3):
        office.put(f"r{number:03}", quiet=True)
    queue, seen = office.desk.queue, list[tuple[int, int]]()

    def told() -> None:
        places = queue.roll().by_age({State.PENDING})
        seen.append((len(places), len(list(queue.roll().standings(places)))))
        if len(seen) == 2:
            for number in range(inventory.BATCH * 2):
                office.put(f"s{number:03}", quiet=True)
            queue.inventory.hear(None)
            clock.advance(1)

    queue.refresh(told)
    listed = [count for count, _ in seen]
    assert listed[:3] == [300, 300, 500], "glanced at; one batch read; what came meanwhile"
    assert seen[-1] == (500, 500)


def _until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.mark.parametrize("seed", range(8))
def test_who_hears_of_every_change_knows_as_much_as_who_reads_anew(
    office: Office, clock: ManualClock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, listener, looks = Hand(office, clock, seed + 100), Listener(office), list[None]()
    everything = scan.scan

    def counted(*arguments: object, others: bool) -> Iterator[Entry]:
        looks.append(None)
        return everything(*arguments, others=others)  # type: ignore[arg-type]

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

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Index, "put", dies)
        with contextlib.suppress(KeyboardInterrupt):
            office.desk.queue.refresh()
    assert len(office.desk.standings()) == 1


class Door:
    """A lock that tells when somebody has to wait for it."""

    def __init__(self, waited_for: threading.Event) -> None:
        self._lock = threading.RLock()
        self._waited_for = waited_for

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._waited_for.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_a_file_that_is_looked_at_while_others_get_their_ids_ends_no_look(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker asks the ledger which file is which; at that very moment a decision has another file looked at."""
    moved, new = office.house.vault.root / "Approved/moved.md", "Pending_Approval/cloud/new.md"
    moved.write_text("---\nkind: email_send\nto: [ana@example.com]\nsubject: Rent\n---\nPaid.\n")
    (office.house.vault.root / new).write_text("---\nkind: email_send\nto: [b@example.com]\nsubject: New\n---\nB\n")
    queue, met, may_end = office.desk.queue, threading.Event(), threading.Event()
    queue.inventory._reading_lock = Door(met)  # type: ignore[assignment]
    decider = threading.Thread(target=queue.notice, args=(new,))
    ask, flush = Ledger.sightings_of, Identities.flush

    def asked(ledger: Ledger, sha256: str, most: int) -> list[Sighting]:
        if threading.current_thread() is not decider and not decider.is_alive() and not met.is_set():
            decider.start()
            assert met.wait(30)
        return ask(ledger, sha256, most)

    def flushed(identities: Identities) -> None:
        if threading.current_thread() is decider:
            met.set()
            assert may_end.wait(30)
        flush(identities)

    queue.inventory.look_at(["Approved/moved.md"])
    monkeypatch.setattr(Ledger, "sightings_of", asked)
    monkeypatch.setattr(Identities, "flush", flushed)
    try:
        queue.inventory._identify()
    finally:
        may_end.set()
        decider.join()
    assert {standing.file for standing in queue.standings()} == {"Approved/moved.md", new}
