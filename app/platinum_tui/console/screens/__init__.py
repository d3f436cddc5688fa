"""The screens: the desk, and what opens over it."""

from __future__ import annotations
