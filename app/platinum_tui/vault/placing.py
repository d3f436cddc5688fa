"""Files placed in the vault, one change at a time: each is durable when its function returns."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from platinum_tui.model.errors import Failed
from platinum_tui.vault.changes import Changes
from platinum_tui.vault.folders import Folder, Vault

_PASSED = (
    Folder.APPROVED,
    Folder.ARCHIVED,
    Folder.REJECTED,
    Folder.NEEDS_ATTENTION,
    Folder.QUARANTINE,
    Folder.DONE,
)
"""Folders that decided requests and their tasks go to, besides this machine's own in In_Progress/."""


def prepare_folders(vault: Vault) -> None:
    """Have every folder that a decided request may go to, before anything is done that cannot be taken back.

    Raises:
        Obstructed: a link, or something that is no folder, lies in place of one.
        Failed: the machine does not let us make one.
    """
    try:
        for folder in (*_PASSED, vault.relative(vault.claimed)):
            vault.make(folder)
    except OSError as error:
        raise Failed(f"The vault's folders cannot be made: {error.strerror}: {error.filename}.") from error


@contextlib.contextmanager
def folder_in_vault(vault: Vault, relative: str) -> Iterator[int]:
    """A descriptor of a folder by its vault-relative path; raises as `Changes`."""
    with Changes(vault) as changes:
        yield changes.folder(relative)


def move_in_vault(vault: Vault, file: str, target: str) -> None:
    """As `Changes.move`, of one file."""
    with Changes(vault) as changes:
        changes.move(file, target)
