"""What holds for every story: nobody leaves loopback, and a skipped counterpart is named at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest
from tests.support.network_guard import NetworkGuard

_GUARD = pytest.StashKey[NetworkGuard]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_GUARD] = guard = NetworkGuard()
    # Who hands the tests to workers runs none; each worker has a guard of its own, which must be its first.
    if not getattr(config.option, "numprocesses", None):
        guard.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_GUARD].stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    left = item.config.stash[_GUARD].taken() if report.when != "setup" else ""
    if left:
        report.outcome = "failed"
        report.longrepr = f"It, or a process of it, tried to leave loopback:\n{left}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Counts what was skipped for want of something, by its name and how to get it."""
    skipped = [report for report in terminalreporter.getreports("skipped") if isinstance(report.longrepr, tuple)]
    wanted = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if wanted:
        terminalreporter.section("skipped, and how to have it run")
        for reason, count in sorted(wanted.items()):
            terminalreporter.line(f"{count:4}  {reason}")
