"""A file that nothing more is done about goes to another folder, with what lay beside it as its decision."""

from __future__ import annotations

import contextlib

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import decision_name, free_name
from platinum_tui.vault.placing import move_in_vault


def put_away(house: House, file: str, folder: Folder, *, tag: str, happening: Happening) -> None:
    """Move a file, if it is still there, and note that.

    Args:
        house: the vault and its surroundings.
        file: its vault-relative path.
        folder: where it goes.
        tag: what its name gets where that is taken.
        happening: what the audit log says; both places are added.
    """
    name = free_name(house.vault.folder(folder), file.rpartition("/")[2], tag)
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        move_in_vault(house.vault, file, f"{folder}/{name}")
        _bring_decision(house, file, f"{folder}/{decision_name(name)}")
        details = {"file": safe_line(file), "to": safe_line(f"{folder}/{name}"), **happening.details}
        house.ledger.note_event(Happening(happening.event, happening.actor, details=details))


def _bring_decision(house: House, file: str, target: str) -> None:
    """What lay beside a file as its decision goes where the file went; where that name is taken, it stays."""
    below, _, name = file.rpartition("/")
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        move_in_vault(house.vault, f"{below}/{decision_name(name)}", target)
