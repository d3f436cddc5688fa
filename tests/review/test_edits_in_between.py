"""Somebody saves a file in the very moment in which the program writes it: no edit is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.agents.proposals import Proposals
from platinum_tui.model.errors import StaleFingerprint
from platinum_tui.model.event import Event, Notice
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.review.editing import revise, take_draft
from platinum_tui.service import Service
from platinum_tui.vault import moves
from platinum_tui.vault.tasks import claim_task

THEIRS = "Somebody else saved this a moment ago.\n"


@pytest.fixture
def somebody_saves(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Once, while the program has looked at a file and writes its new version beside it, somebody saves that file."""

    def soon(path: Path) -> None:
        real = moves._write

        def write(descriptor: int, data: bytes) -> None:
            if b"Mine." in data:
                monkeypatch.setattr(moves, "_write", real)
                path.write_text(THEIRS)
            real(descriptor, data)

        monkeypatch.setattr(moves, "_write", write)

    return soon


def test_an_edit_does_not_replace_one_that_came_in_between(home: Home, somebody_saves: Callable[[Path], None]) -> None:
    path = home.draft("july")
    draft = take_draft(home.desk, "july")
    somebody_saves(path)

    with pytest.raises(StaleFingerprint):
        revise(home.desk, draft, draft.data + b"Mine.\n")

    assert path.read_text() == THEIRS


def test_an_agents_next_version_does_not_replace_one_that_came_in_between(
    home: Home, somebody_saves: Callable[[Path], None]
) -> None:
    path = home.draft("july")
    proposals = Proposals(Service(home.house))
    proposals.get("july")
    somebody_saves(path)

    with pytest.raises(StaleFingerprint):
        proposals.revise("july", {"body": "Mine."})

    assert path.read_text() == THEIRS
    assert [file.name for file in path.parent.iterdir()] == ["july.md"]


def test_a_task_that_is_given_back_keeps_what_was_written_into_it_in_between(
    home: Home, somebody_saves: Callable[[Path], None]
) -> None:
    home.write("Needs_Action/ask.md", "# Ask Ana\n")
    claimed = home.vault / claim_task(home.house.vault, "Needs_Action/ask.md")
    home.draft("july", task="Needs_Action/ask.md")
    told: list[Event] = []
    home.desk = Desk(home.house, tell=told.append)
    somebody_saves(claimed)

    home.desk.reject("july", "Mine.")

    assert claimed.read_text() == THEIRS
    assert [isinstance(event, Notice) and "The decision stands" in event.message for event in told] == [True]
    home.work()
    text = (home.vault / "Needs_Action/ask.md").read_text()
    assert text.startswith(THEIRS)
    assert "Mine." in text
    assert home.state("july") is State.REJECTED
