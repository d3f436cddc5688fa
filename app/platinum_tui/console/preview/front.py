"""The head of a page: what it is, what speaks against it, how much it may cost, and where each field came from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from platinum_tui.console.preview.page import Block, blank, line
from platinum_tui.console.rows import age
from platinum_tui.console.symbols import KIND_WORDS, Symbols, state_word
from platinum_tui.model.action import field_names
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.request import Problem, ProblemCode, RiskLevel, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text import safe_line

_BODIES = frozenset({"body", "text"})
"""Fields that the exact outgoing text shows better."""
REMEDIES = {
    ProblemCode.MISSING_FIELD: "Edit the file and add it, or reject.",
    ProblemCode.INVALID_VALUE: "Edit the value, or reject.",
    ProblemCode.DISAGREEING_SOURCES: "Two places in the file differ: edit it so that they agree.",
    ProblemCode.UNRESOLVED_RECIPIENT: "Add the name under [contacts], or edit the file.",
    ProblemCode.UNKNOWN_KIND: "Nothing here can do this: set a known kind, or reject.",
    ProblemCode.MULTIPLE_ACTIONS: "Split it: one file for each action.",
    ProblemCode.PLACEHOLDER: "Fill in what the draft left open.",
    ProblemCode.TOO_LONG: "Shorten it to what the platform takes.",
    ProblemCode.NOT_A_REQUEST: "Nothing to decide: move it to where it belongs.",
    ProblemCode.UNREADABLE: "Open the file in an editor; s shows what could be read.",
    ProblemCode.TOO_LARGE: "Make it smaller than 256 KiB, or reject.",
    ProblemCode.EXPIRED: "Its time is over: have it drafted again.",
    ProblemCode.CONFLICT: "Two files carry this id: remove the wrong one.",
}
"""What to do about each problem."""


def front(standing: Standing, now: datetime, symbols: Symbols) -> Iterator[Block]:
    """The head of the page of a request.

    Args:
        standing: the request.
        now: the wall clock, for ages.
        symbols: which signs to use.
    """
    request = standing.request
    yield Block(line((safe_line(standing.title), "title")))
    yield Block(_state_line(standing, now, symbols))
    yield blank()
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
    yield Block(line((REMEDIES[problem.code], "muted")), indent=2)


def _fields(standing: Standing, now: datetime, symbols: Symbols) -> Iterator[Block]:
    request = standing.request
    shown = dict.fromkeys((*(field_names(request.kind) if request.kind else ()), *request.fields))
    for name in shown:
        if name in request.fields and name not in _BODIES:
            source = request.sources.get(name)
            origin = f"  {source.source}{f':{source.line}' if source.line else ''}" if source else ""
            yield _pair(name.replace("_", " "), line(_text(request.fields[name]), (origin, "faint")))
    if not {"amount", "expected_total"} & set(request.fields) and (amount := amount_of(request.fields)):
        yield _pair("amount", line(safe_line(amount)))
    yield _pair("risk", _risk(standing, symbols))
    for reason in standing.risk.reasons:
        yield _pair("", line((f"{symbols.bullet} {safe_line(reason.message)}", "muted")))
    if request.expires_at:
        left = request.expires_at - now
        when = f"in {age(left)}" if left.total_seconds() > 0 else f"{age(-left)} ago"
        yield _pair("expires", line(f"{when}", (f"  {request.expires_at:%Y-%m-%d %H:%M %Z}", "faint")))
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


def _text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return safe_line(", ".join(value))
    return safe_line(value if isinstance(value, str) else canonical_json(value).decode())
