"""Where the console lists things, and in which order: words of the screen and of its configuration."""

from __future__ import annotations

import enum


class Section(enum.StrEnum):
    """One list; the value is its name."""

    PENDING = "Pending"
    ATTENTION = "Attention"
    APPROVED = "Approved"
    LATER = "Later"
    HISTORY = "History"
    ACTIVITY = "Activity"
    TASKS = "Tasks"
    SERVICES = "Services"
    SENT = "Sent"


OF_REQUESTS = (Section.PENDING, Section.ATTENTION, Section.APPROVED, Section.LATER, Section.HISTORY)
"""The lists that hold requests."""


class Order(enum.StrEnum):
    """What a list is ordered by; the value is what the screen says.

    A sender is the agent in whose folder the file lies; a thread is the conversation or the task that it belongs to.
    """

    AGE = "age"
    RISK = "risk"
    KIND = "kind"
    TARGET = "target"
    TITLE = "title"
    SENDER = "sender"
    THREAD = "thread"

    @property
    def next(self) -> Order:
        """The one that the key goes to."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]
