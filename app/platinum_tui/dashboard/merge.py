"""One pass of the dashboard merger: what lies in Updates/ and Signals/ goes into Dashboard.md, then to its archive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from platinum_tui.dashboard.file import rewrite
from platinum_tui.dashboard.inbox import ERROR, Arrival, archive, arrivals, set_aside, target_of
from platinum_tui.dashboard.journal import Merged
from platinum_tui.dashboard.markers import UPDATED, fill_markers
from platinum_tui.dashboard.merging import merge_text
from platinum_tui.dashboard.update import Malformed, Update, read_update, reference_of
from platinum_tui.model.decision import instant
from platinum_tui.system.clock import Clock
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.reading import Reason, Unreadable, read_in_vault

KEEP = 200
"""Lines of updates that a section holds unless configured."""
EMPTY_FOR = timedelta(minutes=1)
"""How long an empty file may still be on its way."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What one pass did, as vault-relative paths of the files as they arrived.

    Attributes:
        merged: their lines stand in Dashboard.md (or were older than all that is kept); the files are archived.
        repeated: they say what was merged before; the files are archived.
        errors: unreadable; set aside with the reason, and named in Dashboard.md.
        waiting: empty or not readable yet; left for the next pass.
    """

    merged: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass
class _Batch:
    """What one pass found, by what becomes of it."""

    updates: list[Update] = field(default_factory=list)
    repeated: list[Update] = field(default_factory=list)
    errors: list[tuple[Update, str]] = field(default_factory=list)
    """The line that names the file, and the reason."""
    waiting: list[str] = field(default_factory=list)


def merge_updates(
    vault: Vault, clock: Clock, merged: Merged, *, keep: int = KEEP, values: Mapping[str, str]
) -> MergeReport:
    """Merge all that arrived: one read and one write of Dashboard.md, then the files are moved.

    A pass that is cut off at any point is made good by the next: nothing is shown twice, nothing is lost. What a
    file claims changes no request. Where nothing changes, nothing is written.

    Args:
        vault: the vault.
        clock: the time that a file without one is measured by.
        merged: what was merged before.
        keep: how many lines of updates a section of the dashboard holds, at least 1.
        values: what stands between the markers of a name; `updated` is the program's own unless given.

    Raises:
        Unreadable: Dashboard.md is no plain file of a bearable size.
        Failed: the machine does not let us write or move.
    """
    now = clock.now()
    batch = _gather(vault, now, merged)
    lines = sorted([*batch.updates, *(line for line, _ in batch.errors)], key=lambda line: (line.time, line.file))
    contested = {update.id for update in batch.updates if update.id and merged.holds(_id_key(update.id))}

    def edit(text: str) -> str:
        edited = fill_markers(
            merge_text(text, lines, keep, contested), {k: v for k, v in values.items() if k != UPDATED}
        )
        return fill_markers(edited, {UPDATED: values.get(UPDATED, instant(now))}) if edited != text else text

    rewrite(vault, edit)
    _settle(vault, merged, batch)
    return MergeReport(
        merged=tuple(update.file for update in batch.updates),
        repeated=tuple(update.file for update in batch.repeated),
        errors=tuple(line.file for line, _ in batch.errors),
        waiting=tuple(batch.waiting),
    )


def _gather(vault: Vault, now: datetime, merged: Merged) -> _Batch:
    batch, seen = _Batch(), set[str]()
    found = [update for arrival in arrivals(vault) if (update := _read(vault, arrival, now, merged, batch))]
    for update in sorted(found, key=lambda update: (update.time, update.file)):
        old = update.content_id in seen or merged.holds(update.content_id)
        (batch.repeated if old else batch.updates).append(update)
        seen.add(update.content_id)
    return batch


def _read(vault: Vault, arrival: Arrival, now: datetime, merged: Merged, batch: _Batch) -> Update | None:
    """The update in a file; a file without one goes to the batch's errors or waits."""
    modified = min(arrival.modified, now)
    data = b""
    try:
        data = read_in_vault(vault, arrival.file).data
        if not data.removeprefix(b"\xef\xbb\xbf").strip():
            if _on_its_way(arrival, now, merged):
                batch.waiting.append(arrival.file)
                return None
            raise Malformed("It stayed empty.")
        return read_update(arrival.file, data, modified=modified, now=now)
    except Unreadable as refusal:
        if refusal.reason in (Reason.MISSING, Reason.DENIED):
            batch.waiting.extend([arrival.file] if refusal.reason is Reason.DENIED else [])
            return None
        reason = refusal.message
    except Malformed as refusal:
        reason = str(refusal)
    batch.errors.append((_naming(vault, arrival.file, data, reason, modified), reason))
    return None


def _on_its_way(arrival: Arrival, now: datetime, merged: Merged) -> bool:
    """Whether an empty file may still be filled: it is seen for the first time, or young."""
    key = _key("empty", arrival.file)
    known = merged.holds(key)
    merged.add(key)
    return not known or now - arrival.modified < EMPTY_FOR


def _naming(vault: Vault, file: str, data: bytes, reason: str, time: datetime) -> Update:
    """The line that names an unreadable file, by where it will lie."""
    content_id = _key(file, reason, hashlib.sha256(data).hexdigest())
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


def _settle(vault: Vault, merged: Merged, batch: _Batch) -> None:
    """The dashboard is on the disk: remember what it shows, then move the files."""
    for update in batch.updates:
        merged.add(update.content_id)
        if update.id:
            merged.add(_id_key(update.id))
    for update in [*batch.updates, *batch.repeated]:
        archive(vault, update.file, update.reference)
    for line, reason in batch.errors:
        set_aside(vault, line.file, line.reference, reason)


def _id_key(update_id: str) -> str:
    return _key("id", update_id)


def _key(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()
