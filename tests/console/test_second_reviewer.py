"""The second reviewer at the console: the decision beside a file names the request, whatever it is called here."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.decisions import Signer
from tests.support.office import Office
from tests.support.reviewer import at_the_console
from tests.support.vault_house import public

from platinum_tui.model.decision import Verdict
from platinum_tui.model.envelope import envelope_to_json
from platinum_tui.model.request import State
from platinum_tui.review.signing import decide

ANA = Signer("ana")
NAMED = "req-as-ana-knows-it"
DRAFT = "---\nkind: email_send\nto: [ana@example.com]\nsubject: Crates\n---\nOn Friday.\n"


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock) -> Office:
    """Two keys are asked for; Ana has signed a request without an id, on her machine, and a sync brought it here."""
    office = Office(tmp_path, clock, more='[approval]\ndefault = "two-keys"\n')
    mine = office.house.reviewer
    listed = {"ana": ANA.public_key, "ben": mine._private.public_key().public_bytes_raw()}
    entries = (f'[signers.{name}]\npublic_key = "{public(key)}"\n' for name, key in listed.items())
    (tmp_path / "signers.toml").write_text("".join(entries))
    path = office.house.vault.root / "Needs_Attention" / "k.md"
    path.write_text(DRAFT)
    request = dataclasses.replace(office.desk.find("k").request, id=NAMED)
    now = clock.now()
    envelope = decide(request, Verdict.APPROVE, vault_id=office.house.vault_id, signer=ANA, now=now)
    path.with_name("k.decision.json").write_text(json.dumps(envelope_to_json(envelope)))
    return office


async def test_approved_there_it_goes_out_under_the_name_that_both_have_signed(
    office: Office, clock: ManualClock
) -> None:
    here = office.desk.find("k").request.id
    assert here != NAMED
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("2")
        assert reviewer.selected == here
        await reviewer.presses("a")
        assert [name for name, _ in office.approved] == [NAMED]
        assert any(toast.startswith("Approved Crates") for toast in reviewer.toasts)
        assert "goes out in 10s" in reviewer.flight
        await reviewer.presses("u")
        assert "Taken back: Crates" in reviewer.toasts
        assert office.desk.standings({State.APPROVED}) == ()
