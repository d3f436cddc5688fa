"""The version of a request that was decided on before: under its own id, or under the one that it names."""

from __future__ import annotations

import re

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.request import Request
from platinum_tui.vault.names import split

_CHANGES_TASK = re.compile(r"CHANGES_.*_(?P<digest>[0-9a-f]{12})")
"""The name of the task that asks for changes; see `Answers`."""


def earlier_version(ledger: Ledger, request: Request) -> Entry | None:
    """What was decided on before; None where there is nothing, or the same bytes.

    A file's own id counts first. Else the file may name its earlier version: by id, by the file as it lay or lies, or
    by the task that asked for changes.
    """
    own = ledger.entry(request.id)
    entry = own or (_named(ledger, request.revises) if request.revises else None)
    return entry if entry and entry.file_sha256 != request.sha256 else None


def _named(ledger: Ledger, name: str) -> Entry | None:
    if found := ledger.entry(name):
        return found
    stem = _stem(name)
    task = _CHANGES_TASK.fullmatch(stem)
    for decided in ledger.decided_files():
        asked_for = task and decided.digest.startswith(task["digest"])
        if asked_for or stem in {_stem(decided.origin), _stem(decided.file)}:
            return ledger.entry(decided.id)
    return None


def _stem(file: str) -> str:
    return split(file.rpartition("/")[2])[0]
