"""A clone whose configuration, hooks, attributes and content want to run programs: nothing runs, nothing breaks."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.vault.test_vault_sync import REQUEST, push_by_hand
from tests.vault.vault_machines import Machine

from platinum_tui.vault.claims import Claims, Outcome
from platinum_tui.vault.git import Repository
from platinum_tui.vault.git_environment import GitFailed

HOOKS = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-push",
    "post-checkout",
    "post-merge",
    "pre-rebase",
    "reference-transaction",
    "post-index-change",
    "fsmonitor-watchman",
    "pre-auto-gc",
    "pre-merge-commit",
]


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A program that leaves a trace when it runs."""
    script = tmp_path / "canary.sh"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {tmp_path}/ran\ncat\n')
    script.chmod(0o755)
    return script


def ran(canary: Path) -> str:
    trace = canary.with_name("ran")
    return trace.read_text() if trace.exists() else ""


def work(machine: Machine, cloud: Machine) -> None:
    """All that we ever do with a clone: receive, commit, merge, push, claim."""
    cloud.put("Pending_Approval/cloud/second.md", "second\n")
    cloud.put(REQUEST, "revised\n")
    push_by_hand(cloud)
    machine.put("Approved/mine.md", "mine\n")
    machine.put(REQUEST, "edited here too\n")
    assert machine.sync().pushed
    claims = Claims(Repository(machine.root), "laptop")
    assert claims.publish(claims.draft("req-1", "ab" * 32, datetime(2026, 1, 7, tzinfo=UTC))) is Outcome.WON
    assert claims.current("req-1") is not None
    assert not machine.open_sync().arrived_by_sync("Approved/mine.md")
    cloud.git("fetch", "-q")
    assert cloud.git("show", "origin/main:Approved/mine.md") == "mine"
    assert machine.read("Pending_Approval/cloud/second.md") == "second\n"


CONFIGURATION = [
    ("core.fsmonitor", "{}"),
    ("core.hooksPath", "{}.d"),
    ("core.sshCommand", "{}"),
    ("core.pager", "{}"),
    ("core.editor", "{}"),
    ("core.askPass", "{}"),
    ("core.gitProxy", "{}"),
    ("core.alternateRefsCommand", "{}"),
    ("core.attributesFile", "{}.attributes"),
    ("pager.log", "{}"),
    ("diff.external", "{}"),
    ("gpg.program", "{}"),
    ("gpg.ssh.program", "{}"),
    ("gpg.ssh.defaultKeyCommand", "{}"),
    ("commit.gpgSign", "true"),
    ("log.showSignature", "true"),
    ("credential.helper", "!{}"),
    ("filter.evil.clean", "{}"),
    ("filter.evil.smudge", "{}"),
    ("filter.evil.required", "true"),
    ("filter.ev=il two.process", "{}"),
    ("filter.ev=il two.required", "true"),
    ("diff.evil.textconv", "{}"),
    ("diff.evil.command", "{}"),
    ("merge.evil.driver", "{} %O %A %B"),
    ("remote.origin.uploadpack", "{}; git-upload-pack"),
    ("remote.origin.receivepack", "{}; git-receive-pack"),
    ("protocol.ext.allow", "always"),
    ("submodule.recurse", "true"),
    ("fetch.recurseSubmodules", "true"),
    ("submodule.evil.update", "!{}"),
    ("submodule.evil.active", "true"),
    ("alias.push", "!{}"),
    ("trailer.evil.command", "{}"),
    ("gc.auto", "1"),
    ("sequence.editor", "{}"),
    ("interactive.diffFilter", "{}"),
    ("core.symlinks", "true"),
]


def test_a_configuration_full_of_programs_runs_none(cloud: Machine, laptop: Machine, canary: Path) -> None:
    for name in HOOKS:
        for folder in (laptop.root / ".git/hooks", canary.with_name("canary.sh.d")):
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(canary.read_bytes())
            (folder / name).chmod(0o755)
    attributes = "* filter=evil diff=evil merge=evil\n*.md filter=evil diff=evil merge=evil text eol=crlf\n"
    cloud.put(".gitattributes", attributes)
    push_by_hand(cloud, "attributes")
    laptop.sync()
    (laptop.root / ".git/info").mkdir(exist_ok=True)
    (laptop.root / ".git/info/attributes").write_text('*.md filter="ev=il two" diff=evil merge=evil\n' + attributes)
    canary.with_name("canary.sh.attributes").write_text(attributes)
    for key, value in CONFIGURATION:
        laptop.git("config", key, value.format(canary))
    subprocess.run(["git", "status"], cwd=laptop.root, capture_output=True, check=False)
    assert ran(canary), "the trap works for git as it is"
    canary.with_name("ran").unlink()
    work(laptop, cloud)
    assert ran(canary) == ""
    assert laptop.read(REQUEST) == "edited here too\n", "line ends are nobody's to change"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("remote.evil.promisor", "true"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.vcs", "evil"),
    ],
)
def test_what_cannot_be_switched_off_is_refused_with_a_remedy(laptop: Machine, key: str, value: str) -> None:
    laptop.git("config", "core.repositoryformatversion", "1")
    laptop.git("config", key, value)
    with pytest.raises(GitFailed, match=key.lower()) as refused:
        laptop.sync()
    assert "--unset" in refused.value.remedy


