"""The head of a page: what it is, what speaks against it, how much it may cost, and where each field came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from textual.content import Content

from platinum_tui.console.preview.page import Block, blank, line
from platinum_tui.console.rows import age
from platinum_tui.console.symbols import KIND_WORDS, Symbols, state_word
from platinum_tui.model.action import field_names
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.request import Problem, ProblemCode, RiskLevel, Source, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text import safe_line

_BODIES = frozenset({"body", "text"})
"""Fields that the exact outgoing text shows better."""
_COUNTED = {"lines": "line", "arguments": "argument"}
"""Fields of many parts, by what one part is called: the exact outgoing form spreads them out."""
_REACHED = frozenset({"to", "cc", "bcc", "reply_to", "payee", "account", "customer", "amount", "server", "tool"})
"""Fields that say whom an action reaches and with how much: high risk is approved only once they were on screen."""
REMEDIES = {
    ProblemCode.MISSING_FIELD: "Edit the file and add it, or reject.",
    ProblemCode.INVALID_VALUE: "Edit the value, or reject.",
    ProblemCode.DISAGREEING_SOURCES: "Two places in the file differ: edit it so that they agree.",
    ProblemCode.UNRESOLVED_RECIPIENT: "{fix}: choose or type the number, and it is remembered.",
    ProblemCode.UNKNOWN_KIND: "Nothing here can do this: set a known kind, or reject.",
    ProblemCode.MULTIPLE_ACTIONS: "{fix} splits it: one file for each action.",
    ProblemCode.PLACEHOLDER: "Fill in what the draft left open.",
    ProblemCode.TOO_LONG: "Shorten it to what the platform takes.",
    ProblemCode.NOT_A_REQUEST: "There is nothing to decide.",
    ProblemCode.UNREADABLE: "Open the file in an editor; {raw} shows what could be read.",
    ProblemCode.TOO_LARGE: "Make it smaller than 256 KiB, or reject.",
    ProblemCode.EXPIRED: "Its time is over: have it drafted again.",
    ProblemCode.CONFLICT: "Two files carry this id: remove the wrong one.",
}
"""What to do about each problem; `{fix}` stands for the key of that action."""


def front(standing: Standing, now: datetime, symbols: Symbols, news: Iterable[Block] = ()) -> Iterator[Block]:
    """The head of the page of a request.

    Args:
        standing: the request.
        now: the wall clock, for ages.
        symbols: which signs to use.
        news: what is told first of all.
    """
    request = standing.request
    subject = request.sources.get("subject") if request.fields.get("subject") == standing.title else None
    yield Block(line((safe_line(standing.title), "title"), (_origin(subject), "faint")))
    yield Block(_state_line(standing, now, symbols))
    yield blank()
    yield from news
    for problem in request.problems:
        yield from _problem(problem, symbols)
    if standing.why:
        yield Block(line((f"{symbols.states[State.HELD]} ", "warning"), safe_line(standing.why)))
    for warning in request.warnings:
        name = warning.code.value.replace("_", " ")
        yield Block(
            line((f"{symbols.risks[RiskLevel.HIGH]} ", "warning"), (name, "warning"), f"  {safe_line(warning.message)}")
        )
    if request.problems or request.warnings or standing.why:
        yield blank()
    yield from _fields(standing, now, symbols)
    yield blank()


def _state_line(standing: Standing, now: datetime, symbols: Symbols) -> Content:
    state = standing.state
    parts: list[str | tuple[str, str]] = [
        (f"{symbols.states[state]} {state_word(state)}", f"state-{state.value.replace('_', '-')}"),
        (f" {symbols.dot} ", "muted"),
        KIND_WORDS[standing.request.kind],
        (f" {symbols.dot} ", "muted"),
        (standing.request.fingerprint, "fingerprint"),
    ]
    if created := standing.request.created_at:
        parts += [(f" {symbols.dot} ", "muted"), (f"{age(now - created)} old", "muted")]
    return line(*parts)


def _problem(problem: Problem, symbols: Symbols) -> Iterator[Block]:
    name = problem.code.value.replace("_", " ")
    yield Block(line((f"{symbols.states[State.REJECTED]} {name}", "error"), f"  {safe_line(problem.message)}"))
    yield Block(line((symbols.say(REMEDIES[problem.code]), "muted")), indent=2)


def _fields(standing: Standing, now: datetime, symbols: Symbols) -> Iterator[Block]:
    request = standing.request
    shown = dict.fromkeys((*(field_names(request.kind) if request.kind else ()), *request.fields))
    for name in shown:
        is_title = name == "subject" and request.fields.get(name) == standing.title
        if name in request.fields and name not in _BODIES and not is_title:
            shown_value = line(_text(name, request.fields[name]), (_origin(request.sources.get(name)), "faint"))
            yield Block(shown_value, label=name.replace("_", " "), must_be_seen=name in _REACHED)
    if not {"amount", "expected_total"} & set(request.fields) and (amount := amount_of(request.fields)):
        yield _pair("amount", line(safe_line(amount)))
    if request.kind:
        yield _pair("risk", _risk(standing, symbols))
    said = {warning.message for warning in request.warnings}
    for reason in standing.risk.reasons:
        if reason.message in said or standing.state is State.DONE:
            continue
        yield _pair("", line((f"{symbols.bullet} {safe_line(reason.message)}", "muted")))
    if request.expires_at:
        left = request.expires_at - now
        when = f"in {age(left)}" if left.total_seconds() > 0 else f"{age(-left)} ago"
        yield _pair("expires", line(f"{when}", (f"  {request.expires_at:%Y-%m-%d %H:%M %Z}", "faint")))
    if standing.retry_at:
        yield _pair("next try", line(f"tried again at {standing.retry_at:%H:%M:%S %Z}"))
    if standing.snoozed_until:
        yield _pair("snoozed", line(f"until {standing.snoozed_until:%Y-%m-%d %H:%M %Z}"))
    for name, value in (("reason", request.reason), ("task", request.task), ("file", standing.file)):
        if value:
            yield _pair(name, line((safe_line(value), "muted" if name == "file" else "")))


def _risk(standing: Standing, symbols: Symbols) -> Content:
    level = standing.risk.level
    return line((f"{symbols.risks[level]} {level.value}", f"risk-{level.value}"))


def _pair(name: str, value: Content) -> Block:
    return Block(value, label=name)


def _origin(source: Source | None) -> str:
    """Where a field came from, to stand behind it; empty where nothing says so."""
    if source is None:
        return ""
    return f"  {source.source}:{source.line}" if source.line else f"  {source.source}"


def _text(name: str, value: object) -> str:
    """A field in one line; of what has many parts only how many there are."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return safe_line(value)
        case list() if all(isinstance(item, str) for item in value):
            return safe_line(", ".join(value))
        case list() | dict() if name in _COUNTED:
            return f"{len(value)} {_COUNTED[name]}{'' if len(value) == 1 else 's'}"
        case _:
            return safe_line(canonical_json(value).decode())
