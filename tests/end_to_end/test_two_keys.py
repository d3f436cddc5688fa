"""Two reviewers, each with their own state directory, approve one request."""

from __future__ import annotations

import dataclasses
import json

import pytest
from tests.support.machine import Machine


@pytest.fixture
def reviewers(machine: Machine) -> tuple[Machine, Machine]:
    """Ana, whose machine executes, and Ben; both are listed, and every approval takes both."""
    machine.configure(more='[approval]\ndefault = "two-keys"\n')
    ben = dataclasses.replace(machine, environ={**machine.environ, "PLATINUM_STATE_DIR": str(machine.root / "ben")})
    ben.run("init")
    listed = ""
    for name, state in (("ana", "state"), ("ben", "ben")):
        keys = json.loads((machine.root / state / "signers.json").read_text())
        (public,) = {key["public_key"] for key in keys["signers"] if key["role"] == "reviewer"}
        listed += f'[signers.{name}]\npublic_key = "{public}"\n'
    (machine.root / "signers.toml").write_text(listed)
    return machine, ben


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("listed_before", [True, False])
def test_the_second_reviewer_signs_the_same_decision(
    reviewers: tuple[Machine, Machine], named: bool, listed_before: bool
) -> None:
    ana, ben = reviewers
    ana.draft("k.md", id="crates" if named else "")
    fingerprint = ana.json("show", "k")["fingerprint"]
    if listed_before:
        ben.json("list")

    first = ana.json("approve", "k", "--fingerprint", fingerprint)
    assert (first["state"], first["file"]) == ("held", "Needs_Attention/k.md")
    second = ben.json("approve", "k", "--fingerprint", fingerprint)
    assert (second["state"], second["id"], second["file"]) == ("approved", first["id"], "Approved/k.md")
    envelope = json.loads((ana.vault / "Approved/k.decision.json").read_text())
    assert len(envelope["signatures"]) == 2

    ana.run("--daemon", "--once")
    assert len(ana.inbox.mails) == 1
    assert sorted(path.name for path in ana.vault.rglob("k.*")) == ["k.decision.json", "k.md", "k.receipt.json"]


def test_a_signature_that_nobody_knows_gives_no_id(reviewers: tuple[Machine, Machine]) -> None:
    ana, ben = reviewers
    ana.draft("k.md")
    first = ana.approve("k")
    (ana.root / "signers.toml").write_text("")
    assert ben.approve("k")["id"] != first["id"]


def test_what_was_decided_here_under_an_id_is_not_replaced_by_what_lies_beside_another_file(
    reviewers: tuple[Machine, Machine],
) -> None:
    ana, ben = reviewers
    ana.draft("k.md")
    request_id = ben.json("show", "k")["id"]
    assert ana.json("show", "k")["id"] == request_id
    ben.json("reject", "k", "--reason", "Not on a Friday.")
    ana.draft("k.md", body="The crates leave on Monday.")
    assert ana.approve("Pending_Approval/cloud/k.md")["id"] == request_id

    second = ben.approve("Needs_Attention/k.md")
    assert (second["state"], second["id"] == request_id) == ("held", False)
    assert ben.json("show", request_id)["state"] == "rejected"
    ana.run("--daemon", "--once", code=5)
    assert ana.inbox.mails == []
