"""The list: constant time for every key at any length, and a selection that follows the request, never the row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from platinum_tui.console.frames import after_frame
from platinum_tui.console.rows import Listing, Row, RowListing
from platinum_tui.console.sections import NOT_LOOKED_INTO
from platinum_tui.console.symbols import Symbols
from platinum_tui.console.widgets.layout import HeadingLine, Layout, RowLine
from platinum_tui.console.widgets.painter import Painter, lines_of_a_row
from platinum_tui.console.widgets.scrollbar import LeanScrollView


class RequestList(LeanScrollView, can_focus=True, inherit_bindings=False):
    """A list of rows with one of them selected."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row", "row-selected"}

    @dataclass
    class Selected(Message):
        """The selection is on another request now.

        Attributes:
            row_id: which; None where the list is empty.
            by_reviewer: whether the reviewer moved it.
        """

        row_id: str | None
        by_reviewer: bool

    class Opened(Message):
        """The selected row was clicked again: open it."""

    def __init__(self, symbols: Symbols, now: datetime) -> None:
        super().__init__(symbols, "list")
        self._now = now
        self._listing: Listing = RowListing()
        self._index = 0
        self._empty = NOT_LOOKED_INTO
        self._marked: dict[str, None] = {}
        self._last_mark = 0
        self._telling = False
        self._painted: dict[Hashable, tuple[Strip, ...]] = {}
        self._shape = (0, 0, 0)
        self._sizes: tuple[Size, Size, Size] | None = None
        self._looks: dict[str, Style] = {}

    @property
    def selected(self) -> str | None:
        """The id of the selected row."""
        return self._listing.ids[self._index] if len(self._listing) else None

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of the marked rows, in the order in which they were marked."""
        return tuple(self._marked)

    @property
    def listing(self) -> Listing:
        """What is shown."""
        return self._listing

    @property
    def rows_on_screen(self) -> int:
        """How many rows begin on the screen."""
        return -(-self.size.height // self._row_lines)

    @property
    def around(self) -> range:
        """The rows that begin on the screen, counted from the selected one."""
        above = self._index - self._layout.row_at(self.scroll_offset.y)
        return range(-above, self.rows_on_screen - above)

    @property
    def on_screen(self) -> range:
        """The indices of the rows that begin on the screen."""
        return range(self._index + self.around.start, self._index + self.around.stop)

    def opening(self, rows: Sequence[Row]) -> list[Strip]:
        """The lines that some rows have at the top of the list with the first one selected; they tell no ages."""
        painter = self._painter
        ageless = [replace(row, since=None) for row in rows]
        lines = [line for index, row in enumerate(ageless) for line in painter.paint(row, index == 0, marked=False)]
        return lines[: self.size.height]

    @property
    def _row_lines(self) -> int:
        """By the whole width: a scrollbar that comes or goes changes nothing."""
        return lines_of_a_row(self.outer_size.width)

    @property
    def _layout(self) -> Layout:
        return Layout(len(self._listing), self._row_lines, self._listing.groups.starts)

    @property
    def _line_width(self) -> int:
        return self.scrollable_content_region.width or self.size.width

    def show(
        self, listing: Listing, now: datetime, empty: str = "", *, select: str | None = None, by_reviewer: bool = False
    ) -> bool:
        """Show other rows; the selection stays on its request and its place on the screen.

        Args:
            listing: the rows.
            now: the wall clock.
            empty: what to say where there is no row.
            select: put the selection there, where it exists.
            by_reviewer: whether the reviewer asked for other rows.

        Returns:
            Whether the rows that stand there, or their order, changed.
        """
        before, selected, old_index, painted = self._listing, self.selected, self._index, self._lines()
        old_line = self._layout.first_line(old_index)
        self._listing, self._now, self._empty = listing, now, empty
        wanted = select or selected
        found = listing.index_of(wanted) if wanted is not None else None
        if self._marked:
            standing = set(listing.ids)
            self._marked = {marked: None for marked in self._marked if marked in standing}
        self._index = found if found is not None else max(0, min(old_index, len(listing) - 1))
        self._measure()
        moved = self._layout.first_line(self._index) - old_line
        if found is not None and moved:
            self.scroll_to(y=self.scroll_y + moved, animate=False)
        self._keep_visible()
        self._repaint_since(painted)
        if self.selected != selected:
            self.post_message(self.Selected(self.selected, by_reviewer))
        return before.ids != listing.ids

    def tick(self, now: datetime, everything: bool) -> None:
        """Time passed: repaint ages and countdowns."""
        self._now = now
        if everything:
            self._repaint()

    def select(self, row_id: str) -> None:
        """Put the selection on a row, as the reviewer asked."""
        index = self._listing.index_of(row_id)
        if index is not None:
            self._move_to(index)

    def move(self, rows: int) -> None:
        """Move the selection by some rows."""
        self._move_to(self._index + rows)

    def move_pages(self, pages: int) -> None:
        """Move the selection by some screens, and by one row at least."""
        layout, way = self._layout, 1 if pages > 0 else -1
        page = max(1, self.size.height // layout.lines - 1) * layout.lines
        reached = layout.row_at(layout.first_line(self._index) + pages * page)
        self._move_to(reached if (reached - self._index) * way > 0 else self._index + way)

    def move_to_end(self, last: bool) -> None:
        """Move the selection to the first row or the last."""
        self._move_to(len(self._listing) - 1 if last else 0)

    def mark(self) -> None:
        """Mark the selected row, or unmark it, and move on."""
        if self.selected is not None:
            if self.selected in self._marked:
                del self._marked[self.selected]
            else:
                self._marked[self.selected] = None
            self._last_mark = self._index
            self._repaint()
            self.move(1)

    def mark_range(self) -> None:
        """Mark every row from the last mark to the selected one."""
        if len(self._listing):
            start, end = sorted((min(self._last_mark, len(self._listing) - 1), self._index))
            self._marked |= dict.fromkeys(self._listing.ids[start : end + 1])
            self._repaint()

    def mark_all(self) -> None:
        """Mark every row, or none where all are."""
        everything = dict.fromkeys(self._listing.ids)
        self._marked = {} if self._marked.keys() >= everything.keys() else everything
        self._repaint()

    def clear_marks(self) -> None:
        """Mark nothing."""
        self._marked = {}
        self._repaint()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the widget.

        Each is kept as it was painted, colour filters and all: where a list scrolls or a row comes, one is painted.
        """
        top, height, width = self.gutter.top, self.size.height, self.outer_size.width
        layout, place = self._layout, self.scroll_offset.y - top
        if self._shape != (shape := (width, self._line_width, layout.lines)):
            self._shape = shape
            self._painted.clear()
        strips = []
        for y in crop.line_range:
            match layout.at(place + y) if top <= y < top + height else None:
                case RowLine(index, line):
                    strips.append(self._row(index, selected=index == self._index)[line])
                case HeadingLine(group):
                    strips += self._finished([self._heading(group)])
                case None:
                    strips.append(self._beyond(y - top))
        return strips if crop.column_span == (0, width) else [strip.crop(*crop.column_span) for strip in strips]

    def _row(self, index: int, *, selected: bool) -> tuple[Strip, ...]:
        row = self._listing.row(index)
        key = (row, selected, row.id in self._marked)
        if key not in self._painted:
            self._painted[key] = self._finished(self._painter.paint(*key))
        return self._painted[key]

    def _heading(self, group: int) -> Strip:
        starts, names = self._listing.groups.starts, self._listing.groups.names
        end = starts[group + 1] if group + 1 < len(starts) else len(self._listing)
        return self._painter.heading(names[group], end - starts[group])

    @property
    def _painter(self) -> Painter:
        return Painter(self._line_width, self._row_lines, self._symbols, self._look, self._now)

    def _finished(self, strips: Sequence[Strip]) -> tuple[Strip, ...]:
        """Lines over the whole width of the widget, as its colour filters leave them."""
        width, background = self.outer_size.width, self.background_colors[1]
        finished = [strip.adjust_cell_length(width, self.rich_style) for strip in strips]
        for line_filter in self.get_line_filters():
            finished = [strip.apply_filter(line_filter, background) for strip in finished]
        return tuple(finished)

    def on_resize(self) -> None:
        """Another width may mean other lines a row."""
        self._measure()
        self._keep_visible()
        self._repaint()

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self._painted.clear()
        self._looks.clear()

    def on_click(self, event: events.Click) -> None:
        """A click selects, a second one opens."""
        clicked = self._layout.at(event.y + self.scroll_offset.y)
        if isinstance(clicked, RowLine):
            if clicked.index == self._index and event.chain > 1:
                self.post_message(self.Opened())
            self._move_to(clicked.index)

    def _move_to(self, index: int) -> None:
        index = max(0, min(index, len(self._listing) - 1))
        if index == self._index or not len(self._listing):
            return
        before, self._index = self._index, index
        layout = self._layout
        for row in (before, index):
            self.refresh_lines(layout.first_line(row), layout.lines)
        self._keep_visible()
        if not self._telling:
            self._telling = True
            after_frame(self, self._tell)

    def _tell(self) -> None:
        """The selection was moved, and is painted where it is now."""
        self._telling = False
        self.post_message(self.Selected(self.selected, by_reviewer=True))
        self.call_after_refresh(self._paint_ahead)

    def _paint_ahead(self) -> None:
        """The rows as the next key will most likely want them: then that one has nothing to paint."""
        for index in (self._index - 1, self._index, self._index + 1):
            if 0 <= index < len(self._listing) and index in self.on_screen:
                self._row(index, selected=index != self._index)

    def _keep_visible(self) -> None:
        """Where the selection would leave the screen it goes to the middle: most moves then paint two rows, not all."""
        layout, height, top = self._layout, self.size.height, self.scroll_offset.y
        start, lines = layout.first_line(self._index), layout.lines
        if height and not (top <= layout.top(self._index) and start <= max(top, top + height - lines)):
            self.scroll_to(y=start - (height // lines // 2) * lines, animate=False, immediate=True)

    def _measure(self) -> None:
        """Take the size of all lines; the screen is laid out anew only where a scrollbar comes or goes."""
        size, height = Size(self._line_width, self._layout.height), self.container_size.height
        scrolls = self.show_vertical_scrollbar
        if height and scrolls == (size.height > height) and size.width == self.virtual_size.width:
            self.set_reactive(RequestList.virtual_size, size)
            if scrolls:
                self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        else:
            self.virtual_size = size

    def _scroll_update(self, virtual_size: Size) -> None:
        """Other sizes: the scrollbar follows; where they are the same, it stays as it is painted."""
        sizes = self.size, self.container_size, virtual_size
        if self._sizes != sizes:
            self._sizes = sizes
            super()._scroll_update(virtual_size)

    def _lines(self) -> list[Strip]:
        """Every line as it is painted now; none of them twice as long as its row is the same."""
        return self.render_lines(Region(0, 0, *self.outer_size))

    def _repaint_since(self, painted: Sequence[Strip]) -> None:
        """Paint the lines that became others."""
        lines = self._lines()
        changed = [y for y, line in enumerate(lines) if y >= len(painted) or line is not painted[y]]
        if changed:
            top = self.scroll_offset.y - self.gutter.top
            self.refresh_lines(top + changed[0], changed[-1] - changed[0] + 1)

    def _repaint(self) -> None:
        self._painted.clear()
        self.refresh()

    def _beyond(self, y: int) -> Strip:
        """A line below the last row; the second one of an empty list says why it is."""
        told = self._empty if y == 1 and not len(self._listing) else ""
        if told not in self._painted:
            line = Strip([Segment(f"  {told}", self._look("muted"))] if told else [])
            self._painted[told] = self._finished([line.apply_style(self.rich_style)])
        return self._painted[told][0]

    def _look(self, name: str) -> Style:
        """A component class as a style; a translucent colour is mixed with what lies behind it."""
        if name not in self._looks:
            self._looks[name] = self._read_look(name)
        return self._looks[name]

    def _read_look(self, name: str) -> Style:
        if name in {"row", "row-selected"}:
            return self.get_component_rich_style(name)
        styles = self.screen.get_component_styles(name)
        return styles.text_style + Style.from_color((self.background_colors[1] + styles.color).rich_color)
