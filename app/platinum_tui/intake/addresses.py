"""E-mail addresses as files write them, checked without a network (RFC 5322 by email-validator)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKDOWN = re.compile(r"\[(?P<text>[^\]\n]*)\]\(mailto:(?P<address>[^)\s]+)\)")
_NAMED = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]+)\s*>")
_TRAILING = re.compile(r"(?P<address>[^\s()<>]+@[^\s()<>@]+)\s*\((?P<name>[^()]*)\)")
_LEADING = re.compile(r"(?P<name>[^()@]+)\(\s*(?P<address>[^\s()<>]+@[^\s()<>@]+)\s*\)")
_LAST_NAME = re.compile(r"[^\W\d_][^@<>\"()\[\]{},;\n]{0,40}")
_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+(?:and|&)\s+")
_SIMPLE = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9_+-]|\.(?=[A-Za-z0-9_+-])){0,62}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
ADDRESS_IN_TEXT = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}\b")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with the name that stands before it."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        if not self.name:
            return self.address
        name = re.sub(r'(["\\])', r"\\\1", self.name)
        return f'"{name}" <{self.address}>' if re.search(r'[][,;:<>@"().\\]', self.name) else f"{name} <{self.address}>"


def split_list(text: str) -> list[str]:
    """The entries of a list of addresses on one line; a comma inside quotes or a name in quotes does not split."""
    parts: list[str] = []
    quoted = ""
    for part in re.split(r'("[^"]*")', text):
        if part.startswith('"') and part.endswith('"') and len(part) > 1:
            quoted += part
            continue
        pieces = _SEPARATOR.split(part)
        parts.append(quoted + pieces[0]) if not parts else parts.__setitem__(-1, parts[-1] + quoted + pieces[0])
        quoted = ""
        parts.extend(pieces[1:])
    if quoted:
        parts.append(quoted)
    return _with_their_names([part.strip() for part in parts if part.strip()])


def _with_their_names(parts: list[str]) -> list[str]:
    """The entries, a name with a comma (`Ruiz, Ana <ana@…>`) in one piece again; what has no address is part of one."""
    found: list[str] = []
    for part in parts:
        if found and _LAST_NAME.fullmatch(found[-1]) and _NAMED.fullmatch(part) and not part.startswith("<"):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def read_mailbox(text: str) -> Mailbox:
    """One mailbox: `a@b.example`, `Name <a@b.example>`, `Name (a@b.example)`, a Markdown mail link.

    Raises:
        ValueError: it is no address that mail can be sent to.
    """
    text = text.strip().strip("`").removeprefix("mailto:")
    for form in (_MARKDOWN, _NAMED, _TRAILING, _LEADING):
        match = form.fullmatch(text)
        if match:
            name = match.groupdict().get("name") or match.groupdict().get("text") or ""
            name = name.strip().strip('"').strip("'").strip()
            if "<" in name or ">" in name:
                raise ValueError("is no e-mail address: angle brackets stand in its name")
            address = _checked(match["address"])
            return Mailbox(address, "" if name.casefold() == address.casefold() else name)
    return Mailbox(_checked(text))


def _checked(address: str) -> str:
    if _SIMPLE.fullmatch(address) and len(address) <= 254:
        return address
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(
            address, check_deliverability=False, test_environment=True, globally_deliverable=False, allow_smtputf8=True
        )
    except EmailNotValidError as error:
        raise ValueError(f"is no e-mail address: {str(error).rstrip('.')}") from None
    if "." not in valid.domain:
        raise ValueError("is no e-mail address: its domain has no dot")
    return address
