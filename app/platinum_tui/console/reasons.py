"""What is usually said against a request: the presets of the line that asks for a reason."""

from __future__ import annotations

REASONS = ("Wrong recipient", "Wrong facts", "Not our tone", "Not now", "Duplicate")
"""Short, true of many requests, and understood by who drafted it."""
