"""Keys that are typed faster than what they are meant for opens: kept, and given to it in their order.

Where it does not open at all they are dropped: the letters of a reason must not be taken for keys of the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.events import Key, Paste

from platinum_tui.system.clock import Clock

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

_AT_LATEST_S = 2.0
"""Seconds after which nothing comes of what was to open; what was typed for it is forgotten then."""
_TYPING_S = 0.7
"""Seconds between two keys of one text, at most."""


class TypedAhead:
    """What is typed while a line or a dialog opens, or behind the key of a line that was refused.

    Args:
        clock: tells what was typed in one go.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ""
        self._refused: str | None = None
        self._typed_at = float("-inf")
        self._kept: list[Key | Paste] = []
        self._at_latest: Timer | None = None

    def begin(self, app: App[Any]) -> None:
        """Something opens, to which keys are meant from now on."""
        if self._at_latest is None:
            self._at_latest = app.set_timer(_AT_LATEST_S, self.forget)

    def holds(self, typed: Key | Paste) -> bool:
        """Whether what was typed or pasted just now is none of the list's: it is kept, or dropped."""
        if self._at_latest is not None:
            self._kept.append(typed)
            return True
        if self._refused is not None and self._belongs_to_the_refused(typed):
            return True
        self._last = typed.key if isinstance(typed, Key) else ""
        return False

    def asked(self) -> None:
        """A key was pressed behind which people type; where nothing opens, what they type is dropped."""
        if self._at_latest is None:
            self._refused, self._typed_at = self._last, self._clock.monotonic()

    def _belongs_to_the_refused(self, typed: Key | Paste) -> bool:
        """Whether this is more of the text for a line that did not open; the same key once more tries again."""
        now = self._clock.monotonic()
        in_one_go = now < self._typed_at + _TYPING_S
        ends_it = isinstance(typed, Key) and typed.key == "enter" and not self._refused  # some text came before
        is_text = isinstance(typed, Paste) or (typed.is_printable and typed.key != self._refused)
        self._typed_at = now
        self._refused = "" if in_one_go and is_text else None
        return in_one_go and (is_text or ends_it)

    def opened(self, app: App[Any]) -> None:
        """It is open, and has the focus: what was kept is typed there, before what still comes."""
        kept = self._kept[:]
        self.forget()
        for typed in kept:
            again = Key(typed.key, typed.character) if isinstance(typed, Key) else Paste(typed.text)
            again.set_sender(app)  # as the driver does; one of another sender does not come back to be done
            (app.focused or app.screen)._forward_event(again)  # noqa: SLF001 - what the application itself does

    def forget(self) -> None:
        """Keep nothing, any more."""
        self._kept.clear()
        if self._at_latest is not None:
            self._at_latest.stop()
            self._at_latest = None
