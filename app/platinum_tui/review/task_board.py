"""The tasks of one vault as a person works on them: looked at, claimed, given back, completed, each act in the log."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NotFound, RefusedByPolicy
from platinum_tui.model.request import State
from platinum_tui.model.text import safe, safe_line
from platinum_tui.review.house import House
from platinum_tui.vault.reading import Unreadable, read_in_vault
from platinum_tui.vault.tasks import Task, claim_task, complete_task, find_task, list_tasks, release_task

LONGEST_PREVIEW = 64 * 1024
"""Bytes of a task that are shown."""
_CLAIMED_FROM = "claimed_from:"
_EXECUTED = (State.APPROVED, State.EXECUTING)


@dataclass(frozen=True, slots=True)
class TaskPreview:
    """A task as a person reads it.

    Attributes:
        task: the task.
        text: its text, made safe, lines kept; why it cannot be read where it cannot.
        whole: whether that is all of it.
    """

    task: Task
    text: str
    whole: bool


class TaskBoard:
    """The tasks of one house. A name is a path, a file's name with or without suffix, or a unique beginning of one.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._vault = house.vault

    def tasks(self) -> tuple[Task, ...]:
        """Every task, by path: those that wait, ours, and those of other agents."""
        in_execution = {outline.file for outline in self._house.ledger.outlines(_EXECUTED)}
        return tuple(list_tasks(self._vault, in_execution))

    def preview(self, name: str) -> TaskPreview:
        """One task with its text.

        Raises:
            NotFound, Ambiguous: as `find_task`.
        """
        task = find_task(self.tasks(), name)
        if task.obstacle:
            return TaskPreview(task, f"The file cannot be read: {task.obstacle}.", whole=False)
        try:
            data = read_in_vault(self._vault, task.file).data
        except Unreadable as error:
            return TaskPreview(task, error.message, whole=False)
        text = safe(data[:LONGEST_PREVIEW].decode("utf-8", "replace"))
        return TaskPreview(task, text, whole=len(data) <= LONGEST_PREVIEW)

    def claim(self, name: str) -> Task:
        """Move a waiting task into this machine's folder.

        Returns:
            The task where it lies now.

        Raises:
            NotFound, Ambiguous: as `find_task`; NotFound too where another was first.
            RefusedByPolicy: somebody has claimed it already, or nothing may be written.
            Failed: it cannot be moved.
        """
        task = self._found(name)
        if task.claimed_by:
            raise RefusedByPolicy(f"{task.claimed_by} has claimed it already.", remedy="Leave it to them.")
        now = claim_task(self._vault, task.file)
        self._house.ledger.set_note(_CLAIMED_FROM + now, task.file)
        return self._moved("claim", task, now)

    def release(self, name: str) -> Task:
        """Move a task of this machine back to where it waited; returns and raises as `claim`."""
        task = self._found(name)
        if task.claimed_by is None:
            raise RefusedByPolicy("Nobody has claimed it.", remedy="There is nothing to give back.")
        came_from = self._house.ledger.note(_CLAIMED_FROM + task.file)
        return self._moved("release", task, release_task(self._vault, task.file, came_from))

    def complete(self, name: str) -> Task:
        """Move a task that waits, or that this machine has claimed, to Done/; returns and raises as `claim`."""
        task = self._found(name)
        now = complete_task(self._vault, task.file)
        if now is None:
            raise NotFound("The task is no longer there.", remedy="`platinum-tui tasks` lists what is there.")
        return self._moved("done", task, now)

    def _found(self, name: str) -> Task:
        """The task of a name, if it can be moved and is not somebody else's."""
        if self._house.configuration.readonly:
            raise RefusedByPolicy("Nothing is moved in read-only mode.", remedy="Start it without --readonly.")
        task = find_task(self.tasks(), name)
        if task.obstacle:
            raise RefusedByPolicy(f"It cannot be moved: {task.obstacle}.", remedy="Rename the file, then try again.")
        if task.claimed_by not in {None, self._vault.machine}:
            raise RefusedByPolicy(
                f"{safe_line(task.claimed_by or '')} has claimed it; what others do is shown and never touched.",
                remedy="Wait until it is back in Needs_Action, or done.",
            )
        return task

    def _moved(self, act: str, task: Task, now: str) -> Task:
        self._house.ledger.set_note(_CLAIMED_FROM + task.file, None)
        self._house.ledger.note_event(Happening(f"task_{act}", "person", details={"task": task.file, "now": now}))
        claimer = self._vault.machine if act == "claim" else None
        return dataclasses.replace(task, file=now, claimed_by=claimer)
