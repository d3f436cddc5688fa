"""What happens at random to the files of a vault, and what reading everything anew answers then."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

from tests.support.clock import ManualClock
from tests.support.office import Office

from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.adoption import Adoption
from platinum_tui.review.index import Index
from platinum_tui.review.queue import Queue

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "requests").rglob("*.md"))
FOLDERS = ("Pending_Approval/cloud", "Pending_Approval", "Approved", "Rejected", "Needs_Attention", "Quarantine")
EXPIRING = (
    "---\nkind: whatsapp_message\nto: '+4915112345678'\nexpires_at: 2026-01-07T12:{minute:02}:00Z\n---\nHello {n}\n"
)
ATTACHING = (
    "---\nkind: email_send\nid: with-file-{n}\nto: [a@example.com]\nsubject: S\nattachments: [paper.txt]\n---\nB\n"
)
TWIN = "---\nkind: email_send\nid: twin\nto: [a@example.com]\nsubject: S{n}\n---\nBody\n"


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
            for path in sorted((self.root / folder).glob("[!.]*[!n]"))
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
        name = self.chance.choice(
            [f"n{self.count}.md", f"n{self.count % 5}.md", f"ä{self.count}.md", f"n{self.count % 5}.txt"]
        )
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
            target = (
                self.root
                / self.chance.choice(FOLDERS)
                / self.chance.choice([path.name, f"m{self.count}.md", f"m{self.count}.eml"])
            )
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
