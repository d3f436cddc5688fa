"""Keeps the first page for the next start, and lists it at this one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from platinum_tui.console.background import in_background
from platinum_tui.console.first_page import FirstPage, Keeper, page
from platinum_tui.console.frames import after_frame
from platinum_tui.console.rows import Row, RowListing

if TYPE_CHECKING:
    from platinum_tui.console.roll_listing import RollListing
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.review.proof import Proof


class PageKeeping:
    """Has the page kept that a start would show.

    Args:
        desk: whose list it is.
        keeper: where it is kept.
        first: what this start begins with, verified; None where the list begins empty.
    """

    def __init__(self, desk: Desk, keeper: Keeper, first: FirstPage | None) -> None:
        self._desk = desk
        self._keeper = keeper
        self._first = first

    def list_first(self) -> None:
        """List what the last start kept, where all of it is right still."""
        if self._first:
            rows = tuple(_from_values(*values) for values in self._first.rows)
            self._desk.show_listing(RowListing(rows), by_reviewer=False)

    def keep(self, listing: RollListing) -> None:
        """Keep the top of the list of what waits, each of its files having been looked at."""
        desk, count = self._desk, self._desk.list.rows_on_screen
        if not count or not len(listing):
            return

        def painted(proof: Proof) -> None:
            if desk.is_running:
                made = self._page(listing, count, proof)
                in_background(desk, lambda: self._keeper.keep(made), lambda _: None, desk.complain, group="page")

        def proven(proof: Proof | None) -> None:
            if proof is not None:
                after_frame(desk, partial(painted, proof))  # before it, a scrollbar that comes has no place yet

        in_background(desk, lambda: listing.proof(count), proven, desk.complain, group="page", only_last=True)

    def _page(self, listing: RollListing, count: int, proof: Proof) -> FirstPage:
        app, shown = self._desk.app, self._desk.list
        rows = [listing.row(index) for index in range(min(count, len(listing)))]
        strips = shown.opening(rows)
        for line_filter in app.get_line_filters():
            strips = [strip.apply_filter(line_filter, shown.background_colors[1]) for strip in strips]
        ground = Strip([Segment(" ", Style.from_color(bgcolor=shown.background_colors[1].rich_color))])
        return page(
            self._keeper.terminal(os.terminal_size(app.size)),
            proof,
            rows=[_as_values(row) for row in rows],
            left=shown.content_region.x,
            top=shown.content_region.y,
            lines=[strip.render(app.console) for strip in strips],
            ground=ground.render(app.console).partition(" ")[0],
        )


def _as_values(row: Row) -> list[str | float | None]:
    texts = [row.id, row.state, row.word, row.kind, row.title, row.target, row.amount]
    return [*texts, row.risk, row.since.timestamp() if row.since else None, row.note]


def _from_values(*values: str | float | None) -> Row:
    *texts, risk, since, note = values
    id_, state, word, kind, title, target, amount = map(str, texts)
    made = datetime.fromtimestamp(since, UTC) if isinstance(since, float) else None
    return Row(id_, state, word, kind, title, target, amount, str(risk) if risk else None, made, note=str(note))
