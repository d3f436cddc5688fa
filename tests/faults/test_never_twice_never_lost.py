"""The promise under every fault that these machines can produce, judged by a checker of its own."""

from __future__ import annotations

import shutil

import pytest

from .hunting import hunt, plain, power
from .many import double_deaths, every_death, failing_calls, failing_commits
from .mutants import MUTANTS, Hunt, Mutant
from .services import Service

strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace")
LONG_DOUBLE_DEATHS = 334
"""For each of three services: a thousand and two."""


@pytest.mark.parametrize("service", Service)
def test_undisturbed_everything_happens_once_and_what_comes_back_is_not_run_again(service: Service) -> None:
    assert plain(service).breaches == ()


@strace
def test_nothing_is_relied_on_before_it_is_synced() -> None:
    assert power(Service.ASKABLE).breaches == ()


@strace
def test_killed_before_any_system_call_nothing_happens_twice_or_is_lost() -> None:
    tally = every_death(Service.ASKABLE)

    assert tally.broken == ()
    assert tally.cases > 300
    assert tally.asked == 0, "this service can be asked: nobody else needs to be"


@strace
@pytest.mark.parametrize("service", [Service.DEDUPLICATES, Service.SILENT])
def test_killed_at_every_fifteenth_system_call_of_other_services(service: Service) -> None:
    assert every_death(service, every=15).broken == ()


@strace
def test_killed_again_in_the_recovery() -> None:
    assert double_deaths(Service.SILENT, 60, seed=20260107).broken == ()


@strace
def test_system_calls_that_fail() -> None:
    assert failing_calls(Service.SILENT, 100, seed=20260107).broken == ()


def test_commits_that_fail() -> None:
    assert failing_commits(Service.ASKABLE, every=2).broken == ()


@strace
@pytest.mark.parametrize("mutant", [m for m in MUTANTS if m.hunt is not Hunt.WALK], ids=lambda mutant: mutant.name)
def test_a_planted_bug_is_seen(mutant: Mutant) -> None:
    assert hunt(mutant) is not None


@pytest.mark.long
@strace
@pytest.mark.parametrize("service", Service)
def test_every_death_every_error_and_a_thousand_double_deaths(service: Service) -> None:
    for tally in (
        every_death(service),
        double_deaths(service, LONG_DOUBLE_DEATHS, seed=7),
        failing_calls(service),
        failing_commits(service),
    ):
        assert tally.broken == ()
