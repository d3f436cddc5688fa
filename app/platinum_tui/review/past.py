"""What this vault has done before: known recipients, what payees were paid, which actions are repeats."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from platinum_tui.intake.domains import lookalike_of
from platinum_tui.ledger.ledger import DecidedAction, Ledger
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.request import Request, State

_HAPPENED = frozenset({State.DONE, State.EXECUTING, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Deed:
    """What an executed action tells about others."""

    digest: str
    action: str
    recipients: tuple[str, ...]
    party: tuple[str, str] | None
    amount: Decimal

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(domain for recipient in self.recipients if (domain := _domain_of(recipient)))


class Past:
    """The executed actions of one vault, as far as they tell something about another one.

    Args:
        ledger: the vault's ledger.

    Attributes:
        seq: the number of the last event that was taken note of.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.seq = 0
        self._deeds: dict[str, _Deed] = {}
        self._actions: dict[str, set[str]] = defaultdict(set)
        self._recipients: dict[str, set[str]] = defaultdict(set)
        self._domains: dict[str, set[str]] = defaultdict(set)
        self._payments: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._alike: dict[str, str | None] = {}

    def refreshed(self) -> Past:
        """The past up to now; reads of the ledger what changed since the last time."""
        seq = self._ledger.tail().seq
        if seq != self.seq:
            for action in self._ledger.actions_since(self.seq):
                known, happened = self._deeds.get(action.id), action.state in _HAPPENED
                if known and happened and known.digest == action.digest:
                    continue
                self._forget(action.id)
                if happened:
                    self._take(action.id, _deed(action))
            self.seq = seq
        return self

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever done, as far as the ledger knows."""
        return not self._deeds

    def did(self, request: Request) -> bool:
        """Whether this very request was done, or may have been."""
        return request.id in self._deeds and self._deeds[request.id].digest == request.digest

    def newcomers(self, request: Request) -> tuple[str, ...]:
        """The recipients of a request that nothing else was ever sent to."""
        return tuple(r for r in recipients_of(request.kind, request.fields) if not self._others(request, r))

    def taken_for(self, request: Request, recipient: str) -> str | None:
        """The domain of another request's recipient that this one's could be taken for; None where there is none."""
        domain = _domain_of(recipient)
        if not domain or self._domains.get(domain, set()) - {request.id}:
            return None
        if domain not in self._alike:
            self._alike[domain] = lookalike_of(domain, self._domains.keys() - {domain})
        return self._alike[domain]

    def amounts_to(self, request: Request) -> tuple[Decimal, ...]:
        """What the payee of a payment was paid by others, in its currency."""
        paid = self._payments.get(_party(request.fields), set()) - {request.id}
        return tuple(self._deeds[name].amount for name in paid)

    def repeated(self, request: Request) -> str | None:
        """The id of another request that did the very same action, if there is one."""
        return min(self._actions.get(_action_key(request.kind, request.fields), set()) - {request.id}, default=None)

    def _others(self, request: Request, recipient: str) -> set[str]:
        return self._recipients.get(recipient, set()) - {request.id}

    def _take(self, name: str, deed: _Deed) -> None:
        known = len(self._domains)
        self._deeds[name] = deed
        for index, key in self._places(deed):
            index[key].add(name)
        if len(self._domains) != known:
            self._alike.clear()

    def _forget(self, name: str) -> None:
        known, deed = len(self._domains), self._deeds.pop(name, None)
        for index, key in self._places(deed) if deed else ():
            index[key].discard(name)
            if not index[key]:
                del index[key]
        if len(self._domains) != known:
            self._alike.clear()

    def _places(self, deed: _Deed) -> Iterator[tuple[dict[Any, set[str]], object]]:
        yield self._actions, deed.action
        yield from ((self._recipients, recipient) for recipient in deed.recipients)
        yield from ((self._domains, domain) for domain in deed.domains)
        if deed.party:
            yield self._payments, deed.party


def recipients_of(kind: Kind | None, fields: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Whom an action reaches, one name each: bare addresses, numbers, accounts; empty for what has no recipient."""
    match kind:
        case Kind.EMAIL_SEND | Kind.EMAIL_REPLY:
            written = [a for name in ("to", "cc", "bcc") for a in fields.get(name) or ()]
            return tuple(dict.fromkeys(_bare(str(address)) for address in written))
        case Kind.WHATSAPP_MESSAGE:
            return (str(fields["to"]),) if fields.get("to") else ()
        case Kind.PAYMENT:
            return (str(fields["account"]),) if fields.get("account") else ()
        case _:
            return ()


@functools.lru_cache(maxsize=4096)
def _bare(address: str) -> str:
    return parseaddr(address)[1].lower()


def _domain_of(recipient: str) -> str:
    """The domain of an address; empty for a number or an account."""
    return recipient.rpartition("@")[2] if "@" in recipient else ""


def _deed(done: DecidedAction) -> _Deed:
    kind, fields = done.kind, done.fields
    paid = kind is Kind.PAYMENT
    return _Deed(
        digest=done.digest,
        action=_action_key(kind, fields),
        recipients=recipients_of(kind, fields),
        party=_party(fields) if paid else None,
        amount=Decimal(str(fields.get("amount", "0"))) if paid else Decimal(0),
    )


def _party(fields: Mapping[str, JsonValue]) -> tuple[str, str]:
    return str(fields.get("payee", "")).casefold(), str(fields.get("currency", ""))


def _action_key(kind: Kind | None, fields: Mapping[str, JsonValue]) -> str:
    return hashlib.sha256(canonical_json({"kind": kind, "fields": dict(fields)})).hexdigest()
