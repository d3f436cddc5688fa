"""Many clones, one remote: each request is executed once and none is lost, whoever is killed, whenever it is cut."""

from __future__ import annotations

import os

import pytest
from tests.orchestrator.swarm import Swarm

from platinum_tui.vault.folders import Folder


def check(swarm: Swarm, count: int) -> None:
    sent = swarm.sent()
    assert {subject: times for subject, times in sent.items() if times > 1} == {}
    first = swarm.states(swarm.machines[0])
    assert len(first) == count
    for machine in swarm.machines:
        states = swarm.states(machine)
        assert set(states.values()) <= {"done", "unknown"}, (machine.root.name, states)
        assert states.items() <= first.items()  # who was down from approval to archive has the file and no row of it
        assert machine.json("audit", "verify")["ok"]
        assert list((machine.vault / "In_Progress").rglob("*.md")) == []
        assert list(machine.vault.glob("*.sync-conflict-*")) == []
    lines = [
        line for line in (swarm.machines[0].vault / "Dashboard.md").read_text().splitlines() if " · done · " in line
    ]
    done = {request_id for request_id, state in first.items() if state == "done"}
    assert len(lines) == len(set(lines)) == len(done)
    assert done <= {subject.replace("r", "req-") for subject in sent}
    for machine in swarm.machines:
        archived = {p.stem for p in (machine.vault / Folder.ARCHIVED).glob("*.md")}
        assert archived == {request_id.replace("req-", "r") for request_id in done}


def test_three_clones_execute_each_request_once(join, remote):
    swarm = Swarm([join(f"m{number}") for number in range(3)], remote, seed=7)
    swarm.request(9)
    swarm.run_until(9, 240, kill_every=4, cut_every=6)
    check(swarm, 9)
    assert swarm.kills > 2


@pytest.mark.long
def test_eight_clones_execute_each_request_once(join, remote):
    count = int(os.environ.get("SWARM_REQUESTS", "250"))
    swarm = Swarm([join(f"m{number}") for number in range(8)], remote, seed=int(os.environ.get("SWARM_SEED", "1")))
    swarm.request(count)
    swarm.run_until(count, 60 * count, kill_every=3, cut_every=10)
    print(swarm.report())  # noqa: T201
    check(swarm, count)
