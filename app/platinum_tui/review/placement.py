"""Where a decided request's file lies: moved there without replacing, its envelope beside it, again after a crash."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
from collections.abc import Callable, Iterator
from itertools import chain

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.ledger import Sighting
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.review.answers import Answers
from platinum_tui.review.house import House
from platinum_tui.review.sidecars import Sidecars
from platinum_tui.vault.changes import Changes
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import file_safe, is_name_for, is_taken, names_for
from platinum_tui.vault.reading import FileBytes, Unreadable, read_in_vault
from platinum_tui.vault.scan import scan

FOLDER_OF = {
    State.APPROVED: Folder.APPROVED,
    State.DONE: Folder.ARCHIVED,
    State.REJECTED: Folder.REJECTED,
    State.CHANGES_REQUESTED: Folder.REJECTED,
    State.EXPIRED: Folder.REJECTED,
    State.HELD: Folder.NEEDS_ATTENTION,
    State.FAILED: Folder.NEEDS_ATTENTION,
    State.UNKNOWN: Folder.NEEDS_ATTENTION,
    State.QUARANTINED: Folder.QUARANTINE,
}
"""Where the file of a request in a state belongs. A pending one goes back to where it lay before it was decided, a
snoozed one stays, and one that is being executed is claimed."""

_MOVED_TO_BY_HAND = (Folder.APPROVED, Folder.REJECTED, Folder.NEEDS_ATTENTION, Folder.QUARANTINE, Folder.PENDING)


class Placement:
    """Moves files of one vault to where their state says.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._vault = house.vault
        self._ledger = house.ledger
        self._lock_file = house.ledger.path.with_name("files.lock")
        self._spent = house.spent
        self._sidecars = Sidecars(house)
        self.answers = Answers(house)

    def place(self, entry: Entry, receipt_of: Callable[[Entry], bytes | None] = lambda _entry: None) -> Entry:
        """Bring an entry's file, envelope and receipt to the folder of its state, from wherever a crash left them.

        A file that is gone, or no longer has the bytes that were decided, stays as it is: the state tells the person.
        Only where an approval was taken back it waits again, whatever its bytes are by now.
        Where it was claimed, done or refused, what belongs beside it goes where the file belongs.

        Args:
            entry: the entry.
            receipt_of: the receipt of the entry as it is by now; None where it has none.

        Returns:
            The entry as the ledger has it by now, with the path where its file lies; the ledger gets to know that path
            when the entry is settled, and until then finds the file as after a crash.
        """
        with self.alone():
            entry = self._ledger.entry(entry.id) or entry
            lies, receipt = self.locate(entry), receipt_of(entry)
            with Changes(self._vault) as changes:
                if lies is None and (edited := self._edited(entry)):
                    return self._waiting_again(changes, entry, edited)
                if lies is None:
                    return self._placed_without_file(changes, entry, receipt)
                folder = self._folder_for(entry, lies)
                return self._moved(changes, entry, lies, folder, _name_wanted(entry), receipt)

    def claim(self, entry: Entry) -> Entry:
        """Bring an approved entry's file (and its envelope) into this machine's folder.

        Returns:
            The entry as the ledger has it by now, with the path where its file lies, which the ledger gets to know with
            what comes of the claim; as it was where there is no such file.

        Raises:
            NotApprovable: it is approved no more, or its file went elsewhere at the same moment.
        """
        with self.alone():
            current = self._ledger.entry(entry.id)
            if current is None or current.state is not State.APPROVED:
                raise NotApprovable("Somebody else decided at the same moment.")
            lies = self.locate(current)
            if lies is None:
                return current
            folder = f"{Folder.IN_PROGRESS}/{self._vault.machine}"
            claimed = folder if lies.startswith(f"{Folder.APPROVED}/") else _folder_of(lies)
            try:
                with Changes(self._vault) as changes:
                    return self._moved(changes, current, lies, claimed, _name_of(lies))
            except FileNotFoundError as error:
                raise NotApprovable("Somebody moved its file at the same moment.") from error

    def spend_taken_back(self) -> None:
        """Mark every approval that was taken back, even before a crash: a saved copy of it is worth nothing."""
        for nonce in self._ledger.taken_back():
            self._spent.take_back(nonce)
            self._ledger.forget_taken_back(nonce)

    def settle(self, entry: Entry) -> Entry:
        """Show a refusal or an approval in the files, and note that; what was moved on since is for who did that."""
        placed = self.place(entry)
        self.answers.answer(placed)
        return self._ledger.settle(placed) if placed.state is entry.state else placed

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While no other thread or process moves a decided file of this vault: who moves has read the ledger first."""
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def locate(self, entry: Entry) -> str | None:
        """Where the decided bytes lie now: where the ledger says, in our claim, where they were going or came from.

        The claim and where their state belongs come before where they came from: a sync may bring a copy back there.
        At last it is looked everywhere else in the queue's folders: a person may have put them there by another name.
        """
        if self.holds(entry.file, entry.file_sha256):
            return entry.file
        claim, goes = f"{Folder.IN_PROGRESS}/{self._vault.machine}", FOLDER_OF.get(entry.state)
        others = dict.fromkeys(folder.value for folder in FOLDER_OF.values())
        names = [_name_of(entry.origin), _name_of(entry.file)]
        first, rest = (
            [f"{folder}/{name}" for folder in folders for name in names]
            for folders in ((claim, goes.value) if goes else (claim,), others)
        )
        for file in dict.fromkeys([*first, entry.origin, *rest]):
            if self.holds(file, entry.file_sha256):
                return file
        tagged = (file for folder in (claim, *others) for file in self._tagged(folder, file_safe(entry.id)))
        elsewhere = (
            found.file
            for found in scan(self._vault, _MOVED_TO_BY_HAND)
            if not found.obstacle and found.identity.size == len(entry.data)
        )
        return next((file for file in chain(tagged, elsewhere) if self.holds(file, entry.file_sha256)), None)

    def archived_at(self, entry: Entry) -> str | None:
        """Where the archive has the decided bytes, under their own name or one with their id; None while it has not."""
        names = dict.fromkeys(_name_of(file) for file in (entry.origin, entry.file))
        own = [f"{Folder.ARCHIVED}/{name}" for name in names]
        files = (*own, *self._tagged(Folder.ARCHIVED, file_safe(entry.id)))
        return next((file for file in files if self.holds(file, entry.file_sha256)), None)

    def _edited(self, entry: Entry) -> FileBytes | None:
        """The file of a request whose approval was taken back, in other bytes; None where nothing is left of it."""
        was_approved = entry.state is State.PENDING and entry.file.startswith(f"{Folder.APPROVED}/")
        with contextlib.suppress(Unreadable, ValueError):
            return read_in_vault(self._vault, entry.file) if was_approved else None
        return None

    def _waiting_again(self, changes: Changes, entry: Entry, edited: FileBytes) -> Entry:
        """An entry with its edited file where it waited before; its new bytes are the same request's."""
        placed = self._moved(changes, entry, entry.file, _folder_of(entry.origin), _name_of(entry.origin))
        self._ledger.see((Sighting(placed.file, edited.sha256, entry.id),))
        return placed

    def holds(self, file: str, sha256: str) -> bool:
        """Whether exactly these bytes lie at a vault-relative path.

        Raises:
            Unreadable: something lies there, and the machine does not let us read it now.
        """
        try:
            return read_in_vault(self._vault, file).sha256 == sha256
        except ValueError:
            return False
        except Unreadable as error:
            error.raise_if_denied()  # it may well hold them
            return False

    def _tagged(self, folder: str, tag: str) -> list[str]:
        """The files of a folder whose names hold an id: so they are called where their own name was taken."""
        try:
            return [f"{folder}/{name}" for name in os.listdir(self._vault.path(folder)) if tag in name]  # noqa: PTH208 - names
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _folder_for(self, entry: Entry, lies: str) -> str:
        if entry.state is State.PENDING:
            return _folder_of(entry.origin)
        if entry.state is State.APPROVED and lies.startswith(f"{Folder.IN_PROGRESS}/"):
            return _folder_of(lies)  # claimed
        folder = FOLDER_OF.get(entry.state)
        return folder.value if folder else _folder_of(lies)

    def _placed_without_file(self, changes: Changes, entry: Entry, receipt: bytes | None) -> Entry:
        folder = FOLDER_OF.get(entry.state)
        refused = folder is Folder.REJECTED and not os.path.lexists(self._vault.path(entry.file))
        leaves = receipt is not None or refused or self._was_claimed(entry)
        if folder is None or entry.state is State.APPROVED or not leaves:
            return entry
        return self._moved(changes, entry, None, folder, _name_of(entry.origin), receipt)

    def _moved(
        self, changes: Changes, entry: Entry, lies: str | None, folder: str, name: str, receipt: bytes | None = None
    ) -> Entry:
        """An entry with its file in a folder, and what is its own beside it, under the first name that all may have.

        Args:
            changes: what this becomes durable with.
            entry: the entry.
            lies: where its file is; None where it is gone, and what lay beside it goes alone.
            folder: where it goes; what lies there already keeps its name, if that is free beside it.
            name: what it would like to be called there.
            receipt: its receipt, where it has one.
        """
        came_from = [lies or entry.file, entry.file]
        while True:
            stays = lies is not None and _folder_of(lies) == folder and self._fits(changes, lies, entry, receipt)
            target = lies if lies and stays else self._free(changes, folder, name, entry, receipt)
            with contextlib.suppress(FileExistsError):
                if lies is not None and lies != target:
                    changes.move(lies, target)
                    lies = target
                self._sidecars.bring(changes, entry, target, receipt, came_from)
                return dataclasses.replace(entry, file=target)
            came_from.append(target)

    def _free(self, changes: Changes, folder: str, name: str, entry: Entry, receipt: bytes | None) -> str:
        there = self._vault.path(folder)
        free = (f"{folder}/{each}" for each in names_for(name, entry.id) if not is_taken(there, each))
        return next(file for file in free if self._fits(changes, file, entry, receipt))

    def _fits(self, changes: Changes, file: str, entry: Entry, receipt: bytes | None) -> bool:
        """Whether a file may have that name. One that goes back to wait carries nothing, and gets its own again."""
        return entry.state is State.PENDING or self._sidecars.fit(changes, file, entry, receipt)

    def _was_claimed(self, entry: Entry) -> bool:
        return _folder_of(entry.file) == f"{Folder.IN_PROGRESS}/{self._vault.machine}"


def _name_wanted(entry: Entry) -> str:
    """What an entry's file would like to be called: as it was decided on, or as before that name was taken."""
    own, now = _name_of(entry.origin), _name_of(entry.file)
    return own if entry.state is State.PENDING or is_name_for(now, own, entry.id) else now


def _folder_of(file: str) -> str:
    return file.rpartition("/")[0]


def _name_of(file: str) -> str:
    return file.rpartition("/")[2]
