"""The queue, risk, policy, decisions, signatures and undo."""

from __future__ import annotations
