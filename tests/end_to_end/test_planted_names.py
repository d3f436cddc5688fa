"""A request whose id is another one's file name: what a person types means one request, or is asked about."""

from __future__ import annotations

import pytest


@pytest.fixture
def planted(machine):
    """An approved b.md of a person's own, and a later file whose id is its name."""
    machine.configure(undo="1h")
    machine.draft("b.md", id="req-b")
    machine.approve("req-b")
    return machine


@pytest.mark.parametrize("name", ["b.md", "b"])
def test_a_name_that_is_one_requests_file_and_anothers_id_decides_nothing(planted, name: str):
    planted.draft("x.md", id=name, subject="Planted")

    for call in (("undo",), ("reject", "--reason", "no"), ("show",), ("withdraw",), ("snooze", "--until", "2h")):
        error = planted.json(call[0], name, *call[1:], code=2)["error"]
        assert error["code"] == "ambiguous"
        assert "Approved/b.md" in error["message"]
        assert "x.md" in error["message"]
        assert "path" in error["remedy"]
    assert {planted.json("show", file)["state"] for file in ("Approved/b.md", "req-b")} == {"approved"}
    assert planted.json("show", "x.md")["state"] == "pending"

    planted.run("reject", "x.md", "--reason", "It bears another one's name.")
    assert planted.json("undo", "Approved/b.md")["state"] == "pending"


def test_the_same_where_the_one_that_is_meant_was_rejected(planted):
    planted.json("reject", "b.md", "--reason", "no")
    planted.draft("x.md", id="b.md", subject="Planted")
    assert planted.json("undo", "b.md", code=3)["error"]["code"] == "not_approvable"

    planted.json("reject", "x.md", "--reason", "no")
    assert planted.json("undo", "b.md", code=2)["error"]["code"] == "ambiguous"
    assert planted.json("undo", "Rejected/b.md")["id"] == "req-b"


def test_the_name_of_a_file_that_is_done_means_the_one_that_is_not(planted):
    planted.configure(undo="0s")
    planted.json("undo", "req-b")
    planted.approve("req-b")
    planted.run("--daemon", "--once")
    assert planted.json("show", "b")["state"] == "done"

    planted.draft("x.md", id="b", subject="Another one")
    assert planted.json("show", "b")["title"] == planted.json("show", "x.md")["title"]


def test_once_the_planted_file_is_gone_the_name_means_one_again(planted):
    planted.draft("x.md", id="b", subject="Planted")
    planted.json("list")
    (planted.vault / "Pending_Approval/cloud/x.md").unlink()
    assert planted.json("show", "b")["id"] == "req-b"
    assert planted.json("undo", "b")["state"] == "pending"
