"""A post for each platform, and an account on each."""

from __future__ import annotations

from pathlib import Path

from tests.support import social_contracts
from tests.support.calling import Caller
from tests.support.contract_server import Answer, Contract
from tests.support.social_contracts import TOKEN

from platinum_executors.social import SOCIAL
from platinum_tui.model.action import Platform, SocialPost

TEXT = "Loaves & rolls <today> (10 % off) #bread\nhttps://bakery.example/a_b?x=1"
NETWORKS = {
    "facebook": social_contracts.Facebook,
    "instagram": social_contracts.Instagram,
    "x": social_contracts.X,
    "linkedin": social_contracts.LinkedIn,
    "mastodon": social_contracts.Mastodon,
    "bluesky": social_contracts.Bluesky,
}
SETTINGS = {
    "facebook": {"facebook_page": "page1"},
    "instagram": {"instagram_account": "ig1"},
    "x": {"x_user": "me"},
    "linkedin": {"linkedin_author": "urn:li:person:me"},
    "mastodon": {"mastodon_host": "m.example"},
    "bluesky": {"bluesky_handle": "me.example"},
}
ACTS = {
    "facebook": "POST /page1/feed",
    "instagram": "POST /ig1/media_publish",
    "x": "POST /2/tweets",
    "linkedin": "POST /rest/posts",
    "mastodon": "POST /api/v1/statuses",
    "bluesky": "POST /xrpc/com.atproto.repo.putRecord",
}
BAD_GATEWAY = Answer(b"<html>bad gateway", 502)
LOOKED_UP = ("facebook", "instagram", "mastodon")


def post(platform: str, **changes: object) -> SocialPost:
    media = {"media": ("https://cdn.example/a.jpg",), "media_sha256": ("",)} if platform == "instagram" else {}
    return SocialPost(**{"platform": Platform(platform), "text": TEXT, **media, **changes})


def open_platform(platform: str, contract: Contract, root: Path) -> Caller:
    secrets = {f"{platform}_token": TOKEN, "bluesky_password": "app-pass"}
    return Caller(SOCIAL, root, {**SETTINGS[platform], f"{platform}_api_url": contract.url}, secrets)
