"""What receipts in the archive say was done, and the ledger does not know: it was lost, or put back from a copy."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from platinum_tui.ledger.witness import trusts_from
from platinum_tui.model.decision import Decision, Envelope, Verdict
from platinum_tui.model.envelope import decision_in, envelope_from_json, valid_signers
from platinum_tui.model.receipt import Outcome
from platinum_tui.model.request import Request
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.review.past import Past
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import names_for, receipt_name
from platinum_tui.vault.reading import Unreadable, read_in_vault

_ENDING = receipt_name("")


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a receipt says was done; whoever can write in the vault may have written it."""

    file: str
    executed_at: str
    envelope: Envelope
    decision: Decision


class Evidence(NamedTuple):
    """What receipts say about a request, where the ledger does not know.

    Attributes:
        same: a sentence on one that says that the very same was done; None where none does.
        other: the receipt that says that another version of it, under the same id, was done; None where none does.
    """

    same: str | None = None
    other: str | None = None


class Archive:
    """The receipts of one vault.

    All of them are read at most once, and only where the ledger knows of nothing that was done, or was found to be
    behind its log; else those that are called as a request's own would be.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._all: dict[str, _Deed] = {}
        self._asked_at: int | None = None

    def evidence_on(self, request: Request, past: Past) -> Evidence:
        """What receipts say about a request of which the ledger does not know that it was done.

        Args:
            request: the request.
            past: what the ledger knows.
        """
        if request.kind is None or past.did(request):
            return Evidence()
        named, unknown = tuple(self._named_like(request)), self._unknown_to(past)
        same = next((deed for deed in named if _is_same(deed, request)), None) or unknown.get(request.sha256)
        others = (*named, unknown.get(request.id)) if request.declared_id else ()
        other = next((deed for deed in others if deed and _is_other_version(deed, request)), None)
        return Evidence(self._sentence_on(same) if same else None, other.file if other else None)

    def _sentence_on(self, found: _Deed) -> str:
        keys = [key.public_key for key in self._house.known_keys()]
        known = found.decision.vault == self._house.vault_id and valid_signers(found.envelope, keys)
        signed = "approved under a key that this machine knows" if known else "but nobody known here has signed it"
        return f"{safe_line(found.file)} says that the very same was done, {safe_line(found.executed_at)}, {signed}."

    def _named_like(self, request: Request) -> Iterator[_Deed]:
        name = request.file.rpartition("/")[2]
        for each in islice(names_for(name, request.id), 2):
            file = f"{Folder.ARCHIVED}/{receipt_name(each)}"
            if os.path.lexists(self._house.vault.root / file) and (deed := self._read(file)):
                yield deed

    def _unknown_to(self, past: Past) -> Mapping[str, _Deed]:
        """What all receipts say, by the hash of the file and by the id, where the ledger may have forgotten it."""
        if not self._all and self._asked_at != past.seq:
            self._asked_at = past.seq
            if past.is_empty or trusts_from(self._house.ledger):
                deeds = tuple(self._deeds())
                self._all = {deed.decision.request: deed for deed in deeds}
                self._all |= {deed.decision.file_sha256: deed for deed in deeds}
        return self._all

    def _deeds(self) -> Iterator[_Deed]:
        names = list[str]()
        with contextlib.suppress(OSError):
            names = os.listdir(self._house.vault.folder(Folder.ARCHIVED))  # noqa: PTH208 - names
        for name in names:
            if name.endswith(_ENDING) and (deed := self._read(f"{Folder.ARCHIVED}/{name}")):
                yield deed

    def _read(self, file: str) -> _Deed | None:
        try:
            receipt = json.loads(read_in_vault(self._house.vault, file).data)
            if not isinstance(receipt, dict) or receipt.get("outcome") != Outcome.DONE:
                return None
            envelope = envelope_from_json(receipt.get("decision"))
            decision = decision_in(envelope)
        except (ValueError, RecursionError, Unreadable):
            return None
        is_of_it = decision.verdict is Verdict.APPROVE and decision.digest == receipt.get("digest")
        return _Deed(file, str(receipt.get("executed_at")), envelope, decision) if is_of_it else None


def _is_same(deed: _Deed, request: Request) -> bool:
    return deed.decision.file_sha256 == request.sha256


def _is_other_version(deed: _Deed, request: Request) -> bool:
    return deed.decision.request == request.id and not _is_same(deed, request)
