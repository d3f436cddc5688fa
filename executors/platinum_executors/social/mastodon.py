"""Posts on Mastodon (docs.joinmastodon.org/methods/statuses, /methods/media, /methods/scheduled_statuses).

The Idempotency-Key is remembered for an hour by Mastodon, and ignored by some servers that speak its language: it is
sent, and never relied upon.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.social.latest import SHOWN, LatestPosts, Row
from platinum_executors.social.post import Medium, publish_later, vault_media
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import JsonValue, SocialPost
from platinum_tui.model.decision import instant
from platinum_tui.model.social import posted_text

MOST_MEDIA = 4
CHECKS = 30
SECONDS_BETWEEN = 2.0
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


def publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    """Uploads media, then publishes or schedules the status that holds them."""
    post, service, text = attempt.action, _service(here), posted_text(attempt.action)
    due = publish_later(here, post, earliest=timedelta(minutes=6), latest=timedelta(days=366))
    media = [_upload(here, service, medium) for medium in vault_media(here, post, MOST_MEDIA)]
    body: dict[str, JsonValue] = {"status": text, **({"media_ids": media} if media else {})}
    if post.visibility:
        body["visibility"] = post.visibility
    if due:
        body["scheduled_at"] = instant(due)
    latest = LatestPosts(lambda: _statuses(service))
    try:
        headers = {"Idempotency-Key": attempt.marker}
        reply = service.act(attempt, "POST", "/api/v1/statuses", json=body, headers=headers)
        return {"post_id": answered("Mastodon", reply.at("id")), "url": reply.at("url"), "scheduled": due is not None}
    except Unknown:
        published = None if due else _published(latest, text)
        if published is None:
            raise
        return {"post_id": published["id"], "url": published.get("url"), "scheduled": False}


def probe(here: Surroundings) -> None:
    """Asks whose token it is."""
    _service(here).ask("GET", "/api/v1/accounts/verify_credentials")


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {here.credential('social.mastodon_token')}"}
    url = here.settings.text("mastodon_api_url") or f"https://{here.settings.required('mastodon_host')}"
    return WebService("Mastodon", url, headers=headers, explain=_explain)


def _upload(here: Surroundings, service: WebService, medium: Medium) -> str:
    files = {"file": (medium.name, medium.data, medium.content_type)}
    described = {"description": medium.alt_text} if medium.alt_text else {}
    reply = service.ask("POST", "/api/v2/media", files=files, data=described)
    number = reply.at("id")
    for _ in range(CHECKS):
        if not isinstance(number, str):
            raise Refused("malformed_answer", "Mastodon's answer makes no sense.", retriable=True)
        if reply.status == 200:
            return number
        # 202: taken; 206: still at work.
        here.pause(SECONDS_BETWEEN)
        reply = service.ask("GET", f"/api/v1/media/{number}")
    raise Refused("not_ready", "Mastodon is still at work on a file.", retriable=True)


def _statuses(service: WebService) -> Reply:
    account = service.ask("GET", "/api/v1/accounts/verify_credentials").at("id")
    return service.ask("GET", f"/api/v1/accounts/{account}/statuses", params={"limit": str(SHOWN)})


def _published(latest: LatestPosts, text: str) -> Row | None:
    """The status with this very text among those that came since; a boost shows the words of an older one."""
    wanted = _words(html.escape(text, quote=False))
    own = (status for status in latest.since() if not status.get("reblog"))
    return next((status for status in own if _words(status.get("content") or "") == wanted), None)


def _words(markup: str) -> str:
    """A status's text without tags and white space, in which a server is free."""
    return _SPACE.sub("", html.unescape(_TAG.sub("", markup)))


def _explain(reply: Reply) -> Reason | None:
    if reply.status == 401:
        return Reason("credential_expired", "The Mastodon server does not accept the token.")
    if reply.status == 422:
        return Reason("refused_by_service", f"The Mastodon server refuses: {reply.at('error')}")
    return None


MASTODON: Branch[SocialPost] = Branch(settings=("mastodon_host", "mastodon_api_url"), act=publish, probe=probe)
