"""What a person takes along from a request: its parts to copy, its links and attachments to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.preview.page import line
from platinum_tui.model.standing import Review
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.choosing import Option
    from platinum_tui.console.screens.desk import Desk

_LINK = re.compile(r"(?:https?|ftp|mailto|tel|file|data|javascript):[^\s<>\"'\x60)\]]+", re.IGNORECASE)
_TRAILING = ".,;:!?"
_SHOWN = 100
"""Letters of a value in the list; the whole of it is copied."""
_FILES = ("attachments", "media")


def copy_something(desk: Desk) -> None:
    """List what can be copied from the selected request."""
    review = desk.reading.shown
    if review is None:
        desk.tell("Nothing is selected.", "warning")
        return
    _offer(desk, "Copy what?", dict(_parts(review)))


def show_links(desk: Desk) -> None:
    """List every link and every attachment of the selected request, each as it is."""
    review = desk.reading.shown
    found = dict(_links(review)) if review else {}
    if not found:
        desk.tell("No links, no attachments.")
        return
    _offer(desk, f"Links and attachments: {len(found)}", found)


def _offer(desk: Desk, title: str, parts: Mapping[str, str]) -> None:
    from platinum_tui.console.screens.choosing import Choosing, Option

    def copy(value: str) -> None:
        desk.app.copy_to_clipboard(value)
        desk.tell(f"Copied {safe_line(value)[:_SHOWN]}")

    options = [_option(Option, name, value) for name, value in parts.items()]
    text = Content("\n").join([line((title, "title")), line(("Enter copies one to the clipboard.", "muted"))])
    desk.open_over(Choosing(text, options, copy))


def _option(option: type[Option], name: str, value: str) -> Option:
    return option(line((f"{name}  ", "muted"), safe_line(value)[:_SHOWN]), value)


def _parts(review: Review) -> Iterator[tuple[str, str]]:
    standing, request = review.standing, review.standing.request
    named = (
        ("fingerprint", request.fingerprint),
        ("target", standing.target),
        ("title", standing.title),
        ("what goes out", review.preview),
        ("file", standing.file),
        ("id", request.id),
        ("digest", request.digest),
    )
    yield from ((name, value) for name, value in named if value)


def _links(review: Review) -> Iterator[tuple[str, str]]:
    """Attachments with their hashes, then every address in the text, once."""
    fields = review.standing.request.fields
    for name in _FILES:
        for number, file in enumerate(fields.get(name) or (), 1):
            hashes = fields.get(f"{name}_sha256") or ()
            known = f"  sha256 {hashes[number - 1][:12]}" if len(hashes) >= number else ""
            yield f"{name.removesuffix('s')} {number}{known}", str(file)
    texts = "\n".join(str(value) for name, value in fields.items() if name in {"body", "text", "link"})
    for number, link in enumerate(dict.fromkeys(found.rstrip(_TRAILING) for found in _LINK.findall(texts)), 1):
        yield f"link {number}", link
