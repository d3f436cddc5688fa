"""Plain files in a folder where others can plant links, pipes and devices."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def open_plain(file: Path | str, flags: int) -> int:
    """Opens a plain file and nothing else: others can plant links and pipes in the vault.

    Raises:
        OSError: it cannot be opened, or is no plain file.
    """
    descriptor = os.open(file, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is no plain file", str(file))
    return descriptor
