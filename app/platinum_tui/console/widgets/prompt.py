"""One line to type in, at the bottom: a reason, a time, a filter. Enter submits, Esc cancels."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Label

from platinum_tui.console.actions import action


class Prompt(Horizontal):
    """Asks for one line.

    Args:
        label: what is asked.
        submit: takes what was typed; returns what is wrong with it, or nothing, which closes the line.
        cancel: called on Esc.
        change: called with the text at every key, if given.
        text: what stands there at first.
    """

    BINDINGS: ClassVar = [Binding(key, "discard", id="discard") for key in action("discard").key.split(",")]

    def __init__(
        self,
        label: str,
        submit: Callable[[str], str | None],
        cancel: Callable[[], None],
        change: Callable[[str], None] | None = None,
        text: str = "",
    ) -> None:
        super().__init__(id="prompt")
        self._label = label
        self._submit = submit
        self._cancel = cancel
        self._change = change
        self._text = text

    def compose(self) -> ComposeResult:
        """Label, field, and what is wrong."""
        yield Label(self._label, id="prompt-label", markup=False)
        yield Input(self._text, id="prompt-input", compact=True, select_on_focus=False)
        yield Label("", id="prompt-wrong", markup=False)

    def on_mount(self) -> None:
        """Typing goes here from now on."""
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another text."""
        event.stop()
        self.query_one("#prompt-wrong", Label).update("")
        if self._change and event.value != self._text:
            self._text = event.value
            self._change(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        wrong = self._submit(event.value)
        if wrong is None:
            self.remove()
        else:
            self.query_one("#prompt-wrong", Label).update(wrong)

    def action_discard(self) -> None:
        """Esc."""
        self._cancel()
        self.remove()
