"""One line of styled text over the full width: the base of header, sections, worker strip and footer."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class Bar(Widget):
    """Shows what it was given last; it asks nothing."""

    def __init__(self, widget_id: str) -> None:
        super().__init__(id=widget_id)
        self._content = Content("")

    @property
    def text(self) -> str:
        """What is shown, without its styles."""
        return self._content.plain

    def render(self) -> Content:
        """The line."""
        return self._content

    def show(self, content: Content) -> None:
        """Show another line."""
        if not content.is_same(self._content):
            self._content = content
            self.refresh()


def spread(left: Content, right: Content, width: int) -> Content:
    """Two texts at the two ends of a line; the left one gives way."""
    room = width - right.cell_length
    if room <= left.cell_length:
        left = left.truncate(max(room - 1, 0), ellipsis=True)
    return left.pad_right(max(room - left.cell_length, 0)) + right
