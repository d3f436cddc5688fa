"""What this vault has done before: known recipients, what payees were paid, which actions are repeats."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from email.utils import parseaddr

from platinum_tui.intake.domains import lookalike_of
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.request import Request, State

_HAPPENED = (State.DONE, State.EXECUTING, State.UNKNOWN)


class Past:
    """The executed actions of one vault, as far as they tell something about a new one.

    Args:
        ledger: the vault's ledger.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tail = -1
        self._recipients: set[str] = set()
        self._amounts: dict[tuple[str, str], list[Decimal]] = {}
        self._actions: dict[str, str] = {}
        self._domains: set[str] = set()
        self._alike: dict[str, str | None] = {}

    def refreshed(self) -> Past:
        """The past up to now; reads the ledger only if something was added to it."""
        tail = self._ledger.tail().seq
        if tail != self._tail:
            self._tail = tail
            self._recipients, self._amounts, self._actions = set(), defaultdict(list), {}
            for entry in self._ledger.entries(_HAPPENED):
                self._take(entry)
            self._domains = {domain for recipient in self._recipients if (domain := _domain_of(recipient))}
            self._alike = {}
        return self

    def newcomers(self, request: Request) -> tuple[str, ...]:
        """The recipients of a request that nothing was ever sent to."""
        return tuple(r for r in recipients_of(request.kind, request.fields) if r not in self._recipients)

    def taken_for(self, recipient: str) -> str | None:
        """The domain of an earlier recipient that this one's could be taken for; None where there is none."""
        domain = _domain_of(recipient)
        if domain not in self._alike:
            self._alike[domain] = lookalike_of(domain, self._domains) if domain else None
        return self._alike[domain]

    def amounts_to(self, party: str, currency: str) -> tuple[Decimal, ...]:
        """What a payee or on an invoice's account was paid before, in a currency."""
        return tuple(self._amounts.get((party.casefold(), currency), ()))

    def repeated(self, request: Request) -> str | None:
        """The id of another request that did the very same action, if there is one."""
        other = self._actions.get(_action_key(request.kind, request.fields))
        return other if other != request.id else None

    def _take(self, entry: Entry) -> None:
        self._recipients.update(recipients_of(entry.kind, entry.fields))
        self._actions[_action_key(entry.kind, entry.fields)] = entry.id
        if entry.kind is Kind.PAYMENT:
            party, currency = str(entry.fields.get("payee", "")).casefold(), str(entry.fields.get("currency", ""))
            self._amounts.setdefault((party, currency), []).append(Decimal(str(entry.fields.get("amount", "0"))))


def recipients_of(kind: Kind | None, fields: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Whom an action reaches, one name each: bare addresses, numbers, accounts; empty for what has no recipient."""
    match kind:
        case Kind.EMAIL_SEND | Kind.EMAIL_REPLY:
            written = [a for name in ("to", "cc", "bcc") for a in fields.get(name) or ()]
            return tuple(dict.fromkeys(parseaddr(str(address))[1].lower() for address in written))
        case Kind.WHATSAPP_MESSAGE:
            return (str(fields["to"]),) if fields.get("to") else ()
        case Kind.PAYMENT:
            return (str(fields["account"]),) if fields.get("account") else ()
        case _:
            return ()


def _domain_of(recipient: str) -> str:
    """The domain of an address; empty for a number or an account."""
    return recipient.rpartition("@")[2] if "@" in recipient else ""


def _action_key(kind: Kind | None, fields: Mapping[str, JsonValue]) -> str:
    return hashlib.sha256(canonical_json({"kind": kind, "fields": dict(fields)})).hexdigest()
