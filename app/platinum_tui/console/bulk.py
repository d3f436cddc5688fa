"""Deciding on several at once: every item is listed, and what needs a look of its own is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.background import in_background
from platinum_tui.console.preview.page import line
from platinum_tui.console.screens.dialog import Choice
from platinum_tui.console.symbols import KIND_WORDS
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import RiskLevel
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk


MANY = 10
"""More than so many at once are approved only after their number was typed."""
_LONGEST_TITLE = 72
"""Letters of a title in the table: a payee with the whole amount has fewer."""


@dataclass(frozen=True, slots=True)
class Item:
    """One marked request in a bulk approval.

    Attributes:
        standing: the request.
        fingerprint: what was on screen; empty where it never was.
        left_out: why it is not approved with the others; empty where it is.
    """

    standing: Standing
    fingerprint: str
    left_out: str


class Bulk:
    """Decides on the marked requests of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def approve(self, note: str = "") -> None:
        """List every marked request with what would become of it, and ask; the note is kept with each decision."""
        items = sorted((self._item(standing) for standing in self._marked()), key=lambda item: bool(item.left_out))
        chosen_items = [item for item in items if not item.left_out]

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.decides:
                service = self._desk.service
                self._each(
                    [item.standing for item in chosen_items],
                    [
                        partial(service.approve, item.standing.request.id, item.fingerprint, note)
                        for item in chosen_items
                    ],
                    "Approved",
                )

        choices = (Choice("y", f"Approve {len(chosen_items)}"),) if chosen_items else ()
        proof = str(len(chosen_items)) if len(chosen_items) > MANY else ""
        self._desk.open_dialog(self._table(items, len(chosen_items), note), choices, chosen, proof)

    def reject(self) -> None:
        """Ask for one reason, then reject every marked request."""
        standings = self._marked()

        def submit(reason: str) -> str | None:
            if not reason.strip():
                return "a reason is needed"
            self._ask_to_reject(standings, reason.strip())
            return None

        self._desk.ask(f"Reject {len(standings)} requests because", submit, presets=self._desk.decisions.reasons)

    def _ask_to_reject(self, standings: Sequence[Standing], reason: str) -> None:
        """List every marked request, and ask."""
        rows = [
            line((f"Reject {len(standings)} marked requests?", "warning")),
            line(("because ", "muted"), safe_line(reason)),
            line(""),
        ]
        for standing in standings:
            kind = KIND_WORDS[standing.request.kind]
            rows.append(line((safe_line(standing.title)[:_LONGEST_TITLE], "strong"), (f"  {kind}", "muted")))

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.decides:
                service = self._desk.service
                works = [partial(service.reject, standing.request.id, reason) for standing in standings]
                self._each(standings, works, "Rejected")

        count = len(standings)
        proof = str(count) if count > MANY else ""
        self._desk.open_dialog(Content("\n").join(rows), (Choice("y", f"Reject {count}"),), chosen, proof)

    def _marked(self) -> list[Standing]:
        found = (self._desk.snapshot.find(marked) for marked in self._desk.list.marked)
        return [standing for standing in found if standing is not None]

    def _item(self, standing: Standing) -> Item:
        read = self._desk.reading.read_fingerprint(standing.request.id)
        if not standing.approvable:
            why = "cannot be approved"
        elif standing.risk.level is RiskLevel.HIGH:
            why = "high risk: on its own"
        elif read is None:
            why = "not read yet"
        elif read != standing.request.fingerprint:
            why = "changed since you looked"
        else:
            why = ""
        return Item(standing, read or "", why)

    def _table(self, items: Sequence[Item], approved: int, note: str) -> Content:
        symbols = self._desk.symbols
        head = [line((f"Approve {approved} of {len(items)} marked requests?", "warning"))]
        rows = [line("")]
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for item in items:
            request = item.standing.request
            sign, look = (symbols.dot, "muted") if item.left_out else (symbols.states["approved"], "state-approved")
            amount = amount_of(request.fields)
            if amount and not item.left_out:
                totals[str(request.fields.get("currency", ""))] += Decimal(amount)
            rows.append(
                line(
                    (f"{sign} ", look),
                    (f"{item.left_out}  " if item.left_out else "", "warning"),
                    (safe_line(item.standing.title)[:_LONGEST_TITLE], "muted" if item.left_out else "strong"),
                    (f"  {KIND_WORDS[request.kind]}", "muted"),
                )
            )
            if not item.left_out:
                rows.append(line((f"  {safe_line(item.standing.target)}  {item.fingerprint}", "muted")))
        for currency, total in totals.items():
            head.append(line(("total ", "muted"), (safe_line(f"{total} {currency}"), "strong")))
        if note:
            head.append(line(("note ", "muted"), safe_line(note)))
        return Content("\n").join([*head, *rows])

    def _each(self, standings: Sequence[Standing], works: Sequence[Callable[[], Standing]], said: str) -> None:
        """Do each in turn, in one thread; tell what became of all, and of each that did not go through."""
        desk = self._desk

        def work() -> tuple[list[Standing], list[str]]:
            done: list[Standing] = []
            failed: list[str] = []
            for standing, decide in zip(standings, works, strict=True):
                try:
                    done.append(decide())
                except PlatinumError as error:
                    failed.append(f"{safe_line(standing.title)}: {error.message}")
            return done, failed

        def finished(result: tuple[list[Standing], list[str]]) -> None:
            done, failed = result
            desk.decided()
            desk.list.clear_marks()
            told = f"{said} {len(done)} {desk.symbols.dot} {desk.symbols.key('undo')} to undo the last"
            desk.undoing.offer(told, *(standing.request.id for standing in done))
            for why in failed:
                desk.tell(why, "error")
            desk.refresh_requests()

        in_background(desk, work, finished, desk.complain, group="deciding")
