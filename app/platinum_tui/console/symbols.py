"""Words and signs: a state is always a word, a sign and a colour, and each sign has an ASCII twin of the same width.

The tables are keyed by the values of the model's enumerations, which are equal to their members: the first frame stands
before the model is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from platinum_tui.system.key_map import KeyMap

KIND_WORDS: Mapping[str | None, str] = {
    "email_send": "mail",
    "email_reply": "reply",
    "social_post": "post",
    "whatsapp_message": "whatsapp",
    "odoo_customer_create": "customer",
    "odoo_invoice_create": "invoice",
    "odoo_invoice_post": "book",
    "odoo_payment": "receipt",
    "payment": "payment",
    "mcp_call": "tool",
    None: "file",
}
_STATES = {
    "pending": "○o",
    "held": "◆=",
    "snoozed": "◌z",
    "approved": "✓+",
    "executing": "…>",
    "done": "●*",
    "rejected": "✗x",
    "changes_requested": "↺<",
    "expired": "∅-",
    "failed": "!!",
    "unknown": "??",
    "quarantined": "⊘#",
}
_WORKERS = {
    "idle": "●*",
    "running": "◐>",
    "paused": "‖=",
    "failing": "!!",
    "stopped": "✗x",
    "off": "○-",
}
_MOVING = ("◐◓◑◒", "|/-\\")
"""Signs of one work under way, one a second."""
_RISKS = {"low": "·.", "medium": "▴^", "high": "▲!"}


def state_word(state: str) -> str:
    """A state as people read it."""
    return "sent back" if state == "changes_requested" else state


@dataclass(frozen=True)
class Symbols:
    """One set of signs, each one cell wide, and how keys are called.

    Attributes:
        plain: whether all of them are ASCII.
        keys: what is bound to which key.
    """

    states: Mapping[str, str]
    workers: Mapping[str, str]
    risks: Mapping[str, str]
    moving: str
    cursor: str
    arrow: str
    dot: str
    edge: str
    marked: str
    bullet: str
    rule: str
    ellipsis: str
    mark: str
    plain: bool
    keys: KeyMap = field(default_factory=KeyMap)

    def key(self, action_id: str) -> str:
        """The first key of an action, as people read it."""
        return self.keys.action(action_id).keys[0]

    def say(self, sentence: str) -> str:
        """A sentence in which `{freeze}` stands for the first key of that action."""
        return self.keys.say(sentence)


def _symbols(column: int) -> Symbols:
    def pick(pairs: str) -> str:
        return pairs[column]

    return Symbols(
        states={state: pick(pair) for state, pair in _STATES.items()},
        workers={state: pick(pair) for state, pair in _WORKERS.items()},
        risks={level: pick(pair) for level, pair in _RISKS.items()},
        moving=_MOVING[column],
        cursor=pick("▌>"),
        arrow=pick("→>"),
        dot=pick("·,"),
        edge=pick("▎|"),
        marked=pick("■*"),
        bullet=pick("•*"),
        rule=pick("─-"),
        ellipsis=pick("…~"),
        mark=pick("◈#"),
        plain=bool(column),
    )


UNICODE = _symbols(0)
ASCII = _symbols(1)
