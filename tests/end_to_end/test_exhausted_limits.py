"""Whatever a verb did, `approvable` in its JSON says what `approve` would say of the request by now."""

from __future__ import annotations

import pytest
from tests.support.machine import Machine

PAYMENT = """---
kind: payment
payee: Nord GmbH
amount: "{amount}"
currency: EUR
account: DE89370400440532013000
---
"""


@pytest.fixture
def exhausted(machine: Machine) -> Machine:
    """Today's one mail is sent, and no payment above a hundred euros is allowed; two of each kind wait."""
    machine.configure(more='[limits.email_send]\nper_day = 1\n[limits.payment]\namount = "100.00 EUR"\n', undo="0s")
    machine.draft("first.md")
    machine.approve("first")
    machine.run("--daemon", "--once")
    assert len(machine.inbox.mails) == 1
    machine.draft("second.md", body="The pallets leave on Monday.")
    for name, amount in (("small", "99.00"), ("large", "101.00")):
        (machine.vault / "Pending_Approval" / f"{name}.md").write_text(PAYMENT.format(amount=amount))
    return machine


@pytest.mark.parametrize(("name", "approvable"), [("second", False), ("large", False), ("small", True)])
def test_a_limit_that_is_exhausted_is_told_after_every_verb(exhausted: Machine, name: str, approvable: bool) -> None:
    def told(*arguments: str) -> tuple[str, bool]:
        answer = exhausted.json(*arguments)
        return answer["state"], answer["approvable"]

    assert told("show", name) == ("pending", approvable)
    assert told("snooze", name, "--until", "2h") == ("snoozed", approvable)
    assert told("undo", name) == ("pending", approvable)
    path = exhausted.vault / exhausted.json("show", name)["file"]
    path.write_text(path.read_text().replace("pallets", "crates").replace("GmbH", "AG"))
    assert told("show", name) == ("pending", approvable)
    assert told("request-changes", name, "--reason", "Say why.") == ("changes_requested", approvable)
    assert told("undo", name) == ("pending", approvable)
    assert told("reject", name, "--reason", "No.") == ("rejected", False)
    if not approvable:
        told("undo", name)
        assert exhausted.approve(name, code=3)["error"]["code"] == "refused_by_policy"
