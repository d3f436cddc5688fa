"""The front end on a terminal: everything that imports textual, and nothing else does."""

from __future__ import annotations
