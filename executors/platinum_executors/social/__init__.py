"""The server for social networks: `create_post` on the platform that the post names."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branches
from platinum_executors.family import ActingTool, Family, Promise, Surroundings
from platinum_executors.serving import serve_family
from platinum_executors.social.bluesky import BLUESKY
from platinum_executors.social.facebook import FACEBOOK
from platinum_executors.social.instagram import INSTAGRAM
from platinum_executors.social.linkedin import LINKEDIN
from platinum_executors.social.mastodon import MASTODON
from platinum_executors.social.x import X
from platinum_tui.model.action import Kind, Platform, SocialPost
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration

PLATFORMS = Branches(
    "platform",
    {
        Platform.FACEBOOK: FACEBOOK,
        Platform.INSTAGRAM: INSTAGRAM,
        Platform.X: X,
        Platform.LINKEDIN: LINKEDIN,
        Platform.MASTODON: MASTODON,
        Platform.BLUESKY: BLUESKY,
    },
)


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves the social networks on stdio until the client leaves."""
    serve_family(SOCIAL, configuration, environ)


def create_post(here: Surroundings, attempt: Attempt[SocialPost]) -> Result:
    """Publishes one approved post."""
    return Result(Outcome.DONE, PLATFORMS.act(here, attempt.action.platform, attempt))


SOCIAL = Family(
    name="social",
    tools=(
        ActingTool(
            name="create_post",
            kind=Kind.SOCIAL_POST,
            description="Publish one approved post.",
            promise=Promise(absence_is_proof=False),
            act=create_post,
        ),
    ),
    find=PLATFORMS.find,
    check=PLATFORMS.check,
)
