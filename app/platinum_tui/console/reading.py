"""Reading: the page of the selected request, its other views, and what the reviewer looked at before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platinum_tui.console.background import in_background
from platinum_tui.console.preview.page import Page
from platinum_tui.console.sections import STATES
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.sections import Section

if TYPE_CHECKING:
    from textual.worker import Worker

    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.model.request import Request
    from platinum_tui.model.standing import Review


class Reading:
    """Keeps the page of the selected request right.

    Attributes:
        shown: the review on screen; None while another is being read.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.shown: Review | None = None
        self._raw = False
        self._hide_difference = False
        self._looked_at: dict[str, Request] = {}
        self._wanted: str | None = None
        self._work: Worker[None] | None = None

    def fingerprint_of(self, request_id: str | None) -> str | None:
        """The fingerprint that is on screen, if that request's page is."""
        if self.shown is None or self.shown.standing.request.id != request_id:
            return None
        return self.shown.standing.request.fingerprint

    def read_fingerprint(self, request_id: str) -> str | None:
        """The fingerprint that a request had when it was on screen last; None where it never was."""
        on_screen = self.fingerprint_of(request_id)
        looked_at = self._looked_at.get(request_id)
        return on_screen or (looked_at.fingerprint if looked_at else None)

    def read(self, request_id: str | None) -> None:
        """Read a request and show its page."""
        if self.shown is not None and self.shown.standing.request.id != request_id:
            self._leave()
        if request_id is None:
            self._desk.preview.show(Page("", ()))
            return
        self._wanted = request_id
        if self._work is None or self._work.is_finished:
            self._begin()

    def _begin(self) -> None:
        """Read what is wanted now; what comes to be wanted meanwhile is read next, and only the last of it."""
        wanted, self._wanted, self._work = self._wanted, None, None
        if wanted is None:
            return
        request_id = wanted
        service, desk = self._desk.service, self._desk
        before, raw = self._before(request_id), self._raw

        def work() -> tuple[Review, Page]:
            review = service.review(request_id)
            return review, self._page(review, before, raw)

        def done(result: tuple[Review, Page]) -> None:
            if desk.list.selected == request_id:
                self._show(*result)
            self._begin()

        def failed(error: PlatinumError) -> None:
            from platinum_tui.console.preview.composition import message_page

            self.shown = None
            desk.preview.show(message_page(f"{request_id} failed", error.message, error.remedy))
            self._begin()

        self._work = in_background(desk, work, done, failed, group="reading")

    def read_other(self, section: Section, row_id: str) -> None:
        """Show a row that is no request: a mail in the demo's sink, a task, a worker, something that happened."""
        self._leave()
        desk = self._desk

        def show(page: Page) -> None:
            if desk.list.selected == row_id and desk.section is section:
                desk.preview.show(page)

        if section is not Section.SENT:
            desk.premises.page(section, row_id, show)
        elif int(row_id) < len(desk.stock.mails):
            from platinum_tui.console.preview.composition import mail_page

            show(mail_page(f"mail {row_id}", desk.stock.mails[int(row_id)], desk.symbols))

    def read_again(self) -> None:
        """Show the selected row of a section without requests as it is now."""
        selected = self._desk.list.selected
        if self._desk.section not in STATES and self._desk.listed is self._desk.section and selected is not None:
            self.read_other(self._desk.section, selected)

    def toggle_raw(self) -> None:
        """The file's own text, or the page again."""
        self._raw = not self._raw
        self.read(self._desk.list.selected)

    def toggle_difference(self) -> None:
        """Show or hide what changed."""
        request_id = self._desk.list.selected
        if request_id is None or self._difference_base(request_id) is None:
            self._desk.tell("Nothing changed since you looked at it.")
            return
        self._hide_difference = not self._hide_difference
        self.read(request_id)

    def _leave(self) -> None:
        """What was on screen is what the reviewer looked at."""
        if self.shown is not None:
            request = self.shown.standing.request
            self._looked_at[request.id] = request
        self.shown = None
        self._raw = False
        self._hide_difference = False

    def _difference_base(self, request_id: str) -> Request | None:
        base = self._looked_at.get(request_id)
        current = self._desk.snapshot.find(request_id)
        changed = base is not None and current is not None and base.fingerprint != current.request.fingerprint
        return base if changed else None

    def _before(self, request_id: str) -> Request | None:
        return None if self._hide_difference else self._looked_at.get(request_id)

    def _show(self, review: Review, page: Page) -> None:
        request = review.standing.request
        changed = self.shown is not None and self.shown.standing.request.digest != request.digest
        self._looked_at.setdefault(request.id, request)
        self.shown = review
        self._desk.preview.show(page)
        if changed:
            self._desk.guard.changed()
        self._desk.refresh_bars()

    def _page(self, review: Review, before: Request | None, raw: bool) -> Page:
        from platinum_tui.console.preview.composition import page_of, raw_page

        now, symbols = self._desk.service.clock.now(), self._desk.symbols
        if raw:
            return raw_page(review, now, symbols)
        changed = before is not None and before.fingerprint != review.standing.request.fingerprint
        return page_of(review, now, symbols, before if changed else None)
