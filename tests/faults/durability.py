"""What a power cut would leave: a trace of one run is read for everything that was relied on before it was synced.

`kill -9` cannot show a missing fsync, because the page cache survives it. So the order of the calls itself is judged:
bytes are synced before their file gets its name, names before anything goes out that cannot be taken back, and nothing
is left unsynced at the end.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

CALLS = (
    "openat,write,pwrite64,writev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir"
    ",sendto"
)
_ON_FILE = re.compile(r"^(\w+)\(\d+<([^>]*)>(.*)$")
_NAMES = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
_MACHINERY = re.compile(r"-shm$|/index\.db(-wal)?$|\.lock$|\.tmp$|/trace$|/journal\.jsonl$|/used/\.[0-9a-f]+$|\.log$")


class Durability:
    """Follows one process through its trace (`strace -y`)."""

    def __init__(self) -> None:
        self.bytes: set[str] = set()
        self.names: set[str] = set()
        self.there: set[str] = set()
        self.breaches: list[str] = []

    def read(self, trace: str) -> list[str]:
        """Every breach in a trace that ended well."""
        for line in trace.splitlines():
            if " = -1 " not in line:
                self._follow(line)
        self._require("the end")
        return self.breaches

    def _follow(self, line: str) -> None:
        call = line.partition("(")[0]
        names = [name if name.startswith("/") else f"{folder}/{name}" for folder, name in _NAMES.findall(line)]
        match call:
            case "write" | "pwrite64" | "writev" | "ftruncate":
                path = self._path(line)
                if path.endswith("/journal.jsonl"):
                    self._require("an effect")
                elif path.startswith("/") and "/dev/" not in path.removeprefix("/dev/shm"):
                    self.bytes.add(path)
            case "sendto" if '\\"send_' in line or '\\"reply_' in line:
                self._require("a call")
            case "fsync" | "fdatasync":
                self.bytes.discard(self._path(line))
                self.names = {name for name in self.names if str(PurePosixPath(name).parent) != self._path(line)}
            case "rename" | "renameat" | "renameat2" | "link" | "linkat":
                source, target = names[0], names[-1]
                if source in self.bytes:
                    self.breaches.append(f"{target} got its name before its bytes were synced")
                    self.bytes.discard(source)
                self.names.add(target)
                if "/In_Progress/" in source or "/Approved/" in source or "/Pending_Approval/" in source:
                    self.names.add(source)
            case "unlink" | "unlinkat" if names:
                self.bytes.discard(names[0])
            case "openat" if "O_CREAT" in line and names and names[0] not in self.there:
                self.there.add(names[0])
                self.names.add(names[0])

    def _require(self, before: str) -> None:
        late = {path for path in self.bytes | self.names if not _MACHINERY.search(path)}
        self.breaches += [f"{path.rpartition('platinum-scene-')[2]} was not synced before {before}" for path in late]
        self.bytes, self.names = set(), set()

    @staticmethod
    def _path(line: str) -> str:
        match = _ON_FILE.match(line)
        return match.group(2) if match else ""
