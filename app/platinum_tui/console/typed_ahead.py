"""Keys that are typed faster than what they are meant for opens: kept, and given to it in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.events import Key

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

_AT_LATEST_S = 2.0
"""Seconds after which nothing comes of what was to open; what was typed for it is forgotten then."""


class TypedAhead:
    """What is typed while a line or a dialog opens: a letter of a reason must not be taken for a key of the list.

    A key goes from the application to the widget that has the focus and comes back to be done. So while something
    opens some keys are still to set out, and are held; others are under way to the list, and are kept when they come
    back. Only when none is under way any more, and it is open, all are typed there.
    """

    def __init__(self) -> None:
        self._under_way: set[Key] = set()
        self._kept: list[Key] = []
        self._is_open = False
        self._at_latest: Timer | None = None

    def begin(self, app: App[Any]) -> None:
        """Something opens, to which keys are meant from now on."""
        if self._at_latest is None:
            self._at_latest = app.set_timer(_AT_LATEST_S, self.forget)

    def holds(self, key: Key) -> bool:
        """Whether a key that was typed just now is kept, and sets out nowhere."""
        if self._at_latest is not None:
            self._kept.append(key)
        return self._at_latest is not None

    def follows(self, key: Key) -> None:
        """A key is under way to the list or the preview, which leave it as it is."""
        self._under_way.add(key)

    def takes(self, key: Key, app: App[Any]) -> bool:
        """Whether a key that comes back from the list was meant for what opens, and is kept."""
        if key not in self._under_way:
            return False
        self._under_way.remove(key)
        is_kept = self.holds(key)
        self._type(app)
        return is_kept

    def opened(self, app: App[Any]) -> None:
        """It is open, and has the focus."""
        self._is_open = True
        self._type(app)

    def forget(self) -> None:
        """Keep nothing, any more."""
        self._under_way.clear()
        self._kept.clear()
        self._is_open = False
        if self._at_latest is not None:
            self._at_latest.stop()
            self._at_latest = None

    def _type(self, app: App[Any]) -> None:
        """Type what was kept, as soon as nothing that was typed before it is missing."""
        if self._is_open and not self._under_way:
            kept = sorted(self._kept, key=lambda key: key.time)
            self.forget()
            for key in kept:
                app.post_message(Key(key.key, key.character))
