"""The parts of the desk. No widget opens a file, a database or a socket."""

from __future__ import annotations
