"""Stories of files that are not read for what they are: they keep their id wherever they are put."""

from __future__ import annotations

import os

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State


@pytest.mark.parametrize("kind", ["large", "link", "hard link", "pipe"])
def test_one_keeps_its_id_in_quarantine_and_can_be_rejected_there(home: Home, kind: str) -> None:
    path = home.vault / "Pending_Approval/odd.md"
    match kind:
        case "large":
            path.write_bytes(b"x" * 300_000)
        case "link":
            path.symlink_to("/etc/passwd")
        case "hard link":
            os.link(home.write("elsewhere.md", "x"), path)
        case _:
            os.mkfifo(path)
    known = home.desk.find("odd.md").request.id
    home.look()
    assert (home.state(known), home.lies(known)) == (State.QUARANTINED, "Quarantine/odd.md")
    home.reopen()
    rejected = home.desk.reject("odd.md", "nobody can read it")
    assert (rejected.request.id, rejected.state, rejected.file) == (known, State.REJECTED, "Rejected/odd.md")
    home.reopen()
    home.look()
    assert (home.state(known), home.lies(known)) == (State.REJECTED, "Rejected/odd.md")
    (event,) = [event for event in home.house.ledger.events() if event.event == "rejected"]
    assert (event.actor, event.parameters["reason"]) == ("person", "nobody can read it")


@pytest.mark.parametrize("name", ["large.md", "film.mp4"])
def test_one_can_be_rejected_where_it_waits(home: Home, name: str) -> None:
    home.write(f"Rejected/{name}", "another one")
    home.write(f"Pending_Approval/{name}", b"x" * 300_000)
    known = home.desk.find(f"Pending_Approval/{name}").request.id
    rejected = home.desk.reject(known, "too long")
    stem, _, suffix = name.partition(".")
    assert (rejected.request.id, rejected.file) == (known, f"Rejected/{stem}.{known}.{suffix}")
    assert (home.vault / "Rejected" / name).read_text() == "another one"
    with pytest.raises(NotApprovable):
        home.desk.reject(known, "once more")


def test_one_that_may_not_be_decided_on_here_stays(home: Home) -> None:
    home.write("Pending_Approval/large.md", b"x" * 300_000)
    with pytest.raises(NotApprovable):
        home.desk.request_changes("large.md", "shorter, please")
    assert home.lies("large.md") == "Pending_Approval/large.md"


@pytest.mark.parametrize("wait_s", [0, 60])
def test_what_was_approved_is_rejected_though_nobody_can_read_what_lies_in_its_place(home: Home, wait_s: int) -> None:
    home.draft("a-mail")
    home.look()
    home.approve("a-mail")
    (home.vault / "Approved/a-mail.md").write_bytes(b"x" * 300_000)
    home.clock.advance(wait_s)
    assert home.desk.reject("a-mail", "no, after all").state is State.REJECTED
    home.clock.advance(60)
    home.work()
    home.look()
    entry = home.house.ledger.entry("a-mail")
    assert entry
    assert (home.sent, entry.state) == ([], State.REJECTED)
