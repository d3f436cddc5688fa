from __future__ import annotations

import multiprocessing
import subprocess
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from tests.vault.vault_machines import Machine

from platinum_tui.model.errors import Failed
from platinum_tui.vault.claims import Claims, Outcome, Stage, ref_of, ref_of_bytes
from platinum_tui.vault.git import Repository
from platinum_tui.vault.git_environment import GitFailed

NOW = datetime(2026, 1, 7, 10, 30, tzinfo=UTC)
SHA = "ab" * 32
MACHINES = 6
REQUESTS = 5


def claims(machine: Machine) -> Claims:
    return Claims(Repository(machine.root), machine.vault.machine)


def test_the_first_wins_and_the_second_sees_by_whom_it_lost(laptop: Machine, desk: Machine) -> None:
    assert claims(desk).current("req-1") is None
    first = claims(laptop)
    assert first.publish(first.draft("req-1", SHA, NOW)) is Outcome.WON
    second = claims(desk)
    assert second.publish(second.draft("req-1", SHA, NOW)) is Outcome.LOST
    holder = second.current("req-1")
    assert holder is not None
    assert (holder.machine, holder.stage, holder.sha256) == ("laptop", Stage.CLAIMED, SHA)


def test_the_same_bytes_under_another_id_are_claimed_by_the_first_too(laptop: Machine, desk: Machine) -> None:
    one, two = claims(laptop), claims(desk)
    claim = one.draft("req-1", SHA, NOW)
    assert one.publish(claim) is Outcome.WON
    assert two.publish(two.draft("req-2", SHA, NOW)) is Outcome.LOST
    assert two.current("req-2") is None
    holder = two.current("req-2", SHA)
    assert holder is not None
    assert (holder.machine, holder.stage) == ("laptop", Stage.CLAIMED)
    assert one.publish(one.advance(claim, Stage.IN_FLIGHT, NOW)) is Outcome.WON


def test_what_failed_under_one_id_may_be_claimed_under_another(laptop: Machine, desk: Machine) -> None:
    one, two = claims(laptop), claims(desk)
    claim = one.draft("req-1", SHA, NOW)
    one.publish(claim)
    failed = one.advance(claim, Stage.FAILED, NOW)
    assert one.publish(failed) is Outcome.WON
    standing = two.current("req-2", SHA)
    assert standing is not None
    again = two.advance(standing, Stage.CLAIMED, NOW)
    assert two.publish(again) is Outcome.WON
    assert two.publish(again) is Outcome.WON
    assert one.publish(one.advance(failed, Stage.CLAIMED, NOW)) is Outcome.LOST
    assert two.publish(two.advance(again, Stage.IN_FLIGHT, NOW)) is Outcome.WON


def test_a_claim_whose_bytes_have_no_ref_yet_gets_one(laptop: Machine, desk: Machine) -> None:
    mine = claims(laptop)
    claim = mine.draft("req-1", SHA, NOW)
    mine.publish(claim)
    mine._repository.run("push", "-q", "origin", f":{ref_of_bytes(SHA)}")
    assert mine.publish(mine.advance(claim, Stage.IN_FLIGHT, NOW)) is Outcome.WON
    assert claims(desk).current("another", SHA) is not None


def test_of_two_versions_of_a_request_one_is_claimed(laptop: Machine, desk: Machine) -> None:
    one, two = claims(laptop), claims(desk)
    assert one.publish(one.draft("req-1", SHA, NOW)) is Outcome.WON
    assert two.publish(two.draft("req-1", "cd" * 32, NOW)) is Outcome.LOST
    assert two.current("other", "cd" * 32) is None


def test_a_claim_may_be_published_again_after_a_crash(laptop: Machine) -> None:
    one = claims(laptop)
    claim = one.draft("req-1", SHA, NOW)
    assert one.publish(claim) is Outcome.WON
    assert claims(laptop).publish(claim) is Outcome.WON


def test_two_machines_that_agree_in_all_but_the_nonce_do_not_both_win(laptop: Machine, desk: Machine) -> None:
    one, two = Claims(Repository(laptop.root), "same"), Claims(Repository(desk.root), "same")
    assert one.publish(one.draft("req-1", SHA, NOW)) is Outcome.WON
    assert two.publish(two.draft("req-1", SHA, NOW)) is Outcome.LOST


def test_a_claim_goes_in_flight_and_is_done(laptop: Machine, desk: Machine) -> None:
    mine = claims(laptop)
    claim = mine.draft("req-1", SHA, NOW)
    mine.publish(claim)
    flying = mine.advance(claim, Stage.IN_FLIGHT, NOW)
    assert mine.publish(flying) is Outcome.WON
    assert mine.publish(flying) is Outcome.WON
    done = mine.advance(flying, Stage.DONE, NOW)
    assert mine.publish(done) is Outcome.WON
    seen = claims(desk).current("req-1")
    assert seen is not None
    assert seen.stage is Stage.DONE
    with pytest.raises(Failed):
        mine.advance(done, Stage.IN_FLIGHT, NOW)


def test_who_was_taken_over_cannot_take_off(laptop: Machine, desk: Machine) -> None:
    mine, theirs = claims(laptop), claims(desk)
    claim = mine.draft("req-1", SHA, NOW)
    mine.publish(claim)
    taken = theirs.current("req-1")
    assert taken is not None
    assert theirs.publish(theirs.advance(taken, Stage.FAILED, NOW)) is Outcome.WON
    assert mine.publish(mine.advance(claim, Stage.IN_FLIGHT, NOW)) is Outcome.LOST


