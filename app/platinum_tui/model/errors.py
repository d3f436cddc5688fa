"""Every error a user can meet: one base, few children. The docstring is the message, the remedy says what to do."""

from __future__ import annotations

import enum
from typing import ClassVar


class ExitCode(enum.IntEnum):
    """Exit codes of the command line; scripts rely on them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    NEEDS_PERSON = 5
    LOCKED = 6


class PlatinumError(Exception):
    """Something went wrong.

    Attributes:
        code: the machine-readable code, as in the JSON form of an error.
        exit_code: what the command line ends with.
        remedy: one sentence that says what the user can do next.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    default_remedy: ClassVar[str] = "Run `platinum-tui doctor`: it checks everything and names what to do."

    def __init__(self, message: str | None = None, *, remedy: str | None = None) -> None:
        super().__init__(message or _first_line(type(self)))
        self.remedy = remedy or self.default_remedy

    @property
    def message(self) -> str:
        """The sentence to show."""
        return str(self.args[0])

    def to_json(self) -> dict[str, str]:
        """The error as commands answer with it."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


class Failed(PlatinumError):
    """The operation failed."""


class DiskFailed(Failed):
    """The disk failed while something was made durable."""

    default_remedy = "Stop, check the disk, start again: what was written may be lost, and trying again would hide it."


class UsageError(PlatinumError):
    """The command was not understood."""

    code = "usage"
    exit_code = ExitCode.USAGE
    default_remedy = "`platinum-tui --help` lists the commands and their options."


class ConfigurationError(PlatinumError):
    """The configuration cannot be used."""

    code = "configuration"
    exit_code = ExitCode.USAGE
    default_remedy = "`platinum-tui config path` tells where the file is, `config validate` checks it."


class KeyringError(PlatinumError):
    """The keyring cannot be used."""

    code = "keyring"
    exit_code = ExitCode.USAGE
    default_remedy = "Unlock the system keyring, or set PLATINUM_PASSPHRASE for the encrypted file keyring."


class NotFound(PlatinumError):
    """No such request."""

    code = "not_found"
    exit_code = ExitCode.NOT_FOUND
    default_remedy = "`platinum-tui list --state all` shows every request with its id."


class Ambiguous(PlatinumError):
    """More than one request has a name that begins like this."""

    code = "ambiguous"
    exit_code = ExitCode.USAGE
    default_remedy = "Give more characters of the id or of the file's name."


class StaleFingerprint(PlatinumError):
    """The request is not the one this fingerprint names."""

    code = "stale_fingerprint"
    exit_code = ExitCode.REFUSED
    default_remedy = "Read it again with `platinum-tui show`, then approve the fingerprint that stands there now."


class NotApprovable(PlatinumError):
    """The request cannot be decided like this in its present state."""

    code = "not_approvable"
    exit_code = ExitCode.REFUSED
    default_remedy = "`platinum-tui show` names the problems; edit the file, or reject it."


class RefusedByPolicy(PlatinumError):
    """The policy of this machine does not allow it."""

    code = "refused_by_policy"
    exit_code = ExitCode.REFUSED
    default_remedy = "See [approval] and [limits] in the configuration."


class NeedsPerson(PlatinumError):
    """A person has to look at it."""

    code = "needs_person"
    exit_code = ExitCode.NEEDS_PERSON


class Locked(PlatinumError):
    """Another instance executes on this vault."""

    code = "locked"
    exit_code = ExitCode.LOCKED
    default_remedy = "Stop the other instance, or go on deciding here: it executes what you approve."


def _first_line(error: type[PlatinumError]) -> str:
    """What an error says where nobody says more."""
    import inspect  # takes longer to load than most of what a start needs

    return (inspect.getdoc(error) or "").split("\n")[0]
