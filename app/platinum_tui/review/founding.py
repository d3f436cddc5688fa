"""From nothing to a vault that works: folders, configuration, signing keys; and the first steps after that."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from platinum_tui.system.options import Options

if TYPE_CHECKING:
    from platinum_tui.model.action import JsonValue
    from platinum_tui.system.configuration import Configuration
    from platinum_tui.vault.folders import Vault

_TLS_PORT = 465
"""The port on which a mail server speaks TLS from the first byte on (RFC 8314)."""
_TEST = """\
---
kind: email_send
to: [{address}]
subject: A test message to myself
reason: The first request of this vault, put there by its first run.
---
This is the first thing that platinum-tui sends for you.

It went out because you approved it: these words, to this address, once.
"""
TEST_FILE = "test-message-to-myself.md"


def found(options: Options, environ: Mapping[str, str], say: Callable[[str], None]) -> Configuration:
    """Make the vault's folders, the configuration and the signing keys that are missing, and touch nothing else.

    Args:
        options: the global options; the vault that they name becomes one.
        environ: the environment.
        say: is told of everything that was made.

    Returns:
        The configuration in force from now on.

    Raises:
        ConfigurationError: nobody named a vault, or the configuration is wrong or cannot be made.
        KeyringError: there is no keyring to keep the keys in.
    """
    from platinum_tui.model.errors import ConfigurationError
    from platinum_tui.review.house import House
    from platinum_tui.system.clock import SystemClock
    from platinum_tui.system.configuration import config_file, load
    from platinum_tui.system.configuration_text import default_text
    from platinum_tui.system.credentials import open_credentials
    from platinum_tui.system.keys import create_keys, pin_signers_dir
    from platinum_tui.system.private_file import write_private
    from platinum_tui.vault.folders import Vault

    file, _ = config_file(options, environ)
    root = Path(options.vault).expanduser().absolute() if options.vault else None
    if root:
        _check_root(root)
    if root and not file.exists():
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(file, default_text(root).encode())
        except OSError as error:
            raise ConfigurationError(
                f"The configuration file {file} cannot be made: {error.strerror}.",
                remedy="Name another with --config or PLATINUM_CONFIG.",
            ) from error
        say(f"made {file}")
    configuration = load(options, environ)
    credentials = open_credentials(configuration.state_dir, environ)
    keys = create_keys(credentials, configuration.state_dir, getpass.getuser(), SystemClock().now())
    pin_signers_dir(configuration.state_dir, configuration.config_file.parent)
    vault = Vault(configuration.vault_root, configuration.machine)
    for made in vault.ensure():
        say(f"made {made}")
    house = House.open(configuration, environ=environ)
    _carry_id(vault, house.vault_id)
    house.ledger.close()
    _check_commits(vault.root, say)
    say(f"The vault {vault.root} is ready. Decisions are signed with the key {keys[0].key_id} ({keys[0].name}).")
    return configuration


@dataclass(frozen=True)
class MailAccess:
    """How a person's own mail goes out.

    Attributes:
        address: the sender's.
        host, port: the provider's server for outgoing mail.
        username: empty where it asks for none.
        password: goes into the keyring, and nowhere else.
    """

    address: str
    host: str
    port: str
    username: str = ""
    password: str = field(default="", repr=False)


class FirstSteps:
    """What somebody without a vault does first, each step on its own.

    Args:
        options: the global options.
        environ: the environment.

    Attributes:
        said: what was made, line by line.
        vault: the vault, once it is one.
        sender: in whose name mail goes out, where that is configured already.
    """

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        self._options = options
        self._environ = environ
        self.said: list[str] = []
        self.vault: Path | None = None
        self.sender = ""

    def found(self, folder: str) -> None:
        """Make that folder a vault; raises as `found`."""
        path = Path(folder).expanduser().absolute()
        configuration = found(replace(self._options, vault=str(path)), self._environ, self.said.append)
        self.vault = configuration.vault_root
        self.sender = configuration.family("email").text("sender")

    def set_up_mail(self, access: MailAccess) -> None:
        """Write `[servers.email]` and keep the password.

        Raises:
            ConfigurationError: something is not what it must be; nothing was written.
            KeyringError: the keyring cannot keep the password.
        """
        from platinum_tui.system.configuration import load
        from platinum_tui.system.credentials import open_credentials
        from platinum_tui.system.server_file import add_server
        from platinum_tui.system.server_settings import is_loopback

        configuration = load(replace(self._options, vault=str(self.vault)), self._environ)
        security = "none" if is_loopback(access.host) else "tls" if access.port == str(_TLS_PORT) else "starttls"
        values: dict[str, JsonValue] = {
            "smtp_host": access.host,
            "smtp_port": int(access.port) if access.port.isdecimal() else access.port,
            "smtp_security": security,
            "sender": access.address,
        }
        if access.username:
            values["username"] = access.username
        add_server(configuration.config_file, "email", values)
        self.said.append(f"wrote [servers.email] into {configuration.config_file}")
        if access.password:
            credentials = open_credentials(configuration.state_dir, self._environ)
            credentials.set("email.password", access.password)
            self.said.append(f"kept email.password in {credentials.place}")

    def put_test_message(self, address: str) -> None:
        """Put a request for a message to oneself where requests wait; raises OSError where it is there already."""
        from platinum_tui.vault.folders import Folder

        if self.vault is None:
            return
        with (self.vault / Folder.PENDING / TEST_FILE).open("x", encoding="utf-8") as file:
            file.write(_TEST.format(address=json.dumps(address)))
        self.said.append(f"put {Folder.PENDING}/{TEST_FILE} there")


def _check_root(root: Path) -> None:
    """Make sure that the vault can be a folder, before anything points there; raises ConfigurationError."""
    from platinum_tui.model.errors import ConfigurationError

    there = next(path for path in (root, *root.parents) if os.path.lexists(path))
    if not there.is_dir():
        remedy = "Name a folder: `platinum-tui init PATH`."
        raise ConfigurationError(f"The vault {root} cannot be made: {there} is no folder.", remedy=remedy)


def _carry_id(vault: Vault, vault_id: str) -> None:
    """Have the vault carry its id to the machines that share it; an earlier one stays."""
    from platinum_tui.system.vault_identity import ID_FILE
    from platinum_tui.vault.moves import create_file

    vault.make(ID_FILE.rpartition("/")[0])
    with contextlib.suppress(FileExistsError):
        create_file(vault.path(ID_FILE), f"{vault_id}\n".encode())


def _check_commits(root: Path, say: Callable[[str], None]) -> None:
    """Have commits by hand checked, where the vault is a clone without a hook of its own."""
    from platinum_tui.vault.commit_check import install_hook
    from platinum_tui.vault.git import Repository, is_clone
    from platinum_tui.vault.git_environment import GitFailed

    if not is_clone(root):
        return
    try:
        hook = install_hook(Repository(root))
    except (GitFailed, OSError) as error:
        say(f"Commits by hand are not checked for secrets: {error}")
        return
    if hook:
        say(f"made {hook}: no commit takes along a key, a credential or the program's state")
