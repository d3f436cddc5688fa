"""Clones as other sides have them: plain git, without this program."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    """The person's own git in a folder."""
    identity = {f"GIT_{role}_{what}": "cloud" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **identity}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout.strip()


class Cloud:
    """The cloud side: a clone in which an agent works with git alone."""

    def __init__(self, root: Path, remote: Path) -> None:
        self.root = root
        git(root.parent, "clone", "-q", str(remote), str(root))

    def write(self, files: dict[str, str]) -> None:
        """Commit files and push them."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "-m", "cloud")
        self.pull()
        git(self.root, "push", "-q", "origin", "HEAD:main")

    def pull(self) -> None:
        git(self.root, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")

    def has(self, name: str) -> bool:
        return (self.root / name).exists()

    def read(self, name: str) -> str:
        return (self.root / name).read_text()


def mail_request(body: str = "The crates leave on Friday.", **more: str) -> str:
    """A canonical mail request, as the cloud writes it."""
    now = datetime.now(UTC)
    head = {
        "kind": "email_send",
        "to": "[ana@example.com]",
        "subject": '"July invoice"',
        "created_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "expires_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
        **more,
    }
    return "".join(["---\n", *(f"{key}: {value}\n" for key, value in head.items()), f"---\n{body}\n"])
