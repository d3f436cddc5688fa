"""The terminal lent to another program: the user's editor for a request, the pager for its page."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported

from platinum_tui.console.background import in_background
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.editing import Draft

T = TypeVar("T")
_PATIENCE_S = 10.0
"""Seconds that each worker may take to end its pass before the terminal is given back."""


def edit(desk: Desk) -> None:
    """Open the selected request in the user's editor; what is saved is its new version, read and checked anew."""
    from platinum_tui.system.programs import edited, editor_of

    standing, _ = desk.decisions.shown()
    if standing is None:
        return
    service, request_id = desk.service, standing.request.id

    def opened(draft: Draft) -> None:
        after = _lent(desk, lambda: edited(editor_of(os.environ), draft.file.rpartition("/")[2], draft.data))
        desk.guard.changed()
        if after is None:
            return
        if after == draft.data:
            desk.tell("Nothing was changed.")
            return
        in_background(
            desk, lambda: service.revise(draft, after), partial(revised, desk), desk.complain, group="deciding"
        )

    in_background(desk, lambda: service.draft(request_id), opened, desk.complain, group="deciding")


def revised(desk: Desk, now: Standing) -> None:
    """Show a request's new version, with what changed."""
    desk.tell(f"A new version: {now.request.fingerprint}. Here is what changed; read it before you approve.")
    desk.decided()
    desk.refresh_requests()


def page(desk: Desk) -> None:
    """Show the page of what is selected in the user's pager."""
    from platinum_tui.system.programs import paged, pager_of

    text = desk.preview.text
    _lent(desk, lambda: paged(pager_of(os.environ), "page.txt", text))
    desk.guard.changed()


def suspend(desk: Desk) -> None:
    """Give the terminal back to the shell until `fg`; then everything is looked at anew before a key decides.

    Not while something is going out, or being written: a process that stands still cannot hear the answer, and keeps
    its locks. What is under way is done first; what takes longer than a person waits is told.
    """
    service, signal = desk.service, desk.app.app_resume_signal

    def resumed(_: object) -> None:
        desk.app.refresh(layout=True)  # the terminal has forgotten what was on it
        signal.unsubscribe(desk)
        desk.guard.changed()
        desk.refresh_requests()

    def stand_still(_: None) -> None:
        try:
            if any(work.group == "deciding" and not work.is_finished for work in desk.app.workers):
                desk.tell("A decision is being written: press again in a moment.", "warning")
            else:
                signal.subscribe(desk, resumed, immediate=True)
                desk.app.action_suspend_process()
        finally:
            service.let_go()

    if desk.snapshot.counts.get("executing"):
        desk.tell("Something is going out now: the shell is back once it is done.")
    in_background(desk, lambda: service.hold(_PATIENCE_S), stand_still, desk.complain, group="suspending")


def _lent(desk: Desk, work: Callable[[], T]) -> T | None:
    """What another program makes in our terminal; None where that went wrong, which is told."""
    try:
        return _in_our_terminal(desk, work)
    except SuspendNotSupported:
        desk.tell("This terminal cannot be lent to another program.", "warning")
    except PlatinumError as error:
        desk.complain(error)
    except OSError as error:
        desk.tell(safe_line(str(error)), "error")
    finally:
        desk.app.refresh()
    return None


def _in_our_terminal(desk: Desk, work: Callable[[], T]) -> T:
    """Do something that has the terminal to itself. Textual takes it back only from work that raised nothing."""
    with desk.app.suspend():
        try:
            result, trouble = work(), None
        except BaseException as error:  # noqa: BLE001 - it goes on its way once the terminal is ours again
            trouble = error
    if trouble:
        raise trouble
    return result
