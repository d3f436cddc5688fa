"""Foreign text drawn as the preview draws it, without a screen: what would reach the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from textual.style import Style
from textual.visual import RenderOptions

from platinum_tui.console.preview.composition import page_of, raw_page
from platinum_tui.console.preview.markdown import blocks_of
from platinum_tui.console.preview.page import Block, plain_blocks
from platinum_tui.console.symbols import ASCII, UNICODE
from platinum_tui.model.request import Request, Risk, RiskLevel, RiskReason, State
from platinum_tui.model.standing import HistoryEvent, Review, Standing
from platinum_tui.model.text import safe, safe_line
from platinum_tui.review.outgoing import outgoing
from platinum_tui.system.configuration import Configuration

WIDTH = 76
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
_OPTIONS = RenderOptions(lambda _name: Style(), {})


def drawn(blocks: Iterable[Block]) -> str:
    """The text of every strip of these blocks."""
    strips = (block.content.render_strips(WIDTH, None, Style(), _OPTIONS) for block in blocks)
    return "\n".join(segment.text for lines in strips for strip in lines for segment in strip)


def text_as_drawn(text: str) -> str:
    """A foreign text through every door to the screen: Markdown, exact text, one line."""
    return "\n".join((drawn(blocks_of(text, UNICODE)), drawn(plain_blocks(safe(text))), safe_line(text)))


def request_as_drawn(request: Request, configuration: Configuration, before: Request | None = None) -> str:
    """The whole page of a request, with what changed since another version, then its source."""
    risk = Risk(RiskLevel.HIGH, tuple(RiskReason(w.code.value, w.message) for w in request.warnings))
    standing = Standing(request, State.PENDING, request.file, risk)
    history = (HistoryEvent(NOW, "noticed", request.id, request.reason or ""),)
    review = Review(standing, outgoing(request, configuration), history, raw=request.text)
    pages = (page_of(review, NOW, UNICODE, before), raw_page(review, NOW, ASCII))
    lines = (standing.title, standing.target, *(problem.message for problem in request.problems))
    return "\n".join([*(drawn(page.blocks) for page in pages), *map(safe_line, lines)])


def acting(shown: str) -> list[str]:
    """The characters in drawn text that a terminal would obey: C0 but the line end, DEL, C1."""
    return [char for char in shown if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f"]
