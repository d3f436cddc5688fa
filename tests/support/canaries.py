"""A canary in the place of every credential, and a search for them wherever a program can leave something behind."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platinum_tui.system.server_families import FAMILIES

PASSPHRASE = "canary-passphrase-5d1f0c"


def canary(name: str) -> str:
    """The canary that stands for a credential."""
    return f"canary{hashlib.sha256(name.encode()).hexdigest()[:24]}"


def all_canaries() -> dict[str, str]:
    """Every credential that any built-in server knows, by name."""
    names = [f"{family}.{name}" for family, known in FAMILIES.items() for name in known.credentials]
    return {name: canary(name) for name in names}


def found_in(data: bytes, canaries: Mapping[str, str]) -> set[str]:
    """Which credentials stand in some bytes, as they are."""
    return {name for name, value in canaries.items() if value.encode() in data}


def found_in_files(folder: Path, canaries: Mapping[str, str]) -> set[str]:
    """Where, below a folder, credentials lie: `name in path`."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {f"{name} in {path.relative_to(folder)}" for path in files for name in found_in(path.read_bytes(), canaries)}


def found_in_git(repository: Path, canaries: Mapping[str, str]) -> set[str]:
    """Which credentials stand in any object of a repository, reachable or not."""
    command = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    return found_in(subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout, canaries)


@dataclass
class ProcessList:
    """What anybody on the machine could read of the program's processes, as often as it was looked at.

    Attributes:
        root: a path that stands in the environment or the arguments of every process that is meant.
        arguments, environments: of every process that was seen.
    """

    root: Path
    arguments: set[bytes] = field(default_factory=set)
    environments: set[tuple[bytes, bytes]] = field(default_factory=set)

    def look(self) -> None:
        """One look at /proc."""
        mark = str(self.root).encode()
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            try:
                arguments, environ = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
            except OSError:
                continue  # It has ended meanwhile, or is not ours.
            if mark in arguments or mark in environ:
                self.arguments.add(arguments)
                self.environments.add((arguments, environ))

    def found(self, canaries: Mapping[str, str]) -> set[str]:
        """Which credentials stood there."""
        places: Iterable[bytes] = (*self.arguments, *(environ for _, environ in self.environments))
        return {name for place in places for name in found_in(place, canaries)}
