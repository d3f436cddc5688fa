"""What every story at the console starts with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from textual.screen import Screen
from textual.widgets import Input


@pytest.fixture(autouse=True)
def _still_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blinking cursor makes pictures differ."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)


@pytest.fixture(autouse=True)
def _one_thread_lays_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No work in the background asks a widget where it is: that lays the screen out, in two threads at once."""
    find_widget, elsewhere = Screen.find_widget, list[str]()

    def found(screen: Screen[Any], *arguments: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            elsewhere.append(threading.current_thread().name)
        return find_widget(screen, *arguments)

    monkeypatch.setattr(Screen, "find_widget", found)
    yield
    assert elsewhere == []


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock) -> Office:
    return Office(tmp_path, clock)
