"""Stories of decisions that a request's state does not allow: the remedy is something that the person can do."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from tests.support.vault_house import Home

from platinum_tui.execution.connection import NoAnswer
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.review.editing import take_draft

UNDO, RESOLVE = "`platinum-tui undo a-mail`", "`platinum-tui resolve a-mail --happened`"


def remedy(act: Callable[[], object]) -> str:
    with pytest.raises(NotApprovable) as refused:
        act()
    return refused.value.remedy


def approved(home: Home) -> None:
    home.approve("a-mail")


def rejected(home: Home) -> None:
    home.desk.reject("a-mail", "no")


def sent_back(home: Home) -> None:
    home.desk.request_changes("a-mail", "shorter")


def done(home: Home) -> None:
    home.approve("a-mail")
    home.clock.advance(60)
    home.work()
    assert home.state("a-mail") is State.DONE


def unknown(home: Home) -> None:
    def acts_and_dies(_: str) -> dict[str, object]:
        approval = home.servers.calls[-1][2]["platinum/approval"]
        home.house.spent.act(json.loads(base64.b64decode(approval["payload"]))["nonce"], approval["attempt"])
        raise NoAnswer("It died.")

    home.servers.answers = acts_and_dies
    home.approve("a-mail")
    home.clock.advance(60)
    home.work()
    assert home.state("a-mail") is State.UNKNOWN


@pytest.mark.parametrize(
    ("become", "approve", "reject"),
    [
        (approved, UNDO, None),
        (rejected, UNDO, UNDO),
        (done, "write a new request", "write a new request"),
        (unknown, RESOLVE, RESOLVE),
    ],
)
def test_what_is_decided_already_names_what_can_be_done(
    home: Home, become: Callable[[Home], None], approve: str, reject: str | None
) -> None:
    home.draft("a-mail")
    home.look()
    become(home)
    assert approve in remedy(lambda: home.approve("a-mail"))
    assert approve in remedy(lambda: take_draft(home.desk, "a-mail"))
    if reject:
        assert reject in remedy(lambda: home.desk.reject("a-mail", "no"))
        assert reject in remedy(lambda: home.desk.withdraw("a-mail"))


@pytest.mark.parametrize("become", [approved, rejected, sent_back])
def test_the_remedy_works(home: Home, become: Callable[[Home], None]) -> None:
    home.draft("a-mail")
    home.look()
    become(home)
    home.desk.undo("a-mail")
    assert home.approve("a-mail").state is State.APPROVED


def test_what_lies_among_the_rejected_without_a_decision_is_moved_back(home: Home) -> None:
    path = home.draft("a-mail", "Rejected/a-mail.md")
    for act in (lambda: home.approve("a-mail"), lambda: home.desk.undo("a-mail")):
        assert remedy(act).startswith("Move its file back to Pending_Approval/")
    path.rename(home.vault / "Pending_Approval/a-mail.md")
    assert home.approve("a-mail").state is State.APPROVED


def test_what_lies_in_quarantine_is_mended_and_moved_back(home: Home) -> None:
    path = home.draft("a-mail", "Quarantine/a-mail.md")
    assert "move it back to Pending_Approval/" in remedy(lambda: home.approve("a-mail"))
    path.rename(home.vault / "Pending_Approval/a-mail.md")
    assert home.approve("a-mail").state is State.APPROVED


@pytest.mark.parametrize("tidied", [False, True])
def test_what_has_expired_gets_a_later_time(home: Home, tidied: bool) -> None:
    path = home.draft("a-mail", expires_at="2025-01-01T00:00:00Z")
    if tidied:
        home.look()
        path = home.vault / home.lies("a-mail")
    for act in (lambda: home.approve("a-mail"), lambda: home.desk.undo("a-mail")):
        assert "a later expires_at" in remedy(act)
    path.unlink()
    home.draft("a-mail", expires_at="2099-01-01T00:00:00Z")
    assert home.approve("a-mail").state is State.APPROVED


def test_what_waits_has_no_decision_to_take_back(home: Home) -> None:
    home.draft("a-mail")
    home.write("Pending_Approval/README.md", "# A note\n")
    assert remedy(lambda: home.desk.undo("a-mail")) == "Approve it, or reject it."
    assert remedy(lambda: home.approve("README")) == "Move it out of the folder, or reject it."
