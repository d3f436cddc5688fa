"""What the author of a refused request reads: its task given back with the reason, and a task that asks for changes."""

from __future__ import annotations

import contextlib
import json

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.errors import Failed, NotFound
from platinum_tui.model.request import State
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.vault.changes import Changes
from platinum_tui.vault.folders import Folder, Obstructed
from platinum_tui.vault.moves import replace_unchanged
from platinum_tui.vault.names import file_safe, split
from platinum_tui.vault.reading import Unreadable, read_in_vault
from platinum_tui.vault.tasks import claimed_place, release_task

FOLDER = f"{Folder.NEEDS_ACTION}/cloud"
"""Where the cloud looks for what it has to do again."""
_WORDS = {State.REJECTED: "rejected", State.CHANGES_REQUESTED: "sent back for changes"}


class Answers:
    """Writes the answers of one house. Every step may be done twice without harm.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._vault = house.vault

    def answer(self, entry: Entry) -> None:
        """Tell the author of a refused request; where the refusal was taken back, ask for nothing any more.

        Raises:
            Failed: the task cannot be written.
        """
        try:
            if entry.state is State.PENDING:
                self._ask_no_more(entry)
            if entry.state in _WORDS and entry.task:
                self._give_back(entry, entry.task)
            if entry.state is State.CHANGES_REQUESTED:
                self._ask_for_changes(entry)
        except OSError as error:
            raise Failed(f"The task for the author cannot be written: {error.strerror}.") from error

    def _give_back(self, entry: Entry, task: str) -> None:
        """The request's task, if this machine has claimed it, back to where it waited, with the reason at its end."""
        claimed = claimed_place(self._vault, task)
        if claimed is None:
            return
        note = f"\n## Request {entry.id} was {_WORDS[entry.state]} ({fingerprint_of(entry.digest)})\n\n{entry.why}\n"
        with contextlib.suppress(NotFound):
            try:
                text = read_in_vault(self._vault, claimed).data
            except Unreadable as error:
                error.raise_if_denied()
                return
            if note.encode() not in text:
                noted = text.rstrip(b"\n") + b"\n" + note.encode()
                if not replace_unchanged(self._vault.path(claimed), noted, text):
                    raise Failed("Somebody changes the request's task at this moment.", remedy="Try again.")
            back_to = task if task.startswith(f"{Folder.NEEDS_ACTION}/") else None
            release_task(self._vault, claimed, back_to)

    def _ask_for_changes(self, entry: Entry) -> None:
        """A task that names the request, the reason and the fields. One for each version that was sent back."""
        self._vault.make(FOLDER)
        with contextlib.suppress(FileExistsError), Changes(self._vault) as changes:
            changes.create(_changes_task(entry), _task_text(entry).encode())

    def _ask_no_more(self, entry: Entry) -> None:
        """That task removed; where its folder is none of the vault's own, no task of ours lies there."""
        with contextlib.suppress(Obstructed), Changes(self._vault) as changes:
            changes.remove(_changes_task(entry))


def _changes_task(entry: Entry) -> str:
    stem = file_safe(split(entry.origin.rpartition("/")[2])[0])
    return f"{FOLDER}/CHANGES_{stem}_{entry.digest[:12]}.md"


def _task_text(entry: Entry) -> str:
    """Front matter for programs, then words for whoever reads it. Values are JSON, which is YAML."""
    head = {
        "type": "changes_requested",
        "request": entry.id,
        "file": entry.origin,
        "kind": entry.kind.value if entry.kind else None,
        "fingerprint": fingerprint_of(entry.digest),
        "task": entry.task,
        "reason": entry.why,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items() if value is not None]
    fields = [f"- {name}: `{safe_line(json.dumps(v, ensure_ascii=False))}`" for name, v in entry.fields.items()]
    words = [
        f"# Change request {safe_line(entry.id)}: {safe_line(entry.title)}",
        f"The reviewer says: {entry.why}",
        "Write the next version into Pending_Approval/ with the same id, or name this request in it: "
        f"`revises: {safe_line(entry.id)}`.",
    ]
    return "\n".join(["---", *lines, "---", "", "\n\n".join(words), "", "The fields as they were:", "", *fields, ""])
