"""Attachments and media of a request, with the hash of what was seen."""

from __future__ import annotations

import re

from platinum_tui.intake.attachments import vault_path
from platinum_tui.intake.draft import Draft, identifier
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.values import Raw, is_nothing
from platinum_tui.model.request import ProblemCode, SourceKind

_IMAGE_LINK = re.compile(r"!?\[[^\]\n]*\]\((?P<target>[^()\s]+)\)")
_NO_FILE = re.compile(r"(?i)(?:no|none|not)\b.*|n/a.*|text[- ]only.*|optional.*|-")
_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?/[^\s<>\"]*|https://[A-Za-z0-9.-]+")


def take_files(draft: Draft, name: str, surroundings: Surroundings, *, addresses: bool = False) -> None:
    """Reads attachments or media and looks each up; a file that is not there is a problem and stays in sight."""
    labelled = (SourceKind.LABEL, SourceKind.SECTION)
    candidates = [
        c for c in draft.sources.of(draft.kind, name) if c.source.source not in labelled or _file_like(c.value)
    ]
    found = draft.agreed(name, candidates, lambda value: _paths(value, addresses), lenient=True)
    if not found or not found[0]:
        return
    hashes: list[str] = []
    for path in found[0]:
        if path.startswith("https://"):
            hashes.append("")
            continue
        facts = surroundings.attachment(path)
        if facts.reason or not facts.sha256:
            reason = facts.reason or "is not there"
            draft.findings.problem(
                ProblemCode.INVALID_VALUE, f"{path} {reason}; put it into the vault or name another.", name
            )
        hashes.append(facts.sha256)
    draft.put(name, found[0], found[1].source)
    if not draft.findings.has(name):
        draft.put(f"{name}_sha256", hashes, found[1].source)


def _file_like(value: Raw) -> bool:
    """Whether a label's value is a path or an address at all, and not a description of a picture."""
    text = value if isinstance(value, str) else ""
    return bool(re.search(r"\.[A-Za-z0-9]{2,5}\b|https?://", text)) or not text


def _paths(value: Raw, addresses: bool) -> list[str]:
    entries = (
        value
        if isinstance(value, list)
        else re.split(r"\s*[,;\n]\s*", identifier(value) if "\n" not in str(value) else value)
    )
    paths: list[str] = []
    for entry in entries:
        if isinstance(entry, dict):
            entry = next((entry[key] for key in ("path", "file", "url", "filename") if key in entry), "")
        text = identifier(entry).strip("`")
        if is_nothing(text) or _NO_FILE.fullmatch(text):
            continue
        link = _IMAGE_LINK.fullmatch(text)
        text = link["target"] if link else text
        paths.append(text if addresses and _HTTPS.fullmatch(text) else vault_path(text))
    return list(dict.fromkeys(paths))
