"""How the console meets its reviewer: usual reasons, and how it calls somebody who looks elsewhere."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from platinum_tui.model.sections import OF_REQUESTS, Order, Section
from platinum_tui.system.toml_table import Table, text, texts

_MOST_REASONS = 9
REASONS = ("Wrong recipient", "Wrong facts", "Not our tone", "Not now", "Duplicate")
"""What is usually said against a request: short, and understood by who drafted it."""


class Call(enum.StrEnum):
    """How somebody who looks elsewhere is called."""

    OFF = "off"
    BELL = "bell"
    OSC9 = "osc9"
    OSC777 = "osc777"


@dataclass(frozen=True, slots=True)
class View:
    """A section, what of it is listed, and in which order."""

    section: Section = Section.PENDING
    filter: str = ""
    order: Order = Order.AGE


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """How the console meets its reviewer.

    Attributes:
        reasons: the presets of the line that asks why, nine at most.
        call: how somebody who looks elsewhere is called; the terminal must know the sequence.
        call_command: a program and its arguments to run instead; it gets one more, the sentence.
        keys: other keys than the registry of actions says, by action, as Textual names them, separated by commas.
        views: the saved views, by name.
    """

    reasons: tuple[str, ...] = REASONS
    call: Call = Call.BELL
    call_command: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)


def read_console(table: Table) -> ConsoleSettings:
    """The settings of `[console]`; what is wrong is noted in the table."""
    calls = " | ".join(f'"{call}"' for call in Call)
    settings = ConsoleSettings(
        reasons=table.take("reasons", _reasons, REASONS, 'nine texts at most: reasons = ["Wrong facts", "Not now"]'),
        call=table.take("call", lambda value: Call(text(value)), Call.BELL, calls),
        call_command=table.take("call_command", texts, (), 'a command as a list: call_command = ["notify-send"]'),
        keys=_read_keys(table.below("keys")),
        views={name: _read_view(below) for name, below in table.below("views").tables()},
    )
    table.end()
    return settings


def _read_keys(table: Table) -> Mapping[str, str]:
    """The keys of `[console.keys]`; the registry of actions is loaded only where there are any."""
    if not table.values:
        return {}
    from platinum_tui.system.key_reading import read_keys

    return read_keys(table)


def _read_view(table: Table) -> View:
    sections = " | ".join(f'"{section}"' for section in OF_REQUESTS)
    orders = " | ".join(f'"{order}"' for order in Order)
    view = View(
        section=table.take("section", _section, Section.PENDING, sections),
        filter=table.take("filter", text, "", 'what is typed after /: filter = "kind:invoice !risk:low"'),
        order=table.take("order", lambda value: Order(text(value)), Order.AGE, orders),
    )
    table.end()
    return view


def _section(value: object) -> Section:
    section = Section(text(value))
    if section not in OF_REQUESTS:
        raise ValueError("it holds no requests")
    return section


def _reasons(value: object) -> tuple[str, ...]:
    reasons = texts(value)
    if len(reasons) > _MOST_REASONS:
        raise ValueError(f"there are {len(reasons)}")
    return reasons
