"""Updates into the text of Dashboard.md: each once, newest first under its heading, no more than are kept."""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from platinum_tui.dashboard.document import RECENT_ACTIVITY, Document, Edit, Section
from platinum_tui.dashboard.line import MERGED_REFERENCE, inert
from platinum_tui.dashboard.place import Standing, insertions, lines_in
from platinum_tui.dashboard.update import IN_CONFLICT, Update

_REFERENCE = re.compile(MERGED_REFERENCE)
_ID = re.compile(rf" · id (?P<id>[^·]+)(?P<marks>(?: · ⚠ [^·]*)*) · {MERGED_REFERENCE}[ \t]*$")


def merge_text(text: str, updates: Sequence[Update], keep: int, contested: Collection[str] = ()) -> str:
    """Dashboard.md with the lines of updates; those that stand in it already change nothing.

    An update goes under the heading that it asks for where there is one, else under Recent Activity. Where a line
    there says something else under the same id, both are marked.

    Args:
        text: the whole file.
        updates: oldest first, each content once.
        keep: how many lines of updates a section holds, at least 1; the oldest above that leave it.
        contested: ids that are known to have come with other content before.

    Returns:
        The whole file.
    """
    known = set(_REFERENCE.findall(text))
    fresh = [update for update in updates if update.reference not in known]
    if not fresh:
        return text
    document = Document(text)
    if any(_asked_for(document, update) is None for update in fresh):
        document, _ = document.with_section(RECENT_ACTIVITY)
    places: dict[Section, list[Update]] = {}
    for update in fresh:
        if section := _asked_for(document, update):
            places.setdefault(section, []).append(update)
    standing = lines_in(document, Section(0, len(document.text)))
    reported = {found["id"] for line in standing if (found := _ID.search(line.text))}
    counts = Counter(inert(update.id) for update in fresh if update.id)
    in_conflict = {inert(each) for each in contested} | {
        each for each in counts if each in reported or counts[each] > 1
    }
    edits = list[Edit]()
    for section, arrived in places.items():
        here = [line for line in standing if section.start <= line.start < section.end]
        edits += _edits(document, section, here, arrived, keep, in_conflict)
    removed = {edit.start for edit in edits if not edit.text}
    edits += [edit for line in standing if line.start not in removed for edit in _mark(line, in_conflict)]
    return document.edited(edits).text


def _asked_for(document: Document, update: Update) -> Section | None:
    """Where an update goes; None where the section for all the rest is missing."""
    asked = document.section(update.section) if update.section else None
    return asked or document.section(RECENT_ACTIVITY, 2)


def _edits(
    document: Document,
    section: Section,
    standing: Sequence[Standing],
    arrived: Sequence[Update],
    keep: int,
    in_conflict: Collection[str],
) -> Iterator[Edit]:
    """What changes in one section: lines that come, and the oldest lines of updates above the limit, which go."""
    merged = [line for line in standing if _REFERENCE.fullmatch(line.reference)]
    newest_first = [(update.time.replace(microsecond=0), update) for update in reversed(arrived)]
    ranked = sorted([*((line.time, line) for line in merged), *newest_first], key=operator.itemgetter(0), reverse=True)
    leaving = {id(each) for _, each in ranked[keep:]}
    lines = [
        (time, update.line(IN_CONFLICT) if inert(update.id) in in_conflict else update.line())
        for time, update in newest_first
        if id(update) not in leaving
    ]
    yield from insertions(document, section, standing, lines)
    for line in merged:
        if id(line) in leaving and line.owned:
            yield Edit(line.start, line.end, "")


def _mark(line: Standing, in_conflict: Collection[str]) -> Iterator[Edit]:
    """The edit that marks a standing line as in conflict, where it is and does not say so."""
    found = _ID.search(line.text)
    if found and found["id"] in in_conflict and IN_CONFLICT not in found["marks"]:
        at = line.start + found.end("marks")
        yield Edit(at, at, f" · {IN_CONFLICT}")
