"""A shell completes what the parser knows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from platinum_tui.parser import build
from platinum_tui.verbs.completions import SHELLS
from platinum_tui.verbs.grammar import read

PROGRAM = read(build())


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed: apt-get install {request.param}")
    return request.param


@pytest.fixture
def script(shell: str, tmp_path: Path) -> Path:
    path = tmp_path / f"completions.{shell}"
    path.write_text(SHELLS[shell](PROGRAM))
    return path


def test_the_shell_can_read_it(shell, script):
    subprocess.run([shell, "-n", str(script)], check=True, capture_output=True, timeout=20)


@pytest.mark.parametrize("name", SHELLS)
def test_it_names_every_command_and_every_option(name):
    text = SHELLS[name](PROGRAM)

    def spelled(flag: str) -> str:
        if name != "fish":
            return flag
        return f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"

    for command in PROGRAM.all():
        assert " ".join(command.path) in text
        assert all(spelled(flag) in text for word in command.options for flag in word.flags)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    {
        "au": {"audit"},
        "audit v": {"verify"},
        "list --state ex": {"executing", "expired"},
        "audit export --format ": {"csv", "json"},
        "--readonly config ": {"path", "show", "validate"},
        "approve x --fi": {"--fingerprint"},
        "tasks c": {"claim"},
    }.items(),
)
def test_bash_offers_what_may_follow(typed, offered, tmp_path):
    script = tmp_path / "completions.bash"
    script.write_text(SHELLS["bash"](PROGRAM))
    words = " ".join(f"'{word}'" for word in typed.split(" "))
    ask = f"source {script}; COMP_WORDS=(platinum-tui {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _platinum_tui"
    done = subprocess.run(
        ["bash", "-c", f'{ask}; echo "${{COMPREPLY[@]}}"'], capture_output=True, text=True, timeout=20
    )

    assert {word for word in done.stdout.split() if word[0] != "-" or typed.split(" ")[-1]} == offered


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed: apt-get install fish")
@pytest.mark.parametrize(
    ("typed", "offered"),
    {
        "audit v": ["verify"],
        "list --state ex": ["executing", "expired"],
        "--readonly config ": ["path", "show", "validate"],
    }.items(),
)
def test_fish_offers_what_may_follow(typed, offered, tmp_path):
    script = tmp_path / "completions.fish"
    script.write_text(SHELLS["fish"](PROGRAM))
    ask = f'source {script}; complete -C "platinum-tui {typed}"'
    done = subprocess.run(["fish", "-c", ask], capture_output=True, text=True, timeout=20)

    assert done.stderr == ""
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == offered


def test_every_command_has_a_line_of_help():

    assert [command.path for command in PROGRAM.all() if not command.help] == []
