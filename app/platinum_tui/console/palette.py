"""The command palette, from the registry of actions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from platinum_tui.console.screens.desk import Desk
from platinum_tui.console.screens.modal import ClosesOnce
from platinum_tui.system.console_actions import DESK, Action


class Commands(Provider):
    """Every action of the desk, by its name and its help."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for item in self._offered():
            yield DiscoveryHit(_title(item), self._call(item), help=item.help)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for item in self._offered():
            score = matcher.match(f"{item.label} {item.help}")
            if score > 0:
                yield Hit(score, Content(_title(item)), self._call(item), help=item.help)

    def _call(self, item: Action) -> Callable[[], Coroutine[Any, Any, None]]:
        return partial(self.screen.run_action, f"screen.choose('{item.id}')")

    def _offered(self) -> list[Action]:
        actions = self.screen.symbols.keys.actions if isinstance(self.screen, Desk) else ()
        return [item for item in actions if item.scope in DESK and item.id not in {"palette", "back", "pane"}]


class Palette(CommandPalette, ClosesOnce[None]):
    """Textual's own, which would take the desk along where Enter is pressed twice at once.

    It has no page to move by while the terminal leaves it no room, and would break.
    """

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)


def _title(item: Action) -> str:
    return f"{item.label}  ({item.keys[0]})"
