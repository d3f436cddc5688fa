"""The desk: list and preview, and the one gate through which every key goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from platinum_tui.console.compositor import PartialScreen
from platinum_tui.console.door import Service
from platinum_tui.console.filters import Filter
from platinum_tui.console.frames import after_frame
from platinum_tui.console.gate import LEAST_HEIGHT, LEAST_WIDTH, TOO_SMALL, Gate
from platinum_tui.console.guard import Guard
from platinum_tui.console.handlers import handlers
from platinum_tui.console.key_bindings import bindings
from platinum_tui.console.offered import offered
from platinum_tui.console.premises import Premises
from platinum_tui.console.reading import Reading
from platinum_tui.console.rows import Listing
from platinum_tui.console.sections import EMPTY, NOT_LOOKED_INTO, STATES, UNDER_WAY, sections
from platinum_tui.console.snapshot import Snapshot
from platinum_tui.console.stock import Stock
from platinum_tui.console.symbols import Symbols
from platinum_tui.console.typed_ahead import TypedAhead
from platinum_tui.console.undoing import Undoing
from platinum_tui.console.widgets import lines
from platinum_tui.console.widgets.bar import Bar
from platinum_tui.console.widgets.flight import Flight
from platinum_tui.console.widgets.looks import LOOKS
from platinum_tui.console.widgets.preview import Preview
from platinum_tui.console.widgets.request_list import RequestList
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.sections import Order, Section
from platinum_tui.system.console_actions import BY_ID, DESK

if TYPE_CHECKING:
    from platinum_tui.console.decisions import Decisions
    from platinum_tui.console.mending import Mending
    from platinum_tui.console.screens.dialog import Choice
    from platinum_tui.model.event import Event, Worker, WorkerStatus
    from platinum_tui.model.standing import Standing

T = TypeVar("T")
_AGES_EVERY = 30
"""Seconds between two repaints of every age."""
_WIDTHS = [(0, "-tiny-width"), (LEAST_WIDTH, "-single"), (80, "-stacked"), (120, "-wide")]
_HEIGHTS = [(0, "-tiny-height"), (LEAST_HEIGHT, "-short"), (20, "-tall")]


class Desk(PartialScreen[None]):
    """Where a reviewer works.

    Args:
        service: everything behind the console.
        symbols: which signs to use.
        vault: what the header says about where this is.
        demo: whether the sink's section is shown.
    """

    class MoreIsKnown(Message):
        """The service has read some more files; posted from its thread."""

    BINDINGS: ClassVar = bindings(DESK)
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)

    def __init__(self, service: Service, symbols: Symbols, vault: str, demo: bool) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = _WIDTHS
        self.VERTICAL_BREAKPOINTS = _HEIGHTS
        self.service = service
        self.symbols = symbols
        self.demo = demo
        self.guard = Guard(service.clock)
        self.gate = Gate(self)
        self.stock = Stock(self)
        self.reading = Reading(self)
        self.undoing = Undoing(self)
        self.typed_ahead = TypedAhead(service.clock)
        self.premises = Premises(self)
        self.section = self.listed = Section.PENDING
        self.filter = self._filter_in_bars = Filter()
        self.order = Order.AGE
        self.list = RequestList(symbols, service.clock.now())
        self.preview = Preview(symbols)
        self._vault = vault
        self._places: dict[Section, str | None] = {}
        self._tab_spans: list[tuple[int, int, Section]] = []
        self._statuses: Mapping[Worker, WorkerStatus] = {}
        self._ticks = 0
        self._bars_wait = False
        self._does = handlers(self)

    @cached_property
    def decisions(self) -> Decisions:
        """What the keys that decide do; loaded at the first of them."""
        from platinum_tui.console.decisions import Decisions

        return Decisions(self)

    @cached_property
    def mending(self) -> Mending:
        """What the key does that settles a problem."""
        from platinum_tui.console.mending import Mending

        return Mending(self)

    @property
    def snapshot(self) -> Snapshot:
        """The requests, as last read."""
        return self.stock.snapshot

    @property
    def too_small(self) -> bool:
        """Whether the terminal is too small to show what a key would decide."""
        return self.app.size.width < LEAST_WIDTH or self.app.size.height < LEAST_HEIGHT

    @property
    def preview_on_screen(self) -> bool:
        """Whether the page of the selected request can be seen."""
        return not self.too_small and self.preview.display and self.preview.size.height > 0

    @property
    def must_read_on(self) -> bool:
        """Whether the selected request is of high risk, and not all that must be seen of it was on screen."""
        standing = self.selected_standing()
        return standing is not None and standing.risk.level == "high" and not self.preview.seen

    def compose(self) -> ComposeResult:
        """Bars above and below, list and preview between them."""
        yield Bar("header")
        yield Bar("sections")
        with Container(id="body"):
            yield self.list
            yield self.preview
        yield Flight(self.symbols)
        yield Bar("workers")
        yield Bar("footer")
        yield Static(Content(f"{TOO_SMALL}\nKeys that decide are off."), id="too-small")

    def on_mount(self) -> None:
        """The list has the keys; what is slow comes after the first frame."""
        self.list.focus()
        if self.stock.keeping:
            self.stock.keeping.list_first()
        self._paint_bars()
        self.set_interval(1.0, self.tick)

    def action_do(self, action_id: str) -> None:
        """The gate: every key and every command comes through here."""
        action = BY_ID[action_id]
        if self.gate.lets_through(action):
            self._does[action_id]()
            self.refresh_bars()
        if action.asks:
            self.typed_ahead.asked()

    def action_choose(self, action_id: str) -> None:
        """A command of the palette. Enter chooses there, and Enter never decides: an approval asks first."""
        if action_id != "approve":
            self.action_do(action_id)
        elif self.gate.lets_through(BY_ID[action_id]):
            self.decisions.ask_to_approve()

    def selected_standing(self) -> Standing | None:
        """The selected request; None where the section holds none."""
        selected = self.list.selected
        return self.snapshot.find(selected) if selected is not None and self.section in STATES else None

    def flights(self) -> list[Standing]:
        """Approvals under way, the latest first."""
        found = self.snapshot.in_states(*UNDER_WAY)
        return sorted(found, key=lambda s: s.undo_until.timestamp() if s.undo_until else 0.0, reverse=True)

    def tell(self, message: str, severity: str = "information") -> None:
        """A toast."""
        self.app.notify(message, severity=severity, markup=False)  # type: ignore[arg-type]

    def complain(self, error: PlatinumError) -> None:
        """A toast for an error, with what to do."""
        self.app.notify(error.remedy, title=error.message, severity="error", markup=False, timeout=10)

    def ask(
        self,
        label: str,
        submit: Callable[[str], str | None],
        cancel: Callable[[], None] | None = None,
        change: Callable[[str], None] | None = None,
        text: str = "",
        presets: Sequence[str] = (),
    ) -> None:
        """Open the line to type in, at the bottom; the list has the keys again afterwards."""
        from platinum_tui.console.widgets.prompt import Prompt

        def closed() -> None:
            self.guard.changed()
            self.list.focus()
            self.refresh_bars()

        def submitted(value: str) -> str | None:
            wrong = submit(value)
            if wrong is None:
                closed()
            return wrong

        def cancelled() -> None:
            if cancel:
                cancel()
            closed()

        if not self.query("#prompt"):
            self.typed_ahead.begin(self.app)
            self.mount(Prompt(label, submitted, cancelled, change, text, presets), before="#workers")
            self.refresh_bars()

    def on_prompt_ready(self) -> None:
        """The line to type in has the keys."""
        self.typed_ahead.opened(self.app)

    def open(self, screen: Screen[T], closed: Callable[[T | None], None] | None = None) -> None:
        """Open a screen over the desk; what is typed meanwhile is typed there."""

        async def push() -> None:
            await self.app.push_screen(screen, closed)
            self.typed_ahead.opened(self.app)

        self.typed_ahead.begin(self.app)
        self.call_next(push)  # its answer comes to the desk, whoever asked

    def open_over(self, screen: Screen[None]) -> None:
        """Open a screen over the desk; keys that decide are deaf for a moment after it closed."""
        self.open(screen, lambda _: self.guard.changed())

    def open_dialog(
        self, text: Content, choices: tuple[Choice, ...], chosen: Callable[[Choice | None], None], proof: str = ""
    ) -> None:
        """Open a dialog; keys that decide are deaf for a moment after it opened and after it closed."""

        def closed(choice: Choice | None) -> None:
            self.guard.changed()
            if proof:
                self.guard.left_typing()
            chosen(choice)

        from platinum_tui.console.screens.dialog import Dialog

        self.guard.changed()
        self.open(Dialog(text, choices, lambda: not (self.guard.closed or self.too_small), proof), closed)

    def refresh_requests(self) -> None:
        """Look at everything again."""
        self.stock.refresh()

    def decided(self) -> None:
        """Something was decided here: show it."""
        self.stock.relist_anew()

    def on_desk_more_is_known(self) -> None:
        """The service has read some more."""
        self.stock.relist_anew()

    def show_listing(self, listing: Listing, *, by_reviewer: bool) -> None:
        """Show other rows of the section."""
        self.listed = self.section
        wanted = self._places.pop(self.section, None) if by_reviewer else None
        now = self.service.clock.now()
        changed = self.list.show(listing, now, self._empty, select=wanted, by_reviewer=by_reviewer)
        if changed and not by_reviewer:
            self.guard.changed()
        self._follow_selected()
        if by_reviewer or self.filter is not self._filter_in_bars:
            self._paint_bars()  # they say what the reviewer asked for, in the frame that shows it
        else:
            self.refresh_bars()

    def hear(self, event: Event) -> None:
        """Something happened behind the door."""
        from platinum_tui.console.hearing import hear

        hear(self, event)

    def know_worker(self, worker: Worker, status: WorkerStatus) -> None:
        """How one worker is doing."""
        self._statuses = {**self._statuses, worker: status}

    def know_workers(self, statuses: Mapping[Worker, WorkerStatus]) -> None:
        """How the workers are doing, all of them."""
        self._statuses = statuses
        self.refresh_bars()

    def tick(self) -> None:
        """A second passed: countdowns and ages."""
        self._ticks += 1
        everything = self.section is Section.APPROVED or self._ticks % _AGES_EVERY == 0
        self.list.tick(self.service.clock.now(), everything)
        self.premises.tick()
        self.refresh_bars()

    def refresh_bars(self) -> None:
        """Paint the bars anew, as far as they changed, once the frame stands that answers the present key."""
        if not self._bars_wait:
            self._bars_wait = True
            after_frame(self, self._paint_bars)

    def _paint_bars(self) -> None:
        self._bars_wait, self._filter_in_bars = False, self.filter
        now, width = self.service.clock.now(), self.app.size.width
        flags = {"DEMO": self.demo, "READ-ONLY": self.service.readonly, "FROZEN": self.stock.frozen}
        badges = [name for name, shown in flags.items() if shown]
        counts = {section: self.stock.count(section) for section in Section}
        self._bar("header").show(lines.header(self._vault, self.snapshot, badges, self.symbols, width))
        tabs, self._tab_spans = lines.section_tabs(
            self.section, sections(self.demo), counts, len(self.list.marked), self._narrowed, width
        )
        self._bar("sections").show(tabs)
        self._bar("workers").show(lines.workers(self._statuses, self.service.progress, now, self.symbols, width))
        self._bar("footer").show(lines.footer(offered(self), width))
        self.query_one(Flight).show(self.flights(), now, self.stock.frozen)

    def on_request_list_selected(self, event: RequestList.Selected) -> None:
        """Another request is selected: read it."""
        event.stop()
        if not event.by_reviewer:
            self.guard.changed()
        self._read_selected()
        self.stock.make_ready()

    def on_request_list_opened(self, event: RequestList.Opened) -> None:
        """A double click."""
        event.stop()
        self.action_do("open")

    def on_preview_read_to_end(self) -> None:
        """High risk may be approved now."""
        self.refresh_bars()

    def on_click(self, event: events.Click) -> None:
        """A click on a section."""
        if event.widget is not None and event.widget.id == "sections":
            for start, end, section in self._tab_spans:
                if start <= event.x < end:
                    self.show_section(section)

    def on_resize(self) -> None:
        """Other widths, other lines."""
        self.refresh_bars()

    def show_section(self, section: Section) -> None:
        """Show another section; each keeps its selection."""
        if section is self.section:
            return
        if self.listed is self.section:
            self._places[self.section] = self.list.selected
        self.section = section
        self.filter = Filter()
        self.stock.relist(by_reviewer=True)
        self.premises.refresh(section)

    def _read_selected(self) -> None:
        """The page of what is selected, whatever section it is in."""
        selected = self.list.selected
        if self.section in STATES or selected is None:
            self.reading.read(selected)
        elif self.listed is self.section:
            self.reading.read_other(self.section, selected)
        self.refresh_bars()

    def _follow_selected(self) -> None:
        """Read the selected request again where it has changed since it was read."""
        standing, shown = self.selected_standing(), self.reading.shown
        if standing is not None and shown is not None and standing != shown.standing:
            self.reading.read(standing.request.id)

    @property
    def _empty(self) -> str:
        """What a list without rows says."""
        if not self.snapshot.looked_at:
            return self.stock.hindrance or NOT_LOOKED_INTO
        return "Nothing passes the filter." if self.filter else EMPTY[self.section]

    @property
    def _narrowed(self) -> str:
        """How the list differs from all requests by age, in words."""
        order = "" if self.order is Order.AGE or self.section not in STATES else f"by {self.order}"
        return " ".join(part for part in (f"filter {self.filter.text}" if self.filter else "", order) if part)

    def _bar(self, name: str) -> Bar:
        return self.query_one(f"#{name}", Bar)
