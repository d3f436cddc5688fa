"""Stories of files in the request folders that no request is called like: they are listed, and left where they lie."""

from __future__ import annotations

import os

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import ProblemCode, State

MAIL = "---\nid: a-mail\nkind: email_send\nto: [ana@example.com]\nsubject: July\n---\nIt is paid.\n"
NOTES: dict[str, str | bytes] = {
    "notes.txt": "call Ana",
    "draft.markdown": MAIL,
    "README": "# Requests",
    "x.yaml": "kind: email_send\n",
    "mail.eml": b"From: a@example.com\r\n\r\nCaf\xe9\r\n",
    "scan.pdf": b"%PDF-1.7\0\xff" * 9000,
}


def test_nothing_is_silently_skipped(home: Home) -> None:
    for name, content in NOTES.items():
        home.write(f"Pending_Approval/cloud/{name}", content)
    film = home.write("Pending_Approval/film.mp4", b"")
    os.truncate(film, 10**10)
    found = home.desk.standings({State.PENDING})
    assert {standing.title for standing in found} == {*NOTES, "film.mp4"}
    for standing in found:
        assert (standing.request.kind, standing.approvable) == (None, False)
        assert [problem.code for problem in standing.request.problems] == [ProblemCode.NOT_A_REQUEST]
    assert home.desk.find("draft.markdown").request.text == MAIL
    with pytest.raises(NotApprovable, match=r"neither \.md nor \.json"):
        home.approve("draft.markdown")


def test_what_is_hidden_unfinished_or_our_own_is_none_of_it(home: Home) -> None:
    home.draft("a-mail")
    home.approve("a-mail")
    for name in (".DS_Store", ".syncthing.a.md.tmp", "a.md~", "b.part", "~syncthing~c.md.tmp"):
        home.write(f"Pending_Approval/{name}", "x")
    assert [standing.request.id for standing in home.desk.standings()] == ["a-mail"]


def test_the_workers_leave_them_where_they_lie(home: Home) -> None:
    places = ("Pending_Approval", "Approved", "Rejected", "Needs_Attention", "Quarantine", "In_Progress/local")
    files = [f"{folder}/{name}" for folder in places for name in NOTES]
    for file in files:
        home.write(file, NOTES[file.rpartition("/")[2]])
    os.truncate(home.write("Approved/film.mp4", b""), 10**10)
    os.link(home.write("Pending_Approval/one.txt", "one"), home.vault / "Pending_Approval/two.txt")
    for _ in range(2):
        home.look()
        home.work()
        home.clock.advance(60)
    assert home.sent == []
    for file in (*files, "Approved/film.mp4", "Pending_Approval/one.txt", "Pending_Approval/two.txt"):
        assert (home.vault / file).exists(), file


def test_a_copy_with_another_suffix_is_not_taken_for_the_request(home: Home) -> None:
    path = home.draft("a-mail")
    home.write("Pending_Approval/cloud/a-mail.bak", path.read_bytes())
    home.look()
    home.approve("a-mail")
    (home.vault / "Approved/a-mail.md").unlink()
    home.clock.advance(60)
    home.work()
    home.look()
    assert (home.vault / "Pending_Approval/cloud/a-mail.bak").exists()
    assert home.desk.find("a-mail.bak").request.id != "a-mail"


def test_bytes_that_were_seen_as_a_note_alone_are_not_approved_by_a_move(home: Home) -> None:
    path = home.write("Pending_Approval/draft.txt", MAIL)
    home.look()
    path.rename(home.vault / "Approved/draft.md")
    home.look()
    home.work()
    assert (home.state("a-mail"), home.sent) == (State.HELD, [])


def test_one_can_be_rejected_and_taken_back(home: Home) -> None:
    home.write("Pending_Approval/notes.txt", "call Ana")
    home.write("Rejected/notes.txt", "another note")
    known = home.desk.find("Pending_Approval/notes.txt").request.id
    home.desk.reject("Pending_Approval/notes.txt", "no request")
    name = f"notes.{known}.txt"
    assert home.files("Rejected") == [name, f"{name}.decision.json", "notes.txt"]
    home.look()
    assert (home.state(known), home.lies(known)) == (State.REJECTED, f"Rejected/{name}")
    home.desk.undo(known)
    assert (home.state(known), home.lies(known)) == (State.PENDING, "Pending_Approval/notes.txt")


def test_a_note_and_a_request_of_the_same_stem_share_no_decision(home: Home) -> None:
    home.write("Pending_Approval/notes.txt", "call Ana")
    home.draft("a-mail", "Pending_Approval/notes.txt.md")
    home.desk.reject("Pending_Approval/notes.txt", "no request")
    home.desk.reject("a-mail", "no")
    assert home.files("Rejected") == [
        "notes.txt",
        "notes.txt.a-mail.decision.json",
        "notes.txt.a-mail.md",
        "notes.txt.decision.json",
    ]


def test_what_is_heard_of_is_listed_like_what_is_scanned(home: Home) -> None:
    home.desk.queue.refresh()
    inventory = home.desk.queue.inventory
    inventory.tidings.is_listening = lambda: True
    home.desk.queue.refresh()
    for name in ("notes.txt", "a.md~"):
        home.write(f"Pending_Approval/{name}", "x")
        inventory.hear([f"Pending_Approval/{name}"])
    (home.vault / "Pending_Approval/README").mkdir()
    inventory.hear(["Pending_Approval/README"])
    home.desk.queue.refresh()
    assert [standing.file for standing in home.desk.standings()] == ["Pending_Approval/notes.txt"]
