"""Posts on Bluesky (docs.bsky.app/docs/api: com.atproto.repo.putRecord; atproto.com/specs/record-key, /specs/tid).

The record's key comes from the marker, and `swapRecord: null` makes it "create only if absent": the one platform on
which a post cannot happen twice, and on which it can be looked up.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from platinum_executors.attempt import Attempt
from platinum_executors.branches import Branch, Evidence
from platinum_executors.family import Answer, Lookup, Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.social.post import require_due, vault_media
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import JsonValue, SocialPost
from platinum_tui.model.decision import instant
from platinum_tui.model.social import posted_text

HOST = "bsky.social"
COLLECTION = "app.bsky.feed.post"
MOST_MEDIA = 4
_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp() * 1_000_000)
_SPAN = 3 * 365 * 24 * 3600 * 1_000_000
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'’»]")
_HASHTAG = re.compile(r"(?<![\w&/])#(\w*[^\W\d]\w*)")


def publish(here: Surroundings, attempt: Attempt[SocialPost]) -> Evidence:
    """Uploads pictures and puts the record; one that is there already is proof as well."""
    require_due(here, attempt.action)
    service, did = _session(here)
    text, key = posted_text(attempt.action), record_key(attempt.marker)
    images = [
        {"alt": medium.alt_text, "image": _upload(service, medium.data, medium.content_type)}
        for medium in vault_media(here, attempt.action, MOST_MEDIA)
    ]
    record: dict[str, JsonValue] = {
        "$type": COLLECTION,
        "text": text,
        "createdAt": instant(attempt.decision.decided_at),
        **({"facets": facets(text)} if facets(text) else {}),
        **({"embed": {"$type": "app.bsky.embed.images", "images": images}} if images else {}),
    }
    body = {"repo": did, "collection": COLLECTION, "rkey": key, "record": record, "swapRecord": None}
    try:
        reply = service.act(attempt, "POST", "/xrpc/com.atproto.repo.putRecord", json=body)
    except Refused as refused:
        if refused.reason == "exists":
            return {"post_id": _address(did, key), "url": _page(did, key), "existed": True}
        raise
    uri = answered("Bluesky", reply.at("uri"), {"post_id": _address(did, key)})
    return {"post_id": uri, "url": _page(did, key), "existed": False}


def probe(here: Surroundings) -> None:
    """Logs in."""
    _session(here)


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks the record up by its key."""
    service, did = _session(here)
    key = record_key(marker)
    query = {"repo": did, "collection": COLLECTION, "rkey": key}
    try:
        service.ask("GET", "/xrpc/com.atproto.repo.getRecord", params=query)
    except Refused as refused:
        if refused.reason == "no_record":
            return Lookup(Answer.ABSENT)
        raise
    return Lookup(Answer.FOUND, {"post_id": _address(did, key), "url": _page(did, key)})


def record_key(marker: str) -> str:
    """A TID made of a marker (32 hex digits): the same for every attempt, with a time in the past as every TID has."""
    number = int(marker, 16)
    value = (_EPOCH + number % _SPAN) << 10 | (number >> 64) % 1024
    return "".join(_BASE32[value >> shift & 31] for shift in range(60, -1, -5))


def facets(text: str) -> list[JsonValue]:
    """Links and hashtags of a text with their places, counted in bytes of UTF-8."""
    links = [(m.span(), {"$type": "app.bsky.richtext.facet#link", "uri": m[0]}) for m in _LINK.finditer(text)]
    inside = [span for span, _ in links]
    tags = [
        (m.span(), {"$type": "app.bsky.richtext.facet#tag", "tag": m[1]})
        for m in _HASHTAG.finditer(text)
        if not any(start <= m.start() < end for start, end in inside)
    ]
    return [
        {"index": {"byteStart": _bytes(text, start), "byteEnd": _bytes(text, end)}, "features": [feature]}
        for (start, end), feature in sorted(links + tags, key=lambda item: item[0])
    ]


def _bytes(text: str, end: int) -> int:
    return len(text[:end].encode())


def _session(here: Surroundings) -> tuple[WebService, str]:
    url = here.settings.text("bluesky_api_url") or f"https://{here.settings.text('bluesky_host', HOST)}"
    login = {
        "identifier": here.settings.required("bluesky_handle"),
        "password": here.credential("social.bluesky_password"),
    }
    path = "/xrpc/com.atproto.server.createSession"
    reply = WebService("Bluesky", url, explain=_explain).ask("POST", path, json=login)
    token, did = reply.at("accessJwt"), reply.at("did")
    if not isinstance(token, str) or not isinstance(did, str):
        raise Refused("malformed_answer", "Bluesky's answer makes no sense.", retriable=True)
    here.concealment.learn(token)
    return WebService("Bluesky", url, headers={"Authorization": f"Bearer {token}"}, explain=_explain), did


def _upload(service: WebService, data: bytes, content_type: str) -> JsonValue:
    headers = {"Content-Type": content_type}
    blob = service.ask("POST", "/xrpc/com.atproto.repo.uploadBlob", content=data, headers=headers).at("blob")
    if blob is None:
        raise Refused("malformed_answer", "Bluesky took the picture, and its answer makes no sense.", retriable=True)
    return blob


def _address(did: str, key: str) -> str:
    return f"at://{did}/{COLLECTION}/{key}"


def _page(did: str, key: str) -> str:
    return f"https://bsky.app/profile/{did}/post/{key}"


def _explain(reply: Reply) -> Reason | None:
    match reply.at("error"):
        case "InvalidSwap":
            return Reason("exists", "Bluesky has a record of this approval already.")
        case "RecordNotFound":
            return Reason("no_record", "Bluesky has no such record.")
        case "AuthenticationRequired" | "ExpiredToken" | "InvalidToken":
            return Reason("credential_refused", "Bluesky does not accept the handle and app password.")
        case "RateLimitExceeded":
            return Reason("rate_limited", "Bluesky takes no more for now.")
        case "InvalidRequest":
            return Reason("refused_by_service", f"Bluesky refuses: {reply.at('message')}")
        case _:
            return None


BLUESKY: Branch[SocialPost] = Branch(settings=("bluesky_handle",), act=publish, probe=probe, find=find)
