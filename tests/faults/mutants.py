"""Planted bugs: each breaks one promise in one way, and the harness must see it. A mutant that survives is a hole."""

from __future__ import annotations

import contextlib
import enum
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_tui.dashboard import activity
from platinum_tui.execution import recovery, runner, settlement
from platinum_tui.execution.executor import Executor
from platinum_tui.ledger import audit_trail
from platinum_tui.ledger.database import Database
from platinum_tui.ledger.ledger import Ledger
from platinum_tui.ledger.witness import Witness
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.request import State
from platinum_tui.review import adoption, housekeeping, placement, putting_aside
from platinum_tui.review.desk import Desk
from platinum_tui.review.sidecars import Sidecars
from platinum_tui.system import audit_files, spent_decisions
from platinum_tui.system.spent_decisions import VOID, SpentDecisions
from platinum_tui.vault import moves
from platinum_tui.vault.changes import Changes
from platinum_tui.workers import approval_executor

from .scene import PASSPHRASE
from .services import Service


class Hunt(enum.Enum):
    """What it takes to see a bug."""

    PLAIN = "one undisturbed run over requests of every fate, and a sync that brings back what is done"
    POWER = "the order of the system calls of an undisturbed run"
    KILLS = "a death at each step"
    WALK = "anything in any order"


@dataclass(frozen=True)
class Mutant:
    """One planted bug.

    Attributes:
        name: what it does wrong.
        plant: does it, in the process that runs the program.
        hunt: what is expected to see it.
        service: on which kind of service.
        calls: before which system calls the deaths are tried.
    """

    name: str
    plant: Callable[[], None]
    hunt: Hunt = Hunt.PLAIN
    service: Service = Service.ASKABLE
    calls: tuple[str, ...] = ("pwrite64", "sendto", "link")
    on_service: bool | None = None


def _set(where: Any, name: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(where, name, value)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _blind_retry() -> None:
    def conclude(self: recovery.Recovery, entry: Any, result: Result) -> Any:
        if result.outcome is not Outcome.UNKNOWN:
            return self._runner.conclude(entry, result)
        self._house.spent.forgive(recovery._decision(entry).nonce)
        return self._again(entry, "why not")

    recovery.Recovery.conclude = conclude  # type: ignore[method-assign]


def _act_before_intent() -> None:
    begin = runner.Runner.begin

    def early(self: runner.Runner, entry: Any) -> Any:
        answer = self.call(entry)
        after = begin(self, entry)
        self.call = lambda _: answer  # type: ignore[method-assign]
        return after

    runner.Runner.begin = early  # type: ignore[method-assign]


def _replacing_rename() -> None:
    def rename(here: int, name: str, there: int, new_name: str) -> None:
        os.replace(name, new_name, src_dir_fd=here, dst_dir_fd=there)

    moves.rename_at = rename
    placement.is_taken = lambda _folder, _name: False  # type: ignore[attr-defined]
    putting_aside.free_name = lambda _folder, name, _id: name  # type: ignore[attr-defined]


def _marks_ignored() -> None:
    def act(self: SpentDecisions, nonce: str, attempt: int) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / f"{nonce}.{attempt}").write_bytes(spent_decisions.ACTED)

    SpentDecisions.act = act  # type: ignore[method-assign]
    SpentDecisions.void = lambda *_: True  # type: ignore[method-assign]
    SpentDecisions.is_spent = SpentDecisions.may_have_acted = lambda *_: False  # type: ignore[method-assign]


def _void_always() -> None:
    def void(self: SpentDecisions, nonce: str, attempt: int) -> bool:
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / f"{nonce}.{attempt}").write_bytes(VOID)
        return True

    SpentDecisions.void = void  # type: ignore[method-assign]


def _half_a_transaction() -> None:
    transaction = Database.transaction

    @contextlib.contextmanager
    def torn(self: Database) -> Any:
        with transaction(self) as connection:

            class Splitting:
                def execute(self, statement: str, *values: Any) -> Any:
                    if statement.startswith("INSERT INTO event"):
                        connection.execute("COMMIT")
                        connection.execute("BEGIN IMMEDIATE")
                    return connection.execute(statement, *values)

                def __getattr__(self, name: str) -> Any:
                    return getattr(connection, name)

            yield Splitting()

    Database.transaction = torn  # type: ignore[method-assign,assignment]


def _two_lines() -> None:
    write = settlement.write_activity

    def twice(vault: Any, *lines: Any) -> None:
        write(vault, *lines)
        path = vault.root / "Dashboard.md"
        again = [f"- {activity.__name__} {line.fingerprint}\n" for line in lines]
        path.write_text("".join([path.read_text(), *again]))

    settlement.write_activity = twice


