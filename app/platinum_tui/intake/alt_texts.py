"""What the media of a post show, in words: one text for each, in their order."""

from __future__ import annotations

from platinum_tui.intake.draft import Draft, free_text
from platinum_tui.intake.placeholders import placeholder_in
from platinum_tui.intake.sources import Candidate
from platinum_tui.intake.values import Raw
from platinum_tui.model.action import Platform
from platinum_tui.model.request import ProblemCode
from platinum_tui.model.text_length import alt_text_length

_KEYS = ("alt_text", "alt")
"""Where an entry of the media that is a mapping says it itself."""


def take_alt_texts(draft: Draft) -> None:
    """Reads the alternative texts into the draft; each has its medium, and fits the platform."""
    candidates = [*draft.sources.of(draft.kind, "alt_text"), *_beside_media(draft)]
    found = draft.agreed("alt_text", candidates, _texts, lenient=True)
    if not found or not any(found[0]):
        return
    texts, media = found[0], draft.fields.get("media", ())
    if len(texts) != len(media):
        draft.refuse(
            "alt_text", "", f"must be one text for each medium: there are {len(media)}, and {len(texts)} texts"
        )
        return
    draft.put("alt_text", texts, found[1].source)
    platform = draft.fields.get("platform")
    for text in texts:
        if placeholder_in(text):
            draft.refuse("alt_text", text, "")
        length = alt_text_length(text, Platform(platform)) if platform else None
        if length and not length.fits:
            draft.findings.problem(
                ProblemCode.TOO_LONG,
                f"An alternative text is too long for {platform}: {length}; shorten it.",
                "alt_text",
            )


def _beside_media(draft: Draft) -> list[Candidate]:
    entries = [(c, c.value) for c in draft.sources.of(draft.kind, "media") if isinstance(c.value, list)]
    return [
        Candidate([_own(entry) for entry in value], candidate.source, candidate.key)
        for candidate, value in entries
        if any(_own(entry) for entry in value)
    ]


def _own(entry: Raw) -> Raw:
    if not isinstance(entry, dict):
        return ""
    return next((entry[key] for key in _KEYS if entry.get(key)), "")


def _texts(value: Raw) -> list[str]:
    return [" ".join(free_text(text).split()) for text in (value if isinstance(value, list) else [value])]
