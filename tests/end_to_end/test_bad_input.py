"""Bad input gets a clear sentence and the documented exit code, and harms nothing."""

from __future__ import annotations

import pytest

from platinum_tui import __version__
from platinum_tui.model.action import Kind

BAD = {
    "missing_field": {"subject": ""},
    "unreadable": {"subject": "&name July\ncc: *name"},
    "disagreeing_sources": {"subject": '"a"\nto: [b@example.com]'},
    "expired": {"expires_at": "2020-01-01T00:00:00Z", "created_at": "2019-12-31T00:00:00Z"},
    "invalid_value": {"subject": '"\\e[2J red"'},
}


@pytest.mark.parametrize("code", BAD)
def test_a_request_that_cannot_be_done_says_why_and_cannot_be_approved(machine, code):
    machine.draft("bad.md", **BAD[code])
    state = "expired" if code == "expired" else "pending"

    (listed,) = machine.json("list", "--state", state)["requests"]
    page = machine.run("show", "bad").stdout

    assert code in [problem["code"] for problem in listed["problems"]]
    assert listed["approvable"] is False
    assert code in page
    assert "\x1b" not in page
    error = machine.json("approve", "bad", "--fingerprint", listed["fingerprint"], code=3)["error"]
    assert error["code"] == "not_approvable"
    machine.run("--daemon", "--once")
    assert machine.inbox.mails == []


def test_escapes_in_a_body_reach_no_terminal(machine):
    machine.draft("loud.md", body="\x1b]52;c;aGk=\x07 and \x9b31m")

    for output in (machine.run("list"), machine.run("show", "loud"), machine.run("show", "loud", "--raw")):
        assert "\x1b" not in output.stdout + output.stderr
        assert "\x9b" not in output.stdout + output.stderr


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("latin.md", b"---\nsubject: caf\xe9\n---\nHi\n", "---\nsubject: caf\\xe9\n---\nHi\n"),
        ("torn.md", b"to: a\0\x1b[2J", "to: a⟦U+0000⟧⟦U+001B⟧[2J"),
        ("notes.txt", b"call Ana", "call Ana"),
        ("scan.pdf", b"%PDF-1.7\n\xff\x9b", "%PDF-1.7\n\\xff\\x9b"),
        ("large.md", b"first " + b"x" * 300_000, "first xxx"),
        ("large.bin", b"\xfefirst " + b"x" * 300_000, "\\xfefirst xxx"),
    ],
    ids=["latin", "torn", "text", "binary", "large", "large binary"],
)
def test_the_text_of_what_cannot_be_read_is_shown_all_the_same(machine, name, content, shown):
    (machine.vault / "Pending_Approval" / name).write_bytes(content)

    assert machine.run("show", name, "--raw").stdout.startswith(shown)
    assert machine.json("show", name, "--raw")["raw"].startswith(shown)
    machine.run("reject", name, "--reason", "no")
    assert machine.run("show", name, "--raw").stdout.startswith(shown)


def test_a_note_among_the_requests_is_listed_as_none(machine):
    (machine.vault / "Pending_Approval/README.md").write_text("# How this folder works\n\nAgents write here.\n")

    (listed,) = machine.json("list")["requests"]

    assert listed["kind"] is None
    assert [problem["code"] for problem in listed["problems"]] == ["not_a_request"]


def test_an_unknown_request_is_not_found(machine):
    error = machine.json("show", "nothing", code=4)["error"]
    assert error["code"] == "not_found"


def test_wrong_usage_ends_with_two(machine):
    machine.run("approve", "a", code=2)
    machine.run("--once", code=2)
    machine.run("no-such-command", code=2)
    assert machine.json("show", code=2)["error"]["code"] == "usage"


@pytest.mark.parametrize("command", ["list --state all", "approve july --fingerprint FP", "freeze", "--daemon --once"])
def test_the_demo_takes_no_command_and_none_goes_to_the_real_vault_instead(machine, command):
    machine.draft("july.md")
    fingerprint = machine.json("show", "july")["fingerprint"]

    done = machine.run("--demo", *command.replace("FP", fingerprint).split(), code=2)

    assert done.stdout == ""
    assert "sample requests" in done.stderr
    assert "without --demo" in done.stderr
    assert machine.json("show", "july")["state"] == "pending"
    assert not machine.json("status")["frozen"]


def test_the_demo_refuses_a_command_as_json_where_json_was_asked_for(machine):
    error = machine.json("--demo", "list", code=2)["error"]
    assert error["code"] == "usage"
    assert "without --demo" in error["remedy"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["aprove", "july"], "approve"),
        (["lst"], "list"),
        (["list", "--state", "pendign"], "pending"),
        (["tasks", "clam"], "claim"),
        (["config", "pth"], "path"),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_one(machine, typed, meant):
    said = machine.run(*typed, code=2).stderr

    assert f"Did you mean {meant}?" in said
    assert len(said.splitlines()) == 2


