"""Taking over what a machine claimed that is gone: a person says so, by its name; nothing does it by itself."""

from __future__ import annotations

import contextlib

from platinum_tui.execution.turns import Turns
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NotFound, RefusedByPolicy
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.vault.claims import Claim, Stage
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import decision_name, free_name
from platinum_tui.vault.placing import move_in_vault

_ACTOR = "person"


class Takeover:
    """Takes over claims in one house.

    Args:
        desk: the queue and the files of decided requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house
        self._turns = Turns(desk.house)

    def take_over(self, name: str, machine: str) -> Standing:
        """Make a request, which a machine claimed that is gone, this machine's.

        Where that machine had not begun the call, this one executes it as it was approved. Where it had, it may have
        happened: the request becomes `unknown` here, and a person resolves it.

        Args:
            name: as `Desk.find` has it; of a request that this machine does not see, the whole id.
            machine: the name of the machine that is gone.

        Returns:
            How it stands here now.

        Raises:
            Ambiguous: several requests of that name.
            RefusedByPolicy: that machine holds no claim on it; or had begun what this machine does not know.
            NotFound: neither its file nor its approval is here: it was never synced.
            Failed: that machine is not gone: its claim moved on.
            GitFailed: the remote does not answer.
        """
        try:
            request_id = self._desk.find(name).request.id
        except NotFound:
            request_id = name
        claim = self._turns.held_by(request_id, machine)
        entry = self._house.ledger.entry(request_id)
        if claim.stage is Stage.IN_FLIGHT and (entry is None or entry.state not in {State.APPROVED, State.UNKNOWN}):
            raise RefusedByPolicy(
                f"{machine} had begun to execute it, and no approval of it is known here.",
                remedy="Ask the service whether it happened; then let its author propose it anew, or leave it.",
            )
        self._bring_back(claim, entry, machine)
        self._turns.take_over(claim)
        entry = self._house.ledger.entry(request_id)
        happening = Happening("taken_over", _ACTOR, claim.stage.value, {"machine": machine, "request": request_id})
        self._house.ledger.note_event(happening, entry)
        return self._desk.queue.of_entry(entry) if entry else self._desk.find(request_id)

    def _bring_back(self, claim: Claim, entry: Entry | None, machine: str) -> None:
        """The file from that machine's folder to Approved/, with its decision."""
        vault, placement = self._house.vault, self._desk.placement
        with placement.alone():
            if entry and placement.locate(entry):
                return
            if any(placement.holds(file, claim.sha256) for file in self._files_in(Folder.APPROVED)):
                return
            for file in self._files_in(f"{Folder.IN_PROGRESS}/{machine}"):
                if placement.holds(file, claim.sha256):
                    name = file.rpartition("/")[2]
                    target = f"{Folder.APPROVED}/{free_name(vault.folder(Folder.APPROVED), name, claim.request_id)}"
                    with contextlib.suppress(FileNotFoundError, FileExistsError):
                        move_in_vault(vault, _decision_of(file), _decision_of(target))
                    move_in_vault(vault, file, target)
                    self._desk.queue.notice(target)
                    return
        raise NotFound(
            "Its file is not here.", remedy=f"It never left {machine}; let its author propose it anew, if it is gone."
        )

    def _files_in(self, folder: str) -> list[str]:
        try:
            names = sorted(path.name for path in self._house.vault.path(folder).iterdir())
        except (OSError, ValueError):
            return []
        return [f"{folder}/{name}" for name in names]


def _decision_of(file: str) -> str:
    folder, _, name = file.rpartition("/")
    return f"{folder}/{decision_name(name)}"
