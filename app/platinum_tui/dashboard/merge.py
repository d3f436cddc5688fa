"""One pass of the dashboard merger: what lies in Updates/ and Signals/ goes into Dashboard.md, then to its archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platinum_tui.dashboard.batch import gather
from platinum_tui.dashboard.file import rewrite
from platinum_tui.dashboard.journal import Merged
from platinum_tui.dashboard.markers import UPDATED, fill_markers
from platinum_tui.dashboard.merging import merge_text
from platinum_tui.model.decision import instant
from platinum_tui.model.event import Told, unheard
from platinum_tui.system.clock import Clock
from platinum_tui.vault.folders import Vault

KEEP = 200
"""Lines of updates that a section holds unless configured."""


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


def merge_updates(
    vault: Vault, clock: Clock, merged: Merged, *, keep: int = KEEP, values: Mapping[str, str], told: Told = unheard
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
        told: is told how far it has come, where much arrived.

    Raises:
        Unreadable: Dashboard.md is no plain file of a bearable size.
        Failed: the machine does not let us write or move.
    """
    now = clock.now()
    batch = gather(vault, now, merged, told)
    lines, contested = batch.lines(), batch.contested(merged)
    tables = {name: value for name, value in values.items() if name != UPDATED}

    def edit(text: str) -> str:
        edited = fill_markers(merge_text(text, lines, keep, contested), tables)
        return fill_markers(edited, {UPDATED: values.get(UPDATED, instant(now))}) if edited != text else text

    rewrite(vault, edit)
    batch.settle(vault, merged, told)
    return MergeReport(
        merged=tuple(item.arrival.file for item in batch.fresh),
        repeated=tuple(item.arrival.file for item in batch.repeated),
        errors=tuple(item.arrival.file for item in batch.errors),
        waiting=tuple(arrival.file for arrival in batch.waiting),
    )
