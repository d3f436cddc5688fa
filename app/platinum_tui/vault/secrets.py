"""What must never be committed: keys, keyrings, state, credentials; by a file's name, and by what stands in it.

Prefixes of tokens are those that their issuers document so that scanners find them.
"""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(ledger|index)\.db.*|keyring\.bin|.*\.(pem|key|p12|pfx|ppk|kdbx)|.*\.env|\.env\..*|id_(rsa|dsa|ecdsa|ed25519)"
    r"|\.netrc|\.pgpass|\.git-credentials",
    re.IGNORECASE,
)
_WHOLE_FILE = {
    "the program's own ledger": re.compile(rb"SQLite format 3\0.{,65536}?CREATE TABLE (entry|request)\(", re.DOTALL),
    "an export of the program's keyring": re.compile(rb'\{"format": "platinum-tui keyring '),
    "a key store": re.compile(rb"PuTTY-User-Key-File-\d|\x03\xd9\xa2\x9a"),
}
_INSIDE = {
    "a private key": rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "an AWS access key": rb"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    "a GitHub token": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})",
    "a GitLab token": rb"\bglpat-[A-Za-z0-9_-]{20,}",
    "a Slack token": rb"\bxox[abeprs]-[A-Za-z0-9-]{20,}|\bxapp-\d-[A-Za-z0-9-]{20,}",
    "a Stripe key": rb"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "an Anthropic key": rb"\bsk-ant-[A-Za-z0-9_-]{30,}",
    "an OpenAI key": rb"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9]{20,}",
    "a Google API key": rb"\bAIza[A-Za-z0-9_-]{35}\b",
    "a SendGrid key": rb"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b",
    "an npm token": rb"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": rb"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}",
    "a Hugging Face token": rb"\bhf_[A-Za-z0-9]{34}\b",
    "a password in an address": rb"\b(?:https?|smtps?|imaps?|postgres(?:ql)?)://[^\s:/@<>]+:[^\s/@<>]{3,}@",
}
_ANY = re.compile(b"|".join(b"(%b)" % pattern for pattern in _INSIDE.values()))


def looks_secret(name: str) -> bool:
    """Whether a file of this name is state, a key or a file of credentials, which belongs into no vault."""
    return _NAME.fullmatch(name) is not None


def secret_inside(data: bytes) -> str | None:
    """What secret a file's bytes hold, in words (`a private key`); None where none is recognised."""
    for what, pattern in _WHOLE_FILE.items():
        if pattern.match(data):
            return what
    found = _ANY.search(data)
    return list(_INSIDE)[found.lastindex - 1] if found and found.lastindex else None


def why_secret(path: str, data: bytes) -> str | None:
    """Why a file must not be committed, as the end of a sentence about it; None where nothing speaks against it."""
    if looks_secret(path.rpartition("/")[2]):
        return "has the name of a key, of credentials or of state"
    what = secret_inside(data)
    return f"holds {what}" if what else None
