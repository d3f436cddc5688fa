"""Words and signs: a state is always a word, a sign and a colour, and each sign has an ASCII twin of the same width."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platinum_tui.model.action import Kind
from platinum_tui.model.event import WorkerState
from platinum_tui.model.request import RiskLevel, State

STATE_WORDS: Mapping[State, str] = {
    **{state: state.value for state in State},
    State.CHANGES_REQUESTED: "sent back",
}
KIND_WORDS: Mapping[Kind | None, str] = {
    Kind.EMAIL_SEND: "mail",
    Kind.EMAIL_REPLY: "reply",
    Kind.SOCIAL_POST: "post",
    Kind.WHATSAPP_MESSAGE: "whatsapp",
    Kind.ODOO_CUSTOMER_CREATE: "customer",
    Kind.ODOO_INVOICE_CREATE: "invoice",
    Kind.ODOO_INVOICE_POST: "book",
    Kind.ODOO_PAYMENT: "receipt",
    Kind.PAYMENT: "payment",
    Kind.MCP_CALL: "tool",
    None: "file",
}
_STATES = {
    State.PENDING: "○o",
    State.HELD: "◆=",
    State.SNOOZED: "◌z",
    State.APPROVED: "✓+",
    State.EXECUTING: "…>",
    State.DONE: "●*",
    State.REJECTED: "✗x",
    State.CHANGES_REQUESTED: "↺<",
    State.EXPIRED: "∅-",
    State.FAILED: "!!",
    State.UNKNOWN: "??",
    State.QUARANTINED: "⊘#",
}
_WORKERS = {
    WorkerState.IDLE: "●*",
    WorkerState.RUNNING: "◐>",
    WorkerState.PAUSED: "‖=",
    WorkerState.FAILING: "!!",
    WorkerState.STOPPED: "✗x",
    WorkerState.OFF: "○-",
}
_RISKS = {RiskLevel.LOW: "·.", RiskLevel.MEDIUM: "▴^", RiskLevel.HIGH: "▲!"}


@dataclass(frozen=True)
class Symbols:
    """One set of signs; each is one cell wide unless it says otherwise."""

    states: Mapping[State, str]
    workers: Mapping[WorkerState, str]
    risks: Mapping[RiskLevel, str]
    cursor: str
    arrow: str
    dot: str
    rule: str
    bar: str
    edge: str
    bullet: str
    ellipsis: str
    mark: str
    up: str
    down: str


def _symbols(column: int) -> Symbols:
    def pick(pairs: str) -> str:
        return pairs[column]

    return Symbols(
        states={state: pick(pair) for state, pair in _STATES.items()},
        workers={state: pick(pair) for state, pair in _WORKERS.items()},
        risks={level: pick(pair) for level, pair in _RISKS.items()},
        cursor=pick("▌>"),
        arrow=pick("→>"),
        dot=pick("·,"),
        rule=pick("─-"),
        bar=pick("│|"),
        edge=pick("▎|"),
        bullet=pick("•*"),
        ellipsis=pick("…~"),
        mark=pick("◈#"),
        up=pick("↑^"),
        down=pick("↓v"),
    )


UNICODE = _symbols(0)
ASCII = _symbols(1)
