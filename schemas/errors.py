"""Everything that can go wrong and is not a bug.

    SuyuanError
    ├── UsageError            the call was wrong: exit code 2
    ├── StoreError
    │   ├── StoreLocked       another process writes to this store
    │   ├── StoreForeign      the file is not a Suyuan store, or of another version
    │   └── StoreUnavailable  the store cannot be read or written (disk full, no permission)
    ├── VaultError            the vault or its key is missing, unreadable or does not fit
    ├── InputError            a file of records cannot be read
    └── NotFound
        └── Ambiguous         a name fits several entities

Bad records are not errors: they are values (`schemas.records.Refusal`).
"""

from __future__ import annotations


class SuyuanError(Exception):
    """The root: its message is for people and says what to do. It never holds personal data."""


class UsageError(SuyuanError):
    """The command or call was used wrongly."""


class StoreError(SuyuanError):
    """The store cannot be used."""


class StoreLocked(StoreError):
    """Another process writes to this store; wait for it or stop it."""


class StoreForeign(StoreError):
    """The file is no Suyuan store, or one of another version."""


class StoreUnavailable(StoreError):
    """The store cannot be read or written: disk full, no permission, damaged."""


class VaultError(SuyuanError):
    """The vault or its key is missing, unreadable or does not fit."""


class InputError(SuyuanError):
    """A file of records cannot be read."""


class NotFound(SuyuanError):
    """Nothing fits what was asked for."""


class Ambiguous(NotFound):
    """What was asked for fits several entities: `candidates` are their ids."""

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates
