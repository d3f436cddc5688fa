"""The one way to write a post: the preview shows the text that the server publishes."""

from __future__ import annotations

from platinum_tui.model.action import Platform, SocialPost

_LINK_OF_ITS_OWN = frozenset({Platform.FACEBOOK})


def posted_text(post: SocialPost) -> str:
    """The text of a post as it is published."""
    return text_with_link(post.text, post.link, post.platform)


def text_with_link(text: str, link: str | None, platform: Platform) -> str:
    """A text with the link below it, where the text does not hold it and the platform has no field for it."""
    if not link or link in text or platform in _LINK_OF_ITS_OWN:
        return text
    return f"{text}\n\n{link}"
