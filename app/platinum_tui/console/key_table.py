"""The table of keys for README and guide, as Markdown, from the registry of actions."""

from __future__ import annotations

from platinum_tui.system.console_actions import ACTIONS, DESK, Scope


def key_table() -> str:
    """One Markdown table: keys, what they do, and where."""
    rows = ["| key | does | where | name in `[console.keys]` |", "|---|---|---|---|"]
    for scope in Scope:
        for item in ACTIONS:
            if item.scope is scope:
                name = f"`{item.id}`" if scope in DESK else ""
                keys = " ".join(f"`{key}`" for key in item.keys)
                rows.append(f"| {keys} | {item.help} | {scope.value} | {name} |")
    return "\n".join(rows) + "\n"
