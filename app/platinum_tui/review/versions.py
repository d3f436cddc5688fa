"""A decided request and a file of its id: the very bytes that were decided, a new version of them, or a conflict."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping

from platinum_tui.ledger.outline import Outline
from platinum_tui.model.request import Problem, ProblemCode, Request, State
from platinum_tui.model.text import safe_line
from platinum_tui.review.index_rows import Row
from platinum_tui.vault.folders import Folder

OPEN_AGAIN = frozenset({State.REJECTED, State.CHANGES_REQUESTED, State.EXPIRED, State.SNOOZED})
"""States after which a file that comes back to Pending_Approval, with these bytes or others, is open again."""
UNDECIDED = frozenset({State.PENDING, State.SNOOZED})
"""States in which nothing is decided: the file alone says what is asked for, and where it is gone, nothing is."""
TURNED_DOWN = OPEN_AGAIN - {State.SNOOZED}
"""States in which a file belongs into Rejected/."""
_CAME_TO_NOTHING = frozenset({State.HELD, State.FAILED})
_EDITED_IN_PLACE = OPEN_AGAIN | _CAME_TO_NOTHING | {State.PENDING, State.APPROVED}


def same_bytes(outline: Outline, row: Row) -> bool:
    """Whether a file has the bytes that were decided."""
    return outline.file_sha256 == row.sha256


def is_approved(outline: Outline | None, row: Row) -> bool:
    """Whether a file has the very bytes that are approved."""
    return outline is not None and outline.state is State.APPROVED and same_bytes(outline, row)


def moved_on_by_hand(outline: Outline, row: Row) -> bool:
    """Whether a person moved a file to Approved/ that was held, failed, turned down or taken back before."""
    waiting = outline.state in OPEN_AGAIN | _CAME_TO_NOTHING | {State.PENDING}
    return row.folder is Folder.APPROVED and outline.settled and waiting


def left_in_rejected(outline: Outline, row: Row) -> bool:
    """Whether a file of the bytes that were decided lies in Rejected/, and the decision is no refusal of that file."""
    elsewhere = row.folder is Folder.REJECTED and row.file != outline.file
    return elsewhere and same_bytes(outline, row) and outline.state not in TURNED_DOWN


def is_new_version(outline: Outline, row: Row) -> bool:
    """Whether a file with other bytes stands for a request from then on, if those that were decided lie nowhere."""
    if row.sha256 is None or same_bytes(outline, row):
        return False
    if row.file == outline.file and outline.state in _EDITED_IN_PLACE:
        return True
    came_back = row.folder in {Folder.PENDING, Folder.APPROVED} and outline.state in _CAME_TO_NOTHING
    return outline.settled and (outline.state in UNDECIDED or came_back)


def shown_by(rows: Iterable[Row], outlines: Mapping[str, Outline]) -> set[str]:
    """The decided requests of which some files show where they stand.

    A file does so in the bytes that were decided, or as their new version. Where its bytes are executed under another
    id, it shows that, and not the request under whose id it was decided on before.
    """
    shown, elsewhere = set[str](), set[tuple[str, str | None]]()
    for row in rows:
        outline = outlines[row.id]
        if same_bytes(outline, row) or is_new_version(outline, row):
            shown.add(row.id)
        if row.file != outline.file:
            elsewhere.add((row.file, row.sha256))
    if elsewhere:
        shown |= {each.id for each in outlines.values() if (each.file, each.file_sha256) in elsewhere}
    return shown


def in_conflict(row: Row, outline: Outline | None, conflicting: Collection[str]) -> bool:
    """Whether another file or the ledger holds the id of a file with other bytes."""
    if not may_conflict(row):
        return False
    if outline is None or same_bytes(outline, row) or outline.state in OPEN_AGAIN or is_new_version(outline, row):
        return row.id in conflicting
    return True


def may_conflict(row: Row) -> bool:
    """Whether a file waits for something, and not only to be looked at."""
    return row.folder not in {Folder.REJECTED, Folder.QUARANTINE}


def conflicting_request(request: Request, receipt: str | None = None) -> Request:
    """A request with the problem that says so; where a receipt is what it conflicts with, that is named."""
    what = "Another file or an earlier decision has this id with other bytes"
    remedy = "give one of them another id"
    if receipt:
        remedy = "give this one another id"
        what = f"{safe_line(receipt)} says that this id was done with other bytes"
    problem = Problem(ProblemCode.CONFLICT, f"{what}; {remedy}, or reject it.", "id")
    return dataclasses.replace(request, problems=(*request.problems, problem))
