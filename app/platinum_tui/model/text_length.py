"""How long a text is beside what its platform takes, counted as the platform counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from platinum_tui.model.action import Platform


@dataclass(frozen=True, slots=True)
class TextLength:
    """A text's length in units of whoever takes it, and how many of them it takes."""

    counted: int
    limit: int
    unit: str

    @property
    def fits(self) -> bool:
        """Whether it is taken."""
        return self.counted <= self.limit

    def __str__(self) -> str:
        return f"{self.counted} of {self.limit} {self.unit}"


def post_length(text: str, platform: Platform) -> TextLength:
    """The length of a post as its platform publishes it, links included."""
    count, limit, unit = _COUNTED[platform]
    octets = len(text.encode("utf-8", "surrogatepass")) if platform is Platform.BLUESKY else 0
    if octets > _BLUESKY_OCTETS:
        return TextLength(octets, _BLUESKY_OCTETS, "bytes")
    return TextLength(count(unicodedata.normalize("NFC", text)), limit, unit)


def alt_text_length(text: str, platform: Platform) -> TextLength | None:
    """The length of what a medium shows in words; None where the platform names no limit."""
    limit = _ALT_TEXTS.get(platform)
    return TextLength(len(text), limit, "characters") if limit else None


def message_length(text: str) -> TextLength:
    """The length of a WhatsApp message (developers.facebook.com/docs/whatsapp/cloud-api/reference/messages)."""
    return TextLength(len(text), 4096, "characters")


_ALT_TEXTS: Mapping[Platform, int] = {
    Platform.X: 1000,
    Platform.BLUESKY: 2000,
    Platform.MASTODON: 1500,
    Platform.INSTAGRAM: 1000,
    Platform.LINKEDIN: 4086,
}
"""docs.x.com, create media metadata; bsky.app; docs.joinmastodon.org, configuration; developers.facebook.com, IG user
media; learn.microsoft.com, images API."""
_BLUESKY_OCTETS = 3000
_LONGEST_CLUSTERED = 10_000
"""Letters of a text that is looked at letter by letter; a longer one fits no such platform, however it is counted."""
_LINK = re.compile(r"(?i)https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'’»]")
_BARE_LINK = re.compile(
    r"(?i)(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}"
    r"(?:com|org|net|edu|gov|mil|info|biz|app|dev|blog|shop|store|site|online|tech|xyz|cloud)(?![\w@-])(?:/[^\s<>\"]*)?"
)
"""What X makes a link of without `https://`: a name under a domain that is no country's."""
_LINK_LENGTH = 23
"""What a link counts for on X (docs.x.com, counting characters) and on Mastodon (docs.joinmastodon.org)."""
_MENTION = re.compile(r"(?<![\w/])(@\w[\w.-]{0,63})@[\w.-]{1,253}")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Letters that weigh one on X; others weigh two (twitter-text, configuration 3)."""
_ZWNJ, _ZWJ, _EMOJI_STYLE, _KEYCAP = "\u200c", "\u200d", "\ufe0f", "\u20e3"
_EXTENDING = ((0x0E33, 0x0E33), (0x0EB3, 0x0EB3), (0x1160, 0x11FF), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F))
"""Letters that continue the one before without being marks: Thai and Lao AM, Hangul vowels, skin tones, tags."""


def _weight_on_x(text: str) -> int:
    text = _BARE_LINK.sub("u" * _LINK_LENGTH, _LINK.sub("u" * _LINK_LENGTH, text))
    return sum(map(_weight, clusters(text))) if len(text) <= _LONGEST_CLUSTERED else len(text)


def _length_on_mastodon(text: str) -> int:
    return _clusters_in(_MENTION.sub(r"\1", _LINK.sub("u" * _LINK_LENGTH, text)))


def _clusters_in(text: str) -> int:
    return sum(1 for _ in clusters(text)) if len(text) <= _LONGEST_CLUSTERED else len(text)


_COUNTED: Mapping[Platform, tuple[Callable[[str], int], int, str]] = {
    Platform.X: (_weight_on_x, 280, "characters as X weighs them"),
    Platform.MASTODON: (_length_on_mastodon, 500, "characters"),
    Platform.BLUESKY: (_clusters_in, 300, "characters"),
    Platform.INSTAGRAM: (len, 2200, "characters"),
    Platform.LINKEDIN: (len, 3000, "characters"),
    Platform.FACEBOOK: (len, 63206, "characters"),
}


def clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character, near enough to UAX #29: marks, joined pictographs, skin tones, flags."""
    if text.isascii():
        yield from text
        return
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _continues(text, start, at):
            yield text[start:at]
            start = at


def _continues(text: str, start: int, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if char < "\u0300" or before == "\n":
        return False
    code, category = ord(char), unicodedata.category(char)
    if category[0] == "M" or char in (_ZWNJ, _ZWJ) or any(first <= code <= last for first, last in _EXTENDING):
        return True
    if before == _ZWJ and category == "So":
        return True
    return at - start == 1 and _is_regional(before) and _is_regional(char)


def _weight(cluster: str) -> int:
    """Two for a pictograph, however many letters it is made of; else what its letters weigh."""
    if _EMOJI_STYLE in cluster or _KEYCAP in cluster or any(char >= "\U0001f000" for char in cluster):
        return 2
    return sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2 for char in cluster)


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
