"""A recipient whose domain could be taken for one that was written to before asks for more at approval."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from platinum_tui.ledger.ledger import DecidedAction
from platinum_tui.model.action import Kind
from platinum_tui.model.request import Request, RiskLevel, State
from platinum_tui.review.past import Past
from platinum_tui.review.risk import assess


class Ledger:
    """A ledger in which one mail went to nordwind.example."""

    def tail(self):
        return SimpleNamespace(seq=1)

    def actions_since(self, seq):
        assert seq == 0
        return [DecidedAction("r", "1", Kind.EMAIL_SEND, {"to": ["Jo <jo@nordwind.example>"]}, State.DONE)]


def risk_of(*to: str):
    fields = {"to": list(to), "subject": "s", "body": "b"}
    request = Request(id="n", file="Pending_Approval/n.md", sha256="0" * 64, kind=Kind.EMAIL_SEND, fields=fields)
    return assess(request, Past(Ledger()).refreshed())


@pytest.mark.parametrize("domain", ["n0rdwind.example", "nordwlnd.example", "nordwind.exarnple", "nоrdwind.example"])
def test_a_domain_that_looks_like_an_earlier_one_is_a_high_risk(domain: str) -> None:
    risk = risk_of(f"jo@{domain}")
    assert risk.level is RiskLevel.HIGH
    assert risk.reasons[0].code == "lookalike_domain"
    assert "nordwind.example" in risk.reasons[0].message


@pytest.mark.parametrize("address", ["ana@nordwind.example", "jo@nordwind.example", "jo@southwind.example"])
def test_the_same_domain_or_quite_another_is_none(address: str) -> None:
    assert "lookalike_domain" not in [reason.code for reason in risk_of(address).reasons]


def test_what_a_request_did_itself_is_no_past_of_its_own() -> None:
    class Executing(Ledger):
        def actions_since(self, seq):
            return [
                *super().actions_since(seq),
                DecidedAction("n", "2", Kind.EMAIL_SEND, {"to": ["jo@n0rdwind.example"]}, State.EXECUTING),
            ]

    fields = {"to": ["jo@n0rdwind.example"], "subject": "s", "body": "b"}
    request = Request(id="n", file="Pending_Approval/n.md", sha256="0" * 64, kind=Kind.EMAIL_SEND, fields=fields)
    past = Past(Executing()).refreshed()
    assert past.newcomers(request) == ("jo@n0rdwind.example",)
    assert assess(request, past).level is RiskLevel.HIGH


def test_an_action_that_failed_after_all_is_forgotten() -> None:
    class Moving(Ledger):
        seq = 1

        def tail(self):
            return SimpleNamespace(seq=self.seq)

        def actions_since(self, seq):
            failed = DecidedAction("r", "1", Kind.EMAIL_SEND, {"to": []}, State.FAILED)
            return super().actions_since(0) if seq == 0 else [failed]

    ledger = Moving()
    request = Request(
        id="n", file="n.md", sha256="0" * 64, kind=Kind.EMAIL_SEND, fields={"to": ["jo@nordwind.example"], "body": "b"}
    )
    past = Past(ledger)
    assert past.refreshed().newcomers(request) == ()
    ledger.seq = 2
    assert past.refreshed().newcomers(request) == ("jo@nordwind.example",)


def test_another_version_of_what_was_done_is_known_by_its_own_recipients() -> None:
    class Moving(Ledger):
        seq = 1

        def tail(self):
            return SimpleNamespace(seq=self.seq)

        def actions_since(self, seq):
            again = DecidedAction("r", "2", Kind.EMAIL_SEND, {"to": ["ana@nordwind.example"]}, State.EXECUTING)
            return super().actions_since(0) if seq == 0 else [again]

    ledger = Moving()
    request = Request(
        id="n", file="n.md", sha256="0" * 64, kind=Kind.EMAIL_SEND, fields={"to": ["ana@nordwind.example"], "body": "b"}
    )
    past = Past(ledger)
    assert past.refreshed().newcomers(request) == ("ana@nordwind.example",)
    ledger.seq = 2
    assert past.refreshed().newcomers(request) == ()
