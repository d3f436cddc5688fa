"""The vault as files: folders, names, safe moves, reading, watching, tasks and git."""

from __future__ import annotations