def test_a_word_like_no_other_is_answered_with_where_they_stand(machine):
    said = machine.run("xyzzy", code=2).stderr

    assert "xyzzy is no command" in said
    assert "`platinum-tui --help`" in said
    assert "\x1b" not in machine.run("\x1b[2Jlist", code=2).stderr


def test_the_console_without_a_terminal_says_what_to_do_instead(machine):
    assert "--daemon" in machine.run(code=2).stderr
    machine.run("--demo", code=2)


def test_a_broken_configuration_names_the_key(machine):
    machine.configure(more='colour = "red"\n')
    assert "colour" in machine.run("list", code=2).stderr


def test_without_a_passphrase_the_keyring_says_what_to_do(machine):
    machine.draft("a.md")
    fingerprint = machine.json("show", "a")["fingerprint"]
    del machine.environ["PLATINUM_PASSPHRASE"]

    error = machine.json("approve", "a", "--fingerprint", fingerprint, code=2)["error"]

    assert error["code"] == "keyring"
    assert "PLATINUM_PASSPHRASE" in error["remedy"]
    assert machine.json("show", "a")["state"] == "pending"


@pytest.mark.parametrize(("length", "code"), [(63, 0), (64, 2)])
def test_a_machines_name_is_valid_everywhere_or_nowhere(machine, length, code):
    machine.configure(machine="a" * length)

    for command in (["config", "validate"], ["init"], ["list"], ["--daemon", "--once"]):
        said = machine.run(*command, code=code).stderr
        assert code == 0 or "machine" in said


def test_every_problem_of_a_configuration_is_told_as_json(machine):
    assert machine.json("config", "validate") == {"ok": True, "problems": []}
    machine.configure(more='bogus = 1\nother = 2\n[sync]\nmode = "carrier pigeon"\n')

    said = machine.json("config", "validate", code=2)

    assert said["ok"] is False
    assert [name for name in ("bogus", "other", "sync.mode") if name in str(said["problems"])] == [
        "bogus",
        "other",
        "sync.mode",
    ]
    assert all(problem["code"] == "configuration" and problem["remedy"] for problem in said["problems"])
    assert said["error"] == said["problems"][0]
    assert "bogus" in machine.run("config", "validate", code=2).stderr


@pytest.mark.parametrize("words", ["--daemon list", "--once list", "--daemon --once list", "--daemon web"])
def test_the_workers_take_no_command(machine, words):
    done = machine.run(*words.split(), code=2)

    assert done.stdout == ""
    assert "platinum-tui --daemon --once" in done.stderr


def test_a_kind_that_there_is_not_lists_nothing(machine):
    machine.draft("july.md")

    assert "email_send" in machine.json("list", "--kind", "emial_send", code=2)["error"]["remedy"]
    assert "email_send, email_reply" in machine.json("list", "--kind", "xyzzy", code=2)["error"]["remedy"]
    for kind in Kind:
        assert len(machine.here("list", "--kind", kind)["requests"]) == (kind is Kind.EMAIL_SEND)


def test_readonly_founds_nothing(machine):
    other = machine.root / "other"
    before = sorted(machine.root.rglob("*"))

    assert machine.run("init", "--readonly", str(other), code=3).stderr
    machine.run("init", "--readonly", "--config", str(other / "config.toml"), str(other), code=3)

    assert sorted(machine.root.rglob("*")) == before


def test_readonly_keeps_and_forgets_no_credential(machine):
    machine.run("credentials", "set", "email.password", stdin="secret\n")
    file = machine.root / "secrets.env"
    file.write_text("ODOO_API_KEY=secret\n")

    for words in (["set", "odoo.api_key"], ["remove", "email.password"], ["import", str(file)]):
        machine.run("--readonly", "credentials", *words, stdin="secret\n", code=3)

    assert machine.json("--readonly", "credentials", "list")["credentials"] == ["email.password"]


def test_readonly_installs_and_removes_no_service(machine):
    unit = machine.root / "home/.config/systemd/user/platinum-tui.service"

    machine.run("--readonly", "service", "install", code=3)
    assert not unit.exists()

    unit.parent.mkdir(parents=True)
    unit.write_text("[Unit]\n")
    machine.run("service", "remove", "--readonly", code=3)
    assert unit.read_text() == "[Unit]\n"


@pytest.mark.parametrize("words", [["--version"], ["list", "--version"], ["audit", "verify", "--version"]])
def test_the_version_is_told_before_and_after_a_command(machine, words):
    assert machine.run(*words).stdout == f"platinum-tui {__version__}\n"
