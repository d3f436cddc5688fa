"""What the program needs of its machine: configuration, paths, credentials, clock, logs, the audit log, health."""

from __future__ import annotations
