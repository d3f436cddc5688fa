"""What lies beside a decided file under its name: its decision, and once it is done its receipt.

What somebody else wrote under such a name stays as it is: then file, decision and receipt have another name together.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.action import JsonValue
from platinum_tui.model.envelope import decision_in, envelope_from_json, valid_signers
from platinum_tui.model.request import State
from platinum_tui.review.house import House
from platinum_tui.vault.changes import Changes
from platinum_tui.vault.names import decision_name, receipt_name
from platinum_tui.vault.reading import Reason, Unreadable

_FREE = frozenset({Reason.MISSING, Reason.SYMLINK, Reason.NOT_REGULAR})
"""What keeps no name from being used: `Changes.create` sets aside what is no plain file."""


class Sidecars:
    """The decisions and receipts of one vault's decided files.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    def fit(self, changes: Changes, file: str, entry: Entry, receipt: bytes | None) -> bool:
        """Whether the names beside a file are free or an entry's own: the decision's, and the receipt's if any."""
        decision = _there(changes, _decision_of(file))
        if decision is not None and not self._is_ours(decision, entry):
            return False
        return receipt is None or _there(changes, _receipt_of(file)) in {None, receipt}

    def bring(self, changes: Changes, entry: Entry, file: str, receipt: bytes | None, came_from: Iterable[str]) -> None:
        """Have an entry's decision beside its file and nowhere else, and its receipt there.

        Args:
            changes: what this becomes durable with.
            entry: as the ledger has it; one that waits for a decision carries none.
            file: where its file is now.
            receipt: the receipt's bytes; None where there is none yet.
            came_from: where its file lay, or may have lain before a crash.

        Raises:
            FileExistsError: somebody else's file has one of the names.
        """
        carries, places = entry.envelope is not None and entry.state is not State.PENDING, dict.fromkeys(came_from)
        if carries:
            self._bring_decision(changes, entry, file, places)
        for place in places:
            if place != file or not carries:
                self._remove(changes, _decision_of(place), entry)
        if receipt is not None and _there(changes, _receipt_of(file)) != receipt:
            changes.create(_receipt_of(file), receipt)

    def _bring_decision(self, changes: Changes, entry: Entry, file: str, places: Iterable[str]) -> None:
        target = _decision_of(file)
        if _holds(changes, target, entry):
            return
        for place in places:
            if place != file and _holds(changes, _decision_of(place), entry):
                with contextlib.suppress(FileExistsError, FileNotFoundError):
                    changes.move(_decision_of(place), target)
                    return
        data = json.dumps(entry.envelope, indent=2).encode() + b"\n"
        try:
            changes.create(target, data)
        except FileExistsError:
            if not self._is_ours(_there(changes, target) or b"", entry):
                raise
            changes.replace(target, data)

    def _remove(self, changes: Changes, file: str, entry: Entry) -> None:
        data = _there(changes, file)
        if data is not None and self._is_ours(data, entry):
            changes.remove(file)

    def _is_ours(self, data: bytes, entry: Entry) -> bool:
        """Whether some bytes are an entry's decision, or an earlier one on the same request under a key we know."""
        if _is_decision(data, entry):
            return True
        try:
            envelope = envelope_from_json(_parsed(data))
            decision = decision_in(envelope)
        except ValueError:
            return False
        if (decision.vault, decision.request) != (self._house.vault_id, entry.id):
            return False
        return bool(valid_signers(envelope, (key.public_key for key in self._house.known_keys())))


def _holds(changes: Changes, file: str, entry: Entry) -> bool:
    data = _there(changes, file)
    return data is not None and _is_decision(data, entry)


def _is_decision(data: bytes, entry: Entry) -> bool:
    return entry.envelope is not None and _parsed(data) == entry.envelope


def _parsed(data: bytes) -> JsonValue:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _there(changes: Changes, file: str) -> bytes | None:
    """What a plain file holds, as far as it may be read; None where there is none.

    Raises:
        Unreadable: something lies there, and the machine does not let us read it now.
    """
    try:
        return changes.read(file).data
    except Unreadable as error:
        error.raise_if_denied()
        return None if error.reason in _FREE else b""


def _decision_of(file: str) -> str:
    folder, _, name = file.rpartition("/")
    return f"{folder}/{decision_name(name)}"


def _receipt_of(file: str) -> str:
    folder, _, name = file.rpartition("/")
    return f"{folder}/{receipt_name(name)}"
