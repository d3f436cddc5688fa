"""The preview: a page laid out line by line, what is on screen first and the rest behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.visual import RenderOptions

from platinum_tui.console.frames import after_frame
from platinum_tui.console.preview.page import Block, Page
from platinum_tui.console.symbols import Symbols
from platinum_tui.console.widgets.scrollbar import LeanScrollView

_LABELS = 13
"""Cells of the column of field names; a longer name pushes its value to the right."""
_WIDEST = 110
"""Cells beyond which lines are tiring to read."""
_SLICE = 0.008
"""Seconds of laying out between two turns of the screen."""


class Preview(LeanScrollView, can_focus=True, inherit_bindings=False):
    """Shows one page at a time."""

    class ReadToEnd(Message):
        """All that must be seen of a page was on screen now."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(symbols, "preview")
        self._page = Page("", ())
        self._lines: list[Strip] = []
        self._rest: Iterator[Block] = iter(())
        self._laid_out = True
        self._unseen: set[int] = set()
        self._seen = ""

    @property
    def page(self) -> Page:
        """What is shown."""
        return self._page

    @property
    def text(self) -> str:
        """The text of every line laid out so far."""
        return "\n".join(line.text.rstrip() for line in self._lines)

    @property
    def seen(self) -> bool:
        """Whether all that must be seen of these bytes was on screen: whom it reaches, and its end."""
        return bool(self._seen) and self._seen == self._page.fingerprint

    def show(self, page: Page) -> None:
        """Show a page; the same one again keeps its place."""
        same = page.key == self._page.key
        self._page = page
        self._lay_out_anew()
        if not same:
            self.scroll_to(y=0, animate=False, immediate=True)

    def scroll_to_unseen(self) -> bool:
        """Bring what was on screen of these bytes at no time yet to the middle of it.

        Returns:
            Whether that is anywhere else than below.
        """
        first = min(self._unseen, default=None)
        if first is None or first >= self.scroll_offset.y:
            return False
        self.scroll_to(y=max(0, first - self.size.height // 2), animate=False)
        return True

    def scroll_half(self, direction: int) -> None:
        """Scroll by half a screen: 1 down, -1 up."""
        self.scroll_to(y=self.scroll_y + direction * max(1, self.size.height // 2), animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        place = y + self.scroll_offset.y
        self._unseen.discard(place)
        if self._laid_out and not self._unseen and self._seen != self._page.fingerprint:
            self._seen = self._page.fingerprint
            self.post_message(self.ReadToEnd())
        return self._lines[place] if place < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Another width: other line ends."""
        self._lay_out_anew()

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        if self.is_mounted:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._lines, self._unseen = [], set()
        self._rest = iter(self._page.blocks)
        self._laid_out = False
        self._lay_out(until=self.scroll_offset.y + self.size.height)

    def _lay_out(self, until: int | None = None) -> None:
        """Lay out to a line, or for a slice of time; come back for the rest."""
        deadline = time.monotonic() + _SLICE
        width = min(self.scrollable_content_region.width, _WIDEST)
        if width <= 0:
            return
        for block in self._rest:
            self._lines.extend(self._strips(block, width))
            if block.must_be_seen:
                self._unseen.add(len(self._lines) - 1)
            if (until is None and time.monotonic() > deadline) or (until is not None and len(self._lines) > until):
                after_frame(self, self._lay_out)
                break
        else:
            self._laid_out = True
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def _strips(self, block: Block, width: int) -> list[Strip]:
        """A block's lines, each with what stands to the left of it."""
        labels = max(_LABELS, cell_len(block.label or "") + 2)
        lead = block.indent + (labels if block.label is not None else 0) + (2 if block.gutter else 0)
        content = block.content
        if block.where_cut is not None and not self._holds(content, width - lead):
            content = block.where_cut
        strips = self._draw(content, max(width - lead, 8))
        if block.label is not None:
            first = self._draw(Content(f"{block.label:>{_LABELS - 2}}  ").stylize(".muted"), labels)[0]
            leads = [first, *[self._blank(labels)] * (len(strips) - 1)]
        elif block.gutter:
            sign, name = block.gutter
            leads = [self._draw(Content(f"{sign} ").stylize(f".{name}"), 2)[0]] * len(strips)
        elif block.indent:
            leads = [self._blank(block.indent)] * len(strips)
        else:
            return strips
        return [Strip.join([lead, strip]) for lead, strip in zip(leads, strips, strict=True)]

    def _holds(self, content: Content, width: int) -> bool:
        lines = content.split()
        return len(lines) <= self.size.height and max(line.cell_length for line in lines) <= width

    def _draw(self, content: Content, width: int) -> list[Strip]:
        rules = self.styles.get_rules()
        return content.render_strips(width, None, self.visual_style, RenderOptions(self._get_style, rules))

    def _blank(self, cells: int) -> Strip:
        return Strip([Segment(" " * cells, self.visual_style.rich_style)])
