"""What the desk has in stock: the requests of the service, and what the sink received."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from platinum_tui.console.background import in_background
from platinum_tui.console.filters import Filter
from platinum_tui.console.frames import after_frame
from platinum_tui.console.rows import Listing, RowListing, row_of_mail
from platinum_tui.console.sections import STATES
from platinum_tui.console.snapshot import Snapshot
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.sections import Order, Section
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.page_keeping import PageKeeping
    from platinum_tui.console.roll_listing import RollListing
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.model.event import SentMail

_TOLD_EVERY = 0.5
"""Seconds between two looks at how far the reading has come."""


class Stock:
    """Keeps a snapshot up to date without ever making the screen wait.

    Attributes:
        snapshot: the requests, as last read.
        mails: what the demo's sink received.
        frozen: whether every execution is stopped, as last heard.
        keeping: has the first page kept for the next start; None where there is none.
        hindrance: what keeps the service from looking into the vault, safe text; empty where nothing does.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.snapshot = Snapshot()
        self.mails: tuple[SentMail, ...] = ()
        self.frozen = False
        self.keeping: PageKeeping | None = None
        self.hindrance = ""
        self._reading = False
        self._again = False
        self._asked = 0
        self._listed = 0

    def count(self, section: Section) -> int:
        """How many rows a section has."""
        match section:
            case Section.SENT:
                return len(self.mails)
            case _ if section in STATES:
                return self.snapshot.count(section)
            case _:
                return self._desk.premises.count(section)

    def refresh(self) -> None:
        """Have the service look at everything; while it does, further calls make it one more time.

        What it reads is shown as it goes on.
        """
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        service, demo = self._desk.service, self._desk.demo

        def look() -> Snapshot:
            service.look(self._progress())
            self.mails = tuple(service.outbox()) if demo else ()
            self.frozen = service.frozen
            return Snapshot.taken(service.roll, looked_at=True)

        def ended() -> None:
            self._reading, self.hindrance = False, ""
            if self._again:
                self.refresh()

        def failed(error: PlatinumError) -> None:
            self._reading, self.hindrance = False, ""  # whoever asks again is answered again
            self.hindered(error)

        self.relist(look, then=ended, failed=failed)

    def hindered(self, error: PlatinumError) -> None:
        """The vault cannot be looked into: say so once, and where nothing is listed, there."""
        hindrance = safe_line(error.message)
        if hindrance != self.hindrance:
            self.hindrance = hindrance
            self._desk.complain(error)
            if not len(self._desk.list.listing):
                self.relist()

    def show_known(self, then: Callable[[], None]) -> None:
        """List what was known before, each row looked at before it is shown; then go on, whatever came of it."""
        desk, service = self._desk, self._desk.service
        painted = partial(after_frame, desk, then)
        self.relist(lambda: Snapshot.taken(service.known), then=painted, failed=lambda _: then())

    def make_ready(self) -> None:
        """Make the rows a screen above and below the one that is shown: the next keys need them."""
        from platinum_tui.console.roll_listing import RollListing

        desk = self._desk
        listing, shown = desk.list.listing, desk.list.on_screen
        start, stop = shown.start - len(shown), shown.stop + len(shown)
        if isinstance(listing, RollListing) and listing.lacks(start, stop):
            work = partial(listing.prepare, start, stop)
            in_background(desk, work, lambda _: None, desk.complain, group="rows", only_last=True)

    def expect_filter(self) -> None:
        """A filter is about to be typed: make ready what its first letter needs."""
        desk, snapshot, section = self._desk, self.snapshot, self._desk.section

        def work() -> None:
            if section in STATES:
                snapshot.searchable(section).expect_words()

        in_background(desk, work, lambda _: None, desk.complain, group="filter")

    def relist_anew(self) -> None:
        """List what the service knows by now."""
        service, looked_at = self._desk.service, self.snapshot.looked_at
        self.relist(lambda: Snapshot.taken(service.roll, looked_at=looked_at))

    def relist(
        self,
        make: Callable[[], Snapshot] | None = None,
        *,
        by_reviewer: bool = False,
        then: Callable[[], object] | None = None,
        failed: Callable[[PlatinumError], None] | None = None,
    ) -> None:
        """Make the rows of the section on screen, in a thread, and show them, unless later ones were shown meanwhile.

        Args:
            make: gives the snapshot to list from; the present one where left out.
            by_reviewer: whether the reviewer asked for other rows.
            then: what comes once the rows are shown.
            failed: takes the error; it is complained about where left out.
        """
        desk = self._desk
        section, wanted, order = desk.section, desk.filter, desk.order
        present, selected, around = self.snapshot, desk.list.selected, desk.list.around
        self._asked += 1
        number = self._asked
        from platinum_tui.console.roll_listing import RollListing

        def work() -> tuple[Snapshot, Listing]:
            snapshot = make() if make else present
            listing = self._listing(snapshot, section, wanted, order)
            if isinstance(listing, RollListing):
                at = (listing.index_of(selected) if selected is not None else None) or 0
                listing.prepare(at + around.start, at + around.stop)
            return snapshot, listing

        def done(result: tuple[Snapshot, Listing]) -> None:
            snapshot, listing = result
            is_latest = snapshot.rank >= self.snapshot.rank
            if is_latest:
                self.snapshot = snapshot
            if is_latest and number > self._listed:
                self._listed = number
                show(listing)
            elif make or not is_latest:
                self.relist(by_reviewer=by_reviewer)
            if then:
                then()

        def show(listing: Listing) -> None:
            if (desk.section, desk.filter, desk.order) == (section, wanted, order):
                desk.show_listing(listing, by_reviewer=by_reviewer)
                after_frame(desk, self.make_ready)
                as_at_start = section is Section.PENDING and not wanted and order is Order.AGE
                if self.keeping and as_at_start and self.snapshot.looked_at:
                    self.keeping.keep(cast("RollListing", listing))
            else:
                self.relist(by_reviewer=by_reviewer)

        in_background(desk, work, done, failed or desk.complain, group="listing")

    def _progress(self) -> Callable[[], None]:
        """What the service calls from its thread while it reads."""
        desk, clock, last = self._desk, self._desk.service.clock, -_TOLD_EVERY

        def told() -> None:
            nonlocal last
            now = clock.monotonic()
            if now - last >= _TOLD_EVERY:
                last = now
                desk.post_message(desk.MoreIsKnown())

        return told

    def _listing(self, snapshot: Snapshot, section: Section, wanted: Filter, order: Order) -> Listing:
        if section in STATES:
            return snapshot.listing(section, wanted, order)
        if section is Section.SENT:
            return RowListing(tuple(row_of_mail(i, mail) for i, mail in reversed(list(enumerate(self.mails)))))
        return self._desk.premises.listing(section)
