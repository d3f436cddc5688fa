"""Posts on X (docs.x.com/x-api/posts/create-post, /media/upload-media, /media/create-media-metadata).

X bills each call; tokens last two hours, and a refresh token is good for one renewal.
"""

from __future__ import annotations

import base64

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.social.post import Medium, require_due, vault_media
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import SocialPost
from platinum_tui.model.social import posted_text
from platinum_tui.system.prices import price_of_x_post

API_URL = "https://api.x.com"
MOST_MEDIA = 4


def publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    """Publishes; where the token has expired it is renewed, for X did nothing then."""
    require_due(here, attempt.action)
    try:
        return _publish(here, attempt)
    except Refused as refused:
        if refused.reason != "credential_expired" or not here.secret("social.x_refresh_token"):
            raise
    _renew(here)
    return _publish(here, attempt)


def probe(here: Surroundings) -> None:
    """Reads the account's own name."""
    try:
        _service(here).ask("GET", "/2/users/me")
    except Refused as refused:
        if refused.reason != "credential_expired" or not here.secret("social.x_refresh_token"):
            raise
        _renew(here)


def _publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    service, text = _service(here), posted_text(attempt.action)
    media = [_upload(service, medium) for medium in vault_media(here, attempt.action, MOST_MEDIA)]
    body = {"text": text, **({"media": {"media_ids": media}} if media else {})}
    reply = service.act(attempt, "POST", "/2/tweets", json=body)
    number = answered("X", reply.at("data", "id"))
    price = price_of_x_post(attempt.action, here.settings)
    return {"post_id": number, "url": f"https://x.com/i/status/{number}", "price_usd": price.amount}


def _upload(service: WebService, medium: Medium) -> str:
    body = {"media": base64.b64encode(medium.data).decode(), "media_category": "tweet_image"}
    number = service.ask("POST", "/2/media/upload", json=body).at("data", "id")
    if not isinstance(number, str):
        raise Refused("malformed_answer", "X took the picture, and its answer makes no sense.", retriable=True)
    if medium.alt_text:
        described = {"id": number, "metadata": {"alt_text": {"text": medium.alt_text}}}
        service.ask("POST", "/2/media/metadata", json=described)
    return number


def _renew(here: Surroundings) -> None:
    service = WebService("X", here.settings.text("x_api_url", API_URL), explain=_explain)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": here.credential("social.x_refresh_token"),
        "client_id": here.settings.required("x_client_id"),
    }
    reply = service.ask("POST", "/2/oauth2/token", data=form)
    token, refresh = reply.at("access_token"), reply.at("refresh_token")
    if not isinstance(token, str) or not isinstance(refresh, str):
        raise Refused("malformed_answer", "X gave no new token.")
    # The old refresh token is worth nothing any more: the new one must not be lost.
    here.keep("social.x_refresh_token", refresh)
    here.keep("social.x_token", token)


def _service(here: Surroundings) -> WebService:
    headers = {"Authorization": f"Bearer {here.credential('social.x_token')}"}
    return WebService("X", here.settings.text("x_api_url", API_URL), headers=headers, explain=_explain)


def _explain(reply: Reply) -> Reason | None:
    detail = str(reply.at("detail") or "")
    if reply.status == 401 or reply.at("error") == "invalid_grant":
        return Reason("credential_expired", "X does not accept the token: it has expired or was withdrawn.")
    if reply.status == 402:
        return Reason("no_credit", "The prepaid credit at X is used up.")
    if reply.status == 403 and "duplicate" in detail.lower():
        return Reason("duplicate", "X has this very text already, perhaps from an earlier attempt.")
    if 400 <= reply.status < 429 and detail and reply.status != 408:
        return Reason("refused_by_service", f"X refuses: {detail}")
    return None


X: Branch[SocialPost] = Branch(settings=("x_user",), act=publish, probe=probe)
