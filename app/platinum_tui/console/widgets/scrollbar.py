"""Scrollbars: Textual's own in look and manner, painted at little cost, with the signs of the rest."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from platinum_tui.console.symbols import Symbols


class AsciiScrollBarRender(ScrollBarRender):
    """Whole cells only."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class LeanScrollBar(ScrollBar):
    """A vertical scrollbar that is painted without the way through Rich.

    It is painted whenever a row comes or the list scrolls, and that way costs as much as the rows.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of it, colour filters and all; lines that are alike are one."""
        bar = cast("ScrollBarRender", self.render())
        style = self.app.console.get_style(bar.style)
        painted = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=bar.thickness,
            vertical=bar.vertical,
            **{name: colour for name, colour in (("back_color", style.bgcolor), ("bar_color", style.color)) if colour},
        )
        base, background, filters = self.rich_style, self.background_colors[1], self.get_line_filters()
        lines: dict[int, Strip] = {}
        for segment in painted.segments:
            if id(segment) not in lines:
                line = Strip([segment], self.size.width).apply_style(base)
                for line_filter in filters:
                    line = line.apply_filter(line_filter, background)
                lines[id(segment)] = line
        shown = [lines[id(segment)] for segment in painted.segments[crop.y : crop.bottom]]
        return shown if crop.column_span == (0, self.size.width) else [line.crop(*crop.column_span) for line in shown]


class LeanScrollView(ScrollView, inherit_bindings=False):
    """A scroll view with such a scrollbar.

    Args:
        symbols: which signs the scrollbar uses.
        name: its id.
    """

    def __init__(self, symbols: Symbols, name: str) -> None:
        super().__init__(id=name)
        self._symbols = symbols

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The vertical scrollbar; made when it is asked for first."""
        if self._vertical_scrollbar is None:
            scrollbar = LeanScrollBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)
            if self._symbols.plain:
                scrollbar.renderer = AsciiScrollBarRender  # type: ignore[misc]  # read through the instance by Textual
            scrollbar.display = False
            self._vertical_scrollbar = scrollbar
            self.app._start_widget(self, scrollbar)  # noqa: SLF001 - as Textual starts its own
        return self._vertical_scrollbar