def test_programs_from_an_included_file_do_not_run_either(cloud: Machine, laptop: Machine, canary: Path) -> None:
    laptop.put("Notes/config", f'[filter "x"]\n\tclean = {canary}\n[core]\n\tfsmonitor = {canary}\n')
    laptop.git("config", "include.path", "../Notes/config")
    (laptop.root / ".git/info").mkdir(exist_ok=True)
    (laptop.root / ".git/info/attributes").write_text("* filter=x\n")
    work(laptop, cloud)
    assert ran(canary) == ""


def test_another_work_tree_is_not_touched(cloud: Machine, laptop: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "Approved").mkdir(parents=True)
    (elsewhere / "Approved/key.md").write_text("secret")
    laptop.git("config", "core.worktree", str(elsewhere))
    work(laptop, cloud)
    assert [path.name for path in elsewhere.rglob("*")] == ["Approved", "key.md"]
    assert "Approved/key.md" not in cloud.git("ls-tree", "-r", "--name-only", "origin/main")


def test_a_remote_that_is_a_program_is_not_asked(laptop: Machine, canary: Path) -> None:
    laptop.git("config", "protocol.ext.allow", "always")
    laptop.git("config", "remote.origin.url", f"ext::{canary}")
    with pytest.raises(GitFailed, match="ext"):
        laptop.sync()
    assert ran(canary) == ""


def test_variables_from_around_us_do_not_steer_git(
    cloud: Machine, laptop: Machine, canary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(canary))
    monkeypatch.setenv("GIT_PROXY_COMMAND", str(canary))
    assert laptop.sync().pushed
    assert ran(canary) == ""


def commit_tree(cloud: Machine, entries: list[tuple[str, str, str]]) -> None:
    """The cloud pushes a tree that git itself would not make: (mode, path without folders, object id)."""
    lines = cloud.git("ls-tree", "HEAD").encode() + b"\n"
    lines += b"".join(f"{mode} {kind(mode)} {oid}\t{name}\n".encode() for mode, name, oid in entries)
    tree = subprocess.run(["git", "mktree", "--missing"], cwd=cloud.root, input=lines, capture_output=True, check=True)
    commit = cloud.git("commit-tree", tree.stdout.decode().strip(), "-p", "HEAD", "-m", "hostile")
    cloud.git("push", "-q", "origin", f"{commit}:refs/heads/main")


def kind(mode: str) -> str:
    return {"160000": "commit", "40000": "tree"}.get(mode, "blob")


def blob(cloud: Machine, text: str) -> str:
    made = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=cloud.root, input=text.encode(), capture_output=True, check=True
    )
    return made.stdout.decode().strip()


def subtree(cloud: Machine, *entries: tuple[str, str, str]) -> str:
    lines = "".join(f"{mode} {kind(mode)} {oid}\t{name}\n" for mode, name, oid in entries)
    made = subprocess.run(
        ["git", "mktree", "--missing"], cwd=cloud.root, input=lines.encode(), capture_output=True, check=True
    )
    return made.stdout.decode().strip()


def test_links_and_submodules_are_not_checked_out(cloud: Machine, laptop: Machine, tmp_path: Path) -> None:
    laptop.sync()
    cloud.git("pull", "-q", "--rebase")
    link = blob(cloud, str(tmp_path))
    modules = blob(cloud, f'[submodule "evil"]\n\tpath = evil\n\turl = ext::sh -c "touch {tmp_path}/ran"\n')
    commit_tree(
        cloud,
        [
            ("120000", "out", link),
            ("160000", "evil", cloud.git("rev-parse", "HEAD")),
            ("100644", ".gitmodules", modules),
            ("40000", "Rejected", subtree(cloud, ("120000", "link.md", link), ("100644", "a.md", blob(cloud, "a")))),
        ],
    )
    report = laptop.sync()
    assert report.pushed
    assert laptop.read("Rejected/a.md") == "a"
    for path in ("out", "evil", "Rejected/link.md"):
        assert not laptop.has(path)
    assert not (tmp_path / "ran").exists()
    assert laptop.sync().committed == 0, "what we do not check out we do not remove"


