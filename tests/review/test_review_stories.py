"""What a reviewer decides, and what the vault shows of it: on a real vault, a real ledger, real keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import NotApprovable, RefusedByPolicy, StaleFingerprint
from platinum_tui.model.request import ProblemCode, State
from platinum_tui.review.roll import Roll


def test_an_approved_mail_is_sent_once_after_its_undo_window(home: Home) -> None:
    home.draft("m")
    home.look()

    standing = home.approve("m")
    home.work()
    assert (standing.state, standing.file, home.sent) == (State.APPROVED, "Approved/m.md", [])
    assert home.files("Approved") == ["m.decision.json", "m.md"]

    home.clock.advance(10)
    home.work()
    home.work()
    assert (home.state("m"), home.sent) == (State.DONE, ["July"])
    assert home.files("Approved/archived") == ["m.decision.json", "m.md", "m.receipt.json"]
    assert home.files("In_Progress/local") == []


def test_a_rejected_one_is_never_sent_and_can_be_taken_back(home: Home) -> None:
    home.draft("m")

    home.desk.reject("m", "Not our tone.")
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.lies("m"), home.sent) == (State.REJECTED, "Rejected/m.md", [])

    home.desk.undo("m")
    assert (home.state("m"), home.lies("m")) == (State.PENDING, "Pending_Approval/cloud/m.md")


def test_undo_within_the_window_brings_everything_back_and_the_old_signature_is_worth_nothing(home: Home) -> None:
    home.draft("m")
    home.look()
    home.approve("m")
    kept = (home.vault / "Approved/m.decision.json").read_bytes()

    home.desk.undo("m")
    assert (home.state("m"), home.files("Approved")) == (State.PENDING, [])

    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/m.md")
    home.write("Approved/m.decision.json", kept)
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.sent) == (State.HELD, [])


def test_undo_after_the_window_is_refused(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    home.clock.advance(10)

    with pytest.raises(NotApprovable, match="undo window"):
        home.desk.undo("m")


def test_the_undo_window_survives_a_restart(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    home.clock.advance(9)

    home.reopen()
    home.work()
    assert home.sent == []
    home.desk.undo("m")
    home.clock.advance(9)
    home.work()
    assert (home.state("m"), home.sent) == (State.PENDING, [])


def test_what_is_approved_is_what_was_on_screen(home: Home) -> None:
    home.draft("m")
    seen = home.desk.find("m").request.fingerprint
    home.draft("m", body="Pay twice.")

    with pytest.raises(StaleFingerprint):
        home.desk.approve("m", seen)
    assert home.state("m") is State.PENDING


def test_one_changed_byte_after_the_approval_and_nothing_runs(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    text = (home.vault / "Approved/m.md").read_bytes()
    home.write("Approved/m.md", text + b" ", age_s=90)

    home.clock.advance(60)
    home.work()
    home.work()
    assert (home.state("m"), home.sent) == (State.HELD, [])
    assert home.lies("m").startswith("Needs_Attention/")


def test_snoozed_until_tomorrow_it_comes_back_by_itself(home: Home) -> None:
    home.draft("m")
    home.desk.snooze("m", home.clock.now() + timedelta(hours=2))
    assert home.state("m") is State.SNOOZED

    home.clock.advance(2 * 3600 + 1)
    assert home.state("m") is State.PENDING


def test_sent_back_for_changes_the_new_version_is_open_again(home: Home) -> None:
    home.draft("m")
    home.desk.request_changes("m", "Say when.")
    assert (home.state("m"), home.lies("m")) == (State.CHANGES_REQUESTED, "Rejected/m.md")

    home.draft("m", body="It is paid on Friday.")
    assert home.desk.find("Pending_Approval/cloud/m.md").state is State.PENDING
    home.desk.approve("Pending_Approval/cloud/m.md", home.desk.find("Pending_Approval/cloud/m.md").request.fingerprint)
    home.clock.advance(60)
    home.work()
    assert home.sent == ["July"]


def test_its_author_may_withdraw_it(home: Home) -> None:
    home.draft("m")
    home.desk.withdraw("m")
    home.work()
    assert (home.state("m"), home.sent) == (State.REJECTED, [])


def test_moved_by_hand_and_moved_back_in_time_it_is_not_sent(home: Home) -> None:
    home.draft("m")
    home.look()
    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/m.md")
    home.work()
    assert home.state("m") is State.APPROVED

    (home.vault / "Approved/m.md").rename(home.vault / "Pending_Approval/cloud/m.md")
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.sent) == (State.PENDING, [])


def test_undo_of_a_hand_move_brings_the_file_back_to_where_it_waited(home: Home) -> None:
    home.draft("m")
    home.look()
    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/m.md")
    home.work()

    home.desk.undo("m")
    home.clock.advance(60)
    home.work()
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.lies("m"), home.sent) == (State.PENDING, "Pending_Approval/cloud/m.md", [])


def test_a_file_that_is_still_being_written_is_left_alone(home: Home) -> None:
    home.draft("m")
    home.look()
    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/m.md")
    home.write("Approved/m.md", (home.vault / "Approved/m.md").read_bytes(), age_s=0)

    assert home.executor.run_pass() == 1
    assert home.house.ledger.entry("m") is None
    home.clock.advance(3)
    assert home.executor.run_pass() == 0
    assert home.state("m") is State.APPROVED


def test_two_files_of_one_id_with_other_bytes_are_a_conflict_and_neither_is_approved(home: Home) -> None:
    home.draft("m")
    home.draft("m", "Pending_Approval/other.md", body="Another text.")

    for file in ("Pending_Approval/cloud/m.md", "Pending_Approval/other.md"):
        standing = home.desk.find(file)
        assert ProblemCode.CONFLICT in {problem.code for problem in standing.request.problems}
        with pytest.raises(NotApprovable):
            home.desk.approve(file, standing.request.fingerprint)


@pytest.mark.parametrize(
    "name", ["m.sync-conflict-20260107-101112-ABCDEFG.md", "m (Ana's conflicted copy 2026-01-07).md"]
)
def test_a_second_version_without_an_id_is_not_approved_beside_the_first(home: Home, name: str) -> None:
    home.draft("", "Pending_Approval/cloud/m.md")
    copy = home.draft("", f"Pending_Approval/cloud/{name}", body="It is paid today.")
    home.look()
    by_file = {standing.file.rpartition("/")[2]: standing for standing in home.desk.standings()}
    assert by_file["m.md"].approvable
    assert not by_file[name].approvable
    assert by_file[name].has_problem(ProblemCode.CONFLICT)
    with pytest.raises(NotApprovable, match="Compare the two"):
        home.desk.approve(by_file[name].request.id, by_file[name].request.fingerprint)

    copy.rename(copy.with_name("kept.md"))
    home.look()
    assert home.desk.find("kept").approvable


def test_a_sync_copy_of_an_approved_mail_is_not_sent_again(home: Home) -> None:
    home.draft("m")
    home.draft("m", "Pending_Approval/cloud/m.sync-conflict-20260107.md")
    home.look()
    home.approve("m")
    assert home.files("Approved") == ["m.decision.json", "m.md"]

    home.clock.advance(60)
    for _ in range(3):
        home.look()
        home.work()
    assert home.sent == ["July"]
    assert home.files("Pending_Approval/cloud") == []


@pytest.mark.parametrize("place", ["Pending_Approval/cloud/m.md", "Pending_Approval/new.md", "Approved/m.md"])
def test_an_executed_file_that_shows_up_again_is_put_away(home: Home, place: str) -> None:
    data = home.draft("m").read_bytes()
    home.look()
    home.approve("m")
    home.clock.advance(60)
    home.work()

    home.write(place, data)
    for _ in range(2):
        home.look()
        home.work()
        home.clock.advance(60)
    assert home.sent == ["July"]
    assert not (home.vault / place).exists()
    assert len([name for name in home.files("Approved/archived") if name.endswith(".md")]) == 2


def test_an_expired_one_is_filed_away_and_cannot_be_approved(home: Home) -> None:
    home.draft("m", expires_at="2026-01-07T13:00:00Z")
    home.clock.advance(3601)

    with pytest.raises(NotApprovable):
        home.approve("m")
    home.look()
    assert (home.state("m"), home.lies("m")) == (State.EXPIRED, "Rejected/m.md")


def test_approved_in_time_but_due_too_late_it_is_held(home: Home) -> None:
    home.draft("m", expires_at="2026-01-07T12:00:05Z")
    home.approve("m")
    home.clock.advance(11)
    home.work()
    assert (home.state("m"), home.sent) == (State.HELD, [])


def test_names_that_are_taken_get_the_id_and_nothing_is_overwritten(home: Home) -> None:
    home.draft("m", "Pending_Approval/cloud/mail.md")
    for folder in ("Approved", "Approved/archived", "In_Progress/local"):
        home.write(f"{folder}/mail.md", f"# A note in {folder}\n")

    home.approve("m")
    home.clock.advance(60)
    home.work()
    assert home.sent == ["July"]
    assert (home.vault / "Approved/archived/mail.md").read_text() == "# A note in Approved/archived\n"
    assert (home.vault / "In_Progress/local/mail.md").read_text() == "# A note in In_Progress/local\n"
    assert home.lies("m") == "Approved/archived/mail.m.md"


def test_over_the_limit_it_is_refused_and_at_the_limit_of_the_day_it_is_held(home: Home) -> None:
    home.configure('undo = "0s"\n[limits.email_send]\nrecipients = 1\nper_day = 1\n')
    home.draft("many", to="[ana@example.com, ben@example.com]")
    assert home.desk.review("many").unready == "It reaches 2 recipients; the limit is 1."
    with pytest.raises(RefusedByPolicy, match="2 recipients"):
        home.approve("many")

    home.draft("first")
    home.draft("second", body="Another.")
    home.approve("first")
    home.approve("second")
    home.work()
    assert sorted([home.state("first"), home.state("second")]) == [State.DONE, State.HELD]
    assert len(home.sent) == 1


def test_frozen_nothing_begins_and_thawed_it_goes_on(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    home.executor.switch.freeze("I am not sure.")
    home.clock.advance(60)
    home.work()
    home.reopen()
    home.work()
    assert (home.state("m"), home.sent, home.files("In_Progress/local")) == (State.APPROVED, [], [])

    home.executor.switch.thaw()
    home.work()
    assert home.sent == ["July"]


def test_frozen_while_the_server_starts_nothing_is_sent(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    home.clock.advance(60)
    home.servers.while_starting = lambda: home.executor.switch.freeze("Stop.")
    home.work()
    assert (home.state("m"), home.sent) == (State.APPROVED, [])


def test_a_freeze_file_in_the_vault_stops_everything_too(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    home.write("FREEZE", "")
    home.clock.advance(60)
    home.work()
    assert home.sent == []


def test_a_deleted_file_is_not_sent_and_the_person_is_told(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    (home.vault / "Approved/m.md").unlink()
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.sent) == (State.HELD, [])
    assert "gone" in home.desk.find("m").why


def test_a_link_or_a_pipe_in_place_of_a_request_is_put_in_quarantine(home: Home) -> None:
    import os

    (home.vault / "Approved/l.md").symlink_to(home.root / "config.toml")
    os.mkfifo(home.vault / "Pending_Approval/p.md")
    home.look()
    home.work()
    assert sorted(path.name for path in (home.vault / "Quarantine").iterdir()) == ["l.md", "p.md"]
    assert home.sent == []


def test_a_decision_that_an_agent_wrote_is_shown_and_is_worth_nothing(home: Home) -> None:
    home.write("Pending_Approval/pay.decision.json", b'{"kind": "email_send", "to": ["a@example.com"]}')
    home.look()

    shown = home.desk.find("pay.decision.json")
    assert [problem.code for problem in shown.request.problems] == [ProblemCode.UNREADABLE]
    assert "decisions and receipts" in shown.request.problems[0].message
    assert not shown.approvable


def test_who_decides_meanwhile_does_not_put_another_request_in_its_place(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "m"):
        home.draft(name, body=f"It is paid, {name}.")
    home.look()
    home.approve("m")
    home.clock.advance(10)
    home.work()
    home.approve("a")
    home.clock.advance(10)
    search = Roll.search

    def meanwhile(*given: object) -> object:
        found = search(*given)  # type: ignore[arg-type]
        if found:
            monkeypatch.setattr(Roll, "search", search)
            home.work()
            home.look()
        return found

    monkeypatch.setattr(Roll, "search", meanwhile)
    assert home.desk.find("m").request.id == "m"
    assert home.desk.find("a").state is State.DONE
