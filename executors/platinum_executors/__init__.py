"""One local MCP server for each family of actions. Each verifies the signed decision itself before it acts."""

from __future__ import annotations
