"""Every sample dashboard with every set of sample updates, by the rules that stand beside them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from dashboard_texts import lines_of, ours, outside, rendered_types

SAMPLES = Path(__file__).parent.parent / "samples" / "dashboards"
DASHBOARDS = sorted(path.name for path in SAMPLES.glob("0*.md"))
UPDATES = {path.name: path.read_bytes() for path in sorted((SAMPLES / "updates").iterdir())}
SETS = [(), *((name[:2],) for name in UPDATES), ("02", "09"), ("10", "14"), ("12", "13", "15")]


@pytest.mark.parametrize("folder", ["Updates", "Signals"])
@pytest.mark.parametrize("names", SETS, ids=lambda names: "+".join(names) or "all")
@pytest.mark.parametrize("dashboard", DASHBOARDS)
def test_any_updates_merge_into_any_dashboard(desk, samples_arrive, dashboard, names, folder):
    shutil.copyfile(SAMPLES / dashboard, desk.dashboard)
    before = desk.dashboard.read_bytes()
    samples_arrive(folder, names)
    arrived = desk.files(folder)

    report = desk.merge()

    after = desk.dashboard.read_bytes()
    assert outside(after, before)
    assert after.endswith(b"\n") == before.endswith(b"\n") or not before
    kept = desk.files(folder)
    for name, data in arrived.items():
        where = {"10": f"error/{name}", "14": name}.get(name[:2], f"archive/{name}")
        assert kept[where] == data
    assert len(ours(after)) == len(report.merged) + len(report.errors)
    assert desk.merge().merged == ()
    assert desk.dashboard.read_bytes() == after


@pytest.fixture
def merged(desk, samples_arrive: Callable[..., None]) -> list[str]:
    """Our lines after all samples were merged into the first dashboard, from top to bottom."""
    shutil.copyfile(SAMPLES / "01-tables.md", desk.dashboard)
    samples_arrive()
    desk.merge()
    return ours(desk.dashboard.read_bytes())


def line_with(lines: list[str], words: str) -> str:
    (found,) = [line for line in lines if words in line]
    return found


def test_they_stand_newest_first(merged):
    times = [line[2:22] for line in merged]
    assert times == sorted(times, reverse=True)
    assert len(merged) == 12


def test_a_repetition_is_archived_and_not_shown_twice(desk, merged):
    assert line_with(merged, "Mail watcher healthy.")
    assert line_with(merged, "Reply drafted for a customer question")
    assert {"07-duplicate-of-02.md", "08-duplicate-of-03-other-spacing.json"} <= {
        name.removeprefix("archive/") for name in desk.files("Updates")
    }


def test_two_texts_under_one_id_are_both_kept_and_marked(merged):
    for words in ("Mail watcher healthy.", "Mail watcher DOWN."):
        assert "id upd-0002 · ⚠ in conflict" in line_with(merged, words)


def test_an_unreadable_one_is_named_with_its_reason(desk, merged):
    line = line_with(merged, "Updates/error/10-broken-json.json")
    reason = desk.files("Updates")["error/10-broken-json.json.reason.txt"].decode().strip()
    assert reason.startswith("The JSON is broken at line 1")
    assert reason in line


def test_broken_yaml_is_marked(merged):
    assert "⚠ degraded YAML" in line_with(merged, "Odoo draft INV/2026/00012 is ready.")


def test_what_could_act_on_a_terminal_is_shown_as_text(desk, merged):
    assert "All good⟦U+001B⟧" in line_with(merged, "All good")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]", desk.shown.replace("\r\n", "\n"))


def test_structure_inside_an_update_is_plain_text(desk, merged):
    line = line_with(merged, "nothing to review")
    assert rendered_types(line) == {"list", "list_item", "block_text", "text"}
    assert desk.shown.count("# AI Employee Dashboard") == 2
    assert lines_of(desk.shown).count("# AI Employee Dashboard\n") == 1


def test_a_claim_is_shown_as_one(merged):
    assert "⚠ a claim, it decides nothing" in line_with(merged, "req-2026-0022")


def test_an_empty_file_waits_at_first_sight_however_old_it_is(desk, samples_arrive):
    samples_arrive(names=("14",))
    desk.later(days=2)
    assert desk.merge().waiting == ("Updates/14-empty.md",)


def test_an_empty_file_waits_and_is_later_set_aside(desk, samples_arrive):
    samples_arrive(names=("14",))
    assert desk.merge().waiting == ("Updates/14-empty.md",)
    assert not desk.dashboard.exists()
    desk.later(minutes=2)
    assert desk.merge().errors == ("Updates/14-empty.md",)
    assert desk.files("Updates") == {
        "error/14-empty.md": b"",
        "error/14-empty.md.reason.txt": b"It stayed empty.\n",
    }
    assert "Updates/error/14-empty.md: It stayed empty." in desk.shown
