"""From a key to the first heading of a long text, beside Textual's own Markdown widget, interleaved.

    python -m benchmarks.preview [--rounds 7]

Ours is the whole console: `j` selects the request, which is read from its file and laid out; Textual's is an
application with nothing but the widget, which is given the text that it has in memory.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import OURS, Target, report
from benchmarks.terminal import Terminal

from platinum_tui.vault.folders import Vault

PEER = "textual Markdown"
LIMITS = {2: 0.15, 50: 0.02, 250: 0.02}
"""At most so many times the peer's time, for a text of so many KB."""
HEADING = "The first heading"
_PART = "## Part {number}\n\nSome *text* with a [link](https://example.com/{number}) and `code`.\n\n* one\n* two\n\n"
_REQUEST = "---\nkind: email_send\nid: {id}\nto: [a@example.com]\nsubject: {id}\ncreated_at: {created}\n---\n{body}"
_WIDGET = """
import sys
from pathlib import Path
from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Markdown

class Peer(App):
    BINDINGS = [("j", "show", "")]
    def compose(self):
        with VerticalScroll():
            yield Markdown("ready")
    async def action_show(self):
        await self.query_one(Markdown).update(Path(sys.argv[1]).read_text())

Peer().run()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    for size, limit in LIMITS.items():
        with tempfile.TemporaryDirectory(prefix="platinum-preview-") as folder:
            programs = _programs(Path(folder), size * 1000)
            taken: dict[str, list[float]] = {name: [] for name in programs}
            environ = {"PLATINUM_PASSPHRASE": "x", "HOME": folder}
            for number in range(rounds + 1):
                for name, (command, ready) in programs.items():
                    with Terminal(command, environ) as terminal:
                        terminal.wait_for(ready)
                        terminal.rest(1.0, most=10.0)
                        seconds = terminal.press_until(b"j", HEADING, within=60.0)
                        if number:
                            taken[name].append(seconds * 1e3)
            report(f"first heading of {size} KB, ms", taken, [Target(PEER, limit)])


def _programs(root: Path, size: int) -> dict[str, tuple[list[str], str]]:
    """Both programs with a text of that size, and what each shows when it is ready."""
    text = f"# {HEADING}\n\n"
    number = 0
    while len(text) < size:
        number += 1
        text += _PART.format(number=number)
    vault, configuration = root / "vault", root / "config.toml"
    Vault(vault).ensure()
    folder = vault / "Pending_Approval" / "cloud"
    for day, (request_id, body) in enumerate((("short", "Hello.\n"), ("long", text)), 1):
        created = f"2026-01-{day:02}T10:00:00Z"
        (folder / f"{request_id}.md").write_text(_REQUEST.format(id=request_id, created=created, body=body))
    configuration.write_text(f'vault = "{vault}"\n')
    (root / "text.md").write_text(text)
    ours = [
        sys.executable,
        "-m",
        "platinum_tui.cli",
        "--config",
        str(configuration),
        "--state-dir",
        str(root / "state"),
    ]
    peer = [sys.executable, "-c", _WIDGET, str(root / "text.md")]
    return {PEER: (peer, "ready"), OURS: (ours, "Hello.")}


if __name__ == "__main__":
    main()
