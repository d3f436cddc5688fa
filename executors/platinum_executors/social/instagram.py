"""Posts on Instagram: container, then publish (developers.facebook.com/docs/instagram-platform/content-publishing).

A container is published once: what came of a publish whose answer was lost is read from its status.
"""

from __future__ import annotations

from urllib.parse import quote

from platinum_executors import graph
from platinum_executors.attached import read_attached
from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.social.post import alt_texts, is_address, require_at_most, require_due
from platinum_executors.web import WebService, answered
from platinum_tui.model.action import SocialPost
from platinum_tui.model.social import posted_text

MOST_MEDIA = 10
CHECKS = 30
SECONDS_BETWEEN = 2.0


def publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    """Has Instagram fetch the picture from its public address, waits until it did, and publishes."""
    post, account, service = attempt.action, here.settings.required("instagram_account"), _service(here)
    require_due(here, post)
    require_at_most(post, MOST_MEDIA)
    container = _container(service, account, post, _pictures(here, post))
    _wait(here, service, container)
    try:
        reply = service.act(attempt, "POST", f"/{account}/media_publish", data={"creation_id": container})
        return {"post_id": answered("Instagram", reply.at("id")), "container": container}
    except Unknown as unknown:
        if _status(service, container) == "PUBLISHED":
            return {"post_id": None, "container": container}
        raise Unknown(unknown.reason, unknown.message, {"container": container}) from unknown


def probe(here: Surroundings) -> None:
    """Reads how many posts the account may still publish today."""
    _service(here).ask("GET", f"/{here.settings.required('instagram_account')}/content_publishing_limit")


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {here.credential('social.instagram_token')}"}
    url = here.settings.text("instagram_api_url", graph.API_URL)
    return WebService("Instagram", url, headers=headers, explain=graph.explain)


def _pictures(here: Surroundings, post: SocialPost) -> list[dict[str, str]]:
    """Where Instagram finds the pictures (their own addresses, or where the user publishes the vault's), in words."""
    public = here.settings.text("instagram_media_url").rstrip("/")
    pictures = []
    for medium, sha256, alt in zip(post.media, post.media_sha256, alt_texts(post), strict=True):
        if not is_address(medium):
            if not public:
                raise Refused("media_not_public", "Instagram fetches pictures itself: see instagram_media_url.")
            read_attached(here.vault, (medium,), (sha256,))
        address = medium if is_address(medium) else f"{public}/{quote(medium)}"
        pictures.append({"image_url": address, **({"alt_text": alt} if alt else {})})
    return pictures


def _container(service: WebService, account: str, post: SocialPost, pictures: list[dict[str, str]]) -> str:
    caption = {"caption": posted_text(post)}
    if len(pictures) == 1:
        return _create(service, account, {**pictures[0], **caption})
    children = [_create(service, account, {**each, "is_carousel_item": "true"}) for each in pictures]
    return _create(service, account, {"media_type": "CAROUSEL", "children": ",".join(children), **caption})


def _create(service: WebService, account: str, form: dict[str, str]) -> str:
    made = service.ask("POST", f"/{account}/media", data=form).at("id")
    if not isinstance(made, str):
        raise Refused("malformed_answer", "Instagram's answer makes no sense.", retriable=True)
    return made


def _wait(here: Surroundings, service: WebService, container: str) -> None:
    for _ in range(CHECKS):
        status = _status(service, container)
        if status == "FINISHED":
            return
        if status in ("ERROR", "EXPIRED"):
            raise Refused(
                "media_refused", "Instagram could not use the picture: JPEG, 8 MB at most, publicly reachable."
            )
        here.pause(SECONDS_BETWEEN)
    raise Refused("not_ready", "Instagram is still fetching the picture.", retriable=True)


def _status(service: WebService, container: str) -> str | None:
    try:
        status = service.ask("GET", f"/{container}", params={"fields": "status_code"}).at("status_code")
    except Refused:
        return None
    return str(status)


INSTAGRAM: Branch[SocialPost] = Branch(settings=("instagram_account",), act=publish, probe=probe)
