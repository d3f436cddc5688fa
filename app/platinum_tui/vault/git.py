"""git as the wire between machines: the user's clone, asked without letting anything in it run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from platinum_tui.model.text import safe_line
from platinum_tui.vault.git_environment import GitFailed, Setting, closed_environment

LOCAL_DEADLINE = 60.0
"""Seconds for a call that touches no network."""
NETWORK_DEADLINE = 120.0
"""Seconds for a fetch or a push."""
_LONGEST_MESSAGE = 300
_CHUNK = 1024 * 1024
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class Leaf(NamedTuple):
    """What a tree holds at a path: a mode (`100644`, `100755`, `120000` link, `160000` submodule) and an object id."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: links and submodules are never checked out."""
        return self.mode.startswith("100")


class Change(NamedTuple):
    """What differs at one path between two trees; None where nothing is."""

    old: Leaf | None
    new: Leaf | None


class Repository:
    """A vault that is a git clone. Make one for each pass: it reads the clone's configuration once.

    Args:
        root: the top of the work tree.

    Raises:
        GitFailed: git is missing, refuses the clone, or its configuration names what cannot be switched off.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._environment = closed_environment(root)
        settings = self._settings()
        self._environment = closed_environment(root, settings)
        self._values = {setting.key: setting.value for setting in settings}
        self.git_dir = Path(self.ask("rev-parse", "--absolute-git-dir"))
        self.object_format = self.ask("rev-parse", "--show-object-format")

    # What the clone is

    @property
    def branch(self) -> str:
        """The full name of the branch that is checked out; it may not be born yet.

        Raises:
            GitFailed: none is, or a merge or rebase by hand is under way.
        """
        if any((self.git_dir / name).exists() for name in _UNDER_WAY):
            raise GitFailed("A merge or rebase is under way in the vault.", remedy="Finish or abort it, then sync.")
        name = self.run("symbolic-ref", "-q", "HEAD", accept=(0, 1)).decode().strip()
        if not name.startswith("refs/heads/"):
            raise GitFailed("No branch is checked out in the vault.", remedy="Check out a branch, then sync.")
        return name

    @property
    def remote(self) -> str | None:
        """The name of the remote that the branch follows, else `origin`; None where there is none."""
        short = self.branch.removeprefix("refs/heads/")
        for name in (self._values.get(f"branch.{short}.remote"), "origin"):
            if name and not name.startswith("-") and f"remote.{name}.url" in self._values:
                return name
        return None

    @property
    def followed(self) -> str:
        """The full name, at the remote, of the branch that ours follows: the same name unless configured."""
        name = self._values.get(f"branch.{self.branch.removeprefix('refs/heads/')}.merge", self.branch)
        return name if name.startswith("refs/heads/") else self.branch

    @property
    def identity(self) -> tuple[str, str] | None:
        """The name and address that the user configured for commits."""
        name, mail = self._values.get("user.name"), self._values.get("user.email")
        return (name, mail) if name and mail else None

    @property
    def common_dir(self) -> Path:
        """Where what all work trees of the clone share lies, hooks for one."""
        return (self.root / self.ask("rev-parse", "--git-common-dir")).resolve()

    @property
    def hooks_elsewhere(self) -> bool:
        """Whether the configuration names another place for hooks than the clone's own."""
        return "core.hookspath" in self._values

    @property
    def empty_tree(self) -> str:
        """The id of the tree that holds nothing."""
        return hashlib.new(self.object_format, b"tree 0\0").hexdigest()

    # Asking

    def run(
        self,
        *arguments: str,
        feed: bytes = b"",
        deadline: float = LOCAL_DEADLINE,
        accept: Sequence[int] = (0,),
        environment: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run one git command and give its standard output.

        Raises:
            GitFailed: it ended otherwise than accepted, or not within the deadline (seconds).
        """
        with self._process(arguments, environment) as process:
            try:
                output, errors = process.communicate(feed, deadline)
            except subprocess.TimeoutExpired:
                raise GitFailed(f"git {arguments[0]} did not end within {deadline:g} s.") from None
        if process.returncode not in accept:
            raise GitFailed(f"git {arguments[0]} failed: {_first_line(errors)}")
        return output

    def wire(self, command: str, *arguments: str, deadline: float = NETWORK_DEADLINE) -> bytes:
        """Run `fetch`, `ls-remote` or `push`; what the clone names as the program at the other end is passed over.

        Raises:
            GitFailed: the remote does not answer within the deadline (seconds), or refuses.
        """
        program = "--receive-pack=git-receive-pack" if command == "push" else "--upload-pack=git-upload-pack"
        return self.run(command, program, *arguments, deadline=deadline)

    def ask(self, *arguments: str) -> str:
        """Run one git command and give its one line of output."""
        return os.fsdecode(self.run(*arguments)).rstrip("\n")

    def resolve(self, name: str) -> str | None:
        """The commit or other object that a ref or id names; None where there is none."""
        return self.run("rev-parse", "-q", "--verify", "--end-of-options", name, accept=(0, 1)).decode().strip() or None

    def holds(self, oid: str) -> bool:
        """Whether an object is in the clone."""
        return not self.run("cat-file", "--batch-check", feed=oid.encode() + b"\n").rstrip().endswith(b"missing")

    def leaf(self, tree: str, path: str) -> Leaf | None:
        """What a commit or tree holds at a path."""
        record = self.run("ls-tree", "-z", "--full-tree", tree, "--", path).rstrip(b"\0")
        if not record:
            return None
        mode, _kind, oid = record.partition(b"\t")[0].decode().split()
        return Leaf(mode, oid)

    def changes(self, old: str, new: str) -> dict[str, Change]:
        """Path by path, what differs between two commits or trees; renames are a removal and an addition."""
        output = self.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", old, new)
        return dict(self.parse_changes(output))

    def parse_changes(self, output: bytes) -> Iterator[tuple[str, Change]]:
        """The paths and changes in the output of `diff-tree` or `diff-index` with `-z --raw`."""
        fields = output.split(b"\0")[:-1]
        for record, path in zip(fields[::2], fields[1::2], strict=True):
            yield os.fsdecode(path), _change(record)

    def merge_base(self, one: str, other: str) -> str | None:
        """The commit from which two branches parted; None where they have nothing in common."""
        return self.run("merge-base", one, other, accept=(0, 1)).decode().strip() or None

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Whether a commit is part of another one's history (or is that one)."""
        return self.merge_base(commit, of) == commit

    def blob_id(self, chunks: Iterable[bytes], size: int) -> str:
        """The id that a file of these bytes has, filters and line ends left alone."""
        digest = hashlib.new(self.object_format, b"blob %d\0" % size)
        for chunk in chunks:
            digest.update(chunk)
        return digest.hexdigest()

    @contextlib.contextmanager
    def blobs(self) -> Iterator[BlobReader]:
        """A reader of files as they are stored, however large, filters and line ends left alone."""
        with self._process(("cat-file", "--batch")) as process:
            yield BlobReader(process)

    # Writing objects and refs; the work tree and the user's index stay as they are

    def write_blob(self, data: bytes) -> str:
        """Store a file's bytes."""
        return self.run("hash-object", "-w", "--no-filters", "--stdin", feed=data).decode().strip()

    def write_blobs(self, files: Iterable[bytes]) -> None:
        """Store the bytes of many files at once."""
        self.run("fast-import", "--quiet", feed=b"".join(b"blob\ndata %d\n%b\n" % (len(data), data) for data in files))

    def write_tree(self, start: str, changes: Mapping[str, Leaf | None], index: Path) -> str:
        """A tree like another one but for some paths.

        Args:
            start: a commit or tree.
            changes: what each path shall hold; None: nothing.
            index: where a throw-away index may be written.

        Raises:
            GitFailed: also for a path that git refuses (`.git` in any spelling, a file where a folder is).
        """
        environment = {"GIT_INDEX_FILE": str(index)}
        self.run("read-tree", start, environment=environment)
        self.change_index(changes, environment)
        return self.run("write-tree", environment=environment).decode().strip()

    def change_index(self, changes: Mapping[str, Leaf | None], environment: Mapping[str, str] | None = None) -> None:
        """Note what some paths hold in the index: the user's, or the one that the environment names."""
        removed = Leaf("0", "0" * len(self.empty_tree))
        ordered = sorted(changes.items(), key=lambda item: item[1] is not None)
        lines = [os.fsencode(f"{(leaf or removed).mode} {(leaf or removed).oid}\t{path}\0") for path, leaf in ordered]
        self.run("update-index", "--replace", "-z", "--index-info", feed=b"".join(lines), environment=environment)

    def write_commit(self, tree: str, parents: Sequence[str], message: str, who: tuple[str, str]) -> str:
        """A commit of a tree by a name and an address; no hook sees it, and no ref points to it yet."""
        name, mail = who
        environment = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", mail))
        }
        arguments = [argument for parent in parents for argument in ("-p", parent)]
        output = self.run(
            "commit-tree", "--no-gpg-sign", *arguments, tree, feed=message.encode(), environment=environment
        )
        return output.decode().strip()

    def update_ref(self, name: str, new: str, old: str | None) -> None:
        """Point a ref of the clone to an object, if it still points to the old one (None: if it does not exist).

        Raises:
            GitFailed: it does not.
        """
        self.run("update-ref", "-m", "platinum-tui", "--", name, new, old or "0" * len(new))

    def delete_ref(self, name: str) -> None:
        """Remove a ref of the clone, if it is there."""
        self.run("update-ref", "-d", "--", name)

    def _settings(self) -> list[Setting]:
        fields = os.fsdecode(self.run("config", "--list", "--show-scope", "--null")).split("\0")[:-1]
        pairs = zip(fields[::2], fields[1::2], strict=True)
        return [Setting(scope, *setting.partition("\n")[::2]) for scope, setting in pairs if scope != "command"]

    @contextlib.contextmanager
    def _process(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A running git without a terminal; what is left of it and its children when the block ends is killed."""
        try:
            process = subprocess.Popen(
                ["git", "--no-pager", "-C", str(self.root), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**self._environment, **(environment or {})},
                start_new_session=True,
            )
        except FileNotFoundError:
            raise GitFailed("git is not installed.", remedy='Install git, or set [sync] mode = "none".') from None
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)


class BlobReader:
    """Files as a clone stores them, one after another from one process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._ask, self._answer = _pipe(process.stdin), _pipe(process.stdout)

    def read(self, oid: str) -> Iterator[bytes]:
        """The bytes of one file in pieces; each file has to be read to its end before the next one.

        Raises:
            GitFailed: it is not in the clone.
        """
        self._ask.write(oid.encode() + b"\n")
        self._ask.flush()
        header = self._answer.readline().split()
        if len(header) != 3:
            raise GitFailed(f"The clone lacks the object {oid}.", remedy="Run `git fsck` in the vault.")
        left = int(header[2])
        while left:
            chunk = self._answer.read(min(left, _CHUNK))
            if not chunk:
                raise GitFailed("git cat-file ended early.")
            left -= len(chunk)
            yield chunk
        self._answer.read(1)


def is_clone(root: Path) -> bool:
    """Whether a vault is the top of a git work tree; one inside a larger one is not ours to commit to."""
    return (root / ".git").exists() and not (root / ".git").is_symlink()


def _change(record: bytes) -> Change:
    old_mode, new_mode, old, new, _status = record.decode().lstrip(":").split()
    return Change(
        Leaf(old_mode, old) if old_mode != "000000" else None, Leaf(new_mode, new) if new_mode != "000000" else None
    )


def _first_line(errors: bytes) -> str:
    """The line that says what went wrong, made safe: it may hold what the remote or the clone wants shown."""
    lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "ssh:", "remote: error"))]
    return safe_line((telling or lines or ["no reason given"])[0])[:_LONGEST_MESSAGE]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise GitFailed
    return pipe
