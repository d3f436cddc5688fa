"""One line to type in, at the bottom: a reason, a time, a filter. Enter submits, Esc cancels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from platinum_tui.console.preview.page import line
from platinum_tui.system.console_actions import BY_ID

_MOST_PRESETS = 9
_DIGITS = "123456789"


class Prompt(Vertical):
    """Asks for one line.

    Args:
        label: what is asked.
        submit: takes what was typed; returns what is wrong with it, or nothing, which closes the line.
        cancel: called on Esc.
        change: called with the text at every key, if given.
        text: what stands there at first.
        presets: texts that a digit typed first stands for, nine at most.
    """

    class Ready(Message):
        """It has the keys."""

    BINDINGS: ClassVar = [Binding(BY_ID["discard"].key, "discard", id="discard")]

    def __init__(
        self,
        label: str,
        submit: Callable[[str], str | None],
        cancel: Callable[[], None],
        change: Callable[[str], None] | None = None,
        text: str = "",
        presets: Sequence[str] = (),
    ) -> None:
        super().__init__(id="prompt")
        self._label = label
        self._submit = submit
        self._cancel = cancel
        self._change = change
        self._text = text
        self._wrong = ""
        self._taken = False
        self._presets = tuple(presets[:_MOST_PRESETS])

    def compose(self) -> ComposeResult:
        """Presets, if there are any; below them label, field, and what is wrong."""
        if self._presets:
            parts = [part for n, text in enumerate(self._presets, 1) for part in ((f"{n} ", "key"), f"{text}   ")]
            yield Static(line(*parts), id="prompt-presets")
        with Horizontal(id="prompt-line"):
            yield Label(self._label, id="prompt-label", markup=False)
            yield Input(self._text, id="prompt-input", compact=True, select_on_focus=False)
            yield Label("", id="prompt-wrong", markup=False)

    def on_mount(self) -> None:
        """Typing goes here from now on; where the console is being left, there is no field any more."""
        for field in self.query(Input):
            field.focus()
        self.post_message(self.Ready())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another text; what is typed after Enter and before the line is gone changes nothing."""
        event.stop()
        if self._taken:
            return
        self._say_what_is_wrong("")
        if len(event.value) == 1 and event.value in _DIGITS[: len(self._presets)]:
            event.input.value = self._presets[int(event.value) - 1]
            event.input.cursor_position = len(event.input.value)
        if self._change and event.value != self._text:
            self._text = event.value
            self._change(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter; what is typed faster than the line goes away submits nothing twice."""
        event.stop()
        if self._taken:
            return
        wrong = self._submit(event.value)
        if wrong is None:
            self._go()
        else:
            self._say_what_is_wrong(wrong)

    def _go(self) -> None:
        """Out of sight at once: it is removed a while later, and until then its keys would be offered."""
        self._taken, self.display = True, False
        self.remove()

    def _say_what_is_wrong(self, wrong: str) -> None:
        """The screen is laid out anew for that, so not at every key."""
        if wrong != self._wrong:
            self._wrong = wrong
            self.query_one("#prompt-wrong", Label).update(wrong)

    def action_discard(self) -> None:
        """Esc."""
        if not self._taken:
            self._taken = True
            self._cancel()
            self._go()
