"""A vault with a dashboard, a clock that stands still, and the sample files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platinum_tui.dashboard.journal import MergedJournal
from platinum_tui.dashboard.merge import MergeReport, merge_updates
from platinum_tui.vault.folders import Vault

SAMPLES = Path(__file__).parent.parent / "samples" / "dashboards"
NOW = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)
"""When everything arrives, unless a test says otherwise."""


@dataclass
class StoppedClock:
    time: datetime = NOW

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


@dataclass
class Desk:
    """A vault, and the merger that works on it."""

    vault: Vault
    state: Path
    clock: StoppedClock = field(default_factory=StoppedClock)

    @property
    def dashboard(self) -> Path:
        return self.vault.root / "Dashboard.md"

    @property
    def shown(self) -> str:
        return self.dashboard.read_bytes().decode()

    def arrives(self, name: str, content: str | bytes, folder: str = "Updates") -> Path:
        path = self.vault.root / folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        return path

    def merge(self, keep: int = 200, **values: str) -> MergeReport:
        return merge_updates(self.vault, self.clock, MergedJournal(self.state), keep=keep, values=values)

    def files(self, folder: str) -> dict[str, bytes]:
        paths = (self.vault.root / folder).rglob("*")
        return {
            path.relative_to(self.vault.root / folder).as_posix(): path.read_bytes() for path in paths if path.is_file()
        }

    def later(self, **span: float) -> None:
        self.clock.time += timedelta(**span)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    vault = Vault(tmp_path / "vault")
    vault.ensure()
    return Desk(vault, tmp_path / "merged")


@pytest.fixture
def samples_arrive(desk: Desk) -> Callable[..., None]:
    def put(folder: str = "Updates", names: tuple[str, ...] = ()) -> None:
        for path in sorted((SAMPLES / "updates").iterdir()):
            if not names or path.name.startswith(names):
                desk.arrives(path.name, path.read_bytes(), folder)

    return put
