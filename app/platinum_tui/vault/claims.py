"""Claims: of several machines one executes a request. Two refs a request at the remote, changed by compare-and-swap.

One is named for the request, the other for the bytes: two machines that first saw a file without an id at different
times know it by different ids. Both refs move in one push or not at all.

A push with `--force-with-lease=REF:OLD` changes the ref only if it is still OLD (empty: if it does not exist), and
`ls-remote` reads back what is there now: exit status and messages of the push prove nothing (git-push(1)).
"""

from __future__ import annotations

import contextlib
import enum
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from platinum_tui.model.decision import instant
from platinum_tui.model.errors import Failed
from platinum_tui.model.text import safe_line
from platinum_tui.vault.git import Repository
from platinum_tui.vault.git_environment import GitFailed

NAMESPACE = "refs/platinum/claims/"
DEADLINE = 30.0
"""Seconds for one push or one look at the remote."""
_FILE = "claim.json"
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_LONGEST_SHOWN = 64


class Outcome(enum.StrEnum):
    """What became of a claim at the remote."""

    WON = "won"
    """The ref is ours."""
    LOST = "lost"
    """Another machine holds the ref, or moved it on."""
    ABSENT = "absent"
    """The ref is not there: publish the same claim again."""
    CANNOT_TELL = "cannot tell"
    """The remote does not answer: do not execute, look again later."""


class Stage(enum.StrEnum):
    """How far the holder of a claim is."""

    CLAIMED = "claimed"
    IN_FLIGHT = "in_flight"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


