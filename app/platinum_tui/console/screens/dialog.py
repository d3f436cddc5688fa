"""A dialog: what would happen, a way out that has the focus, and keys that name what they do. Enter never decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from platinum_tui.console.key_bindings import bindings
from platinum_tui.console.preview.page import line
from platinum_tui.console.screens.modal import Modal
from platinum_tui.console.widgets.looks import LOOKS
from platinum_tui.system.console_actions import Scope


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out of a dialog.

    Attributes:
        key: the key that takes it.
        label: what it does, with its verb.
        decides: whether it says something that cannot be taken for a slip: never taken by Enter.
    """

    key: str
    label: str
    decides: bool = True


_ABREAST = 2
"""Choices that stand side by side; more stand under each other."""

_FRAME_LINES = 4
"""Lines of the border and the space inside it."""
_ROLLS: Mapping[str, Callable[..., None]] = {
    "down": VerticalScroll.scroll_down,
    "up": VerticalScroll.scroll_up,
    "pagedown": VerticalScroll.scroll_page_down,
    "pageup": VerticalScroll.scroll_page_up,
    "ctrl+d": VerticalScroll.scroll_page_down,
    "ctrl+u": VerticalScroll.scroll_page_up,
    "end": VerticalScroll.scroll_end,
    "home": VerticalScroll.scroll_home,
}
"""What rolls a text that is longer than the screen."""

CANCEL = Choice("n", "Cancel", decides=False)


