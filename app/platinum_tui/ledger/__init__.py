"""The truth: what was decided, what came of it, and every audit event, in one durable database."""

from __future__ import annotations
