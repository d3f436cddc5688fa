"""A toast that ends, however late it comes on the screen."""

from __future__ import annotations

from textual.notifications import Notification

_AT_LEAST_S = 0.01


class Toast(Notification):
    """A notification whose toast always has some time left.

    Textual 8.2 asks twice how long a toast has: whether it has expired, and then for how long to show it. Where the
    machine slept in between, that is less than nothing, and a timer of such a length keeps the program busy for ever.
    """

    @property
    def time_left(self) -> float:
        """Seconds for which its toast is shown from now on; more than none."""
        return max(super().time_left, _AT_LEAST_S)

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return super().time_left <= 0
