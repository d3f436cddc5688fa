"""The executor's pass: bring what has no outcome to one, take in what a person moved, run what is due, settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from platinum_tui.execution.recovery import Recovery
from platinum_tui.execution.runner import ACTOR, Runner
from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.settlement import Settlement
from platinum_tui.execution.switch import Switch
from platinum_tui.execution.turns import Turns
from platinum_tui.ledger.entry import Entry
from platinum_tui.model.errors import NotApprovable, PlatinumError, StaleFingerprint
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.adoption import Adoption
from platinum_tui.review.desk import Desk
from platinum_tui.system.disk import is_disk_failure
from platinum_tui.vault.placing import prepare_folders
from platinum_tui.vault.reading import FileIdentity, identity_of

T = TypeVar("T")

SETTLING = timedelta(seconds=2)
"""A file that changed this recently may still be in the making."""


class Executor:
    """Executes what was approved in one house. Its owner holds the executor's lock.

    Args:
        desk: the queue, the policy and the files of decided requests.
        servers: the local MCP servers.
        moved: is told each entry whose state changed.
    """

    def __init__(self, desk: Desk, servers: LocalServers, moved: Callable[[Entry], None] = lambda _entry: None) -> None:
        self._desk = desk
        self._house = desk.house
        self._servers = servers
        self._moved = moved
        self.switch = Switch(desk.house)
        self.turns = Turns(desk.house)
        self._runner = Runner(desk, servers, self.switch)
        self._recovery = Recovery(desk.house, self._runner, servers, self.turns)
        self._settlement = Settlement(desk)
        self._adoption = Adoption(desk, ACTOR)
        self._finishing = False
        self._looks: dict[str, tuple[FileIdentity, float]] = {}

    def run_pass(self) -> int:
        """One pass over everything that is there now.

        Returns:
            How many files in Approved/ were left because they may still be in the making.

        Raises:
            Obstructed: a folder that requests go to is none of the vault's own; nothing was begun.
        """
        prepare_folders(self._house.vault)
        self.turns.begin_pass()
        ledger = self._house.ledger
        self._desk.placement.spend_taken_back()
        with _each() as each:
            for entry in ledger.unsettled():
                each(self._recover if entry.state is State.EXECUTING else self._settlement.settle, entry)
            for entry in ledger.entries((State.UNKNOWN,)):
                each(self._reconsider, entry)
            arrived, in_the_making = self._arrived()
            for standing in arrived:
                each(self._adopt, standing)
            for request_id, due_at in self.turns.in_order(ledger.approved()):
                if self._finishing:
                    break
                if due_at is None or due_at <= self._house.clock.now():
                    each(self._execute, request_id)
            each(Settlement.report, self._settlement)
        return in_the_making

    def next_due(self) -> float | None:
        """Seconds until the next request is due; None where none waits."""
        now, ledger = self._house.clock.now(), self._house.ledger
        approved = ledger.approved()
        waits = [max(((each.due_at or now) - now).total_seconds(), self.turns.wait_s(each.id)) for each in approved]
        waits += [self._recovery.wait_s(each) for each in ledger.entries((State.EXECUTING,))]
        return None if self.switch.reason or not waits else max(0.05, min(waits))

    def finish(self) -> None:
        """Let the request that is under way come to its outcome, and begin no other; returns at once."""
        self._finishing = True

    def rest(self) -> None:
        """Stop the servers that have not been used for a while."""
        self._servers.rest()

    def close(self) -> None:
        """Stop the servers."""
        self._servers.close()

    def _execute(self, request_id: str) -> None:
        entry = self._house.ledger.entry(request_id)
        if entry is None or entry.state is not State.APPROVED or self.switch.reason:
            return
        taken = self.turns.take(entry)
        if taken is None:
            return
        after = self._runner.begin(taken) if taken.state is State.APPROVED else taken
        if after.state is State.EXECUTING:
            if not self.turns.go(after):
                self.turns.wait_again(after)
                return
            after = self._recovery.conclude(after, self._runner.call(after))
        if after.state is not entry.state or after.attempt != entry.attempt:
            self._tell(after)

    def _recover(self, entry: Entry) -> None:
        after = self._recovery.recover(entry)
        if after is not entry:
            self._tell(after)

    def _reconsider(self, entry: Entry) -> None:
        after = self._recovery.reconsider(entry)
        if after.state is not entry.state:
            self._tell(after)

    def _adopt(self, standing: Standing) -> None:
        entry = self._adoption.adopt(standing)
        if entry:
            self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        if not entry.settled and entry.state is not State.EXECUTING:
            entry = self._settlement.settle(entry)
        self._moved(entry)

    def _arrived(self) -> tuple[list[Standing], int]:
        """What is new in Approved/ and nobody is writing any more, and how many files are still in the making."""
        settled: dict[str, bool] = {}

        def at_rest(file: str) -> bool:
            settled[file] = self._is_settled(file)
            return settled[file]

        arrived = list(self._desk.queue.not_approved(at_rest))
        self._looks = {file: look for file, look in self._looks.items() if file in settled}
        return arrived, sum(not each for each in settled.values())

    def _is_settled(self, file: str) -> bool:
        clock = self._house.clock
        try:
            identity = identity_of(self._house.vault.path(file).lstat())
        except OSError:
            return False
        age = clock.now().timestamp() - identity.mtime_ns / 1e9
        if age >= SETTLING.total_seconds():
            return True
        before, since = self._looks.get(file, (None, clock.monotonic()))
        if before != identity:
            self._looks[file] = (identity, clock.monotonic())
            return False
        return clock.monotonic() - since >= SETTLING.total_seconds()


@contextmanager
def _each() -> Iterator[Callable[[Callable[[T], object], T], None]]:
    """One request's trouble does not keep the others waiting: it is raised when all have had their turn.

    A failed disk ends the pass at once.
    """
    troubles: list[PlatinumError | OSError] = []

    def run(step: Callable[[T], object], item: T) -> None:
        try:
            step(item)
        except (NotApprovable, StaleFingerprint):
            return  # decided otherwise, or written, at the same moment: the next pass sees how
        except (PlatinumError, OSError) as error:
            if is_disk_failure(error):
                raise
            troubles.append(error)

    yield run
    if troubles:
        raise troubles[0]
