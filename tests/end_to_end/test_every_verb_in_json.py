"""Every verb takes `--json`: what it has to say is one JSON document on stdout, and an error is, too."""

from __future__ import annotations

import argparse
import json

import pytest

from platinum_tui.parser import build
from platinum_tui.verbs.grammar import read


def test_every_command_takes_it() -> None:
    commands = [command for command in read(build()).all() if command.path and not command.commands]
    assert len(commands) > 30
    assert [each.path for each in commands if not any("--json" in word.flags for word in each.options)] == []
    assert isinstance(build().parse_args(["freeze", "--json"]), argparse.Namespace)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("init", {"vault", "config"}),
        ("freeze --reason lunch", {"frozen"}),
        ("thaw", {"frozen"}),
        ("sync", {"synced", "why_not"}),
        ("audit show", {"events"}),
        ("config path", {"path"}),
        ("contacts add Ana --email ana@example.com", {"name", "whatsapp", "email"}),
        ("credentials remove email.password", {"name", "removed"}),
        ("completions fish", {"shell", "script"}),
        ("service remove", {"file", "removed"}),
    ],
)
def test_what_was_done_is_told_as_json(machine, words: str, keys: set[str]) -> None:
    machine.draft("a.md")
    assert set(machine.json(*words.split())) == keys


def test_what_is_frozen_says_why_and_the_log_is_told_event_by_event(machine) -> None:
    assert machine.json("freeze", "--reason", "lunch") == {"frozen": "lunch"}
    assert machine.json("status")["frozen"] == "lunch"
    assert machine.json("thaw") == {"frozen": None}
    events = machine.json("audit", "show")["events"]
    assert [event["event"] for event in events][-2:] == ["frozen", "thawed"]
    assert machine.json("audit", "export") == events
    assert json.loads(machine.run("audit", "export", "--format", "json").stdout) == events
    assert machine.run("audit", "export", "--format", "csv", "--json").stdout.startswith("seq,")


def test_a_secret_that_is_kept_is_told_by_its_name_alone(machine) -> None:
    done = machine.run("credentials", "set", "email.password", "--json", stdin="hush\n")
    assert json.loads(done.stdout)["name"] == "email.password"
    assert "hush" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("foo.bar", "`platinum-tui credentials list`"),
        ("emial.password", "did you mean email.password?"),
        ("odoo.api-key", "did you mean odoo.api_key?"),
        ("email.password", "no username under [servers.email]"),
    ],
)
def test_who_keeps_what_nothing_asks_for_is_told(machine, name: str, hint: str) -> None:
    assert hint in machine.run("credentials", "set", name, stdin="hush\n").stderr
    done = machine.run("credentials", "set", name, "--json", stdin="hush\n")
    assert hint in json.loads(done.stdout)["hint"]
    machine.configure('username = "me"\n')
    done = machine.run("credentials", "set", "email.password", "--json", stdin="hush\n")
    assert json.loads(done.stdout)["hint"] is None


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        ("edit a", 2, "usage"),
        ("edit --split a", 3, "not_approvable"),
        ("freeze --reason", 2, "usage"),
        ("serve nope", 2, "usage"),
        ("credentials import nothing.env", 2, "usage"),
        ("contacts add Ana --whatsapp 12", 2, "usage"),
        ("--readonly thaw", 3, "refused_by_policy"),
    ],
)
def test_what_cannot_be_done_is_told_as_json(machine, words: str, exit_code: int, code: str) -> None:
    machine.draft("a.md")
    error = machine.json(*words.split(), code=exit_code)["error"]
    assert (error["code"], bool(error["message"]), bool(error["remedy"])) == (code, True, True)


def test_a_vault_that_cannot_be_made_is_wrong_usage_and_nothing_points_to_it(machine) -> None:
    (machine.root / "a-file").write_text("mine")
    (machine.root / "config.toml").unlink()
    for path in ("a-file", "a-file/below"):
        error = machine.json("init", str(machine.root / path), code=2)["error"]
        assert error["code"] == "configuration"
        assert "Name a folder" in error["remedy"]
    assert not (machine.root / "config.toml").exists()
    assert (machine.root / "a-file").read_text() == "mine"
