"""What reading a file brought up: problems and warnings, each said once."""

from __future__ import annotations

from platinum_tui.model.request import Problem, ProblemCode, RequestWarning, WarningCode


class Findings:
    """Collects problems and warnings while one file is read."""

    def __init__(self) -> None:
        self._problems: dict[tuple[ProblemCode, str | None], Problem] = {}
        self._warnings: dict[WarningCode, RequestWarning] = {}

    def problem(self, code: ProblemCode, message: str, field: str | None = None) -> None:
        """Notes a reason against approval; the first sentence for a code and a field stays."""
        self._problems.setdefault((code, field), Problem(code, message, field))

    def disagree(self, field: str) -> None:
        """Notes that two sources give a field different values."""
        self.problem(
            ProblemCode.DISAGREEING_SOURCES,
            f"Two places of the file give different values for {field}; keep one.",
            field,
        )

    def warn(self, code: WarningCode, message: str) -> None:
        """Notes what a reviewer should know; the first sentence for a code stays."""
        self._warnings.setdefault(code, RequestWarning(code, message))

    def has(self, field: str) -> bool:
        """Whether a problem with that field is known."""
        return any(name == field for _, name in self._problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order in which they were found."""
        return tuple(self._problems.values())

    @property
    def warnings(self) -> tuple[RequestWarning, ...]:
        """In the order in which they were found."""
        return tuple(self._warnings.values())
