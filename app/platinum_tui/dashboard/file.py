"""Dashboard.md on the disk: read, edited, compared, replaced."""

from __future__ import annotations

from collections.abc import Callable

from platinum_tui.dashboard.document import Document
from platinum_tui.model.errors import Failed
from platinum_tui.vault import moves
from platinum_tui.vault.dashboard_lock import dashboard_lock
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.reading import Reason, Unreadable, read_in_vault

DASHBOARD = "Dashboard.md"
LARGEST = 32 * 1024 * 1024
"""Bytes; a larger Dashboard.md is left alone."""
_ATTEMPTS = 100


def rewrite(vault: Vault, edit: Callable[[str], str]) -> bool:
    """Edit Dashboard.md; a missing one is an empty one, and nothing is written where nothing changes.

    Our own writers wait for each other. A person's do not: what they saved meanwhile is read and edited again.

    Args:
        vault: the vault.
        edit: from the whole text to the whole text; called again for a text that changed meanwhile.

    Returns:
        Whether it was written; if so it is on the disk.

    Raises:
        Unreadable: it is no plain file of a bearable size.
        Failed: it cannot be written, or changes faster than it can be edited.
    """
    path = vault.root / DASHBOARD
    try:
        with dashboard_lock(vault):
            for _ in range(_ATTEMPTS):
                before = _read(vault)
                after = Document(edit(Document.decode(before).text)).encode()
                if after == before:
                    return False
                if moves.replace_unchanged(path, after, before):
                    return True
    except OSError as error:
        raise Failed(f"Dashboard.md cannot be written: {error.strerror}.") from error
    raise Failed("Dashboard.md changes faster than it can be edited.")


def _read(vault: Vault) -> bytes:
    try:
        return read_in_vault(vault, DASHBOARD, LARGEST).data
    except Unreadable as refusal:
        if refusal.reason is Reason.MISSING:
            return b""
        raise
