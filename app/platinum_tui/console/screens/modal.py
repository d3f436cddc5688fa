"""A screen over the desk that closes once: keys that were typed faster than it went away find it deaf."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

T = TypeVar("T")


class Modal(ModalScreen[T]):
    """The base of dialogs, lists and leaflets.

    Attributes:
        closed: whether it was put away; what is still on its way to it means nothing any more.
    """

    closed = False

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result, the first time; it is told to whoever opened the screen once."""
        if self.closed:
            return AwaitComplete()
        self.closed = True
        return super().dismiss(result)
