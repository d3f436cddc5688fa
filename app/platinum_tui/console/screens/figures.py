"""The statistics, drawn: decisions per day and per kind, how long requests waited, and how many were turned down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from textual.content import Content

from platinum_tui.console.preview.page import line
from platinum_tui.console.rows import age
from platinum_tui.console.screens.leaflet import Leaflet
from platinum_tui.console.statistics import Figures
from platinum_tui.console.symbols import KIND_WORDS, Symbols

_HEIGHT = 9
_WIDEST = 76
_WAITS = (
    ("1 m", timedelta(minutes=1)),
    ("10 m", timedelta(minutes=10)),
    ("1 h", timedelta(hours=1)),
    ("8 h", timedelta(hours=8)),
    ("1 d", timedelta(days=1)),
    ("more", timedelta.max),
)
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_ASCII = str.maketrans("┌┐└┘├┤┬┴┼─│█", "+++++++++-|#")


class FigureScreen(Leaflet):
    """Plots of the last days.

    Args:
        figures: what is drawn.
        symbols: which signs to use.
    """

    def __init__(self, figures: Figures, symbols: Symbols) -> None:
        super().__init__(symbols.keys, "statistics")
        self._figures = figures
        self._plain = symbols.plain

    def text(self, width: int) -> Content:
        """Numbers, then plots."""
        return Content("\n").join(self._rows(min(width, _WIDEST)))

    def _rows(self, width: int) -> Iterator[Content]:
        figures = self._figures
        yield line(("Decisions", "title"), ("   the last 14 days; Esc closes", "muted"))
        yield line("")
        if not figures.decisions:
            yield line(("Nothing was decided in these days.", "muted"))
            return
        share = round(100 * figures.turned_down / figures.decisions)
        wait = age(figures.median_wait) if figures.median_wait is not None else "unknown"
        yield line(
            (str(figures.decisions), "strong"),
            (" decided   ", "muted"),
            (f"{share}%", "strong"),
            (" turned down   ", "muted"),
        )
        yield line(("half of them waited less than ", "muted"), (wait, "strong"))
        yield line("")
        yield line(("per day", "caption"))
        yield self._chart([f"{day:%d}" for day in figures.per_day], list(figures.per_day.values()), width, upright=True)
        yield line("")
        yield line(("per kind", "caption"))
        yield self._chart([KIND_WORDS.get(k, k) for k in figures.per_kind], list(figures.per_kind.values()), width)
        yield line("")
        yield line(("waited up to", "caption"))
        yield self._chart([name for name, _ in _WAITS], _waits(figures.waits), width)

    def _chart(self, labels: Sequence[str], values: Sequence[int], width: int, *, upright: bool = False) -> Content:
        """Bars, each with its label and its number."""
        import plotext

        top = max(1, *values)
        plotext.clear_figure()
        plotext.theme("clear")
        plotext.frame(False)
        if upright:
            plotext.plot_size(width, _HEIGHT)
            plotext.ylim(0, top)
            plotext.yticks(sorted({0, top // 2, top}))
            plotext.bar(list(labels), list(values), width=0.6)
        else:
            named = [f"{label} {value}" for label, value in zip(labels, values, strict=True)]
            plotext.plot_size(width, 2 * len(named))
            plotext.xlim(0, top)
            plotext.xticks([])
            plotext.bar(named[::-1], list(values)[::-1], orientation="h", width=0.3)
        drawn = _ESCAPE.sub("", plotext.build()).rstrip()
        return line((drawn.translate(_ASCII) if self._plain else drawn, "active"))


def _waits(waits: Sequence[timedelta]) -> list[int]:
    """How many waited up to each limit, and longer than the one before."""
    counts = [0] * len(_WAITS)
    for wait in waits:
        counts[next(index for index, (_, limit) in enumerate(_WAITS) if wait <= limit)] += 1
    return counts
