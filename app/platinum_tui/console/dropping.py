"""Some recipients or lines dropped from the request on screen: a step before deciding, which approves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from platinum_tui.console.background import in_background
from platinum_tui.console.preview.page import line
from platinum_tui.model.parts import field_left_empty, parts_of
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.model.parts import Part

_STAYS = {"to": "At least one recipient must stay in To.", "lines": "At least one line must stay."}
"""What is said where nothing would be left of a field."""


def drop(desk: Desk) -> None:
    """List what can be dropped; what is chosen makes a new version of the request."""
    from platinum_tui.console.outside import revised
    from platinum_tui.console.screens.checklist import Checklist

    standing, fingerprint = desk.decisions.shown()
    if standing is None:
        return
    request, parts = standing.request, parts_of(standing.request)
    if not parts:
        desk.tell("It has no second recipient or line that could be dropped.", "warning")
        return
    service = desk.service

    def take(dropped: Sequence[int]) -> str | None:
        chosen = [parts[number] for number in dropped]
        if not chosen:
            desk.tell("Nothing was changed.")
        elif field := field_left_empty(request, chosen):
            return _STAYS[field]
        else:
            work = partial(service.trim, request.id, fingerprint, chosen)
            in_background(desk, work, partial(revised, desk), desk.complain, group="deciding")
        return None

    heading = line(("Drop some of it", "title"), (f"  {safe_line(standing.title)}", "muted"))
    desk.open_over(Checklist(heading, [_told(part) for part in parts], take, desk.symbols))


def _told(part: Part) -> tuple[str, str]:
    """A part's field and what stands in it."""
    if part.field != "lines":
        return part.field, safe_line(str(part.value))
    about = part.value
    return "line", safe_line(f"{about['description']}  {about['quantity']} x {about['unit_price']}")
