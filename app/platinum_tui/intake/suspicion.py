"""What a reviewer should know about a file's text: what hides, misleads, orders or gives away."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.intake.draft import Draft
from platinum_tui.intake.findings import Findings
from platinum_tui.intake.sources import Sources
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.values import Raw


def suspect(
    text: str,
    head: Mapping[str, Raw],
    sources: Sources,
    draft: Draft | None,
    surroundings: Surroundings,
    findings: Findings,
) -> None:
    """Adds the warnings."""
