"""A post appears once on the platform that it names; what a platform says no to does not appear at all."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta

import pytest
from tests.support import social_contracts
from tests.support.calling import NOW, Caller
from tests.support.contract_server import GARBAGE, LOST, Answer, contract_server
from tests.support.mail_servers import free_port
from tests.support.social_contracts import TOKEN
from tests.support.social_platforms import (
    ACTS,
    BAD_GATEWAY,
    LOOKED_UP,
    NETWORKS,
    SETTINGS,
    TEXT,
    open_platform,
    post,
)

from platinum_executors.social import SOCIAL
from platinum_executors.social.bluesky import facets, record_key
from platinum_executors.social.linkedin import little_text
from platinum_tui.model.decision import instant

PICTURE = b"\x89PNG\r\n\x1a\nthe picture"
GRAPH_LIMIT = Answer({"error": {"message": "Application request limit reached", "code": 4}}, 400)
GRAPH_EXPIRED = Answer({"error": {"message": "Session has expired", "code": 190, "error_subcode": 463}}, 400)
DUPLICATE_URN = {
    "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]},
    "message": "duplicate of urn:li:share:9",
}


@pytest.fixture(params=list(NETWORKS))
def platform(request) -> str:
    return request.param


@pytest.fixture
def network(platform):
    with contract_server(NETWORKS[platform]()) as contract:
        yield contract


@pytest.fixture
def caller(platform, network, tmp_path) -> Caller:
    return open_platform(platform, network, tmp_path)


def test_an_approved_post_appears_once(caller, network, platform):
    approved = caller.decide(post(platform))
    first = caller.call("create_post", post(platform), approved)
    second = caller.call("create_post", post(platform), approved)

    assert (first["outcome"], second["code"]) == ("done", "decision_used")
    assert first["evidence"]["platform"] == platform
    assert first["evidence"]["post_id"]
    assert len(network.answer.posts) == 1
    assert caller.check() == {"ok": True, "findings": []}


def test_a_lost_answer_is_looked_up_or_unknown_and_never_repeated(caller, network, platform):
    network.faults[ACTS[platform]] = LOST
    result = caller.do("create_post", post(platform))

    settled = platform in LOOKED_UP
    assert (result["outcome"], result.get("code")) == (("done", None) if settled else ("unknown", "no_reply"))
    assert len(network.answer.posts) == 1
    assert len([call for call in network.journal if f"{call.method} {call.path}" == ACTS[platform]]) == 1


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (GARBAGE, "unknown", "malformed_answer"),
        (BAD_GATEWAY, "unknown", "server_error"),
        (Answer({}, 403), "refused", "not_allowed"),
        (Answer({}, 429), "refused", "rate_limited"),
        (Answer({}, 307, {"location": "https://evil.example"}), "unknown", "server_error"),
    ],
)
def test_each_bad_answer_has_its_outcome(caller, network, platform, fault, outcome, code):
    network.faults[ACTS[platform]] = fault
    result = caller.do("create_post", post(platform))

    looked_up = fault is GARBAGE and platform in LOOKED_UP
    assert (result["outcome"], result.get("code")) == (("done", None) if looked_up else (outcome, code))
    assert caller.burnt == 1


@pytest.mark.parametrize(
    ("platform", "fault", "code"),
    [
        ("facebook", GRAPH_EXPIRED, "credential_expired"),
        ("facebook", GRAPH_LIMIT, "rate_limited"),
        ("facebook", Answer({"error": {"message": "(#506) Duplicate status message", "code": 506}}, 400), "duplicate"),
        ("facebook", Answer({"error": {"message": "Permissions error", "code": 200}}, 403), "not_allowed"),
        ("facebook", Answer({"error": {"message": "abusive", "code": 368}}, 400), "blocked"),
        ("instagram", GRAPH_EXPIRED, "credential_expired"),
        ("instagram", Answer({"error": {"message": "Too big", "code": 36000}}, 400), "refused_by_service"),
        ("x", Answer({"detail": "Unauthorized"}, 401), "credential_expired"),
        ("x", Answer({"detail": "credits depleted"}, 402), "no_credit"),
        ("x", Answer({"detail": "not allowed to create a Tweet with duplicate content"}, 403), "duplicate"),
        ("x", Answer({"detail": "too long"}, 400), "refused_by_service"),
        ("linkedin", Answer({"status": 401}, 401), "credential_expired"),
        ("linkedin", Answer(DUPLICATE_URN, 422), "duplicate"),
        ("linkedin", Answer({"code": "NONEXISTENT_VERSION"}, 426), "version_ended"),
        ("mastodon", Answer({"error": "The access token is invalid"}, 401), "credential_expired"),
        ("mastodon", Answer({"error": "Validation failed: too long"}, 422), "refused_by_service"),
        ("bluesky", Answer({"error": "ExpiredToken"}, 400), "credential_refused"),
        ("bluesky", Answer({"error": "RateLimitExceeded"}, 429), "rate_limited"),
        ("bluesky", Answer({"error": "InvalidRequest", "message": "too long"}, 400), "refused_by_service"),
    ],
)
def test_each_documented_no_is_one_clear_sentence(caller, network, platform, fault, code):
    network.faults[ACTS[platform]] = fault
    result = caller.do("create_post", post(platform))

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", code, False)
    assert (
        result["message"].strip().endswith((".", "!", "message", "error", "content", "long", "abusive", "big", "Big"))
    )
    assert network.answer.posts == []


def test_metas_own_error_does_not_say_that_nothing_happened(tmp_path):
    with contract_server(social_contracts.Facebook()) as network:
        network.faults[ACTS["facebook"]] = Answer({"error": {"message": "An unknown error occurred", "code": 1}}, 500)
        result = open_platform("facebook", network, tmp_path).do("create_post", post("facebook"))

    assert (result["outcome"], result["code"]) == ("unknown", "service_error")


def test_a_platform_that_is_away_may_be_tried_again(caller, network, platform):
    approved, reachable = caller.decide(post(platform)), caller.settings
    caller.settings = {**reachable, f"{platform}_api_url": f"http://127.0.0.1:{free_port()}"}
    first = caller.call("create_post", post(platform), approved)
    caller.settings = reachable

    assert (first["code"], first["retriable"], caller.burnt) == ("no_connection", True, 0)
    assert caller.call("create_post", post(platform), approved)["outcome"] == "done"


def test_a_wrong_credential_is_found_by_the_check(caller, network, platform):
    caller.secrets.update({f"{platform}_token": "wr0ng", "bluesky_password": "wr0ng"})
    [finding] = caller.check()["findings"]

    assert finding["code"] in ("credential_expired", "credential_refused")
    assert "wr0ng" not in str(finding)
    assert caller.do("create_post", post(platform))["outcome"] == "refused"
    assert network.answer.posts == []


def test_a_missing_credential_and_an_unconfigured_platform_are_named(caller, platform):
    caller.secrets.clear()
    assert caller.do("create_post", post(platform))["code"] == "credential_missing"
    caller.settings = {}
    assert caller.do("create_post", post(platform))["code"] == "not_configured"


def test_a_picture_of_the_vault_goes_along(caller, network, platform, tmp_path):
    (tmp_path / "Media").mkdir()
    (tmp_path / "Media/a.png").write_bytes(PICTURE)
    media = {"media": ("Media/a.png",), "media_sha256": (hashlib.sha256(PICTURE).hexdigest(),)}
    result = caller.do("create_post", post(platform, **media))
    (tmp_path / "Media/a.png").write_bytes(b"another")
    changed = caller.do("create_post", post(platform, **media, text="again"))

    if platform == "instagram":
        assert result["code"] == changed["code"] == "media_not_public"
        return
    assert result["outcome"] == "done"
    assert changed["code"] == "attachment_changed"
    [upload] = network.answer.uploads
    assert PICTURE in upload or platform == "x"
    assert len(network.answer.posts) == 1


def test_what_a_picture_shows_is_said_to_those_who_cannot_see_it(caller, network, platform, tmp_path):
    (tmp_path / "a.jpg").write_bytes(PICTURE)
    (tmp_path / "b.jpg").write_bytes(PICTURE + b"2")
    caller.settings = {**caller.settings, "instagram_media_url": "https://files.example"}
    hashes = tuple(hashlib.sha256(data).hexdigest() for data in (PICTURE, PICTURE + b"2"))
    words = ("A loaf, “still warm”, on a cloth", "The oven")
    one = post(platform, media=("a.jpg",), media_sha256=hashes[:1], alt_text=words[:1])
    two = post(platform, text="Two", media=("a.jpg", "b.jpg"), media_sha256=hashes, alt_text=words)

    assert caller.do("create_post", one)["outcome"] == "done"
    assert network.answer.alt_texts == ["A loaf, “still warm”, on a cloth"]
    assert caller.do("create_post", two)["outcome"] == "done"
    assert network.answer.alt_texts[1:] == list(words)


def test_an_address_is_never_fetched_by_this_program(caller, network, platform):
    media = {"media": ("https://evil.example/a.jpg",), "media_sha256": ("",)}
    result = caller.do("create_post", post(platform, **media))

    # Meta's servers fetch an address themselves; for the others the file must be in the vault.
    assert result["outcome"] == ("done" if platform in ("facebook", "instagram") else "refused")


def test_an_hour_is_kept(caller, network, platform):
    tomorrow = instant(NOW + timedelta(days=1))
    result = caller.do("create_post", post(platform, scheduled_at=tomorrow))

    if platform in ("facebook", "mastodon"):
        assert result["evidence"]["scheduled"] is True
        [held] = network.answer.posts
        assert held.get("scheduled_at") == tomorrow or held["scheduled_publish_time"] == "1768564800"
    else:
        assert (result["code"], result["retriable"], caller.burnt) == ("not_due", True, 0)
        assert network.answer.posts == []
    past = caller.do("create_post", post(platform, text="now", scheduled_at=instant(NOW - timedelta(minutes=1))))
    assert past["outcome"] == "done"


def test_reserved_characters_do_not_cut_a_linkedin_post():
    assert little_text("a (b) [c] {d} <e> f|g @h *i* _j_ ~k~ \\l") == (
        r"a \(b\) \[c\] \{d\} \<e\> f\|g \@h \*i\* \_j\_ \~k\~ \\l"
    )
    assert little_text("#rail_2026 and C# and &#1") == r"{hashtag|\#|rail\_2026} and C\# and &\#1"


def test_a_linkedin_post_arrives_escaped(tmp_path):
    with contract_server(social_contracts.LinkedIn()) as network:
        open_platform("linkedin", network, tmp_path).do("create_post", post("linkedin"))
        [held] = network.answer.posts

    assert held["commentary"] == little_text(TEXT)
    assert (held["author"], held["visibility"], held["lifecycleState"]) == ("urn:li:person:me", "PUBLIC", "PUBLISHED")


@pytest.mark.parametrize(
    "address", ["https://evil.example/u", "https://evil-linkedin.com/u", "http://www.linkedin.com/u"]
)
def test_a_token_goes_to_linkedin_alone(tmp_path, address):
    (tmp_path / "a.png").write_bytes(PICTURE)
    media = {"media": ("a.png",), "media_sha256": (hashlib.sha256(PICTURE).hexdigest(),)}
    with contract_server(social_contracts.LinkedIn()) as network:
        network.faults["/rest/images"] = Answer({"value": {"uploadUrl": address, "image": "urn:li:image:C1"}})
        result = open_platform("linkedin", network, tmp_path).do("create_post", post("linkedin", **media))

    assert (result["outcome"], result["code"]) == ("refused", "malformed_answer")


def test_a_bluesky_post_is_put_only_if_absent_and_found_by_its_key(tmp_path):
    with contract_server(social_contracts.Bluesky()) as network:
        caller = open_platform("bluesky", network, tmp_path)
        marker = caller.marker(post("bluesky"))
        absent = caller.find(marker)
        first = caller.do("create_post", post("bluesky"))
        again = caller.do("create_post", post("bluesky"), decided_at=NOW + timedelta(seconds=9))
        clock_is_stopped = caller.do("create_post", post("bluesky"))

        assert absent["outcome"] == "absent"
        assert first["evidence"]["post_id"].endswith(record_key(marker))
        assert (again["outcome"], again["evidence"]["existed"]) == ("done", True)
        assert clock_is_stopped["outcome"] == "done"
        assert caller.find(marker)["outcome"] == "found"
        assert len(network.answer.posts) == 1


def test_a_record_key_is_a_tid():
    keys = {record_key(f"{number:032x}") for number in (0, 1, 2**127, 2**128 - 1)}

    assert len(keys) == 4
    assert all(len(key) == 13 and key[0] in "234567abcdefghij" for key in keys)


def test_facets_count_bytes():
    text = "Grüße 🌻 #Brot https://bäckerei.example/a. #2026"
    found = facets(text)

    spans = [text.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in found]
    assert spans == ["#Brot", "https://bäckerei.example/a"]


def test_an_expired_x_token_is_renewed_once_and_kept(tmp_path):
    with contract_server(social_contracts.X()) as network:
        caller = open_platform("x", network, tmp_path)
        caller.settings = {**caller.settings, "x_client_id": "app"}
        caller.secrets |= {"x_token": "expired", "x_refresh_token": "r1"}
        result = caller.do("create_post", post("x"))

        assert result["outcome"] == "done"
        assert result["evidence"]["price_usd"] == "0.200"
        assert (caller.secrets["x_token"], caller.secrets["x_refresh_token"]) == (TOKEN, "r2")
        assert len(network.answer.posts) == 1
        caller.secrets |= {"x_token": "expired again", "x_refresh_token": "used"}
        assert caller.do("create_post", post("x", text="more"))["code"] == "credential_expired"


def test_what_x_bills_may_stand_in_the_configuration(tmp_path):
    with contract_server(social_contracts.X()) as network:
        caller = open_platform("x", network, tmp_path)
        caller.settings = {**caller.settings, "x_price": "0.02"}
        plain = caller.do("create_post", post("x", text="Plain"))
        linked = caller.do("create_post", post("x", text="See", link="https://bakery.example"))

    assert (plain["evidence"]["price_usd"], linked["evidence"]["price_usd"]) == ("0.02", "0.200")


def test_an_instagram_picture_that_cannot_be_used_is_refused_before_publishing(tmp_path):
    with contract_server(social_contracts.Instagram()) as network:
        network.answer.statuses = ("IN_PROGRESS", "ERROR")
        caller = open_platform("instagram", network, tmp_path)
        assert caller.do("create_post", post("instagram"))["code"] == "media_refused"
        network.answer.statuses = ("IN_PROGRESS",)
        slow = caller.do("create_post", post("instagram"))

    assert (slow["code"], slow["retriable"], caller.burnt) == ("not_ready", True, 0)
    assert sum(caller.pauses) >= 60


def test_instagram_is_told_where_the_vaults_pictures_are_published(tmp_path):
    (tmp_path / "Media").mkdir()
    (tmp_path / "Media/first loaf.png").write_bytes(PICTURE)
    media = {"media": ("Media/first loaf.png",), "media_sha256": (hashlib.sha256(PICTURE).hexdigest(),)}
    with contract_server(social_contracts.Instagram()) as network:
        caller = open_platform("instagram", network, tmp_path)
        caller.settings = {**caller.settings, "instagram_media_url": "https://files.example/vault/"}
        assert caller.do("create_post", post("instagram", **media))["outcome"] == "done"
        (tmp_path / "Media/first loaf.png").write_bytes(b"another")
        assert caller.do("create_post", post("instagram", **media))["code"] == "attachment_changed"
        [container] = network.answer.containers.values()

    assert container["image_url"] == "https://files.example/vault/Media/first%20loaf.png"


def test_where_no_mark_is_kept_the_answer_is_that_nobody_can_tell(tmp_path):
    caller = Caller(SOCIAL, tmp_path, SETTINGS["linkedin"])

    assert caller.find("0" * 32)["outcome"] == "cannot_tell"


def test_a_link_stands_below_the_text_where_there_is_no_field_for_it(caller, network, platform):
    action = dataclasses.replace(post(platform), text="New loaves", link="https://bakery.example/")
    assert caller.do("create_post", action)["outcome"] == "done"

    [held] = network.answer.posts
    words = str(held)
    assert "https://bakery.example/" in words
    assert platform != "facebook" or held["link"] == "https://bakery.example/"
