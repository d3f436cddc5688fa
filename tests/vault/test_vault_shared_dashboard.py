"""One Dashboard.md that several machines write: the lines of all stand there, each once."""

from __future__ import annotations

import pytest
from tests.vault.vault_machines import Machine

from platinum_tui.vault import sync as sync_module


def test_the_dashboard_keeps_the_lines_of_both(laptop: Machine, desk: Machine) -> None:
    laptop.put("Dashboard.md", "# D\n\n## Recent Activity\n")
    laptop.sync()
    desk.sync()
    laptop.put("Dashboard.md", "# D\n\n## Recent Activity\n- laptop sent\n")
    desk.put("Dashboard.md", "# D\n\n## Recent Activity\n- desk sent\n")
    laptop.sync()
    assert desk.sync().conflicts == ()
    assert sorted(desk.read("Dashboard.md").splitlines()[-2:]) == ["- desk sent", "- laptop sent"]


def test_a_dashboard_without_lines_does_not_stop_the_sync(laptop: Machine, desk: Machine) -> None:
    laptop.put("Dashboard.md", "# D\n\0\n")
    desk.put("Dashboard.md", "# D\n")
    laptop.sync()
    (conflict,) = desk.sync().conflicts
    assert desk.read("Dashboard.md") == "# D\n"
    assert desk.read(conflict.other or "") == "# D\n\0\n"


def test_what_both_added_to_the_dashboard_stands_there_once(laptop: Machine, desk: Machine) -> None:
    both, head = "- 06:00:00Z · done · one", "# D\n\n## Recent Activity\n\n"
    laptop.put("Dashboard.md", f"{head}- old\n")
    laptop.sync()
    desk.sync()
    laptop.put("Dashboard.md", f"{head}- mine\n{both}\n- old\n")
    desk.put("Dashboard.md", f"{head}{both}\n- theirs\n- old\n")
    laptop.sync()
    assert desk.sync().conflicts == ()
    lines = desk.read("Dashboard.md").splitlines()
    assert sorted(lines[4:]) == sorted([both, "- mine", "- theirs", "- old"])
    assert "\n".join(lines[:4]) == head.rstrip("\n") + "\n"


def test_a_line_that_is_written_while_we_fetch_is_combined_with_theirs(
    laptop: Machine, desk: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.put("Dashboard.md", "# D\n\n- old\n")
    laptop.sync()
    desk.sync()
    laptop.put("Dashboard.md", "# D\n\n- theirs\n- old\n")
    laptop.sync()
    fetch = sync_module.Sync._fetch

    def write_meanwhile(sync: sync_module.Sync) -> None:
        fetch(sync)
        desk.put("Dashboard.md", "# D\n\n- mine\n- old\n")

    monkeypatch.setattr(sync_module.Sync, "_fetch", write_meanwhile)
    report = desk.open_sync().pull()

    assert report.conflicts == ()
    assert sorted(desk.read("Dashboard.md").splitlines()) == ["", "# D", "- mine", "- old", "- theirs"]
    assert list(desk.root.glob("*.sync-conflict-*")) == []