class ChoiceLabel(Static, can_focus=True):
    """A choice that can be clicked; Enter takes it only where it decides nothing."""

    class Taken(Message):
        """It was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    BINDINGS: ClassVar = [("enter", "take_if_harmless", "take")]

    def __init__(self, choice: Choice) -> None:
        super().__init__(_told(choice, " "), classes="choice")
        self.choice = choice

    def on_focus(self) -> None:
        """It has the keys."""
        self.update(_told(self.choice, ">"))

    def on_blur(self) -> None:
        """Another one has them."""
        self.update(_told(self.choice, " "))

    def on_click(self) -> None:
        """A click is as good as the key."""
        self.post_message(self.Taken(self.choice))

    def action_take_if_harmless(self) -> None:
        """Enter."""
        if not self.choice.decides:
            self.post_message(self.Taken(self.choice))


class Dialog(Modal[Choice]):
    """Asks one question; its result is the choice taken, `CANCEL` for none.

    Whatever the text and the screen, the choices stand on it; nothing that decides is taken before all of a longer text
    was on the screen.

    Args:
        text: what would happen.
        choices: the ways on. Cancel is added unless one of them decides nothing; the way that decides nothing stands
            first and has the focus.
        alive: whether keys that decide are taken now.
        proof: what has to be typed before a choice that decides is taken; a wrong letter begins it anew. The dialog
            says how far that has come, and what was wrong.
    """

    BINDINGS: ClassVar = bindings({Scope.DIALOG})
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)

    def __init__(self, text: Content, choices: Sequence[Choice], alive: Callable[[], bool], proof: str = "") -> None:
        super().__init__()
        self._text = text
        self._proof = proof
        self._typed = 0
        self._choices = tuple(choices) if any(not choice.decides for choice in choices) else (CANCEL, *choices)
        self._alive = alive
        self._looked = self._seen = False

    def compose(self) -> ComposeResult:
        """Text over choices."""
        with Vertical(id="dialog"):
            with VerticalScroll(id="dialog-scroll", can_focus=False):
                yield Static(self._text, id="dialog-text")
            asked = Static(self._asked(), id="dialog-proof")
            asked.display = bool(self._proof)
            yield asked
            with Horizontal(id="dialog-buttons", classes="-stacked" if len(self._choices) > _ABREAST else ""):
                for choice in self._choices:
                    yield ChoiceLabel(choice)

    def on_mount(self) -> None:
        """Cancel has the focus; where the console is being left, there is no choice any more."""
        self._make_room()
        self.watch(self.query_one("#dialog-scroll"), "scroll_y", self._look, init=False)
        for choice in self.query(ChoiceLabel).results():
            choice.focus()
            return

    def on_resize(self) -> None:
        """Another screen, another room for the text."""
        self._make_room()

    def _make_room(self) -> None:
        """Give the text what the choices leave it."""
        choices = len(self._choices) if len(self._choices) > _ABREAST else 1
        room = self.app.size.height - _FRAME_LINES - (choices + 1) - 2
        for scroll in self.query("#dialog-scroll"):
            scroll.styles.max_height = max(room, 1)
            self.call_after_refresh(self._look)

    def _look(self) -> None:
        """Whether the end of the text is on the screen, or was."""
        scroll = self.query_one("#dialog-scroll")
        self._looked = True
        self._seen = self._seen or (scroll.size.height > 0 and scroll.scroll_offset.y >= scroll.max_scroll_y)
        self._say(self._asked())

    def action_do(self, action_id: str) -> None:
        """A key of the registry: yes or no."""
        self.take("y" if action_id == "confirm" else "n")

    def on_key(self, event: events.Key) -> None:
        """What is typed as a proof, and keys of choices beyond yes and no."""
        if self._proves(event.character or ""):
            event.stop()
        elif event.key in _ROLLS:
            event.stop()
            _ROLLS[event.key](self.query_one("#dialog-scroll"), animate=False)
        elif event.key not in {"y", "n"} and any(choice.key == event.key for choice in self._choices):
            self.take(event.key)

    def on_choice_label_taken(self, event: ChoiceLabel.Taken) -> None:
        """A click, or Enter on Cancel."""
        self.take(event.choice.key)

    def take(self, key: str) -> None:
        """Close with the choice of a key; one that decides is deaf for a moment after the dialog opened."""
        choice = next((choice for choice in self._choices if choice.key == key), None)
        if self.closed or choice is None:
            return
        if choice.decides and not self._seen:
            self._say(line(("PgDn reads on: its end was not on the screen", "warning")))
        elif choice.decides and self._typed < len(self._proof):
            self._say(line((f"type {self._proof} first", "warning"), (self._so_far, "muted")))
        elif not choice.decides or self._alive():
            self.dismiss(choice)

    def _proves(self, letter: str) -> bool:
        """Whether a letter was meant for the proof: it continues it, or spoils what was typed."""
        if len(letter) != 1 or not letter.isprintable() or self._typed == len(self._proof):
            return False
        fits = self._proof[self._typed].casefold() == letter.casefold()
        if not fits and not letter.isdigit() and letter in {choice.key for choice in self._choices}:
            return False
        typed = self._proof[: self._typed] + letter
        self._typed = self._typed + 1 if fits else 0
        self._say(self._asked() if fits else self._spoilt(typed))
        return True

    def _say(self, said: Content) -> None:
        told = self.query_one("#dialog-proof", Static)
        told.display = bool(said.plain)
        told.update(said)

    def _asked(self) -> Content:
        """What has to be typed, and how far that has come."""
        if self._looked and not self._seen and not self._typed:
            return line(
                ("PgDn reads on", "active"), *([(f"; then type {self._proof}", "muted")] if self._proof else [])
            )
        if not self._proof:
            return line("")
        if self._typed == len(self._proof):
            return line(
                ("typed ", "muted"),
                (self._proof, "active"),
                (f": now {self._decider.key} {self._decider.label}", "muted"),
            )
        if not self._typed:
            return line(("type ", "muted"), (self._proof, "strong"))
        return line((self._proof, "strong"), (" is wanted", "muted"), (self._so_far, "muted"))

    def _spoilt(self, typed: str) -> Content:
        """What has to be typed, after something else was."""
        return line((self._proof, "strong"), (f" is wanted, not {typed}: begin again", "warning"))

    @property
    def _decider(self) -> Choice:
        """The first choice that decides something."""
        return next(choice for choice in self._choices if choice.decides)

    @property
    def _so_far(self) -> str:
        return f"; {self._proof[: self._typed]} typed so far" if self._typed else ""


def _told(choice: Choice, sign: str) -> Content:
    """A choice behind a sign that says whether it has the keys."""
    return Content(f"{sign} {choice.key}  {choice.label}")
