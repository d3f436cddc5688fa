"""The global options of the command line; apart from the configuration, which takes longer to load."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The global options of the command line, as typed; None where not given."""

    vault: str | None = None
    config: str | None = None
    state_dir: str | None = None
    readonly: bool = False
    ascii: bool = False
