"""Textual's bindings for the registry of actions."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from platinum_tui.system.console_actions import ACTIONS, Scope


def bindings(scopes: Iterable[Scope]) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The actions of some scopes; each calls `do` of its screen, and a key map finds it by its id."""
    wanted = set(scopes)
    return [
        Binding(item.key, f"screen.do('{item.id}')", item.label, show=False, id=item.id)
        for item in ACTIONS
        if item.scope in wanted
    ]
