"""What the executor does when the world answers, does not answer, or answers nonsense."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence

import pytest
from tests.support.lost_answers import approved, dies
from tests.support.vault_house import Home

from platinum_tui.dashboard.activity import ActivityLine
from platinum_tui.execution import settlement
from platinum_tui.execution.connection import NeverSent, NoAnswer
from platinum_tui.execution.resolution import Resolution
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.review.index import Index
from platinum_tui.review.index_rows import Reading, Row
from platinum_tui.vault.folders import Vault


def test_a_refusal_is_failed_and_may_be_approved_anew(home: Home) -> None:
    approved(home, "m")
    home.servers.answers = lambda _: {"outcome": "refused", "code": "no_such_address", "message": "Nobody there."}
    home.work()
    assert (home.state("m"), home.lies("m")) == (State.FAILED, "Needs_Attention/m.md")

    home.servers.answers = lambda _: {"outcome": "done", "evidence": {}}
    home.approve("m")
    home.clock.advance(10)
    home.work()
    assert (home.state("m"), len(home.servers.calls)) == (State.DONE, 2)


def test_a_cause_that_may_pass_is_tried_again_ever_later_and_not_for_ever(home: Home) -> None:
    approved(home, "m")
    home.servers.answers = lambda _: {"outcome": "refused", "code": "busy", "message": "Busy.", "retriable": True}
    home.work()
    assert home.state("m") is State.APPROVED
    for wait, calls in ((29, 1), (1, 2), (59, 2), (1, 3), (120, 4), (240, 5), (10_000, 5)):
        home.clock.advance(wait)
        home.work()
        assert len(home.servers.calls) == calls
    assert home.state("m") is State.FAILED


def test_where_nobody_can_know_it_is_unknown_and_a_person_settles_it(home: Home) -> None:
    approved(home, "m")
    home.servers.answers = lambda _: dies(home)
    home.work()
    home.clock.advance(3600)
    home.work()
    assert (home.state("m"), home.lies("m"), home.sent) == (State.UNKNOWN, "Needs_Attention/m.md", ["July"])

    Resolution(home.desk).resolve("m", happened=True, evidence="Ana has it.")
    assert (home.state("m"), home.lies("m")) == (State.DONE, "Approved/archived/m.md")
    home.work()
    assert home.sent == ["July"]


def test_an_unknown_one_moved_back_to_approved_by_hand_is_not_run(home: Home) -> None:
    approved(home, "m")
    home.servers.answers = lambda _: dies(home)
    home.work()
    (home.vault / "Needs_Attention/m.md").rename(home.vault / "Approved/m.md")
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.sent) == (State.UNKNOWN, ["July"])


def test_no_answer_from_a_server_that_never_acted_is_simply_tried_again(home: Home) -> None:
    approved(home, "m")

    def dies(_: str) -> dict[str, object]:
        raise NoAnswer("It died.")

    home.servers.answers = dies  # type: ignore[assignment]
    home.work()
    assert home.state("m") is State.APPROVED
    home.servers.answers = lambda _: {"outcome": "done", "evidence": {}}
    home.work()
    assert (home.state("m"), len(home.servers.calls)) == (State.DONE, 2)


def test_a_server_that_does_not_start_postpones(home: Home) -> None:
    approved(home, "m")

    def absent(_: str) -> dict[str, object]:
        raise NeverSent("It does not start.")

    home.servers.answers = absent  # type: ignore[assignment]
    home.work()
    assert (home.state("m"), home.house.ledger.history("m")[-1].event) == (State.APPROVED, "postponed")


@pytest.mark.parametrize("answer", [{}, {"outcome": "maybe"}, {"outcome": 7}, {"outcome": "done", "evidence": "x"}])
def test_garbage_is_no_outcome(home: Home, answer: dict[str, object]) -> None:
    approved(home, "m")
    home.servers.answers = lambda _: answer
    home.work()
    assert home.state("m") in {State.APPROVED, State.DONE}
    assert home.state("m") is State.DONE or answer.get("outcome") != "done"


def test_one_request_in_trouble_does_not_keep_the_others_waiting(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(home, "a", "b", "c")
    begin = home.executor._runner.begin

    def stumble(entry):  # type: ignore[no-untyped-def]
        if entry.id == "a":
            raise PermissionError(errno.EACCES, "Permission denied", "Approved/a.md")
        return begin(entry)

    monkeypatch.setattr(home.executor._runner, "begin", stumble)
    with pytest.raises(PermissionError):
        home.work()
    assert [home.state(name) for name in "abc"] == [State.APPROVED, State.DONE, State.DONE]


def test_what_waits_or_is_done_costs_a_pass_no_reading(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(home, "m1", "m2")
    home.work()
    home.draft("m3", body="It is paid, m3.")
    home.look()
    home.approve("m3")
    read: list[str] = []
    readings = Index.readings

    def noted(index: Index, rows: Sequence[Row]) -> Mapping[int, Reading]:
        read.extend(row.file for row in rows)
        return readings(index, rows)

    monkeypatch.setattr(Index, "readings", noted)
    home.look()
    home.work()
    assert (home.state("m3"), home.lies("m1")) == (State.APPROVED, "Approved/archived/m1.md")
    read.clear()
    home.look()
    home.work()
    assert read == []


class Crash(BaseException):
    """The machine goes off."""


def test_what_was_done_before_a_crash_is_told_afterwards_and_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(home, "m1", "m2", "m3")
    tell, told = settlement.write_activity, list[int]()

    def crash_before_the_second_report(vault: Vault, *lines: ActivityLine) -> None:
        if told:
            raise Crash
        told.append(len(lines))
        tell(vault, *lines)

    with monkeypatch.context() as patch:
        patch.setattr(settlement, "write_activity", crash_before_the_second_report)
        with pytest.raises(Crash):
            home.work()
    assert (home.sent, told, lines_told(home)) == (["July"] * 3, [1], ["m1"])

    home.reopen()
    home.work()
    assert lines_told(home) == ["m1", "m2", "m3"]
    home.reopen()
    home.work()
    assert (home.servers.calls, lines_told(home)) == ([], ["m1", "m2", "m3"])


def test_many_fast_actions_share_a_report_and_slow_ones_are_told_one_by_one(home: Home) -> None:
    approved(home, *(f"m{number}" for number in range(6)))
    told_when_called = []

    def answer(_: str) -> dict[str, object]:
        told_when_called.append(len(lines_told(home)))
        home.clock.advance(0.1 if len(told_when_called) < 4 else 5)
        return {"outcome": "done", "evidence": {}}

    home.servers.answers = answer  # type: ignore[assignment]
    home.work()
    assert told_when_called == [0, 1, 1, 1, 4, 5]
    assert len(lines_told(home)) == 6


def test_a_dashboard_that_cannot_be_written_keeps_nothing_from_being_done_and_is_told_later(home: Home) -> None:
    (home.vault / "Dashboard.md").mkdir()
    approved(home, "m1", "m2")
    with pytest.raises(PlatinumError):
        home.work()
    assert (len(home.sent), home.lies("m2")) == (2, "Approved/archived/m2.md")
    (home.vault / "Dashboard.md").rmdir()
    home.work()
    assert lines_told(home) == ["m1", "m2"]
    assert len(home.sent) == 2


def lines_told(home: Home) -> list[str]:
    """The requests that the dashboard tells of, in the order of their names."""
    path = home.vault / "Dashboard.md"
    return sorted(re.findall(r" · request (\S+) · ", path.read_text())) if path.is_file() else []


def test_a_failed_disk_ends_the_pass_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(home, "a", "b")

    def fail(_):  # type: ignore[no-untyped-def]
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(home.executor._runner, "begin", fail)
    with pytest.raises(OSError, match="Input/output"):
        home.work()
    assert home.sent == []


def test_a_locked_keyring_leaves_a_hand_move_waiting_and_executes_the_rest(home: Home) -> None:
    approved(home, "m")
    home.draft("h")
    home.look()
    (home.vault / "Pending_Approval/cloud/h.md").rename(home.vault / "Approved/h.md")
    del home.house.__dict__["machine_signer"]
    object.__setattr__(home.house, "environ", {"HOME": "/nonexistent"})
    home.house.__dict__.pop("credentials", None)

    with pytest.raises(PlatinumError):
        home.work()
    assert (home.state("m"), home.house.ledger.entry("h")) == (State.DONE, None)


def test_of_files_that_were_being_written_and_went_away_again_nothing_is_remembered(home: Home) -> None:
    """A sync tool's temporary names come and go in Approved/ all day."""
    for name in ("a", "b"):
        file = home.write(f"Approved/{name}.md", "half a req", age_s=0)
        assert home.executor.run_pass() == 1
        file.unlink()
        assert home.executor.run_pass() == 0
    assert home.executor._looks == {}
