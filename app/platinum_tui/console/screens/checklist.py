"""A list of which each thing is kept or dropped. Enter takes the choice, Esc leaves everything as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from platinum_tui.console.preview.page import line
from platinum_tui.console.screens.modal import Modal
from platinum_tui.console.symbols import Symbols
from platinum_tui.console.widgets.looks import LOOKS

_LABEL = 5


class Checklist(Modal[None]):
    """Everything is kept at first.

    Args:
        heading: what it is about.
        things: each thing's label and text, safe.
        submit: takes the numbers of those dropped, from 0; returns what is wrong with that, or nothing to close.
        symbols: signs and keys.
    """

    BINDINGS: ClassVar = [Binding("escape", "dismiss"), Binding("enter", "take", priority=True)]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)

    def __init__(
        self,
        heading: Content,
        things: Sequence[tuple[str, str]],
        submit: Callable[[Sequence[int]], str | None],
        symbols: Symbols,
    ) -> None:
        super().__init__()
        self._heading = heading
        self._things = tuple(things)
        self._submit = submit
        self._symbols = symbols
        self._dropped: set[int] = set()

    def compose(self) -> ComposeResult:
        """What it is about, the things, what is wrong, the keys."""
        key = self._symbols.key
        keys = [
            (key("mark"), " drops or keeps   "),
            (key("submit"), " makes a new version   "),
            (key("discard"), " leaves"),
        ]
        with Vertical(id="choosing"):
            yield Static(self._heading, id="choosing-text")
            yield OptionList(*(self._row(n) for n in range(len(self._things))), id="choosing-options", compact=True)
            yield Static("", id="choosing-wrong")
            yield Static(line(*(part for name, does in keys for part in ((name, "key"), (does, "muted")))))

    def on_mount(self) -> None:
        """The first thing is reached."""
        self._list.highlighted = 0
        self._list.focus()

    def on_key(self, event: events.Key) -> None:
        """The keys that do here what they do on the desk."""
        if self._is(event, "mark"):
            self._toggle()
        elif self._is(event, "next"):
            self._list.action_cursor_down()
        elif self._is(event, "previous"):
            self._list.action_cursor_up()
        else:
            return
        event.stop()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        event.stop()
        self._toggle()

    def action_take(self) -> None:
        """Enter takes the choice."""
        if self.closed:
            return
        wrong = self._submit(sorted(self._dropped))
        if wrong is None:
            self.dismiss()
        else:
            self._say(wrong)

    def _toggle(self) -> None:
        number = self._list.highlighted
        if number is not None:
            self._dropped ^= {number}
            self._list.replace_option_prompt_at_index(number, self._row(number))
            self._say("")

    def _row(self, number: int) -> Content:
        label, text = self._things[number]
        dropped = number in self._dropped
        sign, look = ("rejected", "removed") if dropped else ("approved", "state-approved")
        return line(
            (f"{self._symbols.states[sign]} {'drop' if dropped else 'keep'}  ", look),
            (label.ljust(_LABEL), "muted"),
            (text, "struck" if dropped else "strong"),
        )

    def _say(self, wrong: str) -> None:
        self.query_one("#choosing-wrong", Static).update(Content(wrong))

    @property
    def _list(self) -> OptionList:
        return self.query_one("#choosing-options", OptionList)

    def _is(self, event: events.Key, action_id: str) -> bool:
        return event.key in self._symbols.keys.action(action_id).key.split(",")
