"""The names of the looks that rows, pages and bars share; `styles/looks.tcss` gives them their colours."""

from __future__ import annotations

_STATES = "pending held snoozed approved executing done rejected changes-requested expired failed unknown quarantined"
_WORKERS = "idle running paused failing stopped off"
_RISKS = "low medium high"

LOOKS = frozenset(
    {
        *(f"state-{state}" for state in _STATES.split()),
        *(f"worker-{state}" for state in _WORKERS.split()),
        *(f"risk-{level}" for level in _RISKS.split()),
        *("muted", "faint", "error", "warning", "title", "caption", "fingerprint", "key", "active", "badge"),
        *("row-cursor", "row-title", "row-amount", "group"),
        *("emphasis", "strong", "struck", "code", "link", "target", "hidden", "exact-bar", "added", "removed"),
        *("heading-1", "heading-2", "heading-3"),
    }
)
"""Component classes of every screen that shows text of ours; its widgets find them there."""
