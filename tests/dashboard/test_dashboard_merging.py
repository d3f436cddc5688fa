"""Updates arrive, are shown once where they belong, and are kept."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from dashboard_texts import dashboards, ours, outside
from hypothesis import given
from hypothesis import strategies as st

from platinum_tui.dashboard.batch import MANY
from platinum_tui.dashboard.document import Document
from platinum_tui.dashboard.journal import MergedJournal
from platinum_tui.dashboard.merge import MergeReport, merge_updates
from platinum_tui.dashboard.merging import merge_text
from platinum_tui.dashboard.update import read_update
from platinum_tui.model.errors import Failed
from platinum_tui.vault import moves
from platinum_tui.vault.reading import Unreadable

T0 = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)


def signal(text: str, minutes: float = 0, **fields: str) -> str:
    time = (T0 + timedelta(minutes=minutes)).isoformat()
    return json.dumps({"timestamp": time, "agent": "cloud", "type": "note", "content": text, **fields})


def said(desk) -> list[str]:
    """What the lines say, from top to bottom."""
    return [line.split(" · ")[2].removeprefix("note: ") for line in ours(desk.dashboard.read_bytes())]


def test_what_comes_late_is_sorted_in(desk):
    desk.arrives("b.json", signal("two", 2))
    desk.arrives("c.json", signal("four", 4))
    desk.merge()
    desk.arrives("a.json", signal("one", 1))
    desk.arrives("d.json", signal("three", 3))
    desk.arrives("e.json", signal("five", 5), "Signals")
    desk.merge()
    assert said(desk) == ["five", "four", "three", "two", "one"]


def test_those_of_one_instant_are_ordered_by_name(desk):
    for name in ("b", "a", "c"):
        desk.arrives(f"{name}.json", signal(name))
    desk.merge()
    assert said(desk) == ["c", "b", "a"]


def test_an_update_goes_under_the_heading_it_names(desk):
    desk.dashboard.write_text("## Recent Activity\n\n# **System** Status\n\n- mine\n")
    desk.arrives("a.md", "---\nsection: system status\ntimestamp: 2026-01-15\n---\nAll well.\n")
    desk.arrives("b.md", "---\nsection: Nowhere\ntimestamp: 2026-01-15\n---\nLost?\n")
    desk.merge()
    text = desk.shown
    assert text.index("Lost?") < text.index("# **System** Status") < text.index("All well.") < text.index("- mine")


def test_a_fenced_or_foreign_heading_is_not_the_one_it_names(desk):
    desk.dashboard.write_text("```\n## Status\n```\n\n<!-- X:START -->\n## Status\n<!-- X:END -->\n")
    desk.arrives("a.json", signal("here", section="Status"))
    desk.merge()
    assert desk.shown.index("## Recent Activity") < desk.shown.index("here")


def test_a_section_keeps_the_newest_and_the_archive_keeps_all(desk):
    for minute in range(8):
        desk.arrives(f"{minute}.json", signal(str(minute), minute))
    desk.merge(keep=5)
    assert said(desk) == ["7", "6", "5", "4", "3"]
    desk.arrives("9.json", signal("9", 9))
    desk.arrives("old.json", signal("old", -9))
    desk.merge(keep=5)
    assert said(desk) == ["9", "7", "6", "5", "4"]
    assert len(desk.files("Updates/archive")) == 10


def test_a_line_with_a_note_beneath_it_and_other_lists_are_never_taken_away(desk):
    desk.arrives("0.json", signal("old", 0))
    desk.merge(keep=1)
    desk.dashboard.write_text(desk.shown + "  - keep this\n- and this\n")
    desk.arrives("1.json", signal("new", 1))
    desk.merge(keep=1)
    assert said(desk) == ["new", "old"]
    assert desk.shown.endswith("\n  - keep this\n- and this\n")


def test_a_line_that_a_person_deleted_stays_deleted(desk):
    desk.arrives("0.json", signal("gone"))
    desk.merge()
    desk.dashboard.write_text("mine\n")
    desk.arrives("again.json", signal("gone"))
    assert desk.merge().repeated == ("Updates/again.json",)
    assert desk.shown == "mine\n"


def test_an_id_that_comes_back_with_other_text_marks_both(desk):
    desk.arrives("0.json", signal("up", 0, id="x"))
    desk.merge()
    desk.arrives("1.json", signal("down", 1, id="x"))
    desk.merge()
    assert [line.count("⚠ in conflict") for line in ours(desk.dashboard.read_bytes())] == [1, 1]


def test_a_conflict_with_a_line_that_has_left_is_still_marked(desk):
    desk.arrives("0.json", signal("up", 0, id="x"))
    desk.merge()
    desk.dashboard.unlink()
    desk.arrives("1.json", signal("down", 1, id="x"))
    desk.merge()
    assert "⚠ in conflict" in desk.shown


def test_nothing_in_the_archive_is_overwritten(desk):
    for text in ("one", "two", "three"):
        desk.arrives("same.json", signal(text))
        desk.merge()
    kept = desk.files("Updates/archive")
    assert len(kept) == 3
    assert {json.loads(data)["content"] for data in kept.values()} == {"one", "two", "three"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"\xff\xfe\x00", "not UTF-8"),
        ("a.md", "---\nno end\n", "no closing"),
        ("a.md", "---\na: &x 1\nb: *x\n---\nhi", "anchor or alias"),
        ("a.md", "---\nid: 1\nid: 2\n---\nhi", "two values"),
        ("a.json", "[1]", "no single object"),
        ("a.json", '{"a": 1, "a": 2}', "two values"),
        ("a.json", '{"a": NaN}', "NaN"),
        ("a.json", "[" * 100_000, "nested"),
        ("a.md", b"x" * 300_000, "too large"),
        ("note.txt", "a note", "neither .md nor .json"),
        ("chart", b"\x89PNG\0", "neither .md nor .json"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_the_reason(desk, name, content, reason):
    desk.arrives(name, content)
    desk.arrives("good.json", signal("good"))
    report = desk.merge()
    assert report.errors == (f"Updates/{name}",)
    assert report.merged == ("Updates/good.json",)
    assert reason in desk.files("Updates/error")[f"{name}.reason.txt"].decode()
    assert f"Updates/error/{name}" in desk.shown
    assert not [file for file in desk.files("Updates") if "/" not in file]


def test_a_link_is_set_aside_unread(desk, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (desk.vault.root / "Updates" / "a.md").symlink_to(tmp_path / "secret")
    assert desk.merge().errors == ("Updates/a.md",)
    assert "secret" not in desk.shown
    assert (desk.vault.root / "Updates/error/a.md").is_symlink()


def test_an_archive_that_is_a_link_takes_nothing(desk, tmp_path):
    (desk.vault.root / "Updates/archive").rmdir()
    (desk.vault.root / "Updates/archive").symlink_to(tmp_path)
    desk.arrives("a.json", signal("stay"))
    with pytest.raises(Failed):
        desk.merge()
    assert "a.json" in desk.files("Updates")


def test_machinery_and_folders_are_left_alone(desk):
    for name in (".gitkeep", ".x.md.swp", "a.tmp", "a.md.part", "~a.md~"):
        desk.arrives(name, "x")
    desk.arrives("half.part", "x", "Signals")
    report = desk.merge()
    assert report == MergeReport()


def test_a_signal_of_any_suffix_is_read_as_text(desk):
    desk.arrives("ping", "still here", "Signals")
    desk.merge()
    assert said(desk) == ["still here"]
    assert desk.files("Signals") == {"archive/ping": b"still here"}


def test_a_time_from_the_future_is_not_believed(desk):
    desk.arrives("a.json", json.dumps({"timestamp": "2099-01-01T00:00:00Z", "content": "I stay on top"}))
    desk.merge()
    assert ours(desk.dashboard.read_bytes())[0].startswith("- 2027-01-15 12:00:00Z")


def test_where_nothing_changes_nothing_is_written(desk):
    desk.dashboard.write_text(
        "<!-- platinum:updated -->x<!-- /platinum:updated -->\n<!-- platinum:queue --><!-- /platinum:queue -->\n"
    )
    desk.merge(queue="1")
    first = (desk.shown, desk.dashboard.stat().st_ino)
    assert "2027-01-15T12:00:00Z" in first[0]
    desk.later(hours=1)
    desk.merge(queue="1")
    assert (desk.shown, desk.dashboard.stat().st_ino) == first
    desk.merge(queue="2")
    assert "2027-01-15T13:00:00Z" in desk.shown


def test_the_reference_alone_protects_when_the_journal_is_lost(desk):
    desk.arrives("a.json", signal("once"))
    desk.merge()
    desk.state.unlink()
    desk.arrives("b.json", signal("once"))
    desk.merge()
    assert said(desk) == ["once"]


def test_the_journal_survives_a_restart(tmp_path):
    MergedJournal(tmp_path / "merged").add("a" * 64)
    assert MergedJournal(tmp_path / "merged").holds("a" * 64)


@pytest.mark.parametrize("rename", [False, True], ids=["in place", "by rename"])
def test_what_a_person_saves_meanwhile_is_merged_too(desk, monkeypatch, rename):
    desk.dashboard.write_text("before\n")
    desk.arrives("a.json", signal("from the cloud"))
    edits = iter(["first\n", "second\n"])
    real = Document.with_section

    def with_an_editor_open(document, title):
        for text in (word for word in [next(edits, None)] if word):
            path = desk.dashboard
            if rename:
                path = desk.vault.root / "saving"
            path.write_text(text)
            os.replace(path, desk.dashboard)
        return real(document, title)

    monkeypatch.setattr(Document, "with_section", with_an_editor_open)
    desk.merge()
    assert desk.shown.startswith("second\n\n## Recent Activity\n\n- ")
    assert said(desk) == ["from the cloud"]


@pytest.mark.parametrize("rename", [False, True], ids=["in place", "by rename"])
def test_what_an_editor_saves_at_the_very_moment_is_merged_too(desk, monkeypatch, rename):
    desk.dashboard.write_text("before\n")
    desk.arrives("a.json", signal("from the cloud"))
    real, saves = moves.exchange_at, iter(["typed meanwhile\n"])

    def with_an_editor_open(folder, one, other):
        for text in saves:
            path = desk.vault.root / "saving" if rename else desk.dashboard
            path.write_text(text)
            os.replace(path, desk.dashboard)
        real(folder, one, other)

    monkeypatch.setattr(moves, "exchange_at", with_an_editor_open)
    desk.merge()
    assert desk.shown.startswith("typed meanwhile\n\n## Recent Activity\n\n- ")
    assert said(desk) == ["from the cloud"]


def test_an_update_that_is_written_anew_meanwhile_is_not_archived_unread(desk, monkeypatch):
    path = desk.arrives("a.json", signal("first"))
    real = moves.replace_unchanged

    def with_a_sync_at_work(*given):
        replaced = real(*given)
        path.write_text(signal("second", 1))
        return replaced

    with monkeypatch.context() as patch:
        patch.setattr(moves, "replace_unchanged", with_a_sync_at_work)
        desk.merge()
    assert list(desk.files("Updates")) == ["a.json"]
    desk.merge()
    assert said(desk) == ["second", "first"]


def test_a_dashboard_that_never_rests_is_given_up(desk, monkeypatch):
    desk.arrives("a.json", signal("x"))
    count = iter(range(10_000))
    real = Document.with_section

    def with_a_mad_editor(document, title):
        desk.dashboard.write_text(str(next(count)))
        return real(document, title)

    monkeypatch.setattr(Document, "with_section", with_a_mad_editor)
    with pytest.raises(Failed):
        desk.merge()
    assert "a.json" in desk.files("Updates")


def test_a_dashboard_that_cannot_be_written_leaves_all_where_it_is(desk, monkeypatch):
    desk.arrives("a.json", signal("x"))

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(moves, "replace_unchanged", full)
    with pytest.raises(Failed, match="No space left"):
        desk.merge()
    assert list(desk.files("Updates")) == ["a.json"]


def test_a_dashboard_that_is_no_file_is_not_touched(desk):
    desk.dashboard.mkdir()
    desk.arrives("a.json", signal("x"))
    with pytest.raises(Unreadable):
        desk.merge()
    assert list(desk.files("Updates")) == ["a.json"]


@given(
    dashboards,
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8")), st.integers(0, 3), st.sampled_from(["", "a", "b"])), max_size=8
    ),
    st.integers(1, 5),
)
def test_no_byte_outside_the_merged_places_changes(text, arrivals, keep):
    text = Document.decode(text.encode("utf-8", "surrogatepass")).text
    updates = {}
    for number, (words, minutes, name) in enumerate(arrivals):
        data = signal(words, minutes, id=name).encode()
        update = read_update(f"Updates/{number}.json", data, modified=T0, now=T0)
        updates[update.content_id] = update
    ordered = sorted(updates.values(), key=lambda update: (update.time, update.file))
    merged = merge_text(text, ordered, keep)
    after = Document(merged).encode()
    assert outside(after, Document(text).encode())
    assert len(ours(after)) == min(len(ordered), keep)
    assert [line[2:22] for line in ours(after)] == sorted((line[2:22] for line in ours(after)), reverse=True)
    assert merge_text(merged, ordered, keep) == merged


def test_a_merge_of_many_updates_tells_how_far_it_has_come_and_one_of_few_nothing(desk) -> None:
    told: list[str] = []

    def merge() -> None:
        journal = MergedJournal(desk.state)
        merge_updates(desk.vault, desk.clock, journal, values={}, told=lambda progress: told.append(progress.words))

    for number in range(MANY):
        desk.arrives(f"few-{number}.md", f"few {number}")
    merge()
    assert told == []
    many = MANY + 1
    for number in range(many):
        desk.arrives(f"many-{number}.md", f"many {number}")
    merge()
    reading, archiving = (f"{doing} updates" for doing in ("reading", "archiving"))
    assert told == [f"{doing} {number} of {many}" for doing in (reading, archiving) for number in range(many)]
