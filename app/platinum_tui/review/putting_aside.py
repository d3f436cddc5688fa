"""Files that go to another folder as they are, with what lies beside them, and without a decision on their bytes."""

from __future__ import annotations

import contextlib

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.review.reading import keep_unread_id, unread_id
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import decision_name, free_name
from platinum_tui.vault.placing import move_in_vault
from platinum_tui.vault.reading import Reason

UNREAD = frozenset({Reason.TOO_LARGE, Reason.SYMLINK, Reason.NOT_REGULAR, Reason.HARD_LINKED, Reason.OTHER_SUFFIX})
"""Why a file is not read that can be put aside all the same."""


def is_unread(house: House, standing: Standing, obstacle: Reason | None) -> bool:
    """Whether a request is a file that nobody can read, and not a decided one in whose place such a file lies.

    Args:
        house: the vault and its surroundings.
        standing: the request.
        obstacle: why its file is not read for what it is; None where it is.
    """
    itself = standing.request.id == unread_id(house.ledger, standing.file)
    return obstacle in UNREAD and itself and not house.ledger.entry(standing.request.id)


def put_aside(house: House, file: str, folder: Folder, tag: str, done: Happening) -> str | None:
    """Move a file, under a name that is free there, and note what was done.

    Args:
        house: the vault and its surroundings.
        file: the vault-relative path.
        folder: where it goes.
        tag: what is put into its name where that is taken.
        done: what is noted; where it lay and lies now is added to it.

    Returns:
        Where it lies now; None where it is gone, or somebody was quicker with its new name.
    """
    name = free_name(house.vault.folder(folder), file.rpartition("/")[2], tag)
    target = f"{folder}/{name}"
    try:
        move_in_vault(house.vault, file, target)
    except (FileExistsError, FileNotFoundError):
        return None
    _bring_decision(house, file, f"{folder}/{decision_name(name)}")
    details = {"file": safe_line(file), "to": safe_line(target), **done.details}
    house.ledger.note_event(Happening(done.event, done.actor, details=details))
    return target


def put_unread_aside(house: House, file: str, folder: Folder, done: Happening) -> str | None:
    """The same of a file that is not read: no bytes tell who it is, so that it keeps its id is noted."""
    request_id = unread_id(house.ledger, file)
    target = put_aside(house, file, folder, request_id, done)
    if target:
        keep_unread_id(house.ledger, target, request_id)
    return target


def _bring_decision(house: House, file: str, target: str) -> None:
    """What lay beside a file as its decision goes where the file went; where that name is taken, it stays."""
    below, _, name = file.rpartition("/")
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        move_in_vault(house.vault, f"{below}/{decision_name(name)}", target)
