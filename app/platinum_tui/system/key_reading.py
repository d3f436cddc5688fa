"""What `[console.keys]` may say: every rule of deciding kept, no key with two meanings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from platinum_tui.system.console_actions import ACTIONS, DESK, Action, Scope
from platinum_tui.system.key_map import KeyMap
from platinum_tui.system.key_names import named, shown
from platinum_tui.system.toml_table import Table, text

_ANSWERS = {
    "enter": "Enter never decides",
    "space": "Space never decides",
    "y": "y answers dialogs",
    "d": "d answers a dialog",
}
"""Keys that nothing which writes may have: held a little too long, they would answer what they have just asked."""


def read_keys(table: Table) -> Mapping[str, str]:
    """The keys of `[console.keys]`, by action; what is wrong is noted in the table."""
    bindable = [item for item in ACTIONS if item.scope in DESK]
    for item in bindable:
        table.known(item.id)
    bound: dict[str, str] = {}
    for item in bindable:
        if item.id in table.values:
            keys = table.take(item.id, partial(_keys, item), item.key, _EXPECTED)
            bound[item.id] = keys
    for item in ACTIONS:
        if item.scope in (Scope.DIALOG, Scope.TYPING) and item.id in table.values:
            table.known(item.id)
            table.report(f"{table.name_of(item.id)} cannot be bound.", remedy=_FIXED)
    table.end()
    _report_conflicts(table, KeyMap(bound))
    return bound


_EXPECTED = 'a key or a list of keys: "n", "Ctrl+N", ["j", "Down"]'
_FIXED = "Remove it: dialogs and the line to type in keep y, n, Enter and Esc."


def _keys(item: Action, value: object) -> str:
    written = value if isinstance(value, list) and value else [value]
    names = list(dict.fromkeys(named(text(one) if one != " " else " ") for one in written))
    if item.writes or item.decides:
        for name in names:
            if name in _ANSWERS:
                raise ValueError(_ANSWERS[name])
    return ",".join(names)


def _report_conflicts(table: Table, keys: KeyMap) -> None:
    owners: dict[str, Action] = {}
    for item in sorted(_of_desk(keys), key=lambda item: item.id in keys.bound):
        for key in item.key.split(","):
            other = owners.setdefault(key, item)
            if other is not item:
                table.report(
                    f"{table.name_of(item.id)} takes {shown(key)}, which {other.id} ({other.help.lower()}) has.",
                    remedy=f"Choose another key, or give {table.name_of(other.id)} another one, too.",
                )


def _of_desk(keys: KeyMap) -> Iterator[Action]:
    return (item for item in keys.actions if item.scope in DESK)
