"""Screens over the desk close once: keys that were typed faster than one went away find it deaf."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from platinum_tui.console.compositor import PartialScreen

T = TypeVar("T")


class ClosesOnce(PartialScreen[T]):
    """A screen that tells what it came to once; the last base of its children, for styles come from the first.

    Attributes:
        closed: whether it was put away; what is still on its way to it means nothing any more.
    """

    closed = False

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result, the first time."""
        if self.closed:
            return AwaitComplete()
        self.closed = True
        return super().dismiss(result)


class Modal(ModalScreen[T], ClosesOnce[T]):
    """The base of dialogs, lists and leaflets."""
