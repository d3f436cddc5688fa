"""Bytes become a Request: front matter, labels, sections, normalising, problems and warnings."""

from __future__ import annotations
