"""The help: every key with what it does, from the registry."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from platinum_tui.console.preview.page import line
from platinum_tui.console.screens.leaflet import Leaflet, hanging
from platinum_tui.system.console_actions import Scope
from platinum_tui.system.key_map import KeyMap

_KEYS = 18
_FILTERS = (
    ("july invoice", "both words, small slips allowed"),
    ("to:ana", "a field: state kind to title risk file id fp amount problem warning text"),
    ("!risk:low", "not"),
    ('"exact words"', "words that belong together"),
)


class Help(Leaflet):
    """Every key in force.

    Args:
        keys: the keys in force.
    """

    def __init__(self, keys: KeyMap) -> None:
        super().__init__(keys, "help")

    def text(self, width: int) -> Content:
        """The keys by scope, then how the filter is written."""
        return help_text(self.keys, width)


def help_text(keys: KeyMap, width: int) -> Content:
    """The keys by scope, then how the filter is written, for lines of that many cells."""
    rows = [line(("Keys", "title"), ("   Esc closes", "muted")), Content("")]
    for scope in Scope:
        rows.append(line((scope.value, "caption")))
        for item in keys.actions:
            if item.scope is scope:
                rows += _explained(" ".join(item.keys), item.help, width)
        rows.append(Content(""))
    rows.append(line(("Filter", "caption")))
    for example, meaning in _FILTERS:
        rows += _explained(example, meaning, width)
    return Content("\n").join(rows)


def _explained(term: str, meaning: str, width: int) -> Iterator[Content]:
    return hanging(line((f"  {term} ".ljust(_KEYS), "key")), Content(meaning), width)
