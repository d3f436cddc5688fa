"""How fast a request's page is on screen: from the review to the first screenful, beside textual's Markdown widget.

    .venv/bin/python -m benchmarks.preview_speed

A mail of Markdown prose is shown at 2 KB, 50 KB and 250 KB. Ours is the page made and laid out to the end of the first
screen; theirs is `textual.widgets.Markdown` given the same text, to its last block, in fewer rounds of the long ones.
Both run interleaved, headless, in one process; the figure is the ratio of medians. The targets are 0.15 at 2 KB, 0.02
at 50 KB and at 250 KB. Then hostile texts of 100 KB: making the page and laying out its first screen may take 50 ms.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.intake_speed import AROUND, PIECES
from textual.app import App, ComposeResult
from textual.style import Style
from textual.visual import RenderOptions
from textual.widgets import Markdown

from platinum_tui.console.preview.composition import page_of
from platinum_tui.console.preview.page import Page
from platinum_tui.console.symbols import UNICODE
from platinum_tui.intake.reader import read_request
from platinum_tui.model.request import Request, Risk, RiskLevel, State
from platinum_tui.model.standing import Review, Standing
from platinum_tui.review.outgoing import outgoing
from platinum_tui.system.configuration import load
from platinum_tui.system.options import Options

ROUNDS = 7
ROUNDS_OF_THE_PEER = {2: 7, 50: 3, 250: 1}
"""It takes minutes for the longest."""
TARGETS = {2: 0.15, 50: 0.02, 250: 0.02}
HOSTILE_MS = 50.0
WIDTH, HEIGHT = 80, 40
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CONFIGURATION = load(Options(), {"HOME": "/nonexistent"})
PROSE = (
    "# Offer for spring\n\nDear Ana,\n\n"
    + "thank you for your **message** of last week. We can begin in *May*, see [the plan](https://example.com/plan). "
    * 9
    + "\n\n- first the windows\n- then the `doors`\n\n> We shall be glad.\n\n"
)


def review_of(body: str) -> Review:
    """The review of a mail with that text."""
    text = f"---\nkind: email_send\nto: ana@example.com\nsubject: Offer\n---\n{body}"
    request: Request = read_request(text.encode(), "Pending_Approval/a.md", AROUND)
    standing = Standing(request, State.PENDING, request.file, Risk(RiskLevel.LOW))
    return Review(standing, outgoing(request, CONFIGURATION))


def first_screen(page: Page) -> int:
    """Lays out the blocks of a page until a screen is full."""
    options, lines = RenderOptions(lambda _name: Style(), {}), 0
    for block in page.blocks:
        lines += len(block.content.render_strips(WIDTH, None, Style(), options))
        if lines >= HEIGHT:
            break
    return lines


def opened(review: Review) -> int:
    """Makes the page of a review and lays out its first screen."""
    return first_screen(page_of(review, NOW, UNICODE))


class Peer(App[None]):
    """An app with textual's Markdown widget alone."""

    def compose(self) -> ComposeResult:
        """The widget."""
        yield Markdown()


def taken(call: Callable[[], object]) -> float:
    """Milliseconds of the process."""
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000


async def main() -> int:
    """Prints the figures; 1 where one is over its target."""
    app, missed = Peer(), False
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        widget = app.query_one(Markdown)
        for size, target in TARGETS.items():
            body = (PROSE * (size * 1024 // len(PROSE) + 1))[: size * 1024 - 100]
            review = review_of(body)
            ours, theirs = [], []
            for number in range(ROUNDS):
                ours.append(taken(lambda review=review: opened(review)))  # type: ignore[misc]
                if number < ROUNDS_OF_THE_PEER[size]:
                    begun = time.process_time()
                    await widget.update(body)
                    await pilot.pause()
                    theirs.append((time.process_time() - begun) * 1000)
            ratio = statistics.median(ours) / statistics.median(theirs)
            missed |= ratio > target
            print(
                f"{size} KB: {statistics.median(ours):.1f} ms, textual's Markdown {statistics.median(theirs):.0f} ms, "
                f"ratio {ratio:.3f} (at most {target})"
            )
    figures = []
    for piece in PIECES:
        review = review_of((piece * 100_000)[:100_000])
        figures.append((taken(lambda review=review: opened(review)), piece))  # type: ignore[misc]
    figures.sort(reverse=True)
    for figure, piece in figures[:5]:
        print(f"{figure:7.1f} ms to the first screen of 100 KB of {piece!r}")
    return int(missed or figures[0][0] > HOSTILE_MS)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
