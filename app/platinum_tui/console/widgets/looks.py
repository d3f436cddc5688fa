"""The names of the looks that rows, pages and bars share; `styles/looks.tcss` gives them their colours."""

from __future__ import annotations

from platinum_tui.model.event import WorkerState
from platinum_tui.model.request import RiskLevel, State

LOOKS = frozenset(
    {
        *(f"state-{state.value.replace('_', '-')}" for state in State),
        *(f"worker-{state.value}" for state in WorkerState),
        *(f"risk-{level.value}" for level in RiskLevel),
        *("muted", "faint", "error", "warning", "title", "caption", "fingerprint", "key", "active", "badge"),
        *("row-cursor", "row-title", "row-amount"),
        *("emphasis", "strong", "struck", "code", "link", "target", "hidden", "exact-bar", "added", "removed"),
        *("heading-1", "heading-2", "heading-3"),
    }
)
"""Component classes of every screen that shows text of ours; its widgets find them there."""
