"""platinum-tui: an AI drafts, a person decides, this machine acts, once, on exactly what the person saw."""

from __future__ import annotations

__version__ = "0.1.0"
