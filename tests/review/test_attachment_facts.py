"""What attached files cost a list: nothing twice, and nothing at all where they are too large to be sent."""

from __future__ import annotations

import os

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.action import LARGEST_ATTACHMENT
from platinum_tui.review import reading
from platinum_tui.vault.reading import stream_in_vault


def _sparse(home: Home, size: int) -> None:
    path = home.write("Attachments/x.pdf", b"")
    os.truncate(path, size)


def test_a_huge_attachment_is_named_and_never_read(home: Home) -> None:
    _sparse(home, 1 << 40)
    home.draft("m", attachments="[Attachments/x.pdf]")
    for _ in range(3):
        problems = home.desk.find("m").request.problems
        assert any("is larger than 64 MiB" in problem.message for problem in problems)


def test_an_attachment_of_the_largest_size_is_taken(home: Home) -> None:
    _sparse(home, LARGEST_ATTACHMENT)
    home.draft("m", attachments="[Attachments/x.pdf]")
    assert home.desk.find("m").approvable


def test_an_unchanged_attachment_is_hashed_once_and_a_changed_one_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "settled_at", lambda *_: True)
    hashed = []

    def told(vault, relative):  # type: ignore[no-untyped-def]
        stream = stream_in_vault(vault, relative)

        class Told:
            def __enter__(self):  # type: ignore[no-untyped-def]
                identity, chunks = stream.__enter__()
                return identity, (hashed.append(relative) or chunk for chunk in chunks)

            def __exit__(self, *raised):  # type: ignore[no-untyped-def]
                return stream.__exit__(*raised)

        return Told()

    monkeypatch.setattr(reading, "stream_in_vault", told, raising=False)
    home.write("Attachments/x.pdf", b"paper")
    for name in ("a", "b"):
        home.draft(name, attachments="[Attachments/x.pdf]")
    before = {home.desk.find(name).request.digest for name in ("a", "b")}
    assert len(hashed) == 1
    home.write("Attachments/x.pdf", b"other paper")
    assert before.isdisjoint({home.desk.find(name).request.digest for name in ("a", "b")})
    assert len(hashed) == 2
