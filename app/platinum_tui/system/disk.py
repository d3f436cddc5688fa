"""What a machine says that refuses, and when its disk has failed."""

from __future__ import annotations

import errno

from platinum_tui.model.errors import DiskFailed


def is_disk_failure(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is the disk's own: after it nobody knows what is durable.

    Trying such a sync again reports success over lost pages (PostgreSQL wiki, Fsync Errors).
    """
    while error is not None:
        if isinstance(error, DiskFailed) or (isinstance(error, OSError) and error.errno == errno.EIO):
            return True
        error = error.__cause__
    return False


def reason_of(error: OSError) -> str:
    """Why the machine refuses, in its own words, with the path where it names one."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{reason}: {error.filename}" if error.filename else reason
