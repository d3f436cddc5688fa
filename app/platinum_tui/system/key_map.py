"""The keys in force: the registry of actions, with what the configuration binds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from platinum_tui.system.console_actions import ACTIONS, BY_ID, Action


@dataclass(frozen=True)
class KeyMap:
    """Every action with its keys.

    Attributes:
        bound: the keys of actions that have others than the registry says, by id, separated by commas.
    """

    bound: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The registry, with these keys."""
        return tuple(self.action(item.id) for item in ACTIONS) if self.bound else ACTIONS

    def action(self, action_id: str) -> Action:
        """One action with its keys; raises KeyError where there is none of that id."""
        item = BY_ID[action_id]
        return dataclasses.replace(item, key=self.bound[action_id]) if action_id in self.bound else item

    def say(self, sentence: str) -> str:
        """A sentence in which `{freeze}` stands for the first key of that action."""
        return sentence.format_map({item.id: item.keys[0] for item in self.actions})
