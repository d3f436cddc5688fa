"""An approval that loses its row to another decision is worth nothing, even if the program ends at that very moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_executors.burning import BurntDecisions
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.model.request import State
from platinum_tui.system.spent_decisions import SpentDecisions


class Died(BaseException):
    """The process ends here."""


def nonce_in(decision: Path) -> str:
    return decision_in(envelope_from_json(json.loads(decision.read_bytes()))).nonce


def is_worth_something(home: Home, nonce: str) -> bool:
    """Whether a server would still take a saved copy of the decision."""
    return not BurntDecisions(home.house.state.vault_dir(home.house.vault_id) / "used").has(nonce)


def test_killed_right_after_a_refusal_was_committed_the_approval_before_it_is_worth_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.draft("m")
    home.look()
    home.approve("m")
    nonce = nonce_in(home.vault / "Approved/m.decision.json")

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(SpentDecisions, "take_back", die)
        with pytest.raises(Died):
            home.desk.reject("m", "No.")
    home.house.ledger.close()
    home.reopen()
    home.work()

    assert (home.state("m"), is_worth_something(home, nonce)) == (State.REJECTED, False)
    assert home.house.ledger.taken_back() == []


def test_approved_anew_after_it_was_held_only_the_new_decision_is_worth_something(home: Home) -> None:
    home.draft("m")
    home.look()
    home.approve("m")
    old = nonce_in(home.vault / "Approved/m.decision.json")
    (home.vault / "Approved/m.md").rename(home.root / "m.md")
    home.clock.advance(10)
    home.work()
    assert home.state("m") is State.HELD

    (home.root / "m.md").rename(home.vault / "Needs_Attention/m.md")
    home.approve("m")
    new = nonce_in(home.vault / "Approved/m.decision.json")
    assert (is_worth_something(home, old), is_worth_something(home, new)) == (False, True)
