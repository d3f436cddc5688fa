"""Deciding: every verdict is bound to the fingerprint on screen, done in a thread, and answered with a toast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.attention import Attention
from platinum_tui.console.background import in_background
from platinum_tui.console.bulk import Bulk
from platinum_tui.console.preview.page import line
from platinum_tui.console.stakes import proof_of, stakes
from platinum_tui.console.standing_rows import summary_of
from platinum_tui.model.errors import PlatinumError, StaleFingerprint
from platinum_tui.model.request import RiskLevel, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.system.moments import moment_of

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.console.screens.dialog import Choice

_WITHDRAWN = "Nobody is told a reason, and its task stays open. {reject} rejects it with one."
_HURRIED = "That was fast: were the last ones read? {undo} takes them back."


class Decisions:
    """What the deciding keys do, once the desk let them through."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bulk = Bulk(desk)
        self._attention = Attention(desk.service.clock)
        self._under_way: set[str] = set()

    @property
    def reasons(self) -> Sequence[str]:
        """The presets of the line that asks why."""
        from platinum_tui.console.app import PlatinumApp

        return self._desk.app.settings.reasons if isinstance(self._desk.app, PlatinumApp) else ()

    def approve(self) -> None:
        """Approve what is shown: at once, or through a dialog for high risk and for what is marked."""
        if self._desk.list.marked:
            self._bulk.approve()
            return
        standing, fingerprint = self._approvable()
        if standing is not None:
            self._approve_or_ask(standing, fingerprint)

    def approve_with_note(self) -> None:
        """Ask for a note, which is kept with the decision, then approve as `approve` does."""
        if self._desk.list.marked:
            self._desk.ask("Approve what is marked, noting", lambda note: self._bulk.approve(note.strip()))
            return
        standing, fingerprint = self._approvable()
        if standing is None:
            return

        def submit(note: str) -> None:
            self._approve_or_ask(standing, fingerprint, note.strip())

        self._desk.ask(f"Approve {_short(standing)}, noting", submit)

    def ask_to_approve(self) -> None:
        """Approve what is shown through the dialog, whatever its risk."""
        standing, fingerprint = self._approvable()
        if standing is not None:
            self._ask_to_approve(standing, fingerprint)

    def reject(self) -> None:
        """Ask for the reason, then reject what is shown, or what is marked."""
        if self._desk.list.marked:
            self._bulk.reject()
            return
        service = self._desk.service
        self._with_reason(
            "Reject", "Rejected", lambda request_id, reason: service.reject(request_id, reason), self.reasons
        )

    def request_changes(self) -> None:
        """Ask what has to change, then send it back."""
        service = self._desk.service
        self._with_reason(
            "Send back", "Sent back", lambda request_id, reason: service.request_changes(request_id, reason)
        )

    def withdraw(self) -> None:
        """Take what is shown out of the queue in its author's name; asks first."""
        standing = self._the_one()
        if standing is None:
            return
        from platinum_tui.console.screens.dialog import Choice

        request_id, service = standing.request.id, self._desk.service
        text = Content("\n").join(
            [
                line(("Withdraw this for its author?", "warning")),
                line((safe_line(standing.title), "strong")),
                line((summary_of(standing), "muted")),
                line(""),
                line((self._desk.symbols.say(_WITHDRAWN), "muted")),
            ]
        )

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.decides:
                self._decide(request_id, lambda: service.withdraw(request_id), f"Withdrawn: {_short(standing)}")

        self._desk.open_dialog(text, (Choice("y", "Withdraw"),), chosen)

    def snooze(self) -> None:
        """Ask until when, then put it off."""
        standing = self._the_one()
        if standing is None:
            return
        request_id, service = standing.request.id, self._desk.service

        def submit(text: str) -> str | None:
            now = service.clock.now()
            until = moment_of(text, now)
            if until is None:
                return "2h, 3d, tomorrow, 2026-12-01 or 14:30"
            if until <= now:
                return "a time that is still to come"
            self._decide(request_id, lambda: service.snooze(request_id, until), f"Put off until {_clock(until)}")
            return None

        self._desk.ask(f"Snooze {_short(standing)} until", submit)

    def undo(self) -> None:
        """Take back the selected decision, or the last one made here."""
        standing = self._desk.undoing.candidate
        if standing is None:
            self._desk.tell(self._desk.undoing.why_not, "warning")
            return
        request_id, service = standing.request.id, self._desk.service
        self._decide(request_id, lambda: service.undo(request_id), f"Taken back: {_short(standing)}")

    def settle(self) -> None:
        """Settle an unknown outcome, with the evidence in view."""
        standing = self._desk.selected_standing()
        if standing is None or standing.state is not State.UNKNOWN:
            self._desk.tell("Only an unknown outcome is settled here.", "warning")
            return
        from platinum_tui.console.screens.dialog import Choice

        request_id = standing.request.id
        text = Content("\n").join(
            [
                line(("It is not known whether this happened", "warning")),
                line(""),
                line((safe_line(standing.title), "strong")),
                line((safe_line(standing.target), "muted")),
                line(""),
                line(safe_line(standing.why) or "The service gave no answer."),
                line(("Look there first: the program will not try again by itself.", "muted")),
            ]
        )
        choices = (
            Choice("n", "Leave it unknown", decides=False),
            Choice("y", "It happened"),
            Choice("d", "It did not: it needs a new approval"),
        )

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.decides:
                self._settle(request_id, standing, happened=choice.key == "y")

        self._desk.open_dialog(text, choices, chosen)

    def freeze(self) -> None:
        """Stop every execution at once; allowing it again asks first."""
        service = self._desk.service
        if not self._desk.stock.frozen:
            said = self._desk.symbols.say("Frozen: nothing goes out until {freeze} allows it again")
            self._run(lambda: service.freeze("from the console"), said)
            return
        from platinum_tui.console.screens.dialog import Choice

        text = Content("\n").join(
            [
                line(("Allow executions again?", "strong")),
                line("What is approved goes out as soon as its countdown is over."),
            ]
        )

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.decides:
                self._run(service.thaw, "Executions are allowed again")

        self._desk.open_dialog(text, (Choice("y", "Allow"),), chosen)

    def shown(self) -> tuple[Standing | None, str]:
        """The request that is on screen, with the fingerprint that stands there."""
        desk = self._desk
        standing, fingerprint = desk.selected_standing(), desk.reading.fingerprint_of(desk.list.selected)
        if standing is None:
            desk.tell("Nothing is selected.", "warning")
            return None, ""
        if fingerprint is None:
            desk.tell("It is still being read: look, then press again.", "warning")
            return None, ""
        if standing.request.id in self._under_way:
            desk.tell("This one is being decided.", "warning")
            return None, ""
        return standing, fingerprint

    def _the_one(self) -> Standing | None:
        """The request on screen, where nothing is marked that could be meant instead."""
        if self._desk.list.marked:
            self._desk.tell(self._desk.symbols.say("This is for one at a time: {back} clears the marks."), "warning")
            return None
        return self.shown()[0]

    def _approvable(self) -> tuple[Standing | None, str]:
        """The request on screen, if it can be approved."""
        standing, fingerprint = self.shown()
        if standing is not None and not standing.approvable:
            self._desk.tell(_why_not(standing), "warning")
            return None, ""
        if self._desk.must_read_on:
            above = self._desk.preview.scroll_to_unseen()
            way = "Here is what was left out." if above else "{scroll_down} reads on."
            told = f"High risk: whom it reaches and its end were not all on screen. {way}"
            self._desk.tell(self._desk.symbols.say(told), "warning")
            return None, ""
        return standing, fingerprint

    def _approve_or_ask(self, standing: Standing, fingerprint: str, note: str = "") -> None:
        if standing.risk.level is RiskLevel.HIGH or self._attention.is_hurried:
            self._ask_to_approve(standing, fingerprint, note)
        else:
            self._approve(standing, fingerprint, note)

    def _ask_to_approve(self, standing: Standing, fingerprint: str, note: str = "") -> None:
        from platinum_tui.console.screens.dialog import Choice

        desk, hurried = self._desk, self._attention.is_hurried
        self._attention.rested()
        row = [
            line((f"{standing.risk.level.value.capitalize()} risk: approve this?", "warning")),
            line(""),
            line((safe_line(standing.title), "strong")),
            line((summary_of(standing), "muted")),
            *stakes(standing),
            line(("fingerprint ", "muted"), (fingerprint, "fingerprint")),
            line(""),
            *(line((f"{desk.symbols.bullet} {safe_line(reason.message)}", "")) for reason in standing.risk.reasons),
            *([line(("note ", "muted"), safe_line(note))] if note else []),
            *([line((desk.symbols.say(_HURRIED), "warning"))] if hurried else []),
        ]

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.decides:
                self._approve(standing, fingerprint, note)

        label = f"Approve {_short(standing, 24)}"
        proof = proof_of(standing) if standing.risk.level is RiskLevel.HIGH else ""
        desk.open_dialog(Content("\n").join(row), (Choice("y", label),), chosen, proof)

    def _approve(self, standing: Standing, fingerprint: str, note: str = "") -> None:
        request_id, service = standing.request.id, self._desk.service
        self._attention.approved()
        self._decide(request_id, lambda: service.approve(request_id, fingerprint, note), f"Approved {_short(standing)}")

    def _with_reason(
        self, verb: str, done: str, decide: Callable[[str, str], Standing], presets: Sequence[str] = ()
    ) -> None:
        standing = self._the_one()
        if standing is None:
            return
        request_id = standing.request.id

        def submit(reason: str) -> str | None:
            if not reason.strip():
                return "a reason is needed"
            self._decide(request_id, lambda: decide(request_id, reason.strip()), f"{done} {_short(standing)}")
            return None

        self._desk.ask(f"{verb} {_short(standing)} because", submit, presets=presets)

    def _settle(self, request_id: str, standing: Standing, *, happened: bool) -> None:
        service = self._desk.service

        def submit(evidence: str) -> str | None:
            if not evidence.strip():
                return "say how you know"
            said = "It happened" if happened else "It did not happen"
            self._decide(
                request_id,
                lambda: service.resolve(request_id, happened, evidence.strip()),
                f"{said}: {_short(standing)}",
            )
            return None

        self._desk.ask(f"{'It happened' if happened else 'It did not happen'}. How do you know?", submit)

    def _decide(self, request_id: str, work: Callable[[], Standing], said: str) -> None:
        """Do a decision in a thread; show what the request has become."""
        desk = self._desk
        self._under_way.add(request_id)

        def done(standing: Standing) -> None:
            self._under_way.discard(request_id)
            desk.decided()
            if desk.undoing.is_possible(standing, desk.service.clock.now()):
                desk.undoing.offer(f"{said} {desk.symbols.dot} {desk.symbols.key('undo')} to undo", standing.request.id)
            else:
                desk.undoing.forget(request_id)
                desk.tell(said)

        def failed(error: PlatinumError) -> None:
            self._under_way.discard(request_id)
            if isinstance(error, StaleFingerprint):
                desk.tell("It changed while you looked: nothing was decided. Here is the difference.", "warning")
                desk.guard.changed()
            else:
                desk.complain(error)
            desk.refresh_requests()
            desk.reading.read(desk.list.selected)

        in_background(desk, work, done, failed, group="deciding")

    def _run(self, work: Callable[[], None], said: str) -> None:
        desk = self._desk

        def done(_: None) -> None:
            desk.tell(said)
            desk.refresh_requests()
            desk.premises.refresh(desk.section)

        in_background(desk, work, done, desk.complain, group="deciding")


def _short(standing: Standing, cells: int = 40) -> str:
    title = safe_line(standing.title)
    return title if len(title) <= cells else title[: cells - 3] + "..."


def _clock(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def _why_not(standing: Standing) -> str:
    if standing.request.problems:
        problem = standing.request.problems[0]
        return f"Cannot be approved: {safe_line(problem.message)}"
    return f"Cannot be approved: it is {standing.state.value.replace('_', ' ')}."
