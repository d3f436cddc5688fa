"""Where the machine does not let us look, nothing follows: not that a file is gone, nor that it holds other bytes."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from platinum_tui.vault.copies import remove_copy, same_bytes
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.reading import Unreadable
from platinum_tui.vault.tasks import claimed_place, complete_task

TASK = "Needs_Action/ask.md"


@contextlib.contextmanager
def no_more_than(spare: int) -> Iterator[None]:
    """Few file descriptors are left to this process, as on a machine where too many files are open."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.open("/dev/null", os.O_RDONLY)
    os.close(lowest)
    filled: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 64, limits[1]))
    try:
        with contextlib.suppress(OSError):
            while True:
                filled.append(os.open("/dev/null", os.O_RDONLY))
        for descriptor in filled[:spare]:
            os.close(descriptor)
        del filled[:spare]
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for descriptor in filled:
            os.close(descriptor)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "vault")
    vault.ensure()
    (vault.root / TASK).write_text("# Ask\n")
    return vault


@pytest.mark.parametrize("spare", [0, 1])
@pytest.mark.parametrize("act", [complete_task, claimed_place])
def test_a_task_that_cannot_be_seen_is_not_taken_for_one_that_is_gone(
    vault: Vault, act: Callable[[Vault, str], str | None], spare: int
) -> None:
    with no_more_than(spare), pytest.raises(Unreadable):
        act(vault, TASK)

    assert complete_task(vault, TASK) == "Done/ask.md"


def test_bytes_that_cannot_be_read_are_not_taken_for_other_ones(vault: Vault) -> None:
    one, other = vault.root / TASK, vault.root / "Updates/ask.md"
    other.write_bytes(one.read_bytes())

    with no_more_than(0), pytest.raises(Unreadable):
        same_bytes(one, other)

    assert same_bytes(one, other)


@pytest.mark.parametrize("spare", [1, 2])
def test_a_copy_stays_under_its_name_until_it_is_known_to_be_one(vault: Vault, spare: int) -> None:
    one, other = vault.root / TASK, vault.root / "Rejected/ask.md"
    other.write_bytes(one.read_bytes())

    with no_more_than(spare), pytest.raises((Unreadable, OSError)):
        remove_copy(other, one)

    assert [path.name for path in other.parent.iterdir()] == ["ask.md"]
    assert remove_copy(other, one)