_NEXT = {
    Stage.CLAIMED: {Stage.IN_FLIGHT, Stage.FAILED},
    Stage.IN_FLIGHT: {Stage.DONE, Stage.FAILED, Stage.UNKNOWN},
    Stage.FAILED: {Stage.CLAIMED},
    Stage.UNKNOWN: {Stage.DONE, Stage.FAILED, Stage.CLAIMED},
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One version of the claim on a request. Its `commit` is the token to store before it is published.

    Attributes:
        request_id: the request.
        sha256: the hash of the file's bytes that would be executed.
        machine: who claims.
        stage: how far it is.
        nonce: 32 hex digits: two machines never build the same claim.
        commit: the commit that holds this version.
        previous: the version that it takes the place of; empty for the first.
    """

    request_id: str
    sha256: str
    machine: str
    stage: Stage
    nonce: str
    commit: str
    previous: str = ""


class Claims:
    """The claims of one machine at the remote of a clone. Nothing in the work tree is touched.

    Raises:
        GitFailed: the clone has no remote.
    """

    def __init__(self, repository: Repository, machine: str) -> None:
        remote = repository.remote
        if remote is None:
            raise GitFailed("The vault's clone has no remote.", remedy="Add one with `git remote add origin …`.")
        self._repository = repository
        self._remote = remote
        self._machine = machine

    def draft(self, request_id: str, sha256: str, at: datetime) -> Claim:
        """A first claim, made here and not yet published. Publish the same one again rather than draft anew."""
        return self._write(request_id, sha256, Stage.CLAIMED, "", at)

    def advance(self, claim: Claim, stage: Stage, at: datetime) -> Claim:
        """The next version of a claim that was won, made here and not yet published.

        Raises:
            Failed: no such stage follows.
        """
        if stage not in _NEXT.get(claim.stage, set()):
            raise Failed(f"A claim that is {claim.stage} cannot become {stage}.")
        if not self._repository.holds(claim.commit):
            own = ref_of(claim.request_id)
            standing = self._standing(own, ref_of_bytes(claim.sha256))
            self._fetch(*standing or (own,))  # a fetch that names no ref takes them all
        return self._write(claim.request_id, claim.sha256, stage, claim.commit, at)

    def succeed(self, standing: Claim, at: datetime) -> Claim:
        """What takes the place of another machine's claim, made here and not yet published; a person asked for it.

        A claim whose call was not begun becomes ours. One that was in flight becomes `unknown`: it may have happened.

        Raises:
            Failed: it has come to its end.
        """
        stage = {Stage.CLAIMED: Stage.CLAIMED, Stage.IN_FLIGHT: Stage.UNKNOWN}.get(standing.stage)
        if stage is None:
            raise Failed(f"It has ended there already: {standing.stage}.", remedy="`platinum-tui sync` tells it here.")
        return self._write(standing.request_id, standing.sha256, stage, standing.commit, at)

    def publish(self, claim: Claim) -> Outcome:
        """Push a claim if the version that it follows still stands, and read back what stands. May be repeated."""
        refs = (ref_of(claim.request_id), ref_of_bytes(claim.sha256))
        leases = dict.fromkeys(refs, claim.previous)
        try:
            standing = self._pushed(claim, leases)
            if claim.previous in standing.values() and (missing := [ref for ref in refs if ref not in standing]):
                # The version before stands under one name alone: it was claimed by another id, or for other bytes.
                standing = self._pushed(claim, {**leases, **dict.fromkeys(missing, "")})
        except GitFailed:
            return Outcome.CANNOT_TELL
        commits = {standing.get(ref, "") for ref in refs}
        if commits == {claim.commit}:
            return Outcome.WON
        is_gone = claim.previous and not standing
        return Outcome.LOST if is_gone or commits - {claim.commit, claim.previous, ""} else Outcome.ABSENT

    def _pushed(self, claim: Claim, leases: Mapping[str, str]) -> dict[str, str]:
        """What stands at the remote after a push of all refs, each if it stands as its lease says."""
        options = [f"--force-with-lease={ref}:{before}" for ref, before in leases.items()]
        changes = [f"{claim.commit}:{ref}" for ref in leases]
        push = ("--porcelain", "--no-verify", "--atomic", *options, "--", self._remote, *changes)
        with contextlib.suppress(GitFailed):  # what stands at the remote decides, whatever the push says
            self._repository.wire("push", *push, deadline=DEADLINE)
        return self._standing(*leases)

    def current(self, request_id: str, sha256: str = "") -> Claim | None:
        """The claim that stands at the remote for a request, else for its bytes where they are known, whoever made it.

        Its texts are foreign, made safe for showing.

        Raises:
            GitFailed: the remote does not answer.
        """
        refs = (ref_of(request_id), *((ref_of_bytes(sha256),) if sha256 else ()))
        standing = self._standing(*refs)
        ref = next((ref for ref in refs if ref in standing), None)
        if ref is None:
            return None
        commit = standing[ref]
        if not self._repository.holds(commit):
            self._fetch(ref)
        content = _content(self._repository.run("cat-file", "blob", f"{commit}:{_FILE}", accept=(0, 128)))
        shown = {key: safe_line(str(content.get(key, "")))[:_LONGEST_SHOWN] for key in ("machine", "sha256", "nonce")}
        try:
            stage = Stage(str(content.get("stage")))
        except ValueError:
            stage = Stage.UNKNOWN
        return Claim(request_id, stage=stage, commit=commit, **shown)

    def _write(self, request_id: str, sha256: str, stage: Stage, previous: str, at: datetime) -> Claim:
        nonce = secrets.token_hex(16)
        content = {"id": request_id, "sha256": sha256, "machine": self._machine, "stage": stage.value}
        data = json.dumps({**content, "nonce": nonce, "at": instant(at)}, sort_keys=True).encode()
        blob = self._repository.write_blob(data)
        tree = self._repository.run("mktree", feed=f"100644 blob {blob}\t{_FILE}\n".encode()).decode().strip()
        who = (f"platinum-tui on {self._machine}", f"platinum-tui@{self._machine}.invalid")
        commit = self._repository.write_commit(tree, [previous] if previous else [], f"{stage} {nonce}\n", who)
        return Claim(request_id, sha256, self._machine, stage, nonce, commit, previous)

    def _standing(self, *refs: str) -> dict[str, str]:
        """The commits of those refs that are at the remote."""
        output = self._repository.wire("ls-remote", "--quiet", "--", self._remote, *refs, deadline=DEADLINE).decode()
        found = (line.partition("\t") for line in output.splitlines())
        return {ref: commit for commit, _, ref in found if ref in refs}

    def _fetch(self, *refs: str) -> None:
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
        self._repository.wire("fetch", *options, "--", self._remote, *refs, deadline=DEADLINE)


def ref_of(request_id: str) -> str:
    """The ref on which the machines agree for a request: its id, or a hash of an id that no ref may be called."""
    plain = _PLAIN_ID.fullmatch(request_id)
    return NAMESPACE + (f"id-{request_id}" if plain else "sha256-" + hashlib.sha256(request_id.encode()).hexdigest())


def ref_of_bytes(sha256: str) -> str:
    """The ref on which the machines agree for the bytes of a request, whatever id they know it by."""
    plain = _PLAIN_ID.fullmatch(sha256)  # another machine's claim may say anything
    return f"{NAMESPACE}bytes-{sha256 if plain else hashlib.sha256(sha256.encode()).hexdigest()}"


def _content(data: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
