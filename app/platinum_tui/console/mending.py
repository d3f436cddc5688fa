"""Mending: what stands against a request and can be settled here: an unknown name, several actions in one file."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.background import in_background
from platinum_tui.console.preview.page import line
from platinum_tui.console.symbols import KIND_WORDS
from platinum_tui.model.contacts import Contact
from platinum_tui.model.request import ProblemCode, Request
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import target_of, title_of
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.console.screens.dialog import Choice


class Mending:
    """What the key does that settles a problem."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def fix(self) -> None:
        """Ask what the first problem that can be settled here needs."""
        standing, _ = self._desk.decisions.shown()
        if standing is None:
            return
        if standing.has_problem(ProblemCode.UNRESOLVED_RECIPIENT):
            self._ask_for_contact(str(standing.request.fields.get("to", "")))
        elif standing.has_problem(ProblemCode.MULTIPLE_ACTIONS):
            self._offer_split(standing)
        elif standing.request.problems:
            self._desk.tell(self._desk.symbols.say("This needs another text: {edit} edits the file."), "warning")
        else:
            self._desk.tell("Nothing stands against it.")

    def _ask_for_contact(self, name: str) -> None:
        desk, service = self._desk, self._desk.service

        def submit(number: str) -> str | None:
            if wrong := _wrong_number(number):
                return wrong
            said = f"{safe_line(name)} is {safe_line(number.strip())} from now on"
            in_background(
                desk,
                lambda: service.remember_contact(name, whatsapp=number),
                lambda _: self._settled(said),
                desk.complain,
                group="mending",
            )
            return None

        def ask(contacts: Sequence[Contact]) -> None:
            from platinum_tui.console.screens.choosing import Choosing, Option

            reachable = sorted((c for c in contacts if c.whatsapp), key=lambda c: -_likeness(c.name, name))
            options = [
                Option(line((safe_line(c.name), "strong"), (f"  {safe_line(c.whatsapp)}", "muted")), c.whatsapp)
                for c in reachable
            ]
            text = Content("\n").join(
                [
                    line(("Who is ", "title"), (safe_line(name), "strong"), ("?", "title")),
                    line(("Type the number with its country code, or choose one that is known.", "muted")),
                    line(("It is kept in your configuration; the request is then read again.", "muted")),
                ]
            )
            desk.open_over(Choosing(text, options, submit, typed="+34600000000"))

        in_background(desk, service.contacts, ask, desk.complain, group="mending")

    def _offer_split(self, standing: Standing) -> None:
        desk, service, request_id = self._desk, self._desk.service, standing.request.id

        def ask(parts: Sequence[Request]) -> None:
            from platinum_tui.console.screens.dialog import Choice

            def chosen(choice: Choice | None) -> None:
                if choice is not None and choice.decides:
                    said = f"Split into {len(parts)} requests; each waits for its own decision"
                    in_background(
                        desk,
                        lambda: service.split(request_id),
                        lambda _: self._settled(said),
                        desk.complain,
                        group="mending",
                    )

            desk.open_dialog(self._parts(standing, parts), (Choice("y", f"Split into {len(parts)}"),), chosen)

        in_background(desk, lambda: service.parts(request_id), ask, desk.complain, group="mending")

    def _parts(self, standing: Standing, parts: Sequence[Request]) -> Content:
        """What the parts will be."""
        symbols = self._desk.symbols
        rows = [
            line((f"One file for each of {len(parts)} actions?", "warning")),
            line((safe_line(standing.file), "muted")),
            line(""),
        ]
        for number, part in enumerate(parts, 1):
            title = title_of(part.kind, part.fields, part.file)
            rows.append(line((f"{number}  ", "key"), (title[:60], "strong")))
            target = target_of(part.kind, part.fields) or "nobody yet"
            rows.append(line((f"   {KIND_WORDS[part.kind]} {symbols.arrow} {target}", "muted")))
            rows += [
                line((f"   {symbols.states['rejected']} {safe_line(p.message)}", "warning")) for p in part.problems
            ]
        rows += [line(""), line(("The file itself is withdrawn; nothing is approved by this.", "muted"))]
        return Content("\n").join(rows)

    def _settled(self, said: str) -> None:
        self._desk.tell(said)
        self._desk.guard.changed()
        self._desk.refresh_requests()


def _likeness(name: str, wanted: str) -> float:
    return difflib.SequenceMatcher(None, name.casefold(), wanted.casefold()).ratio()


def _wrong_number(text: str) -> str | None:
    """What is wrong with a number as typed; None where nothing is."""
    from platinum_tui.intake.phones import read_number

    try:
        read_number(text)
    except ValueError as error:
        return f"It {error}."
    return None
