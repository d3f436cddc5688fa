"""The demo: a throw-away vault with fictional requests, and a mail server that keeps what it is sent."""

from __future__ import annotations
