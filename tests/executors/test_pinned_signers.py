"""Server and program go by the `signers.toml` of the directory that `init` noted, whatever their configuration is."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from tests.support.calling import NOW, StoppedClock
from tests.support.decisions import Signer, approval, decide
from tests.support.vault_house import ENVIRON, Home

from platinum_executors.family import ActingTool, Promise, Surroundings
from platinum_executors.serving import _gate
from platinum_tui.model.action import EmailSend, Kind
from platinum_tui.model.canonical import fields_of
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.review.house import House
from platinum_tui.system.configuration import Options, load
from platinum_tui.system.keys import SIGNERS_FILE, pin_signers_dir
from platinum_tui.system.server_settings import FamilySettings

FIELDS = fields_of(EmailSend(to=("ana@example.com",), subject="July", body="Hello"))


@pytest.mark.parametrize(("listed_in", "outcome"), [("pinned", Outcome.DONE), ("brought along", Outcome.REFUSED)])
def test_signers_count_only_from_the_directory_that_init_noted(
    tmp_path: Path, listed_in: str, outcome: Outcome
) -> None:
    home, other = Home(tmp_path), Signer("other")
    pinned, brought = tmp_path / "pinned", tmp_path / "brought along"
    for folder in (pinned, brought):
        folder.mkdir()
        (folder / "config.toml").write_bytes((tmp_path / "config.toml").read_bytes())
    key = base64.b64encode(other.public_key).decode()
    (tmp_path / listed_in / SIGNERS_FILE).write_text(f"[signers.other]\npublic_key = {json.dumps(key)}\n")
    pin_signers_dir(home.house.state, pinned)

    options = Options(vault=str(home.vault), config=str(brought / "config.toml"), state_dir=str(tmp_path / "state"))
    surroundings = Surroundings(
        settings=FamilySettings("email"), vault=home.vault, secret=lambda _: None, keep=lambda *_: None,
        clock=StoppedClock(), pause=lambda _: None,
    )  # fmt: skip
    tool = ActingTool(
        name="send_email", kind=Kind.EMAIL_SEND, description="", promise=Promise(), act=lambda *_: Result(Outcome.DONE)
    )
    decision = decide(Kind.EMAIL_SEND, FIELDS, other, vault=home.house.vault_id, decided_at=NOW)
    result = _gate(load(options, ENVIRON), surroundings).run(tool, FIELDS, approval(decision, other))
    house = House.open(load(options, ENVIRON), environ=ENVIRON)
    known = {key.public_key for key in house.known_keys()}
    for each in (home.house, house):
        each.ledger.close()

    assert result.outcome is outcome, result
    assert (other.public_key in known) == (outcome is Outcome.DONE), "the program says beforehand what the server will"
