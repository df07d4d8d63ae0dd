"""Everything that can go wrong and is not a bug.

    SuyuanError
    ├── UsageError            the call was wrong: exit code 2
    │   └── Invalid           one value of it is not as it has to be
    ├── StoreError
    │   ├── StoreLocked       another process writes to this store
    │   ├── StoreForeign      the file is not a Suyuan store, or of another version
    │   ├── StoreUnavailable  the store cannot be read or written (disk full, no permission)
    │   │   └── StoreAway     its server does not answer, or not yet
    │   ├── TooSlow           a question took longer than it may
    │   └── ProjectionBehind  changes are missing between a projection and what comes next
    ├── AccessDenied          a person may not do this
    │   ├── CredentialsRefused  no account in use has this name and password
    │   ├── AccountLocked     too many attempts failed
    │   ├── SessionEnded      not signed in, or not any more
    │   ├── NotVouched        an identity provider did not sign anybody in
    │   │   ├── ProviderSilent    it does not answer, or not as it should
    │   │   └── NoAccount         it said who it is, and they have no account in use
    │   ├── NotAMember        the case is not one of theirs
    │   └── NotTheirs         somebody else made it
    ├── Changed               somebody else decided meanwhile
    ├── VaultError            the vault or its key is missing, unreadable or does not fit
    ├── InputError            a file of records cannot be read
    ├── ServerError           Kafka or Neo4j cannot be started, reached or used
    │   ├── ToolMissing       Java or Maven is not installed, or too old
    │   └── TransportError    Kafka cannot be used
    │       ├── KafkaUnavailable  no broker answers
    │       ├── KafkaDenied       the broker does not let us in, or not to this topic
    │       ├── TopicMismatch     a topic is missing, or is not as it is declared
    │       ├── WorkerFenced      another worker took this one's place
    │       ├── WorkerFailed      a worker ended by a fault of the program
    │       └── BeginAgain        a worker has to be started again, and will go on from elsewhere
    └── NotFound
        └── Ambiguous         a name fits several entities

Bad records are not errors: they are values (`schemas.records.Refusal`).
"""

from __future__ import annotations

from typing import Any


class SuyuanError(Exception):
    """The root: its message is for people and says what to do. It never holds personal data."""


class UsageError(SuyuanError):
    """The command or call was used wrongly."""


class Invalid(UsageError):
    """One value of a call is not as it has to be: `field` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class AccessDenied(SuyuanError):
    """A person may not do this, or not now."""


class CredentialsRefused(AccessDenied):
    """No account that is in use has this name and this password; which of the two is wrong is not said."""


class AccountLocked(AccessDenied):
    """Too many attempts to sign in failed: `until` (microseconds) none is looked at, not even a right one."""

    def __init__(self, message: str, until: int) -> None:
        super().__init__(message)
        self.until = until


class SessionEnded(AccessDenied):
    """Nobody is signed in, or not any more."""


class NotVouched(AccessDenied):
    """An identity provider did not sign anybody in: it would not, or not so that it can be believed.

    `why` is a word for the audit; what the provider said is in no message.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"the identity provider signed nobody in: {why}")
        self.why = why


class ProviderSilent(NotVouched):
    """The identity provider does not answer, or not as it should."""


class NoAccount(NotVouched):
    """The identity provider said who it is, and no account that is in use is called so."""

    def __init__(self) -> None:
        super().__init__("no_account")


class NotAMember(AccessDenied):
    """The case is not one of theirs."""


class NotTheirs(AccessDenied):
    """Somebody else made it, and only they may change it."""


class Changed(SuyuanError):
    """Somebody else decided meanwhile; `now` is what stands."""

    def __init__(self, message: str, now: Any) -> None:
        super().__init__(message)
        self.now = now


class StoreError(SuyuanError):
    """The store cannot be used."""


class StoreLocked(StoreError):
    """Another process writes to this store; wait for it or stop it."""


class StoreForeign(StoreError):
    """The file is no Suyuan store, or one of another version."""


class StoreUnavailable(StoreError):
    """The store cannot be read or written: disk full, no permission, damaged."""


class StoreAway(StoreUnavailable):
    """The store's server does not answer, or not yet: it may in a moment."""


class TooSlow(StoreError):
    """A question took longer than it may, and was cancelled."""


class ProjectionBehind(StoreError):
    """A projection lacks changes before the one that comes: it has to read them from the beginning."""


class VaultError(SuyuanError):
    """The vault or its key is missing, unreadable or does not fit."""


class InputError(SuyuanError):
    """A file of records cannot be read."""


class ServerError(SuyuanError):
    """Kafka or Neo4j cannot be started, reached or used."""


class ToolMissing(ServerError):
    """Java or Maven is not installed, or too old."""


class TransportError(ServerError):
    """Kafka cannot be used."""


class KafkaUnavailable(TransportError):
    """No broker answers at the address that the settings name."""


class KafkaDenied(TransportError):
    """The broker refuses the user, the password, the certificate, or access to a topic."""


class TopicMismatch(TransportError):
    """A topic is missing, or is not as `schemas.topics` declares it."""


class WorkerFenced(TransportError):
    """Another worker with the same instance name took this one's place."""


class WorkerFailed(TransportError):
    """A worker ended by a fault of the program; its log says where."""


class BeginAgain(TransportError):
    """A worker has to be started again, and will then go on from where it should."""


class NotFound(SuyuanError):
    """Nothing fits what was asked for."""


class Ambiguous(NotFound):
    """What was asked for fits several entities: `candidates` are their ids."""

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates
