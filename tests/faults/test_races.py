"""Many at once on one vault: processes that claim, consoles that disagree, a writer that flips bytes all the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from .races import claims, flipping, opposite


def test_sixteen_processes_claim_and_no_file_is_lost_or_there_twice(tmp_path: Path) -> None:
    claims(tmp_path, 16, 400)


def test_consoles_that_decide_opposite_ways() -> None:
    opposite(12)


def test_a_writer_that_flips_bytes_during_review_approval_and_execution() -> None:
    flipping(25)


@pytest.mark.long
def test_sixteen_processes_and_five_thousand_files(tmp_path: Path) -> None:
    claims(tmp_path, 16, 5_000)


@pytest.mark.long
def test_consoles_that_decide_opposite_ways_many_times() -> None:
    for _ in range(20):
        opposite(25)


@pytest.mark.long
def test_ten_thousand_interleavings_of_a_writer() -> None:
    for _ in range(100):
        flipping(100)
