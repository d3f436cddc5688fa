"""Anything, in any order: drafts, edits, decisions, moves, copies, crashes, jumps of the clock; the promise holds."""

from __future__ import annotations

import pytest

from .anything import Anything, run, walk
from .mutants import MUTANTS, Hunt, Mutant
from .services import Service

SEEN_SOON = [mutant for mutant in MUTANTS if mutant.hunt is Hunt.WALK or mutant.name in {
    "tries again blindly", "takes a hand move for approval of bytes never seen", "forgets to undo",
    "takes a rejection for an approval", "moves over files of the same name", "acts without a mark", "never recovers",
}]  # fmt: skip
"""Bugs that have to be found by chance, too: a machine that finds none of them is evidence of nothing."""


def test_anything_in_any_order() -> None:
    run(200, 30)


@pytest.mark.parametrize("mutant", SEEN_SOON, ids=lambda mutant: mutant.name)
def test_a_planted_bug_is_found_by_chance(mutant: Mutant) -> None:
    assert walk(200, mutant.plant)


@pytest.mark.long
def test_anything_in_any_order_for_long() -> None:
    run(5_000, 50)


def test_what_lay_beside_a_file_that_somebody_took_goes_with_its_outcome() -> None:
    """The program dies between two moves into the archive, and a person moves the archived file on."""
    state = Anything()
    state.begin(service=Service.DEDUPLICATES)
    state.the_program_works_and_fails(kind="email_send", step=20, steps=0)
    state.somebody_moves(at=0, copies=False, folder="Approved", name="x.md")
    state.teardown()


def test_a_claimed_file_counts_more_than_a_copy_that_a_sync_brings_back_to_where_it_came_from() -> None:
    """The disk is full right after the claim, so that the ledger does not know of it, and the draft comes back."""
    state = Anything()
    state.begin(service=Service.SILENT)
    state.the_program_works_and_fails(kind="email_send", step=5, steps=1000)
    assert list(state.world.shas()) == ["In_Progress/local/z0000.md"]
    state.somebody_writes(at=0, what="pull", name="a", file="Pending_Approval/x.md", kind="email_send")
    state.the_program_works(seconds=10, flaw="none")
    assert state.world.happened.total() == 1
    state.teardown()
