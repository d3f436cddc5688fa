"""The user's policy: what counts as approval, and how much one action may reach or cost."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from platinum_tui.model.action import Kind
from platinum_tui.model.request import RiskLevel


class Level(enum.StrEnum):
    """What counts as approval, from the weakest to the strongest."""

    MOVE = "move"
    CONFIRM = "confirm"
    SIGNED = "signed"
    TWO_KEYS = "two-keys"

    @property
    def strength(self) -> int:
        """How much it asks for; higher is stronger."""
        return list(Level).index(self)


def stronger(*levels: Level) -> Level:
    """The one that asks for most."""
    return max(levels, key=lambda level: level.strength)


SIGNED_BY_DEFAULT = frozenset(
    {
        Kind.PAYMENT,
        Kind.ODOO_CUSTOMER_CREATE,
        Kind.ODOO_INVOICE_CREATE,
        Kind.ODOO_INVOICE_POST,
        Kind.ODOO_PAYMENT,
        Kind.WHATSAPP_MESSAGE,
        Kind.MCP_CALL,
    }
)
"""Kinds that move money, change the books, or cannot be undone by anyone."""


@dataclass(frozen=True)
class Approval:
    """What counts as approval.

    Attributes:
        default: for kinds that the configuration does not name; it never weakens `SIGNED_BY_DEFAULT`.
        by_kind: what the configuration says of a kind: it is taken as it is.
        high_risk: what a high risk asks for at least: signed or two-keys.
    """

    default: Level = Level.MOVE
    by_kind: Mapping[Kind, Level] = field(default_factory=dict)
    high_risk: Level = Level.SIGNED

    def __post_init__(self) -> None:
        if self.high_risk.strength < Level.SIGNED.strength:
            raise ValueError("high risk asks for signed at least")

    def level_for(self, kind: Kind, risk: RiskLevel) -> Level:
        """What counts as approval of an action of this kind and this risk."""
        level = self.by_kind.get(kind) or self._level_unless_configured(kind)
        return stronger(level, self.high_risk) if risk is RiskLevel.HIGH else level

    def _level_unless_configured(self, kind: Kind) -> Level:
        return stronger(self.default, Level.SIGNED) if kind in SIGNED_BY_DEFAULT else self.default


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency (ISO 4217, three letters)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


_MONEY = re.compile(r"(\d{1,15}(?:\.\d{1,4})?) ([A-Z]{3})", re.ASCII)


def parse_money(text: str) -> Money:
    """The amount that a text such as `1000.00 EUR` names.

    Raises:
        ValueError: it names none.
    """
    match = _MONEY.fullmatch(text)
    if not match:
        raise ValueError("not an amount")
    return Money(Decimal(match.group(1)), match.group(2))


DEFAULT_RECIPIENTS = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """How far actions of one kind may go; None is no limit.

    Attributes:
        recipients: how many one action may reach.
        per_day: how many actions of the kind may run in a day.
        amount: how much one action may move.
    """

    recipients: int | None = DEFAULT_RECIPIENTS
    per_day: int | None = None
    amount: Money | None = None
