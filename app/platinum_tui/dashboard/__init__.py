"""Updates and signals become lines of Dashboard.md, which this program alone writes."""

from __future__ import annotations
