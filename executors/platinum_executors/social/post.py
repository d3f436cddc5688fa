"""What every platform needs of a post: its text, its files, its hour."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import datetime, timedelta

from platinum_executors.attached import read_attached
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused
from platinum_tui.model.action import SocialPost
from platinum_tui.model.decision import instant


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that goes along, and what it shows in words; empty where nobody said it."""

    name: str
    data: bytes
    alt_text: str = ""

    @property
    def content_type(self) -> str:
        """By its name; the services look at the bytes."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


def vault_media(here: Surroundings, post: SocialPost, most: int) -> tuple[Medium, ...]:
    """The approved files of a post.

    Raises:
        Refused: too many; an address instead of a file, which this program never loads; or not the approved bytes.
    """
    require_at_most(post, most)
    if any(is_address(medium) for medium in post.media):
        raise Refused("media_not_a_file", f"{post.platform} needs the file itself: put it in the vault.")
    files = read_attached(here.vault, post.media, post.media_sha256)
    return tuple(Medium(file.name, file.data, alt) for file, alt in zip(files, alt_texts(post), strict=True))


def alt_texts(post: SocialPost) -> tuple[str, ...]:
    """What each medium of a post shows, in words; empty where nobody said it."""
    return post.alt_text or ("",) * len(post.media)


def require_at_most(post: SocialPost, most: int) -> None:
    """Refuses a post with more media than the platform takes."""
    if len(post.media) > most:
        raise Refused(
            "too_many_media", f"{post.platform} takes {most} files in a post; this one has {len(post.media)}."
        )


def is_address(medium: str) -> bool:
    """Whether a medium is an address instead of a file of the vault."""
    return medium.startswith("https://")


def publish_later(here: Surroundings, post: SocialPost, earliest: timedelta, latest: timedelta) -> datetime | None:
    """The hour to give to a platform that schedules itself; None for now.

    Raises:
        Refused: it lies further away than the platform takes.
    """
    if not post.scheduled_at:
        return None
    due, now = datetime.fromisoformat(post.scheduled_at), here.clock.now()
    if due - now > latest:
        raise Refused("too_far_away", f"{post.platform} schedules {latest.days} days ahead at most.")
    return due if due - now >= earliest else None


def require_due(here: Surroundings, post: SocialPost) -> None:
    """Refuses a post whose hour has not come, where the platform cannot schedule.

    Raises:
        Refused: `not_due`, retriable.
    """
    if post.scheduled_at and datetime.fromisoformat(post.scheduled_at) > here.clock.now():
        due = instant(datetime.fromisoformat(post.scheduled_at))
        raise Refused("not_due", f"{post.platform} cannot schedule: this is for {due}.", retriable=True)
