"""Nobody leaves loopback: not a test, not the processes it starts, and not where the error is swallowed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

_SOURCE = Path(__file__).parent / "guard/sitecustomize.py"


class NetworkGuard:
    """Stops and remembers what this process and its children do.

    The children's part is a `sitecustomize`, put on the path of every process as it is started; grandchildren get it
    from their parents, for the program hands its own path on. Programs that are not Python are not watched: for those
    the whole suite runs in a network namespace of its own (docs/testing.md).
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="platinum-guard-"))
        self._note = self._folder / "left_loopback"

    def start(self) -> None:
        """Watches from now on; a process cannot be rid of it."""
        copy = self._folder / _SOURCE.name
        shutil.copyfile(_SOURCE, copy)
        spec = importlib.util.spec_from_file_location("platinum_network_guard", copy)
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        os.environ["PYTHONPATH"] = self._on_path(os.environ.get("PYTHONPATH"))
        sys.addaudithook(self._before_a_child)

    def taken(self) -> str:
        """What left loopback since the last question; empty where nothing did."""
        try:
            text = self._note.read_text("utf-8")
        except FileNotFoundError:
            return ""
        self._note.unlink()
        return text

    def stop(self) -> None:
        """The session is over."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _before_a_child(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "subprocess.Popen" and isinstance(arguments[3], dict):
            arguments[3]["PYTHONPATH"] = self._on_path(arguments[3].get("PYTHONPATH"))

    def _on_path(self, path: str | None) -> str:
        folders = path.split(os.pathsep) if path else []
        return os.pathsep.join([*(f for f in folders if f != str(self._folder)), str(self._folder)])
