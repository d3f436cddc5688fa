"""Posts on LinkedIn (learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api, /images-api).

The commentary is "little text" (…/shares/little-text-format): a reserved character that is not escaped makes LinkedIn
cut the rest off without a word.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.social.post import Medium, require_due, vault_media
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import JsonValue, SocialPost
from platinum_tui.model.social import posted_text

API_URL = "https://api.linkedin.com"
VERSION = "202610"
"""LinkedIn ends each version about a year after its month."""
MOST_MEDIA = 20
_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_HASHTAG = re.compile(r"(?<![\w&/])#(\w+)")


def publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    """Uploads pictures, then publishes."""
    require_due(here, attempt.action)
    service, author = _service(here), here.settings.required("linkedin_author")
    media = vault_media(here, attempt.action, MOST_MEDIA)
    images = [
        {"id": _upload(here, service, author, medium), **({"altText": medium.alt_text} if medium.alt_text else {})}
        for medium in media
    ]
    body: dict[str, JsonValue] = {
        "author": author,
        "commentary": little_text(posted_text(attempt.action)),
        "visibility": (attempt.action.visibility or "public").upper(),
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if len(images) == 1:
        body["content"] = {"media": images[0]}
    elif images:
        body["content"] = {"multiImage": {"images": images}}
    reply = service.act(attempt, "POST", "/rest/posts", json=body)
    urn = answered("LinkedIn", reply.headers.get("x-restli-id"))
    return {"post_id": urn, "url": f"https://www.linkedin.com/feed/update/{urn}/"}


def probe(here: Surroundings) -> None:
    """Asks whose token it is; a token with w_member_social alone is answered 403, which proves it as well."""
    try:
        _service(here).ask("GET", "/v2/userinfo")
    except Refused as refused:
        if refused.reason != "not_allowed":
            raise


def little_text(text: str) -> str:
    """A text in which every reserved character stands for itself, and hashtags stay hashtags."""
    parts: list[str] = []
    end = 0
    for match in _HASHTAG.finditer(text):
        parts += [_escaped(text[end : match.start()]), "{hashtag|\\#|", _escaped(match[1]), "}"]
        end = match.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _service(here: Surroundings) -> WebService:
    headers = {
        "Authorization": f"Bearer {here.credential('social.linkedin_token')}",
        "LinkedIn-Version": here.settings.text("linkedin_version", VERSION),
        "X-Restli-Protocol-Version": "2.0.0",
    }
    return WebService("LinkedIn", _url(here), headers=headers, explain=_explain)


def _url(here: Surroundings) -> str:
    return here.settings.text("linkedin_api_url", API_URL)


def _upload(here: Surroundings, service: WebService, author: str, medium: Medium) -> str:
    request = {"initializeUploadRequest": {"owner": author}}
    reply = service.ask("POST", "/rest/images", params={"action": "initializeUpload"}, json=request)
    address, image = reply.at("value", "uploadUrl"), reply.at("value", "image")
    if not isinstance(address, str) or not isinstance(image, str) or not _is_theirs(here, address):
        raise Refused("malformed_answer", "LinkedIn's answer makes no sense.", retriable=True)
    headers = {"Authorization": f"Bearer {here.credential('social.linkedin_token')}"}
    WebService("LinkedIn", address, headers=headers).ask("PUT", "", content=medium.data)
    return image


def _is_theirs(here: Surroundings, address: str) -> bool:
    """Whether an upload address may be given the credential."""
    given, api = urlsplit(address), urlsplit(_url(here))
    if given.netloc == api.netloc:
        return given.scheme == api.scheme
    return given.scheme == "https" and (given.hostname or "").endswith(".linkedin.com")


def _explain(reply: Reply) -> Reason | None:
    codes = {str(error.get("code")) for error in reply.at("errorDetails", "inputErrors") or []}
    if "DUPLICATE_POST" in codes:
        # It names a post, which may be one that does not exist: never proof that this one was published.
        return Reason("duplicate", "LinkedIn says it has this very text already, perhaps from an earlier attempt.")
    if reply.status == 401:
        return Reason("credential_expired", "LinkedIn does not accept the token: it lasts 60 days; make a new one.")
    if reply.status == 426 or reply.at("code") == "NONEXISTENT_VERSION":
        return Reason("version_ended", "LinkedIn has ended this version of its API: set linkedin_version.")
    return None


LINKEDIN: Branch[SocialPost] = Branch(settings=("linkedin_author",), act=publish, probe=probe)
