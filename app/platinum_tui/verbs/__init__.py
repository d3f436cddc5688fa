"""The commands, one file a family: each takes the parsed arguments, prints data to stdout, and returns an exit code."""

from __future__ import annotations
