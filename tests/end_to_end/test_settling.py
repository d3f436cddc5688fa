"""What keeps a request from being approved, and a person can settle on the spot: an unknown name, several actions."""

from __future__ import annotations

POSTS = """\
---
id: spring
action: post
platforms: [linkedin, facebook]
task: Needs_Action/cloud/spring.md
---
## Post

Our spring release is out.
"""


def listed(machine, *arguments):
    return {request["file"]: request for request in machine.json("list", *arguments)["requests"]}


def problems(request):
    return [problem["code"] for problem in request["problems"]]


def test_an_unknown_name_gets_its_number_and_the_request_can_be_approved(machine):
    file = machine.draft("hello.md", kind="whatsapp_message", to="Lee", subject="")
    before = (machine.root / "config.toml").read_text()
    (request,) = machine.json("list")["requests"]
    assert problems(request) == ["unresolved_recipient"]

    machine.run("--readonly", "contacts", "add", "Lee", "--whatsapp", "+49 151 12345678", code=3)
    machine.run("contacts", "add", "Lee", "--whatsapp", "0151 12345678", code=2)
    assert (machine.root / "config.toml").read_text() == before
    machine.run("contacts", "add", "Lee", "--whatsapp", "+49 151 12345678")

    assert (machine.root / "config.toml").read_text().startswith(before)
    (request,) = machine.json("list")["requests"]
    assert (problems(request), request["target"], request["approvable"]) == ([], "+4915112345678", True)
    assert file.exists()
    assert "contact_remembered" in machine.run("audit", "show").stdout


def test_a_file_for_two_platforms_becomes_two_requests(machine):
    (machine.vault / "Pending_Approval/spring.md").write_text(POSTS)
    machine.run("--readonly", "edit", "spring", "--split", code=3)

    files = machine.run("edit", "spring", "--split").stdout.split()

    pending = listed(machine)
    assert sorted(pending) == sorted(files)
    assert [pending[file]["target"] for file in files] == ["linkedin", "facebook"]
    assert all(pending[file]["approvable"] for file in files)
    (rejected,) = machine.json("list", "--state", "rejected")["requests"]
    assert (rejected["id"], rejected["file"]) == ("spring", "Rejected/spring.md")
    assert "split into" in machine.run("show", "spring").stdout.lower()
    assert machine.run("audit", "show").stdout.count("withdrawn") == 1


def test_a_split_that_was_cut_short_is_ended_and_repeats_nothing(machine):
    (machine.vault / "Pending_Approval/spring.md").write_text(POSTS)
    files = machine.run("edit", "spring", "--split").stdout.split()
    machine.run("reject", "spring-1", "--reason", "not there")
    machine.run("undo", "spring")  # as if the file had never left

    machine.run("edit", "spring", "--split")

    assert sorted(listed(machine)) == files[1:]
    assert sorted(listed(machine, "--state", "rejected")) == [
        "Rejected/" + files[0].rpartition("/")[2],
        "Rejected/spring.md",
    ]


def test_one_action_is_not_split(machine):
    machine.draft("mail.md")
    machine.run("edit", "mail", "--split", code=3)
    assert len(machine.json("list")["requests"]) == 1


def test_a_post_as_json_is_split_too(machine):
    (machine.vault / "Pending_Approval/both.json").write_text(
        '{"action": "post", "platforms": ["x", "mastodon"], "text": "Hello"}'
    )
    files = machine.run("edit", "both", "--split").stdout.split()
    assert [request["target"] for _, request in sorted(listed(machine).items())] == ["x", "mastodon"]
    assert len(files) == 2
