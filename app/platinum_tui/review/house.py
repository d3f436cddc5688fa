"""What everything above the ledger works with: one vault, its ledger, the configuration, the clock, the keyring."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from platinum_tui.ledger.ledger import Ledger
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.clock import Clock, SystemClock
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.configuration_reading import SyncMode
from platinum_tui.system.contact_file import ContactFile
from platinum_tui.system.credentials import Credentials, open_credentials
from platinum_tui.system.freeze_mark import FreezeMark
from platinum_tui.system.keys import KnownKey, Role, Signer, known_keys, load_signer, signers_dir
from platinum_tui.system.paths import StateDir
from platinum_tui.system.spent_decisions import SpentDecisions
from platinum_tui.system.tool_lists import ToolLists
from platinum_tui.system.vault_identity import pin_vault_id
from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.git import Repository, is_clone


@dataclass(frozen=True)
class House:
    """One vault and all that is needed to decide and act on it.

    Attributes:
        configuration: the settings in force.
        vault: the vault's folders.
        vault_id: the id that the state directory has pinned to it.
        state: the state directory.
        ledger: the vault's ledger.
        clock: where times come from.
        environ: the environment, from which the keyring is found.
    """

    configuration: Configuration
    vault: Vault
    vault_id: str
    state: StateDir
    ledger: Ledger
    clock: Clock
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    @classmethod
    def open(
        cls, configuration: Configuration, *, clock: Clock | None = None, environ: Mapping[str, str] = os.environ
    ) -> House:
        """The house of the configured vault; makes its part of the state directory at first sight.

        Raises:
            ConfigurationError: no vault is configured, it is not there, or the state directory lies inside it.
        """
        root = configuration.vault_root
        if not (root / Folder.PENDING).is_dir():
            raise ConfigurationError(
                f"{root} is not a vault: it has no {Folder.PENDING} folder.", remedy=f"Run `platinum-tui init {root}`."
            )
        clock = clock or SystemClock()
        state = configuration.state_dir
        state.ensure()
        vault_id = pin_vault_id(state.root, root)
        ledger = Ledger(state.vault_dir(vault_id) / "ledger.db", vault_id, clock)
        return cls(configuration, Vault(root, configuration.machine), vault_id, state, ledger, clock, environ)

    @cached_property
    def contact_file(self) -> ContactFile:
        """Where contacts are kept; the one part of the configuration that changes while the program runs."""
        file, lock = self.configuration.config_file, self.state.root / "contacts.lock"
        return ContactFile(file, lock, self.configuration.contacts)

    @property
    def contacts(self) -> ContactBook:
        """The contact book as the configuration file has it now."""
        return self.contact_file.book

    @cached_property
    def tool_lists(self) -> ToolLists:
        """The tools of the user's own servers, as last listed."""
        return ToolLists(self.state.root / "tools", self.configuration.own_server)

    @cached_property
    def credentials(self) -> Credentials:
        """The keyring, opened when it is first needed."""
        return open_credentials(self.state, self.environ)

    @cached_property
    def reviewer(self) -> Signer:
        """The reviewer's signing key."""
        return load_signer(self.credentials, Role.REVIEWER)

    @cached_property
    def machine_signer(self) -> Signer:
        """This machine's own signing key, for files that were moved by hand."""
        return load_signer(self.credentials, Role.MACHINE)

    def known_keys(self) -> tuple[KnownKey, ...]:
        """Every public key that may have signed a decision."""
        return known_keys(self.state, signers_dir(self.state, self.configuration.config_file.parent))

    def machine_keys(self) -> tuple[bytes, ...]:
        """The raw public keys of this machine's own, replaced ones included."""
        return tuple(key.public_key for key in self.known_keys() if key.role is Role.MACHINE)

    @cached_property
    def spent(self) -> SpentDecisions:
        """The decisions that are worth nothing any more: acted on, or taken back."""
        return SpentDecisions(self.state.vault_dir(self.vault_id) / "used")

    @cached_property
    def freeze_mark(self) -> FreezeMark:
        """Whether every execution is stopped."""
        return FreezeMark(self.state.vault_dir(self.vault_id), self.vault.root)

    def clone(self) -> Repository | None:
        """The vault as a git clone with a remote; None where it is none.

        Raises:
            GitFailed: git is missing, or no branch is checked out.
        """
        repository = Repository(self.vault.root) if is_clone(self.vault.root) else None
        return repository if repository and repository.remote else None

    def shared_clone(self) -> Repository | None:
        """The clone by which other machines share the vault; None where nothing is to be synced. Raises as `clone`."""
        return self.clone() if self.is_shared else None

    @property
    def is_shared(self) -> bool:
        """Whether the vault may be shared with other machines through git, as far as it shows without asking git."""
        return self.configuration.sync.mode is SyncMode.GIT and is_clone(self.vault.root)
