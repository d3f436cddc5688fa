"""The help: every key with what it does, from the registry."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from platinum_tui.console.actions import ACTIONS, Scope
from platinum_tui.console.preview.page import line
from platinum_tui.console.widgets.looks import LOOKS

_KEYS = 16
_FILTERS = (
    ("july invoice", "both words, small slips allowed"),
    ("to:ana", "a field: state kind to title risk file id fp amount problem warning text"),
    ("!risk:low", "not"),
    ('"exact words"', "words that belong together"),
)


class Help(ModalScreen[None]):
    """Esc, ? or q closes it."""

    BINDINGS: ClassVar = [("escape,question_mark,q", "dismiss", "close"), ("j", "down", "down"), ("k", "up", "up")]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(id="help"):
            yield Static(help_text())

    def action_down(self) -> None:
        """Further."""
        self.query_one("#help", VerticalScroll).scroll_down(animate=False)

    def action_up(self) -> None:
        """Back."""
        self.query_one("#help", VerticalScroll).scroll_up(animate=False)


def help_text() -> Content:
    """The keys by scope, then how the filter is written."""
    rows = [line(("Keys", "title"), ("   Esc closes", "muted")), Content("")]
    for scope in Scope:
        rows.append(line((scope.value, "caption")))
        for item in ACTIONS:
            if item.scope is scope:
                rows.append(line(("  " + " ".join(item.keys).ljust(_KEYS), "key"), item.help))
        rows.append(Content(""))
    rows.append(line(("Filter", "caption")))
    rows += [line(("  " + example.ljust(_KEYS), "key"), meaning) for example, meaning in _FILTERS]
    return Content("\n").join(rows)
