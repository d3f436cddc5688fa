"""A post whose answer was lost counts as made only where the platform shows one that was not there before the call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support import social_contracts
from tests.support.calling import NOW, Caller
from tests.support.contract_server import GARBAGE, LOST, Answer, Call, contract_server
from tests.support.social_platforms import ACTS, BAD_GATEWAY, NETWORKS, TEXT, open_platform, post

from platinum_tui.model.decision import instant


@pytest.fixture
def network(platform):
    with contract_server(NETWORKS[platform]()) as contract:
        yield contract


@pytest.fixture
def caller(platform, network, tmp_path) -> Caller:
    return open_platform(platform, network, tmp_path)


@pytest.mark.parametrize("platform", list(NETWORKS))
def test_an_older_post_with_the_same_words_is_no_proof_of_this_one(caller, network, platform):
    """The bakery says "Fresh bread!" every week; this week the platform stumbles, and nothing is posted."""
    assert caller.do("create_post", post(platform), request="last-week")["outcome"] == "done"
    network.faults[ACTS[platform]] = BAD_GATEWAY
    result = caller.do("create_post", post(platform), request="this-week")

    assert (result["outcome"], result["code"]) == ("unknown", "server_error")
    assert len(network.answer.posts) == 1


@pytest.mark.parametrize("platform", ["facebook", "mastodon"])
def test_among_posts_with_the_same_words_the_proof_is_the_one_that_came_since(caller, network, platform):
    older = [caller.do("create_post", post(platform), request=f"week-{n}")["evidence"]["post_id"] for n in range(12)]
    network.faults[ACTS[platform]] = LOST
    result = caller.do("create_post", post(platform), request="this-week")

    assert (result["outcome"], len(network.answer.posts)) == ("done", 13)
    assert result["evidence"]["post_id"] not in older


@pytest.mark.parametrize("platform", ["facebook", "mastodon"])
def test_older_posts_that_come_into_sight_again_are_no_proof(caller, network, platform):
    """Somebody deletes the newest posts while the platform stumbles, so that its list goes further back."""
    for number in range(45):
        caller.do("create_post", post(platform, text=TEXT if number < 2 else f"{number}"), request=f"r{number}")

    def stumble(call: Call) -> Answer:
        if f"{call.method} {call.path}" != ACTS[platform]:
            return answer(call)
        del answer.posts[40:]
        return BAD_GATEWAY

    answer, network.answer = network.answer, stumble
    result = caller.do("create_post", post(platform), request="this-week")

    assert (result["outcome"], result["code"]) == ("unknown", "server_error")


@pytest.mark.parametrize("platform", ["facebook", "mastodon"])
def test_what_is_to_appear_tomorrow_is_not_proved_by_what_appears_now(caller, network, platform):
    """A colleague posts the same words by hand while the platform stumbles."""
    network.faults[ACTS[platform]] = GARBAGE
    at_once = caller.do("create_post", post(platform), request="now")
    scheduled = caller.do("create_post", post(platform, scheduled_at=instant(NOW + timedelta(days=1))))

    assert [at_once["outcome"], scheduled["outcome"]] == ["done", "unknown"]


def test_an_older_post_that_is_boosted_meanwhile_is_no_proof(tmp_path):
    with contract_server(social_contracts.Mastodon()) as network:
        caller = open_platform("mastodon", network, tmp_path)
        caller.do("create_post", post("mastodon"), request="last-week")

        def boost_and_stumble(call: Call) -> Answer:
            if f"{call.method} {call.path}" != ACTS["mastodon"]:
                return answer(call)
            answer.posts.append({"status": TEXT, "reblog": {"id": "1"}})
            return BAD_GATEWAY

        answer, network.answer = network.answer, boost_and_stumble
        result = caller.do("create_post", post("mastodon"), request="this-week")

    assert (result["outcome"], result["code"]) == ("unknown", "server_error")


@pytest.mark.parametrize(
    ("platform", "look", "no"),
    [
        ("facebook", "GET /page1/feed", Answer({"error": {"message": "needs pages_read_engagement", "code": 10}}, 403)),
        ("facebook", "GET /page1/feed", Answer({"data": [{"message": "a post without an id"}]})),
        ("facebook", "GET /page1/feed", GARBAGE),
        ("mastodon", "/api/v1/accounts/5/statuses", Answer({"error": "outside the authorized scopes"}, 403)),
        ("mastodon", "/api/v1/accounts/5/statuses", Answer([None])),
        ("mastodon", "/api/v1/accounts/5/statuses", GARBAGE),
        ("mastodon", "/api/v1/accounts/verify_credentials", Answer({"error": "scopes"}, 403)),
    ],
)
def test_a_platform_that_does_not_show_its_posts_still_takes_one(caller, network, platform, look, no):
    network.faults[look] = no
    assert caller.do("create_post", post(platform))["outcome"] == "done"

    network.faults[ACTS[platform]] = LOST
    lost = caller.do("create_post", post(platform), request="this-week")
    network.faults.pop(look)
    assert (lost["outcome"], lost["code"]) == ("unknown", "no_reply")
    assert len(network.answer.posts) == 2


def test_what_was_not_to_be_seen_before_the_call_proves_nothing_after_it(tmp_path):
    """The list of posts comes back to life between the two looks, with last week's post in it."""
    with contract_server(social_contracts.Mastodon()) as network:
        caller = open_platform("mastodon", network, tmp_path)
        caller.do("create_post", post("mastodon"), request="last-week")
        network.faults["/api/v1/accounts/5/statuses"] = GARBAGE

        def stumble(call: Call) -> Answer:
            if f"{call.method} {call.path}" != ACTS["mastodon"]:
                return answer(call)
            network.faults.clear()
            return BAD_GATEWAY

        answer, network.answer = network.answer, stumble
        result = caller.do("create_post", post("mastodon"), request="this-week")

    assert (result["outcome"], result["code"]) == ("unknown", "server_error")
