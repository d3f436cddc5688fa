"""Stories of a service that does no key twice: a call whose answer is lost is made again, for as long as that helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.support.lost_answers import approved, attempts, dies
from tests.support.vault_house import Home

from platinum_tui.execution.connection import NeverSent
from platinum_tui.execution.resolution import Resolution
from platinum_tui.execution.switch import Switch
from platinum_tui.execution.tools import DEADLINE_S
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.request import State

_DONE: Mapping[str, object] = {"outcome": "done", "evidence": {}}


def _acts_and_dies_at_first(home: Home, then: Callable[[], Mapping[str, object]]) -> None:
    """A service that does no key twice and cannot be asked: nobody hears what the first call came to."""
    home.servers.promises = {"send_email": {"key_life": 86_400}}
    approved(home, "m")

    def answers(tool: str) -> Mapping[str, object]:
        if tool == "find":
            return {"outcome": "unknown"}
        return dies(home) if attempts(home) == [1] else then()

    home.servers.answers = answers


def _killed() -> Mapping[str, object]:
    raise KeyboardInterrupt


def test_where_the_service_does_no_key_twice_the_call_is_made_again(home: Home) -> None:
    _acts_and_dies_at_first(home, lambda: _DONE)
    home.work()
    assert (home.state("m"), attempts(home)) == (State.DONE, [1, 2])


_FULL = {"outcome": "refused", "code": "cannot_record", "message": "No space left."}


def test_a_refusal_to_do_it_again_does_not_say_that_it_never_happened(home: Home) -> None:
    _acts_and_dies_at_first(home, lambda: _FULL)
    home.work()
    standing = home.desk.find("m")
    assert (standing.state, attempts(home)) == (State.UNKNOWN, [1, 2])
    assert standing.why == "It may have happened, and the service cannot be asked: No space left."


def test_what_cannot_be_done_again_for_now_is_done_again_later(home: Home) -> None:
    full = {**_FULL, "retriable": True}
    _acts_and_dies_at_first(home, lambda: full if attempts(home)[-1] < 4 else _DONE)
    home.work()
    standing = home.desk.find("m")
    assert (standing.state, home.lies("m"), attempts(home)) == (State.EXECUTING, "In_Progress/local/m.md", [1, 2])
    assert standing.why == (
        "It may have happened; it is asked for again, for this service does nothing twice: No space left."
    )
    assert home.executor.next_due() == 60
    for wait, made in ((59, 2), (1, 3), (119, 3), (1, 4)):
        home.clock.advance(wait)
        home.work()
        assert len(attempts(home)) == made
    assert (home.state("m"), home.lies("m")) == (State.DONE, "Approved/archived/m.md")


def test_what_is_said_of_an_attempt_without_answer_is_not_said_of_the_next_one(home: Home) -> None:
    said = list[str]()

    def answer() -> Mapping[str, object]:
        said.append(home.desk.find("m").why)
        return {**_FULL, "retriable": True} if len(said) < 2 else _DONE

    _acts_and_dies_at_first(home, answer)
    home.work()
    assert home.desk.find("m").why.startswith("It may have happened; it is asked for again")
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), said) == (State.DONE, ["", ""])


def test_what_can_never_be_done_again_is_brought_to_a_person(home: Home) -> None:
    _acts_and_dies_at_first(home, lambda: {**_FULL, "retriable": True})
    for _ in range(10):
        home.work()
        home.clock.advance(3600)
    assert (home.state("m"), attempts(home)) == (State.UNKNOWN, [1, 2, 3, 4, 5])


def test_what_was_killed_while_it_was_done_again_may_have_happened_the_first_time(home: Home) -> None:
    _acts_and_dies_at_first(home, _killed)
    with pytest.raises(KeyboardInterrupt):
        home.work()
    home.reopen()
    home.work()
    assert home.state("m") is State.UNKNOWN


def test_what_was_killed_while_it_was_done_again_is_done_again(home: Home) -> None:
    _acts_and_dies_at_first(home, _killed)
    with pytest.raises(KeyboardInterrupt):
        home.work()
    assert attempts(home) == [1, 2]
    home.reopen()
    home.servers.promises = {"send_email": {"key_life": 86_400}}
    home.servers.answers = lambda tool: {"outcome": "unknown" if tool == "find" else "done", "evidence": {}}
    home.work()
    assert (home.state("m"), attempts(home)) == (State.DONE, [3])


@pytest.mark.parametrize("acts", [True, False])
def test_a_server_that_dies_while_it_does_it_again_does_it_once_more(home: Home, acts: bool) -> None:
    _acts_and_dies_at_first(home, lambda: dies(home, acts=acts) if attempts(home)[-1] < 4 else _DONE)
    home.work()
    assert (home.state("m"), attempts(home)) == (State.DONE, [1, 2, 3, 4])


def test_a_server_that_always_dies_is_not_asked_for_ever(home: Home) -> None:
    _acts_and_dies_at_first(home, lambda: dies(home))
    home.work()
    assert (home.state("m"), attempts(home)) == (State.UNKNOWN, [1, 2, 3, 4, 5])


def test_a_server_that_hangs_is_waited_for_once_more_and_not_again(home: Home) -> None:
    def hangs() -> Mapping[str, object]:
        home.clock.advance(DEADLINE_S)
        return dies(home)

    _acts_and_dies_at_first(home, hangs)
    home.work()
    assert (home.state("m"), attempts(home)) == (State.UNKNOWN, [1, 2])


def _busy(home: Home) -> Callable[[], Mapping[str, object]]:
    """It refuses the second attempt for a cause that passes."""
    return lambda: {**_FULL, "retriable": True} if attempts(home)[-1] == 2 else _DONE


def test_what_is_frozen_before_it_can_be_done_again_waits_for_the_thaw(home: Home) -> None:
    _acts_and_dies_at_first(home, _busy(home))
    home.work()
    switch = Switch(home.house)
    switch.freeze("lunch")
    home.clock.advance(600)
    home.work()
    assert (home.state("m"), attempts(home)) == (State.EXECUTING, [1, 2])
    switch.thaw()
    home.clock.advance(600)
    home.work()
    assert (home.state("m"), attempts(home)) == (State.DONE, [1, 2, 3])


def test_a_server_that_does_not_start_for_a_while_is_waited_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    starts, call = True, home.servers.call

    def silent(server: str, tool: str, *arguments: Any, **options: Any) -> Any:
        if not starts:
            raise NeverSent("It does not start.")
        return call(server, tool, *arguments, **options)

    def gone() -> Mapping[str, object]:
        nonlocal starts
        starts = False
        raise NeverSent("It does not start.")

    _acts_and_dies_at_first(home, gone)
    monkeypatch.setattr(home.servers, "call", silent)
    for _ in range(2):
        home.work()
        assert home.state("m") is State.EXECUTING
        home.clock.advance(120)
    starts = True
    home.servers.answers = lambda tool: {"outcome": "unknown"} if tool == "find" else _DONE
    home.work()
    assert home.state("m") is State.DONE


def test_the_limit_of_a_day_does_not_count_what_is_done_again(home: Home) -> None:
    home.configure('undo = "10s"\n[limits.email_send]\nper_day = 1\n')
    _acts_and_dies_at_first(home, lambda: _DONE)
    home.work()
    assert (home.state("m"), attempts(home)) == (State.DONE, [1, 2])


def test_how_long_it_was_unknown_says_nothing_about_a_new_approval(home: Home) -> None:
    approved(home, "m")
    home.servers.answers = lambda tool: {"outcome": "unknown"} if tool == "find" else dies(home)
    home.work()
    home.clock.advance(4 * 86_400)
    home.work()
    Resolution(home.desk).resolve("m", happened=False, evidence="Ana has nothing.")
    home.approve("m")
    home.clock.advance(10)
    home.servers.answers = lambda _: _killed()
    with pytest.raises(KeyboardInterrupt):
        home.work()
    assert home.state("m") is State.EXECUTING
    home.servers.answers = lambda _: _DONE
    home.work()
    assert home.state("m") is State.DONE


def _left_unknown_by_another_machine(home: Home) -> None:
    """The request is approved here, and another machine's claim says that it may have happened."""
    home.approve("m")
    entry = home.house.ledger.entry("m")
    assert entry is not None
    happening = Happening("executed_elsewhere", "executor", "unknown", {"machine": "office"})
    home.house.ledger.transition(
        entry, State.UNKNOWN, happening, while_in={State.APPROVED}, executed_at=home.clock.now()
    )


def test_how_rarely_it_was_asked_about_says_nothing_about_the_next_decision(home: Home) -> None:
    """No attempt was made here in between: the two standings differ in nothing but the decision."""
    home.servers.promises = {"send_email": {"marker": "message_id"}}
    home.servers.answers = lambda _: {"outcome": "cannot_tell"}
    home.draft("m")
    home.look()
    _left_unknown_by_another_machine(home)
    for days in (4, 1, 1):
        home.work()
        assert [tool for tool, *_ in home.servers.calls] == ["find"] * (1 if days == 4 else 2)
        home.clock.advance(days * 86_400)
    Resolution(home.desk).resolve("m", happened=False, evidence="Ana has nothing.")

    _left_unknown_by_another_machine(home)
    home.work()
    assert [tool for tool, *_ in home.servers.calls] == ["find"] * 3
