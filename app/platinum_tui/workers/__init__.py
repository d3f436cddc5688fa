"""What works by itself: orchestrator, approval executor, dashboard merger and sync, each one pass at a time."""

from __future__ import annotations
