"""Keys that are typed faster than what they are meant for opens: kept, and given to it in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.events import Key, Paste

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

_AT_LATEST_S = 2.0
"""Seconds after which nothing comes of what was to open; what was typed for it is forgotten then."""


class TypedAhead:
    """What is typed while a line or a dialog opens: a letter of a reason must not be taken for a key of the list."""

    def __init__(self) -> None:
        self._kept: list[Key | Paste] = []
        self._at_latest: Timer | None = None

    def begin(self, app: App[Any]) -> None:
        """Something opens, to which keys are meant from now on."""
        if self._at_latest is None:
            self._at_latest = app.set_timer(_AT_LATEST_S, self.forget)

    def holds(self, typed: Key | Paste) -> bool:
        """Whether what was typed or pasted just now is kept."""
        if self._at_latest is not None:
            self._kept.append(typed)
        return self._at_latest is not None

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
