"""The six social networks as their documentation describes them, each with the posts it holds.

Sources: developers.facebook.com/docs/pages-api/posts, /docs/instagram-platform/content-publishing and its error codes;
docs.x.com/x-api (posts/create-post, media, oauth2/token); learn.microsoft.com/linkedin …/posts-api, /images-api,
/little-text-format; docs.joinmastodon.org/methods (statuses, media); docs.bsky.app com.atproto.repo.* and what a real
PDS 0.4 answered (putRecord with swapRecord null: new 200, other content 400 InvalidSwap).
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from typing import Any

from tests.support.contract_server import Answer, Call

TOKEN = "t0ken-of-the-account"
APP_PASSWORD = "app-pass"


@dataclass
class Network:
    """What all have: a token, and the posts that exist."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    alt_texts: list[str] = field(default_factory=list)
    token: str = TOKEN

    def __call__(self, call: Call) -> Answer:
        return self.answer(call) if self.admits(call) else self.denied()

    def admits(self, call: Call) -> bool:
        return call.headers.get("authorization") == f"Bearer {self.token}"

    def denied(self) -> Answer:
        return Answer({}, 401)

    def answer(self, call: Call) -> Answer:
        raise NotImplementedError


class Facebook(Network):
    def denied(self) -> Answer:
        return Answer(
            {"error": {"message": "Error validating access token", "type": "OAuthException", "code": 190}}, 400
        )

    def answer(self, call: Call) -> Answer:
        if call.path == "/page1/photos":
            self.uploads.append(call.content)
            self.alt_texts += [part for part in (call.part("alt_text_custom"),) if part]
            return Answer({"id": f"photo{len(self.uploads)}"})
        if call.path == "/page1/feed" and call.method == "POST":
            self.posts.append(call.form)
            return Answer({"id": f"page1_{len(self.posts)}"})
        if call.path == "/page1/feed":
            public = [
                {"id": f"page1_{n}", "message": form["message"]}
                for n, form in enumerate(self.posts, 1)
                if "scheduled_publish_time" not in form
            ]
            return Answer({"data": public[: -int(call.query["limit"]) - 1 : -1]})
        return Answer({"id": "page1", "name": "Page"})


class Instagram(Facebook):
    statuses = ("IN_PROGRESS", "FINISHED")

    def __init__(self) -> None:
        super().__init__()
        self.containers: dict[str, dict[str, Any]] = {}

    def answer(self, call: Call) -> Answer:
        if call.path == "/ig1/media":
            name = f"c{len(self.containers) + 1}"
            self.containers[name] = {**call.form, "seen": 0, "published": False}
            self.alt_texts += [call.form["alt_text"]] if "alt_text" in call.form else []
            return Answer({"id": name})
        if call.path == "/ig1/media_publish":
            container = self.containers[call.form["creation_id"]]
            container["published"] = True
            self.posts.append(container)
            return Answer({"id": f"m{len(self.posts)}"})
        if call.path == "/ig1/content_publishing_limit":
            return Answer({"data": [{"quota_usage": 1}]})
        container = self.containers[call.path.strip("/")]
        status = (
            "PUBLISHED" if container["published"] else self.statuses[min(container["seen"], len(self.statuses) - 1)]
        )
        container["seen"] += 1
        return Answer({"status_code": status})


class X(Network):
    def denied(self) -> Answer:
        return Answer({"title": "Unauthorized", "status": 401, "detail": "Unauthorized"}, 401)

    def admits(self, call: Call) -> bool:
        return call.path == "/2/oauth2/token" or super().admits(call)

    def answer(self, call: Call) -> Answer:
        if call.path == "/2/oauth2/token":
            good = call.form == {"grant_type": "refresh_token", "refresh_token": "r1", "client_id": "app"}
            if not good:
                return Answer({"error": "invalid_grant", "error_description": "token was used"}, 400)
            return Answer({"access_token": self.token, "refresh_token": "r2", "expires_in": 7200})
        if call.path == "/2/media/upload":
            self.uploads.append(call.content)
            return Answer({"data": {"id": f"media{len(self.uploads)}"}})
        if call.path == "/2/media/metadata":
            if call.json["id"] != f"media{len(self.uploads)}":
                return Answer({"detail": "no such media", "title": "Not Found"}, 404)
            self.alt_texts.append(call.json["metadata"]["alt_text"]["text"])
            return Answer({"data": {"id": call.json["id"]}})
        if call.path == "/2/tweets":
            if any(post["text"] == call.json["text"] for post in self.posts):
                detail = "You are not allowed to create a Tweet with duplicate content."
                return Answer({"detail": detail, "title": "Forbidden", "status": 403}, 403)
            self.posts.append(call.json)
            return Answer({"data": {"id": str(len(self.posts)), "text": call.json["text"]}}, 201)
        return Answer({"data": {"id": "1", "username": "me"}})


