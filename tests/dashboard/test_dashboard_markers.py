"""Counts and tables stand between markers, and only there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dashboard_texts import dashboards
from hypothesis import given
from hypothesis import strategies as st

from platinum_tui.dashboard.markers import fill_markers, queue_table, worker_table
from platinum_tui.model.event import Worker, WorkerState, WorkerStatus
from platinum_tui.model.request import State

TABLE = queue_table({State.PENDING: 2, State.DONE: 41, State.HELD: 0})


def test_the_tables_are_markdown():
    assert TABLE == "| State | Requests |\n|---|---|\n| pending | 2 |\n| done | 41 |"
    failing = WorkerStatus(WorkerState.FAILING, datetime(2026, 1, 15, tzinfo=UTC), "a | b\n<!-- /platinum:workers -->")
    table = worker_table({Worker.SYNC: failing, Worker.EXECUTOR: WorkerStatus(WorkerState.IDLE)})
    assert table.split("\n")[2:] == [
        r"| sync | failing | 2026-01-15T00:00:00Z | a \| b ⏎ &lt;!-- /platinum:workers --&gt; |",
        "| executor | idle |  |  |",
    ]


def test_a_value_goes_on_lines_of_its_own_where_the_markers_do():
    text = "a\r\n<!-- platinum:queue -->\r\nold\r\n<!-- /platinum:queue -->\r\nb"
    filled = text.replace("old", TABLE.replace("\n", "\r\n"))
    assert fill_markers(text, {"queue": TABLE}) == filled
    assert fill_markers(filled, {"queue": TABLE}) == filled


def test_a_value_stays_in_its_line_where_the_markers_do():
    text = "**Updated**: <!-- platinum:updated --><!-- /platinum:updated --> | <!-- platinum:n -->1<!-- /platinum:n -->"
    assert fill_markers(text, {"updated": "now", "n": "2\n3"}) == (
        "**Updated**: <!-- platinum:updated -->now<!-- /platinum:updated --> | "
        "<!-- platinum:n -->2 3<!-- /platinum:n -->"
    )


def test_a_table_makes_room_for_itself_between_markers_that_have_a_line():
    text = "<!-- platinum:queue --><!-- /platinum:queue -->\n"
    filled = fill_markers(text, {"queue": TABLE})
    assert filled == f"<!-- platinum:queue -->\n{TABLE}\n<!-- /platinum:queue -->\n"


@pytest.mark.parametrize(
    "text",
    [
        "```\n<!-- platinum:queue -->\nx\n<!-- /platinum:queue -->\n```\n",
        "    <!-- platinum:queue -->\n    x\n    <!-- /platinum:queue -->\n",
        "write `<!-- platinum:queue -->` and `<!-- /platinum:queue -->` there",
        "<!-- platinum:queue -->\nno end",
        "no start\n<!-- /platinum:queue -->",
        "<!-- platinum:queue -->\n<!-- platinum:other -->\n<!-- /platinum:queue -->",
        "<!-- platinum:unknown -->\nx\n<!-- /platinum:unknown -->",
        "<!--platinum:queue-->x<!--/platinum:queue-->",
        "---\na: <!-- platinum:queue -->x<!-- /platinum:queue -->\n---\n",
    ],
)
def test_what_only_looks_like_markers_stays(text):
    assert fill_markers(text, {"queue": TABLE}) == text


@given(dashboards, st.text(st.characters(exclude_characters="<`"), max_size=30))
def test_nothing_outside_the_markers_changes(text, old):
    before = "Seen: <!-- platinum:queue -->"
    after = f"<!-- /platinum:queue -->\n\n{text}"
    other = {"queue": "new"}
    filled = fill_markers(f"{before}{old}{after}", other)
    assert filled.startswith(before)
    assert filled.endswith(fill_markers(after, other))
