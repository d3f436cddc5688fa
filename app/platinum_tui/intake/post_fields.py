"""The fields of a post on a social network."""

from __future__ import annotations

import re

from platinum_tui.intake.alt_texts import take_alt_texts
from platinum_tui.intake.draft import Draft, identifier, one_line
from platinum_tui.intake.files import take_files
from platinum_tui.intake.kind_words import OTHER_NETWORKS, PLATFORMS, words_of
from platinum_tui.intake.kinds import KindReading
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.texts import check_length, take_text
from platinum_tui.intake.times import read_time
from platinum_tui.intake.values import Raw, is_nothing
from platinum_tui.model.action import Platform
from platinum_tui.model.decision import instant
from platinum_tui.model.request import ProblemCode, Source, SourceKind, WarningCode
from platinum_tui.model.social import text_with_link
from platinum_tui.model.text_length import post_length

_AT_ONCE = re.compile(
    r"(?i)(?:now|immediate(?:ly)?|asap|upon approval|on approval|after approval|instant(?:ly)?|tbd|not scheduled"
    r"|false|no)\b.*"
)
_URL = re.compile(r"https?://[^\s<>\"]+")


def read_post(draft: Draft, reading: KindReading, surroundings: Surroundings) -> None:
    """Reads all fields of a post into the draft."""
    _platform(draft, reading)
    take_text(draft, "text", reading)
    draft.take("link", _link, lenient=True)
    take_files(draft, "media", surroundings, addresses=True)
    take_alt_texts(draft)
    draft.take("visibility", _word, lenient=True)
    _schedule(draft)
    draft.missing("platform", "No platform is given; add `platform`, for example linkedin.")
    if not reading.several:
        draft.missing("text", "No text is given; write the post.")
    if draft.fields.get("platform") == Platform.INSTAGRAM:
        draft.missing("media", "Instagram takes no post without an image; add `media`.")
    _length(draft)


def _platform(draft: Draft, reading: KindReading) -> None:
    candidates = draft.sources.of(draft.kind, "platform")
    named: list[set[Platform]] = []
    for candidate in candidates:
        draft.notice(candidate.value)
        try:
            named.append(_platforms(candidate.value))
        except ValueError as error:
            draft.refuse("platform", candidate.value, str(error))
            return
    everywhere = {platform for found in named for platform in found}
    if any(len(found) > 1 for found in named):
        draft.findings.problem(
            ProblemCode.MULTIPLE_ACTIONS,
            "The post names several platforms; split it into one request each.",
            "platform",
        )
        return
    if reading.platform:
        everywhere.add(reading.platform)
    if len(everywhere) > 1:
        draft.disagree("platform")
        return
    if everywhere:
        named_by_kind = reading.platform is not None or not candidates
        source = Source(SourceKind.FRONT_MATTER) if named_by_kind else candidates[0].source
        draft.put("platform", next(iter(everywhere)).value, source)
        return
    if candidates:
        draft.refuse("platform", candidates[0].value, "is none of facebook, instagram, x, linkedin, mastodon, bluesky")


def _platforms(value: Raw) -> set[Platform]:
    """The platforms that a value names; two different ones for words such as `all`."""
    found: set[Platform] = set()
    for entry in value if isinstance(value, list) else [value]:
        words = words_of(identifier(entry))
        found |= {PLATFORMS[word] for word in words if word in PLATFORMS}
        if set(words) & {"all", "both", "multiple", "every"}:
            found |= {Platform.LINKEDIN, Platform.FACEBOOK}
        if set(words) & OTHER_NETWORKS:
            found |= {Platform.LINKEDIN, Platform.FACEBOOK} if found else set()
    return found


def _link(value: Raw) -> str:
    text = identifier(value)
    if not _URL.fullmatch(text):
        raise ValueError("is no web address")
    return text


def _word(value: Raw) -> str:
    return one_line(value).casefold()


def _length(draft: Draft) -> None:
    if {"platform", "text"} <= draft.fields.keys():
        platform = Platform(draft.fields["platform"])
        text = text_with_link(draft.fields["text"], draft.fields.get("link"), platform)
        check_length(draft, "text", post_length(text, platform), platform.value)


def _schedule(draft: Draft) -> None:
    candidates = [
        c
        for c in draft.sources.of(draft.kind, "scheduled_at")
        if isinstance(c.value, str) and not _AT_ONCE.fullmatch(c.value.strip())
    ]
    naive: list[bool] = []

    def moment(value: Raw) -> str:
        if is_nothing(value):
            raise ValueError("is empty")
        read = read_time(identifier(value))
        naive.append(read.naive)
        if read.date_only:
            raise ValueError("is a day without a time; write it like 2026-01-31T17:00:00Z")
        return instant(read.instant)

    found = draft.agreed("scheduled_at", candidates, moment)
    if found:
        draft.put("scheduled_at", found[0], found[1].source)
        if naive and all(naive):
            draft.findings.warn(WarningCode.NAIVE_TIME, "A time without a zone was read as UTC.")