class LinkedIn(Network):
    def answer(self, call: Call) -> Answer:
        if call.path.startswith("/rest/") and not call.headers.get("linkedin-version", "").isdigit():
            return Answer({"status": 426, "code": "NONEXISTENT_VERSION"}, 426)
        if call.path == "/rest/images":
            url = f"http://{call.headers['host']}/upload"
            return Answer({"value": {"uploadUrl": url, "image": "urn:li:image:C1"}})
        if call.path == "/upload":
            self.uploads.append(call.content)
            return Answer(b"", 201)
        if call.path == "/rest/posts":
            self.posts.append(call.json)
            content = call.json.get("content", {})
            images = [content["media"]] if "media" in content else content.get("multiImage", {}).get("images", [])
            self.alt_texts += [image["altText"] for image in images if "altText" in image]
            return Answer(b"", 201, {"x-restli-id": f"urn:li:share:{len(self.posts)}"})
        return Answer({"serviceErrorCode": 100, "message": "Not enough permissions", "status": 403}, 403)


class Mastodon(Network):
    def answer(self, call: Call) -> Answer:
        if call.path == "/api/v2/media":
            self.uploads.append(call.content)
            self.alt_texts += [part for part in (call.part("description"),) if part]
            return Answer({"id": "77", "url": None}, 202)
        if call.path == "/api/v1/media/77":
            return Answer({"id": "77", "url": "https://m.example/77"})
        if call.path == "/api/v1/statuses":
            self.posts.append({**call.json, "key": call.headers["idempotency-key"]})
            return Answer({"id": str(len(self.posts)), "url": f"https://m.example/@me/{len(self.posts)}"})
        if call.path == "/api/v1/accounts/5/statuses":
            shown = [
                {"id": str(n), "url": "", "content": _paragraph(held["status"]), "reblog": held.get("reblog")}
                for n, held in enumerate(self.posts, 1)
                if "scheduled_at" not in held
            ]
            return Answer(shown[: -int(call.query["limit"]) - 1 : -1])
        return Answer({"id": "5", "username": "me"})


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>".replace("\n", "<br />")


class Bluesky(Network):
    did = "did:plc:abc"

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[str, Any]] = {}

    def admits(self, call: Call) -> bool:
        return call.path.endswith("createSession") or super().admits(call)

    def answer(self, call: Call) -> Answer:
        match call.path.rpartition(".")[2]:
            case "createSession":
                good = call.json == {"identifier": "me.example", "password": APP_PASSWORD}
                denied = Answer({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
                return Answer({"accessJwt": self.token, "did": self.did}) if good else denied
            case "uploadBlob":
                self.uploads.append(call.content)
                return Answer(
                    {"blob": {"$type": "blob", "ref": {"$link": "cid1"}, "mimeType": call.headers["content-type"]}}
                )
            case "putRecord":
                return self._put(call.json)
            case _:
                record = self.records.get(call.query["rkey"])
                missing = Answer({"error": "RecordNotFound", "message": "Could not locate record"}, 400)
                return Answer({"uri": "at://x", "value": record}) if record else missing

    def _put(self, body: dict[str, Any]) -> Answer:
        if len(body["record"]["text"]) > 300:
            return Answer({"error": "InvalidRequest", "message": "text must not be longer than 300 graphemes"}, 400)
        existing = self.records.get(body["rkey"])
        if existing is not None and body["swapRecord"] is None and json.dumps(existing) != json.dumps(body["record"]):
            return Answer({"error": "InvalidSwap", "message": "Record was at cid1"}, 400)
        if existing is None:
            self.records[body["rkey"]] = body["record"]
            self.posts.append(body["record"])
            self.alt_texts += [image["alt"] for image in body["record"].get("embed", {}).get("images", [])]
        return Answer({"uri": f"at://{self.did}/app.bsky.feed.post/{body['rkey']}", "cid": "cid1"})