def test_a_claim_whose_objects_were_tidied_away_is_fetched_again(laptop: Machine) -> None:
    mine = claims(laptop)
    claim = mine.draft("req-1", SHA, NOW)
    mine.publish(claim)
    laptop.git("prune", "--expire=now")
    assert not Repository(laptop.root).holds(claim.commit)
    assert mine.publish(mine.advance(claim, Stage.IN_FLIGHT, NOW)) is Outcome.WON


def test_a_remote_that_does_not_answer_tells_nothing(laptop: Machine, remote: Path) -> None:
    mine = claims(laptop)
    claim = mine.draft("req-1", SHA, NOW)
    remote.rename(remote.with_name("gone.git"))
    assert mine.publish(claim) is Outcome.CANNOT_TELL
    with pytest.raises(GitFailed):
        mine.current("req-1")
    remote.with_name("gone.git").rename(remote)
    assert mine.publish(claim) is Outcome.WON


def test_a_remote_that_refuses_leaves_nothing_claimed(laptop: Machine, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    mine = claims(laptop)
    claim = mine.draft("req-1", SHA, NOW)
    assert mine.publish(claim) is Outcome.ABSENT
    hook.unlink()
    assert mine.publish(claim) is Outcome.WON


def test_a_push_whose_answer_got_lost_is_read_back(laptop: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Repository.run

    def lost(self: Repository, *arguments: str, **options: object) -> bytes:
        output = plain(self, *arguments, **options)  # type: ignore[arg-type]
        if arguments[0] == "push":
            raise GitFailed("the connection broke")
        return output

    monkeypatch.setattr(Repository, "run", lost)
    mine = claims(laptop)
    assert mine.publish(mine.draft("req-1", SHA, NOW)) is Outcome.WON


def test_a_push_that_only_says_it_worked_does_not_win(laptop: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Repository.run

    def swallowed(self: Repository, *arguments: str, **options: object) -> bytes:
        return b"" if arguments[0] == "push" else plain(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Repository, "run", swallowed)
    mine = claims(laptop)
    assert mine.publish(mine.draft("req-1", SHA, NOW)) is Outcome.ABSENT


def test_what_another_wrote_into_a_claim_is_shown_safely(laptop: Machine, cloud: Machine) -> None:
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        cwd=cloud.root,
        input=b'{"machine": "\\u001b[2Jevil", "stage": "no such stage"}',
        capture_output=True,
        check=True,
    ).stdout.decode()
    tree = subprocess.run(
        ["git", "mktree"],
        cwd=cloud.root,
        input=f"100644 blob {blob.strip()}\tclaim.json\n".encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    commit = cloud.git("commit-tree", tree.strip(), "-m", "x")
    cloud.git("push", "-q", "origin", f"{commit}:{ref_of('req-1')}")
    cloud.git("push", "-q", "origin", f"{cloud.git('rev-parse', 'HEAD')}:{ref_of('req-2')}")
    holder = claims(laptop).current("req-1")
    assert holder is not None
    assert (holder.machine, holder.stage) == ("⟦U+001B⟧[2Jevil", Stage.UNKNOWN)
    broken = claims(laptop).current("req-2")
    assert broken is not None
    assert broken.stage is Stage.UNKNOWN


@pytest.mark.parametrize("hostile", ["../../heads/main", "a..b", "a.lock", "", " ", "a\n", "x" * 300, "-d", "@{u}"])
def test_any_id_makes_a_ref_of_its_own(laptop: Machine, hostile: str) -> None:
    assert laptop.git("check-ref-format", ref_of(hostile)) == ""
    assert ref_of(hostile) != ref_of(hostile + "2")
    assert laptop.git("check-ref-format", ref_of_bytes(hostile)) == ""


def _contend(root: Path, number: int, start: Barrier, won: Path) -> None:
    mine = Claims(Repository(root), f"machine-{number}")
    start.wait()
    for index in range(REQUESTS):
        claim = mine.draft(f"req-{index}", f"{index:064x}", NOW)
        outcome = mine.publish(claim)
        while outcome is Outcome.ABSENT:
            outcome = mine.publish(claim)
        if outcome is Outcome.WON and mine.publish(mine.advance(claim, Stage.IN_FLIGHT, NOW)) is Outcome.WON:
            (won / f"{index}.{number}").touch()


def test_of_several_clones_that_claim_one_request_exactly_one_may_execute(
    cloud: Machine, remote: Path, tmp_path: Path
) -> None:
    won = tmp_path / "won"
    won.mkdir()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(MACHINES)
    roots = [tmp_path / f"machine-{number}" for number in range(MACHINES)]
    for root in roots:
        subprocess.run(["git", "clone", "-q", str(remote), str(root)], check=True)
    contenders = [
        context.Process(target=_contend, args=(root, number, start, won)) for number, root in enumerate(roots)
    ]
    for contender in contenders:
        contender.start()
    for contender in contenders:
        contender.join(120)
        assert contender.exitcode == 0
    assert sorted(path.name.split(".")[0] for path in won.iterdir()) == [str(index) for index in range(REQUESTS)]
