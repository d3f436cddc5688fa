"""A tool acts once, on exactly what a known key approved; every other call is refused before anything happens."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.calling import NOW, StoppedClock
from tests.support.decisions import VAULT_ID, Signer, approval, decide
from tests.support.rules import OneSignature

from platinum_executors.attempt import Attempt
from platinum_executors.burning import BurntDecisions
from platinum_executors.family import ActingTool, Promise, Surroundings
from platinum_executors.gate import Gate
from platinum_executors.refusal import Refused, Unknown
from platinum_tui.model.action import EmailSend, Kind
from platinum_tui.model.canonical import fields_of
from platinum_tui.model.decision import Verdict
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.server_settings import FamilySettings

MAIL = EmailSend(to=("ana@example.com",), subject="July", body="Hello")
FIELDS = fields_of(MAIL)
REVIEWER = Signer("reviewer")
SECOND = Signer("second")
STRANGER = Signer("stranger")
REVOKED = Signer("revoked", revoked_at=NOW - timedelta(days=1))


def surroundings(root: Path) -> Surroundings:
    return Surroundings(
        settings=FamilySettings("email"),
        vault=root,
        secret=lambda _: None,
        keep=lambda *_: None,
        clock=StoppedClock(),
        pause=lambda _: None,
    )


class World:
    """What a tool's function did, and how it is told to end."""

    def __init__(self) -> None:
        self.effects: list[EmailSend] = []
        self.before: Exception | None = None
        self.after: Exception | None = None

    def act(self, here: Surroundings, attempt: Attempt[EmailSend]) -> Result:
        if self.before:
            raise self.before
        attempt.cross()
        self.effects.append(attempt.action)
        if self.after:
            raise self.after
        return Result(Outcome.DONE, {"marker": attempt.marker})


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def tool(world: World) -> ActingTool:
    return ActingTool(name="send_email", kind=Kind.EMAIL_SEND, description="", promise=Promise(), act=world.act)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    burnt = BurntDecisions(tmp_path / "used")
    return Gate(surroundings(tmp_path), vault_id=VAULT_ID, rules=OneSignature([REVIEWER, SECOND, REVOKED]), burnt=burnt)


def decided(**changes):
    return decide(Kind.EMAIL_SEND, FIELDS, REVIEWER, **{"decided_at": NOW, **changes})


def test_an_approved_action_is_done_once(gate, tool, world, tmp_path):
    decision = decided()

    result = gate.run(tool, FIELDS, approval(decision, REVIEWER))

    assert result.outcome is Outcome.DONE
    assert world.effects == [MAIL]
    assert [mark.name for mark in (tmp_path / "used").iterdir()] == [f"{decision.nonce}.1"]


def test_the_same_decision_is_worth_nothing_the_second_time(gate, tool, world):
    envelope = approval(decided(), REVIEWER)
    gate.run(tool, FIELDS, envelope)

    again = gate.run(tool, FIELDS, envelope)

    assert (again.outcome, again.code) == (Outcome.REFUSED, "decision_used")
    assert len(world.effects) == 1


def test_a_burnt_decision_stays_burnt_for_the_next_process(gate, tool, world, tmp_path):
    envelope = approval(decided(), REVIEWER)
    gate.run(tool, FIELDS, envelope)
    restarted = Gate(
        surroundings(tmp_path),
        vault_id=VAULT_ID,
        rules=OneSignature([REVIEWER]),
        burnt=BurntDecisions(tmp_path / "used"),
    )

    assert restarted.run(tool, FIELDS, envelope).code == "decision_used"
    assert len(world.effects) == 1


def test_of_many_simultaneous_calls_with_one_decision_one_acts(gate, tool, world):
    envelope = approval(decided(), REVIEWER)
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(gate.run(tool, FIELDS, envelope).outcome)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes).count(Outcome.DONE) == 1
    assert len(world.effects) == 1


