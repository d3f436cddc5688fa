"""Figures of one interleaved run, printed as medians, 95th percentiles and ratios, each beside its target."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from typing import NamedTuple

OURS = "platinum-tui"


class Target(NamedTuple):
    """At most `limit` times what `peer` takes."""

    peer: str
    limit: float


def report(
    what: str, values: dict[str, Sequence[float]], targets: Sequence[Target] = (), most: float | None = None
) -> None:
    """Print what each program took, and how ours stands to its targets.

    Args:
        what: what was measured, with its unit.
        values: the rounds of each program.
        targets: what ours should keep to.
        most: the most that our 95th percentile may be, in the same unit.
    """
    load = os.getloadavg()[0]
    print(f"{what}   (load {load:.1f})")
    medians = {name: statistics.median(rounds) for name, rounds in values.items() if rounds}
    for name, median in medians.items():
        print(f"  {name:<28}{median:10.2f}   p95 {percentile(values[name]):10.2f}   n {len(values[name])}")
    for peer, limit in targets:
        if peer in medians and OURS in medians:
            ratio = medians[OURS] / medians[peer]
            print(f"  {ratio:6.2f} × {peer}   target {limit} ×   {_word(ratio <= limit)}")
    if most is not None and OURS in values:
        measured = percentile(values[OURS])
        print(f"  p95 {measured:.2f}   target {most}   {_word(measured <= most)}")


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The value that this share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _word(met: bool) -> str:
    return "met" if met else "missed"
