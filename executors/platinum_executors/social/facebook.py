"""Posts on a Facebook page (developers.facebook.com/docs/pages-api/posts, /docs/graph-api/reference/page/photos)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from platinum_executors import graph
from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.social.latest import SHOWN, LatestPosts
from platinum_executors.social.post import (
    alt_texts,
    is_address,
    publish_later,
    require_at_most,
    vault_media,
)
from platinum_executors.web import Reply, WebService, answered
from platinum_tui.model.action import SocialPost

MOST_MEDIA = 10


def publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    """Uploads photos unpublished, then publishes or schedules the post that holds them."""
    post, page, service = attempt.action, here.settings.required("facebook_page"), _service(here)
    due = publish_later(here, post, earliest=timedelta(minutes=10), latest=timedelta(days=30))
    form = {"message": post.text, **({"link": post.link} if post.link else {})}
    if due:
        form |= {"published": "false", "scheduled_publish_time": str(int(due.timestamp()))}
    photos = _upload(here, service, page, post)
    if photos:
        form["attached_media"] = json.dumps([{"media_fbid": photo} for photo in photos])
    latest = LatestPosts(lambda: _feed(service, page), "data")
    try:
        reply = service.act(attempt, "POST", f"/{page}/feed", data=form)
        number = answered("Facebook", reply.at("id"))
    except Unknown:
        published = None if due else _published(latest, post.text)
        if published is None:
            raise
        number = published
    return {"post_id": number, "url": f"https://www.facebook.com/{number}", "scheduled": due is not None}


def probe(here: Surroundings) -> None:
    """Reads the page's name."""
    _service(here).ask("GET", f"/{here.settings.required('facebook_page')}", params={"fields": "name"})


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {here.credential('social.facebook_token')}"}
    url = here.settings.text("facebook_api_url", graph.API_URL)
    return WebService("Facebook", url, headers=headers, explain=graph.explain)


def _upload(here: Surroundings, service: WebService, page: str, post: SocialPost) -> list[str]:
    require_at_most(post, MOST_MEDIA)
    if post.media and all(is_address(medium) for medium in post.media):
        addresses = zip(post.media, alt_texts(post), strict=True)
        return [_photo(service, page, alt, data={"url": address}) for address, alt in addresses]
    return [
        _photo(service, page, medium.alt_text, files={"source": (medium.name, medium.data, medium.content_type)})
        for medium in vault_media(here, post, MOST_MEDIA)
    ]


def _photo(service: WebService, page: str, alt_text: str, data: Mapping[str, str] | None = None, **sent: Any) -> str:
    form = {"published": "false", "temporary": "true", **(data or {})}
    if alt_text:
        form["alt_text_custom"] = alt_text
    reply = service.ask("POST", f"/{page}/photos", data=form, **sent)
    if not isinstance(reply.at("id"), str):
        raise Refused("malformed_answer", "Facebook took the photo, and its answer makes no sense.", retriable=True)
    return str(reply.at("id"))


def _feed(service: WebService, page: str) -> Reply:
    return service.ask("GET", f"/{page}/feed", params={"fields": "id,message", "limit": str(SHOWN)})


def _published(latest: LatestPosts, text: str) -> str | None:
    """The id of the post with this very text among those that came since."""
    same = (post["id"] for post in latest.since() if (post.get("message") or "").strip() == text.strip())
    return next(same, None)


FACEBOOK: Branch[SocialPost] = Branch(settings=("facebook_page",), act=publish, probe=probe)
