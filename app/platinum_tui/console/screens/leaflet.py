"""A text over the desk that scrolls and can be put away: the help, the statistics, what the doctor says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from platinum_tui.console.screens.modal import Modal
from platinum_tui.console.widgets.looks import LOOKS
from platinum_tui.system.key_map import KeyMap


def hanging(lead: Content, text: Content, width: int) -> Iterator[Content]:
    """A text behind its lead; where it takes more lines, they begin below its own beginning."""
    cells = lead.cell_length
    for part in text.wrap(max(width - cells, 1)):
        yield lead + part
        lead = Content(" " * cells)


class Leaflet(Modal[None]):
    """Esc, the key that leaves the program, and the one that opened it put it away.

    Args:
        keys: the keys in force.
        opener: the id of the action that opened it.
    """

    BINDINGS: ClassVar = [("escape", "dismiss", "close")]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)

    def __init__(self, keys: KeyMap, opener: str) -> None:
        super().__init__()
        self.keys = keys
        self._opener = opener

    @abstractmethod
    def text(self, width: int) -> Content:
        """All of it, for lines of that many cells."""

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(id="leaflet"):
            yield Static(id="leaflet-text")

    def on_mount(self) -> None:
        """Write once the width is known."""
        self.call_after_refresh(self.write)

    def on_resize(self) -> None:
        """Other widths, other lines."""
        self.call_after_refresh(self.write)

    def write(self) -> None:
        """Write the text anew; nothing where it was not opened yet, or is put away."""
        for text in self.query("#leaflet-text").results(Static):
            if text.size.width:
                text.update(self.text(text.size.width))

    def on_key(self, event: events.Key) -> None:
        """The keys that do here what they do on the desk."""
        sheet = self.query_one("#leaflet", VerticalScroll)
        if self._is(event, "next"):
            sheet.scroll_down(animate=False)
        elif self._is(event, "previous"):
            sheet.scroll_up(animate=False)
        elif self._is(event, self._opener) or self._is(event, "quit"):
            event.stop()  # the desk below is not to take it, too
            self.dismiss()

    def _is(self, event: events.Key, action_id: str) -> bool:
        return event.key in self.keys.action(action_id).key.split(",")