def _undo_ignored() -> None:
    def undo(self: Desk, name: str) -> Any:
        return self.find(name)

    Desk.undo = undo  # type: ignore[method-assign]


def _reject_ignored() -> None:
    def reject(self: Desk, name: str, _reason: str) -> Any:
        return self.approve(name, self.find(name).request.fingerprint)

    Desk.reject = reject  # type: ignore[method-assign]


def _changed_runs() -> None:
    holds = placement.Placement.holds

    def lenient(self: Any, file: str, sha256: str) -> bool:
        return holds(self, file, sha256) or ((self._vault.root / file).is_file() and file == "Approved/f.md")

    placement.Placement.holds = lenient  # type: ignore[method-assign]
    adoption.Adoption._is_known = lambda self, standing: bool(  # type: ignore[method-assign]
        self._house.ledger.entry(standing.request.id)
    )
    runner.Runner._obstacle = _nothing  # type: ignore[method-assign,assignment]


def _no_mark() -> None:
    def cross(self: Attempt[Any]) -> None:
        self.crossed = True

    Attempt.cross = cross  # type: ignore[method-assign]


def _fresh_keys() -> None:
    Attempt.marker = property(lambda _: secrets.token_hex(16))  # type: ignore[method-assign,assignment]


def _without_fsync(where: Any, name: str) -> None:
    real_function = getattr(where, name)

    def quick(*values: Any) -> Any:
        real, os.fsync = os.fsync, _nothing
        try:
            return real_function(*values)
        finally:
            os.fsync = real

    setattr(where, name, quick)


def _unsynced_mark() -> None:
    _without_fsync(SpentDecisions, "_aside")


def _unsynced_log() -> None:
    _without_fsync(audit_files, "append_line")


def _unsynced_write() -> None:
    def write(descriptor: int, data: Any) -> None:
        for piece in (data,) if isinstance(data, bytes) else data:
            os.write(descriptor, piece)

    moves._write = write


def _unsynced_folders() -> None:
    moves.sync_folder = _nothing


def _unsynced_ledger(level: str) -> Callable[[], None]:
    prepare = Database._prepare

    def plant() -> None:
        def lax(self: Database) -> None:
            prepare(self)
            self._connection.execute(f"PRAGMA synchronous={level}")

        Database._prepare = lax  # type: ignore[method-assign]
        Database.transaction_on_trust = Database.transaction  # type: ignore[method-assign]

    return plant


def _every_done_is_open() -> None:
    wider = adoption.DECIDABLE_AGAIN | {State.DONE}
    adoption.DECIDABLE_AGAIN = wider
    adoption.Adoption._is_known = lambda *_: False  # type: ignore[method-assign]
    record = Ledger.record
    Ledger.record = lambda self, entry, happening, *, replaces=(): record(  # type: ignore[method-assign]
        self, entry, happening, replaces=frozenset(State)
    )
    housekeeping.Housekeeping.run_pass = lambda _: []  # type: ignore[method-assign]
    from platinum_tui.review import queue

    queue.OPEN_AGAIN = queue.OPEN_AGAIN | {State.DONE}
    SpentDecisions.is_spent = lambda *_: False  # type: ignore[method-assign]


def _lost_event() -> None:
    append = Ledger._append

    def forgetful(self: Ledger, connection: Any, entry: Any, happening: Any) -> None:
        if happening.event != "intent":
            append(self, connection, entry, happening)

    Ledger._append = forgetful  # type: ignore[method-assign]


def _absence_believed() -> None:
    def look_up(self: Any, _entry: Any, _promise: Any) -> Result:
        return Result(Outcome.REFUSED, code="did_not_happen")

    recovery.Recovery.look_up = look_up  # type: ignore[method-assign]


def _presumed_done() -> None:
    def look_up(self: Any, _entry: Any, _promise: Any) -> Result:
        return Result(Outcome.DONE)

    recovery.Recovery.look_up = look_up  # type: ignore[method-assign]


def _other_arguments() -> None:
    real = runner.arguments_for
    runner.arguments_for = lambda kind, fields: {**real(kind, fields), "subject": "Something else"}


def _told_the_secret() -> None:
    bring = Sidecars.bring

    def telling(self: Sidecars, changes: Any, *beside: Any) -> None:
        bring(self, changes, *beside)
        changes._vault.path("Logs/approval_executor.log").write_text(PASSPHRASE)

    Sidecars.bring = telling  # type: ignore[method-assign]


def _unsettled_forgotten() -> None:
    Ledger.unsettled = lambda _: []  # type: ignore[method-assign]


