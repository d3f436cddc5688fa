"""What lies in Approved/, and whether it is executed there: every level against everything that may lie beside it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.decisions import Signer, enclose
from tests.support.vault_house import Home, keys, public

from platinum_tui.model.decision import Decision, Envelope, Signature, Verdict
from platinum_tui.model.envelope import envelope_to_json
from platinum_tui.model.request import State
from platinum_tui.review.signing import countersign, decide

LEVELS = ("move", "confirm", "signed", "two-keys")
FILE = "Approved/m.md"
BESIDE = "Approved/m.decision.json"
ANA, BEN, STRANGER, REVOKED = Signer("ana"), Signer("ben"), Signer("stranger"), Signer("revoked")


@dataclasses.dataclass(frozen=True)
class Case:
    """One thing that may lie in Approved/, and the levels at which it is enough."""

    name: str
    prepare: Callable[[Home], None]
    enough_for: str = ""


def _decision(home: Home, **changes: object) -> Decision:
    request = home.desk.find(FILE).request
    envelope = decide(request, Verdict.APPROVE, vault_id=home.house.vault_id, signer=keys()[1], now=home.clock.now())
    made = Decision.from_json(json.loads(envelope.payload))
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def _beside(home: Home, envelope: Envelope) -> None:
    home.write(BESIDE, json.dumps(envelope_to_json(envelope)))


def _signed(*signers: object, **changes: object) -> Callable[[Home], None]:
    def prepare(home: Home) -> None:
        chosen = [{"mine": keys()[1], "machine": keys()[2]}.get(signer, signer) for signer in signers]  # type: ignore[call-overload]
        _beside(home, enclose(_decision(home, **changes), *chosen))

    return prepare


def _ahead_by(span: timedelta) -> Callable[[Home], None]:
    return lambda home: _signed("mine", decided_at=home.clock.now() + span)(home)


def _nothing(_: Home) -> None:
    return None


def _by_sync(then: Callable[[Home], None]) -> Callable[[Home], None]:
    def prepare(home: Home) -> None:
        home.synced.add(FILE)
        then(home)

    return prepare


def _unseen(then: Callable[[Home], None]) -> Callable[[Home], None]:
    def prepare(home: Home) -> None:
        path = home.vault / FILE
        home.write(FILE, path.read_bytes().replace(b"paid", b"due!"), age_s=60)
        then(home)

    return prepare


def _changed_after(home: Home) -> None:
    _signed("mine")(home)
    _unseen(_nothing)(home)


def _spent(how: str) -> Callable[[Home], None]:
    def prepare(home: Home) -> None:
        decision = _decision(home)
        if how == "used":
            home.house.spent.act(decision.nonce, 1)
        else:
            home.house.spent.take_back(decision.nonce)
        _beside(home, enclose(decision, keys()[1]))

    return prepare


def _tampered(home: Home) -> None:
    envelope = enclose(_decision(home), keys()[1])
    _beside(home, Envelope(envelope.payload.replace(b"ana@example.com", b"eve@example.com"), envelope.signatures))


def _borrowed_name(home: Home) -> None:
    envelope = enclose(_decision(home), STRANGER)
    _beside(home, Envelope(envelope.payload, (Signature(keys()[1].key_id, envelope.signatures[0].signature),)))


def _garbage(home: Home) -> None:
    home.write(BESIDE, "{not json")


def _link(home: Home) -> None:
    _signed("mine")(home)
    (home.vault / BESIDE).rename(home.root / "elsewhere.json")
    (home.vault / BESIDE).symlink_to(home.root / "elsewhere.json")


def _twice_the_same(home: Home) -> None:
    envelope = enclose(_decision(home), ANA)
    _beside(home, Envelope(envelope.payload, (*envelope.signatures, *countersign(envelope, ANA).signatures)))  # type: ignore[arg-type]


def _used_by_two(home: Home) -> None:
    decision = _decision(home)
    home.house.spent.act(decision.nonce, 1)
    _beside(home, enclose(decision, ANA, BEN))


def _too_late(home: Home) -> None:
    _signed("mine")(home)
    home.clock.advance(timedelta(hours=73).total_seconds())


ONE_PERSON = "move confirm signed"
CASES = (
    Case("no decision, seen pending, moved by hand", _nothing, "move"),
    Case("no decision, bytes never seen", _unseen(_nothing)),
    Case("no decision, moved by sync", _by_sync(_nothing)),
    Case("no decision, never seen, moved by sync", _by_sync(_unseen(_nothing))),
    Case("the reviewer's", _signed("mine"), ONE_PERSON),
    Case("the reviewer's, moved by sync", _by_sync(_signed("mine")), ONE_PERSON),
    Case("the reviewer's, over bytes never seen here", _unseen(_signed("mine")), ONE_PERSON),
    Case("the reviewer's, and then a byte changed", _changed_after),
    Case("the machine's", _signed("machine"), "move"),
    Case("the machine's, moved by sync", _by_sync(_signed("machine")), "move"),
    Case("a stranger's", _signed(STRANGER)),
    Case("a stranger's under the reviewer's name", _borrowed_name),
    Case("a revoked key's", _signed(REVOKED)),
    Case("used before", _spent("used")),
    Case("taken back before", _spent("taken back")),
    Case("expired", _too_late),
    Case("from the future", _ahead_by(timedelta(hours=1))),
    Case("ahead by less than clocks differ", _ahead_by(timedelta(minutes=1)), ONE_PERSON),
    Case("for another vault", _signed("mine", vault="f" * 32)),
    Case("for another request", _signed("mine", request="other")),
    Case("for another digest", _signed("mine", digest="0" * 64)),
    Case("a rejection", _signed("mine", verdict=Verdict.REJECT)),
    Case("a wish for changes", _signed("mine", verdict=Verdict.REQUEST_CHANGES)),
    Case("no JSON", _garbage, "move"),
    Case("a link to a good one", _link, "move"),
    Case("changed after it was signed", _tampered),
    Case("a listed reviewer's", _signed(ANA), ONE_PERSON),
    Case("two listed reviewers'", _signed(ANA, BEN), f"{ONE_PERSON} two-keys"),
    Case("one listed reviewer's, twice", _twice_the_same, ONE_PERSON),
    Case("a listed reviewer's and the machine's", _signed(ANA, "machine"), ONE_PERSON),
    Case("a listed reviewer's and a revoked one's", _signed(ANA, REVOKED), ONE_PERSON),
    Case("a listed reviewer's and a stranger's", _signed(ANA, STRANGER), ONE_PERSON),
    Case("a listed reviewer's and an unlisted one's", _signed(ANA, "mine"), ONE_PERSON),
    Case("two listed reviewers', moved by sync", _by_sync(_signed(ANA, BEN)), f"{ONE_PERSON} two-keys"),
    Case("two listed reviewers', used before", _used_by_two),
)  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_enough_is_executed_and_what_is_not_is_held(home: Home, case: Case, level: str) -> None:
    listed = "".join(f'[signers.{key.name}]\npublic_key = "{public(key.public_key)}"\n' for key in (ANA, BEN, REVOKED))
    (home.root / "signers.toml").write_text(f"{listed}revoked_at = 2026-01-01T00:00:00Z\n")
    home.configure(f'undo = "0s"\n[approval]\ndefault = "{level}"\n')
    home.draft("m", "Pending_Approval/m.md")
    home.look()
    (home.vault / "Pending_Approval/m.md").rename(home.vault / FILE)

    case.prepare(home)
    home.work()

    entry = home.house.ledger.entry("m")
    assert entry is not None
    expected = State.DONE if level in case.enough_for.split() else State.HELD
    assert (entry.state, len(home.servers.calls)) == (expected, int(expected is State.DONE)), entry.why


def test_the_matrix_is_as_large_as_it_says() -> None:
    assert len({case.name for case in CASES}) * len(LEVELS) >= 112
