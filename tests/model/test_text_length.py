"""A text is as long as the platform that takes it counts it."""

from __future__ import annotations

import time

import pytest

from platinum_tui.model.action import Platform
from platinum_tui.model.text_length import clusters, message_length, post_length

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
GERMANY = "\U0001f1e9\U0001f1ea"


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("a" * 280, 280),
        ("see https://example.com/" + "x" * 100, 4 + 23),
        ("see https://example.com/a, then go", 4 + 23 + len(", then go")),
        ("(https://example.com/a).", 1 + 23 + 2),
        ("write to ana@example.com", len("write to ana@example.com")),
        ("see example.com for more", 4 + 23 + 9),
        ("e.g. node.js and v1.2", len("e.g. node.js and v1.2")),
        ("日本", 4),
        (FAMILY, 2),
        (GERMANY + GERMANY, 4),
        ("1\ufe0f\u20e3", 2),
        ("e\u0301", 1),
        ("naïve – “x”", len("naïve – “x”")),
    ],
)
def test_x_weighs_links_and_wide_letters(text: str, weight: int) -> None:
    assert post_length(text, Platform.X).counted == weight


def test_mastodon_counts_links_and_foreign_servers_short() -> None:
    assert post_length("https://example.com/" + "x" * 600, Platform.MASTODON).counted == 23
    assert post_length("hi @ana@mastodon.example", Platform.MASTODON).counted == len("hi @ana")
    assert post_length("日本", Platform.MASTODON).counted == 2


def test_bluesky_counts_what_a_reader_sees_and_bytes() -> None:
    assert post_length((FAMILY + GERMANY) * 50, Platform.BLUESKY).counted == 100
    assert not post_length("a" * 301, Platform.BLUESKY).fits
    crowded = post_length(FAMILY * 200, Platform.BLUESKY)
    assert (crowded.counted, crowded.limit, crowded.unit) == (3600, 3000, "bytes")


@pytest.mark.parametrize(
    ("platform", "limit"),
    [(Platform.LINKEDIN, 3000), (Platform.FACEBOOK, 63206), (Platform.INSTAGRAM, 2200), (Platform.X, 280)],
)
def test_one_letter_too_many_does_not_fit(platform: Platform, limit: int) -> None:
    assert post_length("a" * limit, platform).fits
    over = post_length("a" * (limit + 1), platform)
    assert not over.fits
    assert str(over).startswith(f"{limit + 1} of {limit} characters")


def test_a_message_of_whatsapp_has_4096_characters() -> None:
    assert message_length("a" * 4096).fits
    assert not message_length("a" * 4097).fits


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a\u0301\u0302b", 2),
        ("👍🏽", 1),
        ("नि", 1),
        ("각", 1),
        ("\u1112\u1161\u11ab", 1),
        ("a\u200db", 2),
        ("กำ", 1),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("\u0301", 1),
        ("a\n\u0301", 3),
    ],
)
def test_what_a_reader_takes_for_one_letter(text: str, count: int) -> None:
    assert len(list(clusters(text))) == count
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize("piece", ["\u0301", "я", "http://", "a.", "@a@", "\u200d", "a.com ", "http://a.", "👍"])
@pytest.mark.parametrize("platform", list(Platform))
def test_no_text_takes_long_to_count(piece: str, platform: Platform) -> None:
    begun = time.process_time()
    post_length((piece * 100_000)[:100_000], platform)
    assert time.process_time() - begun < 0.1