def test_a_file_that_becomes_a_link_goes_and_the_link_does_not_come(cloud: Machine, laptop: Machine) -> None:
    laptop.sync()
    (cloud.root / REQUEST).unlink()
    (cloud.root / REQUEST).symlink_to("/etc/passwd")
    push_by_hand(cloud)
    laptop.sync()
    assert not laptop.has(REQUEST)


def test_nothing_is_written_through_a_link_that_lies_here(cloud: Machine, laptop: Machine, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (laptop.root / "Notes").rename(laptop.root / "Old")
    (laptop.root / "Notes").symlink_to(outside)
    (laptop.root / "Pending_Approval/team").symlink_to(outside)
    cloud.put("Notes/idea.md", "theirs\n")
    cloud.put("Pending_Approval/team/a.md", "theirs\n")
    push_by_hand(cloud)
    report = laptop.sync()
    assert list(outside.iterdir()) == []
    assert any("Notes/" in path for path in report.refused)
    assert "theirs\n" in laptop.files().values(), "the request lies in Needs_Attention/"


@pytest.mark.parametrize("name", [".git", ".GIT", "git~1", ".g\u200cit", ".git ", "a\\b.md"])
def test_a_name_that_some_disk_takes_for_gits_own_is_left_out(cloud: Machine, laptop: Machine, name: str) -> None:
    laptop.sync()
    cloud.git("pull", "-q", "--rebase")
    inner = subtree(cloud, ("100755", "config", blob(cloud, "[core]\n\tfsmonitor = touch ran\n")))
    before = (laptop.root / ".git/config").read_bytes()
    commit_tree(cloud, [("40000", name, inner), ("100644", "good.md", blob(cloud, "good"))])
    report = laptop.sync()
    assert report.refused == (f"{name}/config",)
    assert laptop.read("good.md") == "good"
    assert (laptop.root / ".git/config").read_bytes() == before


def test_names_with_escapes_and_bytes_arrive_as_they_are(cloud: Machine, laptop: Machine) -> None:
    names = ["\x1b[2J\x1b]52;c;x\x07.md", "two\nlines.md", ' "quoted" \t.md', "-rf.md", ":(glob)*.md", "ü\u202e.md"]
    for name in names:
        cloud.put(f"Pending_Approval/{name}", name)
    bad = os.fsdecode(b"not-utf-8-\xff.md")
    cloud.put(f"Pending_Approval/{bad}", "bytes")
    push_by_hand(cloud)
    laptop.sync()
    for name in names:
        assert laptop.read(f"Pending_Approval/{name}") == name
    os.rename(laptop.root / "Pending_Approval" / bad, laptop.root / "Rejected" / bad)
    for name in names:
        os.rename(laptop.root / "Pending_Approval" / name, laptop.root / "Rejected" / name)
    assert laptop.sync().committed == 2 * (len(names) + 1)
    cloud.git("pull", "-q", "--rebase")
    assert cloud.read(f"Rejected/{bad}") == "bytes"


def test_a_file_where_a_folder_is_breaks_nothing(cloud: Machine, laptop: Machine) -> None:
    laptop.sync()
    laptop.put("Pending_Approval/a/b.md", "ours\n")
    laptop.put("Pending_Approval/c", "ours\n")
    cloud.put("Pending_Approval/a", "theirs\n")
    cloud.put("Pending_Approval/c/d.md", "theirs\n")
    push_by_hand(cloud)
    report = laptop.sync()
    assert report.pushed
    assert laptop.read("Pending_Approval/a/b.md") == "ours\n"
    assert laptop.read("Pending_Approval/c") == "ours\n"
    assert [laptop.read(conflict.other or "") for conflict in report.conflicts] == ["theirs\n", "theirs\n"]


def test_what_the_remote_says_is_made_safe(laptop: Machine, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nprintf '\\033]52;c;ZXZpbA==\\007\\033[2J error' >&2\nexit 1\n")
    hook.chmod(0o755)
    laptop.put("Done/a.md", "x")
    with pytest.raises(GitFailed) as failed:
        laptop.sync()
    assert "\x1b" not in failed.value.message


def test_a_git_that_hangs_is_ended_with_its_children(
    laptop: Machine, git_of_nobody: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "ssh.sh"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    script.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(script))
    laptop.git("config", "remote.origin.url", "ssh://nobody.invalid/vault.git")
    repository = Repository(laptop.root)
    with pytest.raises(GitFailed, match="within 1 s"):
        repository.run("ls-remote", "origin", deadline=1.0)
    child = int((tmp_path / "pid").read_text())
    assert ended(child)


def ended(process: int) -> bool:
    """Whether a process is gone, or dead and not yet buried by whoever inherited it."""
    status = Path(f"/proc/{process}/stat")
    for _attempt in range(100_000):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
    return False
