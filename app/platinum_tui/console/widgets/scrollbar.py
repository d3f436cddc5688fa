"""Scrollbars: Textual's own, and one without half blocks for terminals that know ASCII only."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender

from platinum_tui.console.symbols import Symbols


class AsciiScrollBarRender(ScrollBarRender):
    """Whole cells only."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def fit_signs(scrollbar: ScrollBar, symbols: Symbols) -> None:
    """Let a scrollbar use the signs of the rest."""
    if symbols.plain:
        scrollbar.renderer = AsciiScrollBarRender  # type: ignore[misc]  # read through the instance by Textual
