"""The action as far as it was read: its fields, where each came from, and the one way in which sources must agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from platinum_tui.intake import hidden
from platinum_tui.intake.findings import Findings
from platinum_tui.intake.placeholders import placeholder_in
from platinum_tui.intake.sources import Candidate, Sources
from platinum_tui.intake.values import Raw, texts_in
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.request import ProblemCode, Source, SourceKind, WarningCode

T = TypeVar("T")
MAX_LINE = 998
"""The longest line of a mail header (RFC 5322, 2.1.1); no one-line field needs more."""


class Draft:
    """Collects the fields of one action."""

    def __init__(self, kind: Kind, sources: Sources, findings: Findings) -> None:
        self.kind, self.sources, self.findings = kind, sources, findings
        self.fields: dict[str, JsonValue] = {}
        self.origins: dict[str, Source] = {}
        self.lost: frozenset[str] = frozenset()
        self.disagreeing: frozenset[str] = frozenset()

    def agreed(
        self,
        name: str,
        candidates: Sequence[Candidate],
        parse: Callable[[Raw], T],
        *,
        same: Callable[[T], object] = lambda value: value,
        lenient: bool = False,
    ) -> tuple[T, Candidate] | None:
        """The one value that all sources of a field give after normalising.

        Args:
            name: the field, for the problem.
            candidates: what the file offers, in order of trust.
            parse: raw value to normal value; a ValueError says what is wrong with it.
            same: what two values must share to agree.
            lenient: a label or section that cannot be read is passed over where another source can.

        Returns:
            The first source's value with its source; None where there is none or none that can be used. `findings`
            then holds why, except where there is no candidate at all.
        """
        read: list[tuple[T, Candidate]] = []
        wrong: list[tuple[Candidate, str]] = []
        for candidate in candidates:
            self.notice(candidate.value)
            try:
                read.append((parse(candidate.value), candidate))
            except ValueError as error:
                wrong.append((candidate, str(error)))
        if lenient and read:
            wrong = [(c, why) for c, why in wrong if c.source.source not in (SourceKind.LABEL, SourceKind.SECTION)]
        if wrong:
            self.refuse(name, wrong[0][0].value, wrong[0][1])
            return None
        if not read:
            return None
        if len({repr(same(value)) for value, _ in read}) > 1:
            self.disagree(name)
            return None
        return read[0]

    def put(self, name: str, value: JsonValue, source: Source) -> None:
        """Takes a value for a field."""
        self.fields[name] = value
        self.origins[name] = source

    def take(
        self,
        name: str,
        parse: Callable[[Raw], JsonValue],
        *,
        same: Callable[[JsonValue], object] = lambda value: value,
        lenient: bool = False,
    ) -> JsonValue:
        """Reads a field from all its sources and takes it; None where it does not come out."""
        found = self.agreed(name, self.sources.of(self.kind, name), parse, same=same, lenient=lenient)
        if found:
            self.put(name, found[0], found[1].source)
        return found[0] if found else None

    def refuse(self, name: str, value: Raw, why: str) -> None:
        """Notes that a value cannot be used: as a placeholder if it is one, else with the reason."""
        if any("\n" in text.strip() for text in texts_in(value)):
            self.findings.warn(
                WarningCode.CONTROL_CHARACTERS, "A line end stands in a field of one line; it was not obeyed."
            )
        if any(placeholder_in(text) for text in texts_in(value)):
            self.findings.problem(
                ProblemCode.PLACEHOLDER, f"{name} still holds text that was meant to be filled in.", name
            )
        else:
            self.findings.problem(ProblemCode.INVALID_VALUE, f"{name} {why}.", name)

    def disagree(self, name: str) -> None:
        """Notes that two sources give a field different values."""
        self.findings.disagree(name)

    def distrust(self, name: str) -> None:
        """Takes a field back that stands only where a stranger may have written it."""
        source = self.origins.get(name)
        if source and self.sources.is_doubtful(self.kind, source):
            del self.fields[name], self.origins[name]
            self.doubt(name, source)

    def doubt(self, name: str, source: Source) -> None:
        """Notes that a field has only a source that somebody else may have written."""
        self.findings.problem(
            ProblemCode.DISAGREEING_SOURCES,
            f"{name} stands only in line {source.line}, where somebody else may have written it;"
            " put it in the front matter.",
            name,
        )

    def missing(self, name: str, sentence: str) -> None:
        """Notes that a required field has no source, unless a problem with it is known already."""
        if name not in self.fields and not self.findings.has(name):
            self.findings.problem(ProblemCode.MISSING_FIELD, sentence, name)

    def notice(self, value: Raw) -> None:
        """Warns of what is in a value and cannot be seen."""
        for text in texts_in(value):
            if hidden.has_control(text):
                self.findings.warn(
                    WarningCode.CONTROL_CHARACTERS, "Control characters stand in the text; they are shown, not obeyed."
                )
            if hidden.has_bidi(text):
                self.findings.warn(WarningCode.BIDI, "Characters that turn the direction of writing stand in the text.")
            if hidden.has_invisible(text):
                self.findings.warn(WarningCode.HIDDEN_CONTENT, "Invisible characters stand in the text.")
            if hidden.has_mixed_word(text):
                self.findings.warn(WarningCode.MIXED_SCRIPT, "One word mixes letters of several scripts.")


def one_line(value: Raw) -> str:
    """A one-line text without control characters.

    Raises:
        ValueError: it is no text, has several lines, or holds control characters.
    """
    if not isinstance(value, str):
        raise ValueError("must be one text, not a list or mapping")
    text = str(value).strip()
    if "\n" in text:
        raise ValueError("must be one line")
    if hidden.has_control(text) or not _encodes(text):
        raise ValueError("holds control characters")
    if len(text) > MAX_LINE:
        raise ValueError("is too long for one line")
    return text


def identifier(value: Raw) -> str:
    """A one-line text that names something: no direction marks and no invisible characters either.

    Raises:
        ValueError: it holds what it must not.
    """
    text = one_line(value)
    if hidden.has_bidi(text) or hidden.has_invisible(text):
        raise ValueError("holds characters that cannot be seen")
    return text


def free_text(value: Raw) -> str:
    """A text of any number of lines.

    Raises:
        ValueError: it is no text or cannot be written as UTF-8.
    """
    if not isinstance(value, str):
        raise ValueError("must be a text, not a list or mapping")
    if not _encodes(value):
        raise ValueError("holds half a character and cannot be sent")
    return str(value)


def _encodes(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
