"""What one pass of the merger finds in Updates/ and Signals/, sorted by what becomes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from platinum_tui.dashboard.inbox import ERROR, Arrival, archive, arrivals, set_aside, target_of
from platinum_tui.dashboard.journal import Merged
from platinum_tui.dashboard.update import Malformed, Update, read_update, reference_of
from platinum_tui.model.event import Progress, Told, unheard
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.reading import Reason, Unreadable, read_in_vault

MANY = 50
"""More files than so many are merged with a word on how far that has come."""
EMPTY_FOR = timedelta(minutes=1)
"""How long an empty file may still be on its way."""


_T = TypeVar("_T")


@dataclass(frozen=True)
class Item:
    """A file and the line that reports it.

    Attributes:
        arrival: the file.
        update: what it says; for an unreadable file, that it is one.
        reason: why it cannot be read; empty where it can.
    """

    arrival: Arrival
    update: Update
    reason: str = ""


@dataclass
class Batch:
    """The files of one pass.

    Attributes:
        fresh: they say something new; oldest first.
        repeated: they say what was merged before, or what another file of this pass says.
        errors: they cannot be read, and never will.
        waiting: they are empty or cannot be read yet.
    """

    fresh: list[Item] = field(default_factory=list)
    repeated: list[Item] = field(default_factory=list)
    errors: list[Item] = field(default_factory=list)
    waiting: list[Arrival] = field(default_factory=list)

    def lines(self) -> list[Update]:
        """What the dashboard shall say, oldest first."""
        found = [item.update for item in (*self.fresh, *self.errors)]
        return sorted(found, key=lambda update: (update.time, update.file))

    def contested(self, merged: Merged) -> set[str]:
        """The ids that came with other content before."""
        ids = {item.update.id for item in self.fresh if item.update.id}
        return {each for each in ids if merged.holds(_key("id", each))}

    def settle(self, vault: Vault, merged: Merged, told: Told = unheard) -> None:
        """Dashboard.md is on the disk: remember what it shows, then move the files; `told` hears how many of them.

        Raises:
            Failed: the machine does not let us move one.
        """
        for item in self.fresh:
            merged.add(item.update.content_id)
            if item.update.id:
                merged.add(_key("id", item.update.id))
        for item in _counted((*self.fresh, *self.repeated), "archiving updates", told):
            archive(vault, item.arrival, item.update.reference)
        for item in self.errors:
            set_aside(vault, item.arrival, item.update.reference, item.reason)


def gather(vault: Vault, now: datetime, merged: Merged, told: Told = unheard) -> Batch:
    """Read all that arrived; `told` hears how far that has come.

    Raises:
        Failed: a folder for unreadable files cannot be made.
    """
    batch, readable, seen = Batch(), list[Item](), set[str]()
    for arrival in _counted(tuple(arrivals(vault)), "reading updates", told):
        found = _read(vault, arrival, now, merged)
        if found is None:
            batch.waiting.append(arrival)
        else:
            (batch.errors if found.reason else readable).append(found)
    for item in sorted(readable, key=lambda item: (item.update.time, item.update.file)):
        content_id = item.update.content_id
        (batch.repeated if content_id in seen or merged.holds(content_id) else batch.fresh).append(item)
        seen.add(content_id)
    return batch


def _counted(things: Sequence[_T], doing: str, told: Told) -> Iterator[_T]:
    """Each of some things; where they are many, it is told before each how many are done."""
    for number, thing in enumerate(things):
        if len(things) > MANY:
            told(Progress(doing, number, len(things)))
        yield thing


def _read(vault: Vault, arrival: Arrival, now: datetime, merged: Merged) -> Item | None:
    """A file as an item; None for one to be looked at again."""
    data, modified = b"", min(arrival.modified, now)
    try:
        if arrival.obstacle:
            raise Unreadable(arrival.obstacle)
        data = read_in_vault(vault, arrival.file).data
        if data.removeprefix(b"\xef\xbb\xbf").strip():
            return Item(arrival, read_update(arrival.file, data, modified=modified, now=now))
        if _on_its_way(arrival, now, merged):
            return None
        reason = "It stayed empty."
    except Unreadable as refusal:
        if refusal.reason in (Reason.MISSING, Reason.DENIED):
            return None
        reason = refusal.message
    except Malformed as refusal:
        reason = str(refusal)
    content_id = _key(arrival.file, reason, hashlib.sha256(data).hexdigest())
    return Item(arrival, _naming(vault, arrival.file, reason, modified, content_id), reason)


def _on_its_way(arrival: Arrival, now: datetime, merged: Merged) -> bool:
    """Whether an empty file may still be filled: it is seen for the first time, or young."""
    key = _key("empty", arrival.file)
    known = merged.holds(key)
    merged.add(key)
    return not known or now - arrival.modified < EMPTY_FOR


def _naming(vault: Vault, file: str, reason: str, time: datetime, content_id: str) -> Update:
    """The line that names an unreadable file, by where it will lie."""
    path = vault.relative(target_of(vault, file, ERROR, reference_of(content_id)))
    return Update(
        file=file,
        time=time,
        section="",
        agent="⚠ unreadable",
        type=path,
        text=reason,
        id="",
        content_id=content_id,
    )


def _key(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()
