"""The one way to write a post: the preview shows the text that the server publishes."""

from __future__ import annotations

from platinum_tui.model.action import Platform, SocialPost

_LINK_OF_ITS_OWN = frozenset({Platform.FACEBOOK})


def posted_text(post: SocialPost) -> str:
    """The text with the link below it, where the text does not hold it and the platform has no field for it."""
    if not post.link or post.link in post.text or post.platform in _LINK_OF_ITS_OWN:
        return post.text
    return f"{post.text}\n\n{post.link}"
