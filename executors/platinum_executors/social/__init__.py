"""The server for social networks: `create_post` on the platform that the post names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from platinum_executors.attempt import Attempt
from platinum_executors.family import ActingTool, Answer, Family, Finding, Lookup, Promise, Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.serving import serve_family
from platinum_executors.social.bluesky import BLUESKY
from platinum_executors.social.facebook import FACEBOOK
from platinum_executors.social.instagram import INSTAGRAM
from platinum_executors.social.linkedin import LINKEDIN
from platinum_executors.social.mastodon import MASTODON
from platinum_executors.social.post import PlatformAccess
from platinum_executors.social.x import X
from platinum_tui.model.action import Kind, Platform, SocialPost
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration

PLATFORMS: Mapping[Platform, PlatformAccess] = {
    Platform.FACEBOOK: FACEBOOK,
    Platform.INSTAGRAM: INSTAGRAM,
    Platform.X: X,
    Platform.LINKEDIN: LINKEDIN,
    Platform.MASTODON: MASTODON,
    Platform.BLUESKY: BLUESKY,
}


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves the social networks on stdio until the client leaves."""
    serve_family(SOCIAL, configuration, environ)


def create_post(here: Surroundings, attempt: Attempt[SocialPost]) -> Result:
    """Publishes one approved post."""
    platform = attempt.action.platform
    if platform not in _configured(here):
        raise Refused("not_configured", f"{platform} is not configured: see [servers.social].")
    return Result(Outcome.DONE, {"platform": platform.value, **PLATFORMS[platform].publish(here, attempt)})


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks a marker up where a platform keeps one; a marker does not say which platform it was for."""
    configured = _configured(here)
    for platform in configured:
        look = PLATFORMS[platform].find
        if look is None:
            continue
        lookup = look(here, marker)
        if lookup.answer is Answer.FOUND:
            return Lookup(Answer.FOUND, {"platform": platform.value, **lookup.evidence})
    if configured and all(PLATFORMS[platform].find for platform in configured):
        return Lookup(Answer.ABSENT)
    return Lookup(Answer.CANNOT_TELL, {"reason": "Most platforms keep no mark: look at the account's latest posts."})


def check(here: Surroundings) -> Sequence[Finding]:
    """Logs in at every configured platform."""
    findings = []
    for platform in _configured(here):
        try:
            PLATFORMS[platform].probe(here)
        except Refused as refused:
            remedy = "Correct [servers.social], or set the credential anew."
            findings.append(Finding(refused.reason, f"{platform}: {refused.message}", remedy))
    return findings


def _configured(here: Surroundings) -> list[Platform]:
    return [
        platform for platform, access in PLATFORMS.items() if any(here.settings.text(name) for name in access.settings)
    ]


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
    find=find,
    check=check,
)
