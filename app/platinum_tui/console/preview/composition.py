"""From a review to its page: head, difference, the exact outgoing thing, the body as Markdown, the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from platinum_tui.console.preview.difference import difference
from platinum_tui.console.preview.front import front
from platinum_tui.console.preview.markdown import blocks_of
from platinum_tui.console.preview.page import Block, Page, blank, heading, line, plain_blocks
from platinum_tui.console.rows import age
from platinum_tui.console.symbols import Symbols
from platinum_tui.model.action import JsonValue
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.event import SentMail
from platinum_tui.model.request import Request, RiskLevel, State
from platinum_tui.model.standing import HistoryEvent, Review
from platinum_tui.model.text import safe, safe_line

_STOPPED = (State.REJECTED, State.CHANGES_REQUESTED, State.EXPIRED, State.FAILED, State.QUARANTINED)
_TENSES: Mapping[str, str] = {
    State.DONE: "went out",
    State.UNKNOWN: "may have gone out",
    **dict.fromkeys(_STOPPED, "would have gone out"),
}
"""What is said of the exact outgoing thing of a request that does not go out any more as it stands."""


def page_of(review: Review, now: datetime, symbols: Symbols, before: Request | None = None) -> Page:
    """The page of one request.

    Args:
        review: the request with its preview and history.
        now: the wall clock.
        symbols: which signs to use.
        before: what the reviewer looked at last, where it was another version; its difference is shown.
    """
    return Page(
        key=review.standing.request.id,
        blocks=tuple(_blocks(review, now, symbols, before)),
        fingerprint=review.standing.request.fingerprint,
    )


def raw_page(review: Review, now: datetime, symbols: Symbols) -> Page:
    """The file's own text, made safe, under the same head."""
    request = review.standing.request
    blocks = [*front(review.standing, now, symbols), heading("source", safe_line(review.standing.file))]
    blocks += plain_blocks(safe(review.raw), gutter=_gutter(symbols))
    return Page(f"{request.id} raw", tuple(blocks), request.fingerprint)


def mail_page(key: str, mail: SentMail, symbols: Symbols) -> Page:
    """What the demo's local sink received."""
    head = [
        Block(line((safe_line(mail.subject), "title"))),
        Block(line(("received by the local sink; nothing left this machine", "muted"))),
        blank(),
        Block(line(safe_line(mail.sender)), label="from"),
        Block(line(safe_line(", ".join(mail.recipients))), label="to"),
        Block(line(f"{mail.received_at:%Y-%m-%d %H:%M:%S %Z}"), label="at"),
        blank(),
    ]
    return Page(key, (*head, *plain_blocks(safe(mail.text), gutter=_gutter(symbols))))


def message_page(key: str, *lines: str) -> Page:
    """A page that only says something."""
    return Page(key, tuple(Block(line((text, "muted"))) for text in lines))


def _blocks(review: Review, now: datetime, symbols: Symbols, before: Request | None) -> Iterator[Block]:
    request = review.standing.request
    yield from front(review.standing, now, symbols, _news(review, symbols, before))
    if review.preview:
        yield _exactly(review) if request.action else heading("as far as it could be read")
        yield from plain_blocks(safe(review.preview.removesuffix("\n")), gutter=_gutter(symbols))
        yield blank()
    yield from _receipt(review.evidence)
    if request.action is None and request.text:
        yield heading("the file itself")
        yield from plain_blocks(safe(request.text.removesuffix("\n")), gutter=_gutter(symbols))
        yield blank()
    body = request.fields.get("body")
    rendered = list(blocks_of(body, symbols)) if isinstance(body, str) else []
    if rendered:
        yield heading("read as Markdown", "hidden parts and link targets shown")
        yield from rendered
    yield from _history(review.history, now)


def _news(review: Review, symbols: Symbols, before: Request | None) -> Iterator[Block]:
    """What is told first of all."""
    if review.unready:
        yield Block(line((f"{symbols.risks[RiskLevel.HIGH]} ", "warning"), review.unready))
        yield blank()
    yield from difference(before, review.standing.request) if before else ()


def _exactly(review: Review) -> Block:
    """The heading of what goes out, in the tense of its state."""
    told = _TENSES.get(review.standing.state, "goes out")
    return heading(f"exactly this {told}", f"{review.done_at:%Y-%m-%d %H:%M:%S %Z}" if review.done_at else "")


def _receipt(evidence: Mapping[str, JsonValue]) -> Iterator[Block]:
    if not evidence:
        return
    yield heading("receipt")
    for name, value in evidence.items():
        listed = ", ".join(map(str, value)) if isinstance(value, list) else value
        told = listed if isinstance(listed, str) else canonical_json(listed).decode()
        yield Block(line((f"{safe_line(name.replace('_', ' '))}  ", "muted"), safe_line(told)))
    yield blank()


def _history(events: Sequence[HistoryEvent], now: datetime) -> Iterator[Block]:
    if not events:
        return
    yield heading("history")
    for event in events:
        said = safe_line(f"{event.event} by {event.actor}")
        result = f"  {safe_line(event.result)}" if event.result else ""
        yield Block(line(said, (result, "muted")), label=f"{age(now - event.time)}")


def _gutter(symbols: Symbols) -> tuple[str, str]:
    return (symbols.edge, "exact-bar")
