"""A vault, the program, a service and the people around them in one process; and what each effect needs to be allowed.

The model is smaller than the program and shares nothing with it: who allowed which bytes, which bytes the program has
had before its eyes, how many files hold which bytes, and what the service's journal says.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.support.clock import ManualClock

from platinum_tui import service as service_module
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.service import Service as Program

from . import checker, services
from .nearby import Nearby
from .scene import EPOCH, empty_scene
from .services import Service
from .trouble import Died

_REFUSED = frozenset({State.PENDING, State.REJECTED, State.CHANGES_REQUESTED})
Step = Callable[[], object]
Effect = tuple[str, str]
"""A request's id and the SHA-256 of the bytes that were executed."""


class World:
    """One machine with a reviewer, an agent and a sync, and what is allowed there by now.

    Attributes:
        allowed: what a person approved at the keyboard, and did not take back.
        placed: bytes that somebody put into Approved/ by hand, without a decision beside them.
        seen: bytes that have lain in Pending_Approval/ when the program could look.
        happened: how often what has happened since the ledger was lost last.
        files: how many files of the vault hold which bytes of the people's.
        meddled: whether somebody touched what the program had claimed; what lies there then is theirs.
    """

    def __init__(self, root: Path, service: Service) -> None:
        self.scene = empty_scene(root, service)
        self.clock = ManualClock(EPOCH)
        self.allowed: set[Effect] = set()
        self.placed: set[str] = set()
        self.seen: set[str] = set()
        self.happened: Counter[Effect] = Counter()
        self.ever: set[Effect] = set()
        self.files: Counter[str] = Counter()
        self.texts: dict[str, bytes] = {}
        self.saved: list[tuple[str, bytes, bytes]] = []
        self.heard = 0
        self.written = 0
        self.flaw = "none"
        self.hazards: list[contextlib.AbstractContextManager[None]] = []
        self.frozen = self.lost = self.meddled = False
        (root / "manifest.json").write_text(json.dumps({"service": service.value, "files": {}, "edited": []}))
        self._start()
        self.step(self.look)
        self._copy_ledger()

    # The program

    def _start(self) -> None:
        with patch.object(service_module, "LocalServers", lambda house: Nearby(house, self.scene, lambda: self.flaw)):
            self.program = Program(self.scene.open_at(self.clock))

    def end(self) -> None:
        """The process ends; locks and files are given back as the system does it."""
        self.program.lock.release()
        self.program.desk.queue.close()
        self.program.house.ledger.close()

    def restart(self) -> None:
        self.end()
        self._start()

    def step(self, work: Step) -> None:
        """What the program is asked to do; it may refuse, it may fail, and it may die."""
        self.seen |= {sha for file, sha in self.shas().items() if file.startswith("Pending_Approval/")}
        hazard = self.hazards.pop() if self.hazards else contextlib.nullcontext()
        try:
            with contextlib.suppress(PlatinumError, OSError), hazard:
                work()
        except Died:
            self.restart()
        self._hear()
        self._save()

    def look(self) -> None:
        self.program.standings()

    def work(self) -> None:
        """One pass of every worker, as `--daemon --once` makes it."""
        self.program.run_once(wait=lambda _: None)

    def pass_time_and_work(self, seconds: float, flaw: str = "none") -> None:
        """A pass some time later, with a service that stumbles over every call."""
        self.clock.advance(seconds)
        self.flaw = flaw
        self.step(self.work)
        self.flaw = "none"

    def rest(self) -> None:
        """Everything comes to its end."""
        for _ in range(2):
            self.restart()
            self.pass_time_and_work(3600)

    # People

    def path(self, file: str) -> Path:
        return self.scene.vault / file

    def put(self, file: str, data: bytes) -> None:
        """Somebody writes a file, over another one if need be."""
        path = self.path(file)
        self._gone(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        past = self.clock.now().timestamp() - 300
        os.utime(path, (past, past))
        self.files[_sha(data)] += 1
        self.texts[_sha(data)] = data

    def draft(self, name: str, file: str, kind: str) -> None:
        """A new version of a request."""
        self.written += 1
        more = "in_reply_to: <x@example.com>\n" if kind == "email_reply" else ""
        head = f'id: {name}\nkind: {kind}\nto: ["{name}@example.com"]\nsubject: "About {name}"\n{more}'
        self.put(file, f"---\n{head}---\nVersion {self.written}.\n".encode())
        if file.startswith("Approved/"):
            self.placed.add(self.shas()[file])

    def draft_another(self, kind: str, folder: str = "Pending_Approval") -> str:
        """A new request, last in the queue by its name; its path."""
        file = f"{folder}/z{self.written:04}.md"
        self.draft(f"r{self.written}", file, kind)
        return file

    def edit(self, file: str) -> None:
        self.written += 1
        data = self.path(file).read_bytes()
        self.put(file, data + f"And {self.written} more.\n".encode())
        if file.startswith("Approved/"):
            self.placed.add(self.shas()[file])

    def edit_where_it_lies(self, file: str) -> None:
        """Behind the reviewer's back, wherever the program has put it."""
        for there in self._where(file):
            self.edit(there)

    def delete_where_it_lies(self, file: str) -> None:
        for there in self._where(file):
            self.delete(there)

    def move(self, file: str, target: str, *, copies: bool) -> None:
        """By hand, in a file manager: nobody moves over another file."""
        source, goal = self.path(file), self.path(target)
        if goal.exists():
            return
        sha = self.shas()[file]
        self.meddled |= file.startswith("In_Progress/")
        goal.parent.mkdir(parents=True, exist_ok=True)
        if copies:
            shutil.copy2(source, goal)
            self.files[sha] += 1
        else:
            source.rename(goal)
        if target.startswith("Approved/") and not target.startswith("Approved/archived/"):
            self.placed.add(sha)

    def delete(self, file: str) -> None:
        self._gone(file)
        self.path(file).unlink()

    def pull(self, number: int, folder: str) -> None:
        """A sync brings back a file together with the decision that lay beside it at some time."""
        if not self.saved:
            return
        name, data, decision = self.saved[-1 - number % len(self.saved)]
        file = f"{folder}/{name}"
        beside = self.path(file.removesuffix(".md") + ".decision.json")
        if not self.path(file).exists() and not beside.exists():
            self.put(file, data)
            beside.write_bytes(decision)

    def approve(self, number: int) -> None:
        waiting = self._standings(State.PENDING, State.HELD, State.FAILED, State.CHANGES_REQUESTED)
        if not waiting:
            return
        request = waiting[number % len(waiting)].request
        wanted = (request.id, request.sha256)
        before = wanted in self.allowed
        self.allowed.add(wanted)
        self.step(lambda: self.program.approve(request.id, request.fingerprint))
        row = self.program.house.ledger.entry(request.id)
        if not before and not (row and row.state is State.APPROVED and row.file_sha256 == request.sha256):
            self.allowed.discard(wanted)

    def refuse(self, number: int, how: Callable[[str], object], *states: State) -> None:
        """A person rejects, or takes back, one of the requests in some states."""
        standings = self._standings(*states)
        if not standings:
            return
        request = standings[number % len(standings)].request
        settled = []
        self.step(lambda: settled.append(how(request.id)))
        row = self.program.house.ledger.entry(request.id)
        if settled or (row and row.state in _REFUSED):
            sha = row.file_sha256 if row else request.sha256
            self.allowed.discard((request.id, sha))
            if not any(s == sha and file.startswith("Approved/") for file, s in self.shas().items()):
                self.placed.discard(sha)

    def reject(self, number: int) -> None:
        states = (State.PENDING, State.APPROVED, State.HELD, State.FAILED)
        self.refuse(number, lambda name: self.program.reject(name, "No."), *states)

    def undo(self, number: int) -> None:
        self.refuse(number, self.program.undo, State.APPROVED, State.REJECTED)

    def resolve(self, number: int) -> None:
        """A person looks where the effect would be, and says so."""
        unknown = self._standings(State.UNKNOWN)
        if unknown:
            request = unknown[number % len(unknown)].request
            happened = bool(self.happened[(request.id, request.sha256)])
            self.step(lambda: self.program.resolve(request.id, happened, "I looked."))

    def freeze(self) -> None:
        self.program.freeze("")
        self.frozen = True

    def thaw(self) -> None:
        self.program.thaw()
        self.frozen = False

    def lose_ledger(self, *, older: bool) -> None:
        """The program ends well; the ledger is deleted, or an older copy of it is put in its place."""
        ended: list[object] = []
        self.step(lambda: ended.append(self.work()))
        if not ended:
            return
        ledger, copy = self.program.house.ledger, self.scene.root / "copy.db"
        noticeable = ledger.tail().seq > (self.copied if older else 0)
        self.end()
        for path in ledger.path.parent.glob("ledger.db*"):
            path.unlink()
        if older:
            shutil.copy(copy, ledger.path)
        self.clock.advance(1)
        self._start()
        if noticeable:
            self.allowed.clear(), self.placed.clear(), self.happened.clear()
            self.lost = True
        self._copy_ledger()

    # What has to hold

    def check(self) -> None:
        """No file of the people's was lost, doubled or written over."""
        now = Counter(sha for sha in self.shas().values() if sha in self.files)
        assert now == +self.files, (now - self.files, self.files - now)

    def check_rest(self) -> None:
        """When all is quiet: nothing stuck, nothing in between, an unbroken log, and files that say what happened."""
        judge = checker.Judge(self.scene.root, Counter(), ())
        breaches = [] if self.lost else judge.chain()  # another ledger's chain lies elsewhere
        for name, row in judge.rows.items():
            happened = self.happened[(name, row["file_sha256"])]
            if row["state"] in {"approved", "executing"} or not row["settled"]:
                breaches.append(f"{name} is stuck: {row['state']}")
            if row["state"] == "done" and (name, row["file_sha256"]) not in self.ever:
                breaches.append(f"{name} is done, and never happened")
            if row["state"] not in {"done", "unknown"} and happened:
                breaches.append(f"{name} is {row['state']}, and happened")
            if row["state"] == "unknown" and self.scene.service is Service.ASKABLE:
                breaches.append(f"{name} is unknown, and the service could have said")
        if not self.meddled:
            kinds = ".md" if self.lost else (".md", ".json")  # a decision that no ledger knows harms nobody
            left = [file for file in judge.files if file.startswith("In_Progress/local/")]
            breaches += [f"{file} is left" for file in left if file.endswith(kinds)]
        assert not breaches, "; ".join(breaches)

    def _hear(self) -> None:
        """What has happened since the last look at the journal: allowed, and never before."""
        effects = services.Journal(self.scene.journal).effects()
        for effect in effects[self.heard :]:
            key = (effect["request"], effect["file_sha256"])
            by_hand = key[1] in self.placed and key[1] in self.seen and not self.lost
            assert key in self.allowed or by_hand, f"{key} happened, and nobody allowed it"
            assert not self.happened[key], f"{key} happened twice"
            assert not self.frozen, f"{key} happened while everything was stopped"
            assert effect["fields"]["body"].strip().encode() in self.texts[key[1]], f"{key} happened otherwise"
            self.happened[key] += 1
            self.ever.add(key)
            self.allowed.discard(key), self.placed.discard(key[1])
        self.heard = len(effects)

    # Inside

    def shas(self) -> dict[str, str]:
        """The people's files, and the hash of each."""
        return {
            path.relative_to(self.scene.vault).as_posix(): _sha(path.read_bytes())
            for path in sorted(self.scene.vault.rglob("*.md"))
            if path.is_file() and path.name != "Dashboard.md" and not path.name.startswith("CHANGES_")
        }

    def _where(self, file: str) -> list[str]:
        name = file.rpartition("/")[2]
        return [each for each in self.shas() if each.endswith(f"/{name}")]

    def _gone(self, file: str) -> None:
        self.meddled |= file.startswith("In_Progress/")
        if self.path(file).exists():
            self.files[self.shas()[file]] -= 1

    def _standings(self, *states: State) -> list[Any]:
        try:
            return list(self.program.desk.standings(states))
        except (PlatinumError, OSError):
            return []

    def _save(self) -> None:
        """An attacker, or a sync, keeps a copy of every decision and its file."""
        for decision in self.scene.vault.rglob("*.decision.json"):
            name = decision.name.removesuffix(".decision.json") + ".md"
            path = decision.with_name(name)
            if path.exists():
                copy = (name, path.read_bytes(), decision.read_bytes())
                if copy not in self.saved:
                    self.saved.append(copy)

    def _copy_ledger(self) -> None:
        ledger = self.program.house.ledger
        self.copied = ledger.tail().seq
        for row in ledger._database.rows("PRAGMA wal_checkpoint(TRUNCATE)"):
            assert row[0] == 0
        shutil.copy(ledger.path, self.scene.root / "copy.db")


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
