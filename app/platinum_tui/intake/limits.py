"""How long a text may be, as each platform counts it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_URL = re.compile(r"https?://[^\s<>]+")
_LIMITS: Mapping[str, int] = {
    "x": 280, "bluesky": 300, "mastodon": 500, "instagram": 2200, "linkedin": 3000, "facebook": 63206, "whatsapp": 4096,
}  # fmt: skip
_ALT_TEXT_LIMITS: Mapping[str, int] = {
    "x": 1000, "bluesky": 2000, "mastodon": 1500, "instagram": 1000, "linkedin": 4086,
}  # fmt: skip
"""Characters of a medium's alternative text (docs.x.com, create media metadata; bsky.app; docs.joinmastodon.org,
configuration; developers.facebook.com, IG user media; learn.microsoft.com, images API)."""
_URL_LENGTH = 23
"""A link counts as 23 characters on X (docs.x.com, counting characters) and on Mastodon (docs.joinmastodon.org)."""
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_JOINING = frozenset({"Mn", "Me", "Cf"})


def length(text: str, platform: str) -> int:
    """A text's length in the platform's own units."""
    text = unicodedata.normalize("NFC", text.strip())
    if platform == "x":
        return sum(map(_weight, _clusters(_URL.sub("u" * _URL_LENGTH, text))))
    if platform == "mastodon":
        return len(_clusters(_URL.sub("u" * _URL_LENGTH, text)))
    if platform == "bluesky":
        return len(_clusters(text))
    return len(text)


def excess(text: str, platform: str) -> str | None:
    """What to say of a text that is too long, `281 characters of 280`; None where it fits."""
    limit = _LIMITS.get(platform)
    if limit is None or len(text) * 2 <= limit or (counted := length(text, platform)) <= limit:
        return None
    return f"{counted} characters long, and {platform} takes {limit}"


def excess_of_alt_text(text: str, platform: str) -> str | None:
    """The same of a medium's alternative text."""
    limit = _ALT_TEXT_LIMITS.get(platform)
    if limit is None or len(text) <= limit:
        return None
    return f"{len(text)} characters long, and {platform} takes {limit}"


def _weight(cluster: str) -> int:
    """Two for an emoji or a letter outside the light ranges of twitter-text's configuration 3, else one a letter."""
    if len(cluster) == 1:
        return 1 if any(low <= ord(cluster) <= high for low, high in _LIGHT) else 2
    if any(ord(char) > 0x2000 for char in cluster):
        return 2
    return len(cluster)


def _clusters(text: str) -> list[str]:
    """What a reader takes for one character, near enough to UAX #29: marks, joined emoji, skin tones, flags."""
    if text.isascii():
        return list(text)
    clusters: list[str] = []
    for char in text:
        previous = clusters[-1] if clusters else ""
        joins = unicodedata.category(char) in _JOINING or 0x1F3FB <= ord(char) <= 0x1F3FF or previous.endswith("\u200d")
        flag = len(previous) == 1 and _is_regional(previous) and _is_regional(char)
        if previous and (joins or flag):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _is_regional(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
