"""The one writer of a store: its file, its vault and the owner's stages, opened together or not at all.

What the runners share. `streams.embedded.Owner` puts files in, `streams.serving.Server` a log.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph.sqlite.errors import map_sqlite_errors
from schemas.decisions import Decision
from schemas.errors import UsageError, VaultError
from streams import said
from streams.alerts.rules import load_rules
from streams.detector import Detector
from streams.pipeline import Core, Outcome
from streams.resolve.judgements import must_be_possible
from streams.state import Connection, OwnerState
from streams.vault.vault import Vault

Clock = Callable[[], int]
"""Gives microseconds since 1970 UTC."""


class Writer:
    """Holds a store's lock, its state in memory and its vault; close it, or use it as a context manager."""

    publishes = False
    """Whether somebody takes what is put into the outbox; where nobody does, nothing is put there."""

    def __init__(self, path: Path, vault: Path, key: Path | None, clock: Clock) -> None:
        self._clock = clock
        self._connection = Connection(path)
        try:
            self._must_not_lack(vault)
            self._vault = Vault.create_or_open(vault, key, clock=clock)
        except BaseException:
            self._connection.close()
            raise
        try:
            self._load()
            self._must_be_mine()
            self._belong_together()
            self._follow_rules()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path, *, vault: Path | None = None, key: Path | None = None, clock: Clock) -> Self:
        """The writer of the store at `path`, made when it is not there; the vault beside it.

        `key` is where the vault's private key is put when the vault is made.

        Raises `StoreLocked` when another process writes, `StoreForeign` for a file that is not ours,
        `VaultError` when the vault cannot be used, `UsageError` when it is another runner's store.
        """
        vault = vault or path.with_name(f"{path.name.removesuffix('.db')}.vault")
        return cls(path, vault, key, clock)

    def _must_not_lack(self, vault: Path) -> None:
        """A store that had a vault does not get an empty one: what it received could not be opened."""
        if not vault.exists() and self._public_key() is not None:
            raise VaultError(
                f"the vault of this store is not at {vault}: put it back, or name its place with SUYUAN_VAULT"
            )

    def _must_be_mine(self) -> None:
        """Raises `UsageError` when somebody else is to write into this store."""

    def _belong_together(self) -> None:
        """With another vault's pepper every record sent again would look like another content."""
        held = self._public_key()
        with map_sqlite_errors():
            if held is None:
                self.state.db.execute("INSERT INTO meta VALUES ('vault', ?)", (self._vault.public_key,))
            elif held != self._vault.public_key:
                raise VaultError("this vault belongs to another store; name the right one with SUYUAN_VAULT")

    def _public_key(self) -> bytes | None:
        with map_sqlite_errors():
            row = self._connection.db.execute("SELECT value FROM meta WHERE key = 'vault'").fetchone()
        return None if row is None else bytes(row[0])

    def _load(self) -> None:
        with map_sqlite_errors():
            self.state = OwnerState(self._connection.db, publishes=self.publishes)
            self.core = Core(self.state, Detector(self.state.db, load_rules()))

    def _follow_rules(self) -> None:
        """When the rules are others than those that raised the store's alerts, examine everything anew."""
        detector = self.core.detector
        with map_sqlite_errors():
            row = self.state.db.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
        if row is not None and row[0] == detector.version:
            return
        note = "INSERT OR REPLACE INTO meta VALUES ('rules', ?)"
        if not self.state.tx:
            with map_sqlite_errors():
                self.state.db.execute(note, (detector.version,))
            return
        with self.state.transaction(self._now(), "rules", None):
            detector.examine_anew(self.state)
            self.state.db.execute(note, (detector.version,))

    def close(self) -> None:
        try:
            self._vault.close()
        finally:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def connection(self) -> Any:
        """The store's connection, for readers in this process."""
        return self.state.db

    def _run(self, change: Callable[[], Outcome]) -> Outcome:
        """A change that fails leaves no trace in memory either: the state is read anew."""
        try:
            return change()
        except BaseException:
            self._load()
            raise

    def _must_be_possible(self, decision: Decision) -> None:
        """Raises `UsageError` when its mentions cannot be one and the same, or it speaks of no two."""
        pairs = [(left, right) for left, right, _ in decision.said]
        if not pairs or any(left == right for left, right in pairs):
            raise UsageError("both are the same mention: a judgement is about two")
        names = {name for pair in pairs for name in pair}
        with map_sqlite_errors():
            must_be_possible({self.state.types[pid] for _, pid in said.live_mentions(self.state.db, names)})

    def _now(self) -> int:
        """The time of the next transaction, later than all before even when the clock was set back."""
        return self.state.not_before(self._clock())
