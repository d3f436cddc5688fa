"""SEPA: a file for the bank, one an order. The person uploads it: nothing is paid by writing it."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Answer, Lookup, Surroundings
from platinum_executors.payments import pain
from platinum_executors.payments.money import exact_text
from platinum_executors.refusal import Refused
from platinum_tui.model.action import Payment


def pay(here: Surroundings, attempt: Attempt[Payment]) -> Evidence:
    """Writes the file; one that is there already was written for the same approval's effect."""
    folder, name = _folder(here), _name(attempt.marker)
    file = folder / name
    if file.exists():
        return {**_proof(file), "existed": True}
    data = pain.write(_order(here, attempt), here.settings.text("sepa_schema", pain.SCHEMAS[1]))
    aside = folder / f".{name}.part"
    try:
        _write(aside, data)
        attempt.cross()
        os.link(aside, file)
        _sync(folder)
    except FileExistsError:
        return {**_proof(file), "existed": True}
    except OSError as error:
        if attempt.crossed:
            raise
        raise Refused("cannot_write", f"The file cannot be written to {folder}: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)
    return {**_proof(file), "existed": False}


def probe(here: Surroundings) -> None:
    """Checks the own account and the folder."""
    _debtor(here)
    _folder(here)


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks for the file; it may have been moved after it was taken to the bank."""
    file = _folder(here) / _name(marker)
    return Lookup(Answer.FOUND, _proof(file)) if file.exists() else Lookup(Answer.ABSENT)


def _order(here: Surroundings, attempt: Attempt[Payment]) -> pain.Order:
    action, decided_at = attempt.action, attempt.decision.decided_at
    if action.currency != "EUR":
        raise Refused("wrong_currency", f"SEPA pays in euros, not in {action.currency}.")
    if len(action.payee) > pain.NAME_LENGTH or len(action.reference or "") > pain.REFERENCE_LENGTH:
        raise Refused("too_long", "The payee or the reference is too long for a SEPA transfer.")
    if action.amount > pain.MOST:
        raise Refused("invalid_amount", f"{action.amount} is more than a SEPA transfer can hold.")
    today = here.clock.now().date()
    due = date.fromisoformat(action.execution_date) if action.execution_date else max(decided_at.date(), today)
    if due < today:
        raise Refused("day_passed", f"The day of execution, {due}, has passed.")
    return pain.Order(
        message_id=_message_id(attempt.marker),
        end_to_end_id=attempt.marker,
        created_at=decided_at,
        due=due,
        debtor=_debtor(here),
        creditor=pain.Party(name=action.payee, iban=_iban(action.account)),
        amount=exact_text(action.amount, "EUR"),
        reference=action.reference or "",
    )


def _debtor(here: Surroundings) -> pain.Party:
    settings = here.settings
    iban = _iban(settings.required("sepa_debtor_iban"))
    return pain.Party(name=settings.required("sepa_debtor_name"), iban=iban, bic=settings.text("sepa_debtor_bic"))


def _iban(text: str) -> str:
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(text).compact)
    except SchwiftyException as error:
        raise Refused("invalid_iban", f"{text} is no IBAN: {error}.") from error


def _folder(here: Surroundings) -> Path:
    folder = Path(here.settings.required("sepa_folder"))
    if not folder.is_dir():
        raise Refused("folder_missing", f"The folder for payment files, {folder}, is not there.")
    return folder


def _message_id(marker: str) -> str:
    return f"PLT{marker}"


def _name(marker: str) -> str:
    return f"{_message_id(marker)}.xml"


def _proof(file: Path) -> dict[str, str]:
    return {"file": str(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "next": "upload it to the bank"}


def _write(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


SEPA: Branch[Payment] = Branch(settings=("sepa_debtor_iban",), act=pay, probe=probe, find=find)
