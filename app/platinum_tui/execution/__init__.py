"""Decided requests become effects: ledger, runner, recovery, the client of the local MCP servers, receipts."""

from __future__ import annotations
