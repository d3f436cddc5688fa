"""What the doctor says, each finding with its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from platinum_tui.console.preview.page import line
from platinum_tui.console.screens.leaflet import Leaflet, hanging
from platinum_tui.console.symbols import Symbols
from platinum_tui.model.text import safe_line
from platinum_tui.system.health import Finding, Severity, in_order

_LOOKS: Mapping[Severity, tuple[str, str]] = {
    Severity.ERROR: ("rejected", "error"),
    Severity.WARNING: ("held", "warning"),
    Severity.NOTE: ("pending", "muted"),
}
"""The state whose sign a finding has, and its style."""
_WORD = 11


class Checkup(Leaflet):
    """The findings, the worst first, once everything was looked over.

    Args:
        symbols: which signs to use.
        untried: which services are not asked, in a sentence; empty where there is none.
    """

    def __init__(self, symbols: Symbols, untried: str) -> None:
        super().__init__(symbols.keys, "doctor")
        self._untried = untried
        self._findings: Sequence[Finding] | None = None
        self._symbols = symbols

    def found(self, findings: Sequence[Finding]) -> None:
        """Everything was looked over: say what was found, if anybody waits for it still."""
        self._findings = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
        self.write()

    def text(self, width: int) -> Content:
        """Each finding with its remedy below."""
        return Content("\n").join(self._rows(width))

    def _rows(self, width: int) -> Iterator[Content]:
        yield line(("Doctor", "title"), ("   Esc closes", "muted"))
        if self._findings is None:
            yield line("")
            yield line(("Looking everything over, and starting your own servers for that.", "muted"))
            return
        if not self._findings:
            yield line("")
            yield line((f"{self._symbols.states['done']} ", "state-done"), in_order(self._untried))
        for finding in self._findings:
            state, look = _LOOKS[finding.severity]
            lead = line((f"{self._symbols.states[state]} {finding.severity.value}".ljust(_WORD), look))
            yield line("")
            yield from hanging(lead, line(safe_line(finding.message)), width)
            yield from hanging(line(" " * _WORD), line((safe_line(finding.remedy), "muted")), width)
        if self._untried:
            yield line("")
            yield from hanging(line(" " * _WORD), line((safe_line(self._untried), "muted")), width)
