"""The program is killed at every write; many write at once: nothing is mixed, lost or shown twice."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dashboard_texts import ours, outside

from platinum_tui.dashboard.activity import ActivityLine, write_activity
from platinum_tui.dashboard.journal import MergedJournal
from platinum_tui.vault import moves

T0 = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)
NOTES = b"# Mine\r\n\r\n## Recent Activity\r\n- my list\r\n"
KILLED = 9


def deliver(desk) -> dict[str, bytes]:
    """Six updates, one of them twice, one broken; more than are kept."""
    for minute in (1, 2, 3, 4):
        time = (T0 + timedelta(minutes=minute)).isoformat()
        desk.arrives(f"{minute}.json", json.dumps({"timestamp": time, "content": f"number {minute}"}))
    desk.arrives("5.json", json.dumps({"timestamp": (T0 + timedelta(minutes=4)).isoformat(), "content": "number 4"}))
    desk.arrives("6.json", "{broken")
    return desk.files("Updates")


def merge_and_die_at(desk, step: int) -> bool:
    """Merge in a process of its own that is killed in front of the given step; whether it was."""
    child = os.fork()
    if child == 0:
        left = step

        def killing(act):
            def counted(*args, **kwargs):
                nonlocal left
                left -= 1
                if left < 0:
                    os._exit(KILLED)
                return act(*args, **kwargs)

            return counted

        with contextlib.suppress(BaseException):
            moves._write = killing(moves._write)
            moves.rename_at = killing(moves.rename_at)
            moves.sync_folder = killing(moves.sync_folder)
            moves.exchange_at = killing(moves.exchange_at)
            os.unlink = killing(os.unlink)
            MergedJournal.add = killing(MergedJournal.add)
            desk.merge(keep=3)
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, KILLED)
    return code == KILLED


def test_a_merger_killed_at_any_step_is_made_good(desk):
    desk.dashboard.write_bytes(NOTES)
    arrived = deliver(desk)
    whole = None
    for step in range(200):
        desk.dashboard.write_bytes(NOTES)
        for path in [*(desk.vault.root / "Updates").rglob("*.*"), desk.state]:
            path.unlink(missing_ok=True)
        deliver(desk)
        killed = merge_and_die_at(desk, step)

        seen = desk.dashboard.read_bytes()
        assert outside(seen, NOTES)
        assert len(ours(seen)) in (0, 3)
        if not ours(seen):
            assert {name: data for name, data in desk.files("Updates").items() if "/" not in name} == arrived

        desk.merge(keep=3)
        whole = whole or desk.dashboard.read_bytes()
        assert sorted(ours(desk.dashboard.read_bytes())) == sorted(ours(whole))
        moves.remove_leftovers(desk.vault.root / "Updates/error")
        kept = desk.files("Updates")
        assert {name.partition("/")[2]: data for name, data in kept.items() if "reason" not in name} == arrived
        assert len([name for name in kept if name.endswith(".reason.txt")]) == 1
        if not killed:
            assert step > 20
            return
    pytest.fail("it never came to its end")


def action(number: int) -> ActivityLine:
    return ActivityLine(
        T0 + timedelta(minutes=number), "email_send", "ana@example.com", "done", "abcd-ef01-2345", f"r{number}"
    )


def test_an_executor_killed_at_any_step_records_once(desk):
    desk.dashboard.write_bytes(NOTES)
    for step in range(3):
        moves_before = moves.exchange_at

        def dying(*names, step=step, act=moves_before):
            if step == 0:
                raise KeyboardInterrupt
            act(*names)
            if step == 1:
                raise KeyboardInterrupt

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(moves, "exchange_at", dying)
            with contextlib.suppress(KeyboardInterrupt):
                write_activity(desk.vault, action(1))
    assert len(ours(desk.dashboard.read_bytes())) == 1
    assert outside(desk.dashboard.read_bytes(), NOTES)


def test_executors_and_mergers_at_once_lose_nothing(desk):
    desk.dashboard.write_bytes(NOTES)
    deliver(desk)
    numbers = iter(range(1000))
    writers = [
        threading.Thread(target=lambda block: [write_activity(desk.vault, action(n)) for n in block], args=(block,))
        for block in ([next(numbers) for _ in range(10)] for _ in range(4))
    ]
    mergers = [threading.Thread(target=desk.merge) for _ in range(2)]
    for thread in [*writers, *mergers]:
        thread.start()
    for thread in [*writers, *mergers]:
        thread.join()
    lines = ours(desk.dashboard.read_bytes())
    assert len(lines) == 40 + 5
    assert len(set(lines)) == len(lines)
    assert outside(desk.dashboard.read_bytes(), NOTES)
    assert not list(desk.vault.root.glob(".platinum-*"))


def test_two_vaults_do_not_wait_for_each_other(desk, tmp_path):
    other = replace(desk, vault=replace(desk.vault, root=tmp_path / "other"))
    other.vault.ensure()
    write_activity(desk.vault, action(1))
    write_activity(other.vault, action(1))
    assert other.shown == desk.shown