def test_other_attempt_numbers_buy_no_second_effect(gate, tool, world):
    envelope = approval(decided(), REVIEWER)
    start = threading.Barrier(8)

    def call(attempt: int) -> None:
        start.wait()
        gate.run(tool, FIELDS, {**envelope, "attempt": attempt})

    threads = [threading.Thread(target=call, args=(attempt,)) for attempt in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(world.effects) <= 1
    assert gate.run(tool, FIELDS, {**envelope, "attempt": 9}).code == "decision_used"


OTHER_FIELDS = {**FIELDS, "to": ["mallory@example.com"]}
SPOILT_SIGNATURE = approval(decided(), REVIEWER)
SPOILT_SIGNATURE["signatures"][0]["sig"] = approval(decided(), REVIEWER)["signatures"][0]["sig"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "decision_missing"),
        ({}, "decision_missing"),
        ("approved", "decision_missing"),
        ({"payload": "e30=", "signatures": []}, "decision_invalid"),
        ({**approval(decided(), REVIEWER), "payload": "!!"}, "decision_invalid"),
        (approval(decided(), STRANGER), "decision_untrusted"),
        (approval(decided(), REVOKED), "decision_untrusted"),
        (approval(decided()), "decision_untrusted"),
        (SPOILT_SIGNATURE, "decision_untrusted"),
        (approval(decided(), REVIEWER, required_signers=2), "decision_untrusted"),
        (approval(decided(), REVIEWER, REVIEWER, required_signers=2), "decision_untrusted"),
        (approval(decided(), REVIEWER, required_signers=0), "decision_invalid"),
        (approval(decided(verdict=Verdict.REJECT), REVIEWER), "decision_invalid"),
        (approval(decided(nonce="../" * 10 + "ab"), REVIEWER), "decision_invalid"),
        (approval(decided(vault="f" * 32), REVIEWER), "decision_other_vault"),
        (approval(decided(lasts=timedelta(0)), REVIEWER), "decision_expired"),
        (approval(decided(decided_at=NOW - timedelta(days=2)), REVIEWER), "decision_expired"),
        (approval(decide(Kind.EMAIL_SEND, OTHER_FIELDS, REVIEWER, decided_at=NOW), REVIEWER), "decision_mismatch"),
        (approval(decide(Kind.EMAIL_REPLY, FIELDS, REVIEWER, decided_at=NOW), REVIEWER), "decision_mismatch"),
        (
            approval(dataclasses.replace(decided(), file_sha256="0" * 64), REVIEWER),
            "decision_mismatch",
        ),
    ],
)
def test_without_a_valid_decision_nothing_happens(gate, tool, world, tmp_path, value, code):
    result = gate.run(tool, FIELDS, value)

    assert (result.outcome, result.code, result.retriable) == (Outcome.REFUSED, code, False)
    assert world.effects == []
    assert not (tmp_path / "used").exists()


def test_two_keys_satisfy_a_demand_for_two(gate, tool, world):
    assert gate.run(tool, FIELDS, approval(decided(), REVIEWER, SECOND, required_signers=2)).outcome is Outcome.DONE


def test_one_changed_argument_is_a_mismatch(gate, tool, world):
    result = gate.run(tool, {**FIELDS, "bcc": ["mallory@example.com"]}, approval(decided(), REVIEWER))

    assert result.code == "decision_mismatch"
    assert world.effects == []


def test_a_refusal_before_the_crossing_leaves_the_decision_good(gate, tool, world):
    envelope = approval(decided(), REVIEWER)
    world.before = Refused("no_connection", "The server is away.", retriable=True)
    first = gate.run(tool, FIELDS, envelope)
    world.before = None

    assert (first.outcome, first.retriable) == (Outcome.REFUSED, True)
    assert gate.run(tool, FIELDS, envelope).outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("error", "outcome", "code"),
    [
        (Refused("no", "The service says no."), Outcome.REFUSED, "no"),
        (Unknown("no_reply", "Nobody answered."), Outcome.UNKNOWN, "no_reply"),
        (RuntimeError("secret in here"), Outcome.UNKNOWN, "unexpected"),
    ],
)
def test_after_the_crossing_only_a_clear_no_is_a_no(gate, tool, world, error, outcome, code):
    world.after = error
    result = gate.run(tool, FIELDS, approval(decided(), REVIEWER))

    assert (result.outcome, result.code) == (outcome, code)
    assert "secret in here" not in result.message


def test_a_surprise_before_the_crossing_is_a_no(gate, tool, world):
    world.before = RuntimeError("secret in here")
    result = gate.run(tool, FIELDS, approval(decided(), REVIEWER))

    assert (result.outcome, result.code) == (Outcome.REFUSED, "unexpected")
    assert "secret in here" not in result.message


def test_keys_that_cannot_be_read_now_are_no_lasting_no(tool, world, tmp_path):
    class Unreadable(OneSignature):
        def keys_for(self, kind):
            raise ConfigurationError("signers.json cannot be read.") from OSError("Too many open files")

    burnt = BurntDecisions(tmp_path / "used")
    gate = Gate(surroundings(tmp_path), vault_id=VAULT_ID, rules=Unreadable([REVIEWER]), burnt=burnt)
    result = gate.run(tool, FIELDS, approval(decided(), REVIEWER))

    assert (result.outcome, result.retriable, world.effects) == (Outcome.REFUSED, True, [])


def test_a_mark_that_cannot_be_made_stops_before_the_effect(tool, world, tmp_path):
    (tmp_path / "state").write_text("a file where the directory should be")
    burnt = BurntDecisions(tmp_path / "state" / "used")
    gate = Gate(surroundings(tmp_path), vault_id=VAULT_ID, rules=OneSignature([REVIEWER]), burnt=burnt)
    result = gate.run(tool, FIELDS, approval(decided(), REVIEWER))

    assert (result.outcome, result.code) == (Outcome.REFUSED, "cannot_record")
    assert world.effects == []


def test_approved_arguments_that_are_no_action_are_refused(gate, tool, world):
    fields = {**FIELDS, "subject": 7}
    decision = decide(Kind.EMAIL_SEND, fields, REVIEWER, decided_at=NOW)

    assert gate.run(tool, fields, approval(decision, REVIEWER)).code == "invalid_arguments"
