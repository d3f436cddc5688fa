"""The doctor's last word: what it did not try, and the command that does."""

from __future__ import annotations


def test_a_server_that_nobody_reaches_is_not_called_in_order(machine):
    file = machine.root / "config.toml"
    file.write_text(file.read_text().replace('"127.0.0.1"', '"mail.invalid"').replace('"none"', '"tls"'))

    said = machine.run("doctor").stderr

    assert "Everything is in order" not in said
    assert "Not tried: reaching email and logging in" in said
    assert "`platinum-tui credentials check`" in said
    assert machine.json("doctor")["findings"] == []


def test_what_is_wrong_comes_first(machine):
    machine.configure(more="username = 'me'\n")

    done = machine.run("doctor", code=5)

    assert "email.password" in done.stdout
    assert "Not tried" not in done.stderr


def test_without_a_server_there_is_nothing_left_to_try(machine):
    (machine.root / "config.toml").write_text(f'vault = "{machine.vault}"\n')

    assert machine.run("doctor").stderr == "Everything is in order.\n"
