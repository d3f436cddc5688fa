"""A line to type in above things to choose from. Esc leaves; nothing here approves anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from platinum_tui.console.preview.page import line
from platinum_tui.console.screens.modal import Modal
from platinum_tui.console.widgets.looks import LOOKS


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what it looks like, and what it stands for."""

    content: Content
    value: str


class Choosing(Modal[None]):
    """Takes what was typed, or the option that the arrow keys reached.

    Args:
        text: what is asked.
        options: what can be chosen.
        submit: takes the value; returns what is wrong with it, or nothing, which closes the screen.
        typed: an example of what can be typed; None where only the options count.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss"),
        Binding("down", "move(1)", priority=True),
        Binding("up", "move(-1)", priority=True),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)

    def __init__(
        self,
        text: Content,
        options: Sequence[Option],
        submit: Callable[[str], str | None],
        typed: str | None = None,
    ) -> None:
        super().__init__()
        self._text = text
        self._options = tuple(options)
        self._submit = submit
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Question, line, options."""
        with Vertical(id="choosing"):
            yield Static(self._text, id="choosing-text")
            if self._typed is not None:
                yield Input(placeholder=self._typed, id="choosing-input", compact=True)
            if self._options:
                yield OptionList(*(option.content for option in self._options), id="choosing-options", compact=True)
            yield Static("", id="choosing-wrong")
            yield Static(line(("Enter", "key"), (" takes it   ", "muted"), ("Esc", "key"), (" leaves", "muted")))

    def on_mount(self) -> None:
        """The line has the keys where there is one."""
        for options in self.query(OptionList):
            options.can_focus = self._typed is None
            options.highlighted = None if self._typed is not None else 0
            options.focus()
        for field in self.query(Input):
            field.focus()

    def on_input_changed(self) -> None:
        """Who types chooses nothing from the list."""
        self._say("")
        for options in self.query(OptionList):
            options.highlighted = None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the line: the option that was reached, else what was typed."""
        reached = next((options.highlighted for options in self.query(OptionList)), None)
        self._take(event.value if reached is None else self._options[reached].value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on an option."""
        self._take(self._options[event.option_index].value)

    def action_move(self, rows: int) -> None:
        """To another option, around the ends."""
        for options in self.query(OptionList):
            reached = options.highlighted
            options.highlighted = (
                (0 if rows > 0 else -1) % len(self._options)
                if reached is None
                else (reached + rows) % len(self._options)
            )

    def _take(self, value: str) -> None:
        if self.closed:
            return
        wrong = self._submit(value)
        if wrong is None:
            self.dismiss()
        else:
            self._say(wrong)

    def _say(self, wrong: str) -> None:
        self.query_one("#choosing-wrong", Static).update(Content(wrong))
