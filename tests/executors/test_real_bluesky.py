"""Posts on a real Bluesky PDS: one record for one approval, whatever is sent again."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.support import counterparts
from tests.support.calling import NOW, Caller

from platinum_executors.social import SOCIAL
from platinum_executors.social.bluesky import record_key
from platinum_tui.model.action import Platform, SocialPost

pytestmark = [pytest.mark.long, counterparts.BLUESKY.needed]
HANDLE, PASSWORD = "bakery.test", "an app's password"
POST = SocialPost(platform=Platform.BLUESKY, text="Grüße 🌻 from the bakery: https://bakery.example/a #bread")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0\xff\0\xff\0"))
    + chunk(b"IEND", b"")
)


class Account:
    """The account's own view of what it holds: the judge."""

    def __init__(self, url: str) -> None:
        self.url = url
        body = {"handle": HANDLE, "email": "owner@example.com", "password": PASSWORD}
        made = httpx.post(f"{url}/xrpc/com.atproto.server.createAccount", json=body).raise_for_status().json()
        self.did = made["did"]

    @property
    def records(self) -> list[dict[str, Any]]:
        query = {"repo": self.did, "collection": "app.bsky.feed.post", "limit": "100"}
        listed = httpx.get(f"{self.url}/xrpc/com.atproto.repo.listRecords", params=query).raise_for_status()
        return listed.json()["records"]

    def of(self, text: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record["value"]["text"] == text]


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with counterparts.bluesky() as url:
        yield Account(url)


@pytest.fixture
def caller(account, tmp_path) -> Caller:
    settings = {"bluesky_handle": HANDLE, "bluesky_api_url": account.url}
    return Caller(SOCIAL, tmp_path, settings, {"bluesky_password": PASSWORD})


def test_one_approval_is_one_record_under_the_key_fixed_at_approval(account, caller):
    key = record_key(caller.marker(POST))
    before = caller.find(caller.marker(POST))
    first = caller.do("create_post", POST)
    same_bytes = caller.do("create_post", POST)
    other_time = caller.do("create_post", POST, decided_at=NOW + timedelta(seconds=9))

    assert before["outcome"] == "absent"
    assert [r["outcome"] for r in (first, same_bytes, other_time)] == ["done", "done", "done"]
    assert other_time["evidence"]["existed"] is True
    [record] = account.of(POST.text)
    assert record["uri"] == f"at://{account.did}/app.bsky.feed.post/{key}" == first["evidence"]["post_id"]
    assert record["value"]["createdAt"] == "2026-01-15T12:00:00Z"
    features = [facet["features"][0]["$type"].partition("#")[2] for facet in record["value"]["facets"]]
    assert features == ["link", "tag"]
    assert caller.find(caller.marker(POST))["outcome"] == "found"


def test_a_picture_is_there_with_its_words(account, caller, tmp_path):
    (tmp_path / "a.png").write_bytes(PICTURE)
    hashes = (hashlib.sha256(PICTURE).hexdigest(),)
    post = SocialPost(
        platform=Platform.BLUESKY, text="See", media=("a.png",), media_sha256=hashes, alt_text=("Four squares",)
    )
    assert caller.do("create_post", post)["outcome"] == "done"

    [record] = account.of("See")
    [image] = record["value"]["embed"]["images"]
    assert image["alt"] == "Four squares"
    query = {"did": account.did, "cid": image["image"]["ref"]["$link"]}
    assert httpx.get(f"{account.url}/xrpc/com.atproto.sync.getBlob", params=query).content == PICTURE


def test_what_the_pds_refuses_is_not_there(account, caller):
    too_long = SocialPost(platform=Platform.BLUESKY, text="x" * 301)
    result = caller.do("create_post", too_long)

    assert (result["outcome"], result["code"]) == ("refused", "refused_by_service")
    assert account.of(too_long.text) == []


def test_a_wrong_password_is_found_by_the_check_and_posts_nothing(account, caller):
    count = len(account.records)
    assert caller.check() == {"ok": True, "findings": []}
    caller.secrets["bluesky_password"] = "wrong"

    assert [finding["code"] for finding in caller.check()["findings"]] == ["credential_refused"]
    assert caller.do("create_post", SocialPost(platform=Platform.BLUESKY, text="No"))["code"] == "credential_refused"
    assert len(account.records) == count