def _recorded_as_settled() -> None:
    from platinum_tui.ledger.entry import Entry

    columns = Entry.columns
    Entry.columns = lambda self: {**columns(self), "settled": 1}  # type: ignore[method-assign]


def _torn_receipt() -> None:
    create = Changes.create

    def careless(self: Changes, file: str, data: bytes) -> None:
        path = self._vault.path(file)
        if not file.endswith(".receipt.json"):
            create(self, file, data)
        elif path.exists():
            raise FileExistsError(path)
        else:
            with path.open("wb") as written:
                written.write(data[: len(data) // 2])
                written.flush()
                written.write(data[len(data) // 2 :])

    Changes.create = careless  # type: ignore[method-assign]


KILLS = Hunt.KILLS
LATE = ("fsync", "unlink", "unlinkat", "write", "openat")
WRITES = ("write", "renameat2", "renameat", "rename")
POWER, WALK = Hunt.POWER, Hunt.WALK
MUTANTS = (
    Mutant("tries again blindly", _blind_retry, KILLS, Service.SILENT),
    Mutant("acts before the intent is written", _act_before_intent, KILLS, Service.SILENT),
    Mutant("runs again what is done and comes back", _every_done_is_open),
    Mutant("moves over files of the same name", _replacing_rename),
    Mutant("takes a hand move for approval of bytes never seen", _set(Ledger, "was_seen", lambda *_: True)),
    Mutant("forgets to undo", _undo_ignored),
    Mutant("takes a rejection for an approval", _reject_ignored),
    Mutant("runs a file that was changed after its approval", _changed_runs),
    Mutant("ignores the marks of used decisions", _marks_ignored, KILLS, Service.SILENT),
    Mutant("voids an attempt that has acted", _void_always, KILLS, Service.SILENT),
    Mutant("acts without a mark", _no_mark, KILLS, Service.SILENT),
    Mutant("names each attempt anew", _fresh_keys, KILLS, Service.DEDUPLICATES, ("write", "sendto"), True),
    Mutant("believes that what cannot be found did not happen", _absence_believed, KILLS, Service.SILENT),
    Mutant("presumes that it happened", _presumed_done, KILLS, Service.ASKABLE, LATE, True),
    Mutant("repeats a call to a service that does not know keys",
           _set(recovery.Recovery, "_key_lives", lambda *_: True), KILLS, Service.SILENT),
    Mutant("never recovers", _set(Executor, "_recover", _nothing), KILLS),
    Mutant("forgets what is not settled", _unsettled_forgotten, KILLS, calls=("renameat2", "pwrite64")),
    Mutant("notes as settled what is not", _recorded_as_settled, KILLS, calls=("renameat2", "pwrite64")),
    Mutant("writes state and event in two transactions", _half_a_transaction, KILLS),
    Mutant("leaves half-written files", _set(approval_executor, "remove_leftovers", _nothing), KILLS, calls=WRITES),
    Mutant("leaves the decision behind", _set(Sidecars, "_bring_decision", _nothing)),
    Mutant("writes no receipt", _set(settlement, "receipt_bytes", _nothing)),
    Mutant("writes a receipt bit by bit", _torn_receipt, KILLS, calls=("write",)),
    Mutant("leaves the task", _set(settlement, "complete_task", _nothing)),
    Mutant("tells the dashboard twice", _two_lines),
    Mutant("leaves an event out", _lost_event),
    Mutant("writes no audit file", _set(audit_trail.AuditTrail, "write", _nothing)),
    Mutant("sends something else", _other_arguments),
    Mutant("writes a secret down", _told_the_secret),
    Mutant("does not see that the ledger was lost", _set(Witness, "compare", lambda _: False), WALK),
    Mutant("leaves an old approval its worth", _set(placement.Placement, "spend_taken_back", _nothing), WALK),
    Mutant("loses what was claimed under a lost ledger",
           _set(housekeeping.Housekeeping, "_return_strays", _nothing), WALK),
    Mutant("syncs no written file", _unsynced_write, POWER),
    Mutant("syncs no folder of the vault", _unsynced_folders, POWER),
    Mutant("syncs no folder of the log", _set(audit_files, "sync_folder", _nothing), POWER),
    Mutant("syncs no line of the log", _unsynced_log, POWER),
    Mutant("syncs no mark", _unsynced_mark, POWER),
    Mutant("syncs no folder of marks", _set(SpentDecisions, "_sync", _nothing), POWER),
    Mutant("syncs no commit", _unsynced_ledger("OFF"), POWER),
    Mutant("syncs commits at checkpoints only", _unsynced_ledger("NORMAL"), POWER),
)  # fmt: skip
