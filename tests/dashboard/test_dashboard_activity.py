"""Each executed action gets its line under Recent Activity, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dashboard_texts import NASTY, dashboards, lines_of, ours, outside, rendered_types
from hypothesis import given
from hypothesis import strategies as st

from platinum_tui.dashboard.activity import ActivityLine, record_activity, write_activity
from platinum_tui.dashboard.document import Document
from platinum_tui.dashboard.line import LONGEST, inert
from platinum_tui.vault.reading import Unreadable

SENT = ActivityLine(
    time=datetime(2026, 1, 15, 6, 0, tzinfo=UTC),
    kind="email_send",
    target="ana@example.com",
    outcome="done",
    fingerprint="abcd-ef01-2345",
    request_id="req-1",
)
SENT_LINE = "- 2026-01-15 06:00:00Z · done · email_send · ana@example.com · request req-1 · abcd-ef01-2345"
POSTED = replace(SENT, kind="social_post", fingerprint="bbbb-ef01-2345", request_id="req-2")


@given(dashboards)
def test_only_the_line_is_added_wherever_it_goes(text):
    text = Document.decode(text.encode("utf-8", "surrogatepass")).text
    once = record_activity(text, SENT)
    assert outside(Document(once).encode(), Document(text).encode())
    section = Document(once).section("Recent Activity", 2)
    assert section
    assert SENT_LINE in once[section.start : section.end]
    assert record_activity(once, SENT) == once
    twice = record_activity(once, POSTED)
    assert outside(Document(twice).encode(), Document(text).encode())
    assert record_activity(record_activity(twice, POSTED), SENT) == twice


def test_an_empty_dashboard_gets_the_heading():
    assert record_activity("", SENT) == f"## Recent Activity\n\n{SENT_LINE}\n"


def test_a_missing_last_line_end_stays_missing():
    assert record_activity("notes", SENT) == f"notes\n\n## Recent Activity\n\n{SENT_LINE}"
    assert record_activity("## Recent Activity", SENT) == f"## Recent Activity\n\n{SENT_LINE}"


def test_the_newest_stands_first_in_whatever_order_they_are_recorded():
    actions = [replace(SENT, time=SENT.time + timedelta(minutes=m), request_id=f"r{m}") for m in (5, 1, 9, 3)]
    text = "## Recent Activity\n\n- my own note\n"
    for action in actions:
        text = record_activity(text, action)
    times = [line[2:22] for line in ours(text.encode())]
    assert times == sorted(times, reverse=True)
    assert text.endswith("- my own note\n")


def test_two_actions_of_one_second_stand_last_recorded_first():
    text = record_activity(record_activity("", SENT), POSTED)
    assert [line.split(" · ")[2] for line in ours(text.encode())] == ["social_post", "email_send"]


def test_an_action_that_was_unknown_and_is_settled_keeps_one_line():
    unknown = record_activity("", replace(SENT, outcome="unknown"))
    settled = record_activity(unknown, replace(SENT, time=SENT.time + timedelta(hours=1)))
    (line,) = ours(settled.encode())
    assert " · done · " in line


def test_a_line_that_a_person_took_over_stays_as_it_is():
    noted = record_activity("", replace(SENT, outcome="unknown")) + "  - I called her\n"
    assert record_activity(noted, replace(SENT, outcome="unknown")) == noted
    settled = record_activity(noted, SENT)
    assert " · unknown · " in settled
    assert " · done · " in settled
    assert "\n  - I called her\n" in settled


def test_an_older_action_goes_beneath_what_a_person_hung_under_the_newer_one():
    text = record_activity("", SENT) + "  - my note\n\nMore.\n"
    older = replace(POSTED, time=SENT.time - timedelta(days=1))
    lines = lines_of(record_activity(text, older))
    assert lines[2:4] == [f"{SENT_LINE}\n", "  - my note\n"]
    assert lines[4].startswith("- 2026-01-14")
    assert lines[5:] == ["\n", "More.\n"]


@given(st.text(st.characters(codec="utf-8")) | st.lists(st.sampled_from(NASTY)).map("\n".join))
def test_foreign_words_are_only_words(words):
    words = words.encode("utf-8", "replace").decode()
    line = replace(SENT, target=words).text
    assert ours(line.encode()) == [line]
    assert rendered_types(line) == {"list", "list_item", "block_text", "text"}


@pytest.mark.parametrize(
    "words",
    [
        "[a](https://x.example) ![i](x.png) [[Note]] ![[Note]] [^1] [^x]: y",
        "https://x.example www.x.example <https://x.example> &lt;b&gt; <b>x</b> <!-- platinum:queue -->",
        "**b** __b__ _e_ *e* `c` ``c`` ~~s~~ ==m== %%c%% $x$ $$y$$ #tag ^id | cell",
        "approved:: yes · abcd-ef01-2345 \\",
        "## Recent Activity\n---\n```\n- [x] done\n1. one\n> quote",
    ],
)
def test_the_tricks_of_markdown_and_obsidian_do_nothing(words):
    text = inert(words)
    assert rendered_types(f"- x · {text} · y") == {"list", "list_item", "block_text", "text"}
    assert not {"[[", "%%", "==", "::", "<", ">", "·", "\n"} & {
        text[at : at + n] for at in range(len(text)) for n in (1, 2)
    }


def test_words_inside_names_stay_as_they_are():
    assert inert("email_send to ana.ruiz+x@example.com, INV/2026/00012") == (
        "email_send to ana.ruiz+x@example.com, INV/2026/00012"
    )


def test_endless_words_are_cut():
    assert len(inert("x" * 100_000)) == LONGEST


def test_it_is_written_to_the_vault(desk):
    write_activity(desk.vault, SENT)
    write_activity(desk.vault, SENT)
    assert desk.shown == f"## Recent Activity\n\n{SENT_LINE}\n"


def test_bytes_that_are_no_utf_8_survive(desk):
    desk.dashboard.write_bytes(b"caf\xe9\r\n\xff\xfe\r\n")
    write_activity(desk.vault, SENT)
    assert desk.dashboard.read_bytes().startswith(b"caf\xe9\r\n\xff\xfe\r\n\r\n## Recent Activity\r\n\r\n- ")


def test_a_dashboard_that_is_a_link_is_not_followed(desk, tmp_path):
    outside_file = tmp_path / "secret.md"
    outside_file.write_text("secret")
    desk.dashboard.symlink_to(outside_file)
    with pytest.raises(Unreadable):
        write_activity(desk.vault, SENT)
    assert outside_file.read_text() == "secret"
