"""The embedded runner: a file in front, the owner's SQLite file behind, all in one process.

Per batch: the originals and reporters go sealed into the vault (on disk first), then records, state,
graph, outbox and offset go into the store in one transaction. A batch that is cut short leaves
nothing but sealed bytes; running the same input again has no further effect.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import numpy as np
from msgspec import Struct, structs

from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.view import LIVE
from schemas.decisions import Judgement
from schemas.errors import InputError, NotFound, UsageError, VaultError
from schemas.ids import hash64
from schemas.records import Message, Origin, Refusal
from schemas.times import iso
from streams import ledger
from streams.alerts.rules import load_rules
from streams.changed import changes
from streams.detector import Detector
from streams.pipeline import Core, Outcome, run_front
from streams.stages.decode import CutLine
from streams.stages.reread import live_mentions
from streams.state import Connection, OwnerState
from streams.vault.original import Opened
from streams.vault.vault import Vault

BATCH = 250
"""Records a transaction: short enough to wait for, and so many that what is done in every batch (the disk's
sync, and busy people, who are looked at anew) does not count for much. At a million records 100 cost a
quarter more for each record; 500 took twice as long a batch and were no faster."""

_BATCH_BYTES = 32 << 20

_DEAD = f"FROM record d WHERE d.closed < {LIVE}"
_LIVE_EDGES = f"""SELECT (SELECT count(*) FROM edge)
    - (SELECT count(*) FROM (SELECT d.rec {_DEAD}) CROSS JOIN edge USING (rec))"""
_LIVE_VALUES = f"""SELECT (SELECT count(*) FROM value) - count(*) FROM (
        SELECT DISTINCT m.node FROM (SELECT d.rec {_DEAD}) CROSS JOIN mention m USING (rec) WHERE m.node < 0)
    AS gone WHERE NOT EXISTS (SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
        WHERE m.node = gone.node AND r.closed = {LIVE})"""
"""Few records are dead: what they said is taken from the whole, which is quick to count."""

Clock = Callable[[], int]


class IngestReport(Struct, frozen=True, kw_only=True):
    """What an ingest did. `entities`, `edges` and `alerts` are the live totals of the store after it."""

    read: int
    accepted: int
    duplicates: int
    superseded: int
    withdrawn: int
    rejected: dict[str, int]
    entities: int
    edges: int
    alerts: int
    seconds: float


class Owner:
    """The one writer of a store; close it, or use it as a context manager."""

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
            self._belong_together()
            self._follow_rules()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path, *, vault: Path | None = None, key: Path | None = None, clock: Clock) -> Self:
        """The owner of the store at `path`, made when it is not there; the vault beside it.

        `key` is where the vault's private key is put when the vault is made.

        Raises `StoreLocked` when another process writes, `StoreForeign` for a file that is not ours,
        `VaultError` when the vault cannot be used.
        """
        vault = vault or path.with_name(f"{path.name.removesuffix('.db')}.vault")
        return cls(path, vault, key, clock)

    def _must_not_lack(self, vault: Path) -> None:
        """A store that had a vault does not get an empty one: what it received could not be opened."""
        if not vault.exists() and self._public_key() is not None:
            raise VaultError(
                f"the vault of this store is not at {vault}: put it back, or name its place with SUYUAN_VAULT"
            )

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
            self.state = OwnerState(self._connection)
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

    # --- what an owner does -------------------------------------------------------------------

    def ingest(self, lines: Iterable[tuple[Origin, bytes]], *, batch: int = BATCH) -> IngestReport:
        """Put lines through the pipeline, `batch` a transaction."""
        begun = self._clock()
        counts: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        with _without_collector():
            for chunk in _chunks(lines, batch):
                received = self._now()
                outcome, refused = self.take([Message(body=b, origin=o, received=received) for o, b in chunk])
                counts += outcome.counts
                counts["read"] += len(chunk)
                rejected.update(refusal.reason for refusal in refused)
                gc.freeze()
        return self._report(counts, rejected, begun)

    def take(self, messages: list[Message], act: ledger.Act | None = None) -> tuple[Outcome, list[Refusal]]:
        """One batch of messages: what is secret goes into the vault, the rest to the owner's stages.

        `act` is what a person did that makes this batch; it goes into the ledger.
        """
        batch = run_front(messages, self._vault.pepper)
        self._vault.put_many(batch.secret)
        outcome = self._run(lambda: self.core.run_batch(batch, act))
        return outcome, batch.refused + outcome.conflicts

    def _run(self, change: Callable[[], Outcome]) -> Outcome:
        """A change that fails leaves no trace in memory either: the state is read anew."""
        try:
            return change()
        except BaseException:
            self._load()
            raise

    def withdraw(self, name: str, because: str, *, who: str) -> dict[str, Any]:
        """Take back a record: all of its revisions reported until now. The record and its `Changes`.

        Raises `NotFound` when no such record lives.
        """
        with map_sqlite_errors():
            rows = self.state.db.execute(
                "SELECT reported, closed FROM record WHERE hash = ? AND name = ? ORDER BY closed DESC",
                (hash64(name), name),
            ).fetchall()
        if not rows:
            raise NotFound("there is no record of this name; names are source/source_id")
        if rows[0][1] != LIVE:
            raise NotFound(f"{name} is withdrawn already")
        now = self._now()
        source, _, source_id = name.partition("/")
        body = msgspec.json.encode(
            {
                "kind": "withdrawal",
                "source": source,
                "source_id": source_id,
                "reported_at": iso(max(now, *(reported for reported, _ in rows))),
                "reason": because,
            }
        )
        outcome, refused = self.take(
            [Message(body=body, origin=Origin(file="withdraw", line=1), received=now)],
            ledger.withdrew(name, who=who, because=because, at=now),
        )
        if refused:
            raise NotFound(f"{name} cannot be withdrawn: {refused[0].reason} ({refused[0].expected})")
        with map_sqlite_errors():
            return {"record": name, **structs.asdict(changes(self.state, (name,), outcome))}

    def judge(self, judgement: Judgement) -> dict[str, Any]:
        """Take a person's judgement; it beats the model until it is taken back. Its `Changes`.

        Its mentions need not be there yet. Raises `UsageError` when they cannot be one and the same.
        """
        left, right = judgement.left, judgement.right
        if left == right:
            raise UsageError("both are the same mention: a judgement is about two")
        with map_sqlite_errors():
            types = {self.state.types[pid] for _, pid in live_mentions(self.state, (left, right))}
        if len(types) > 1:
            raise UsageError(f"a {' and a '.join(sorted(types))} are never one")
        outcome = self._run(lambda: self.core.judge(judgement, self._now()))
        records = {name.rpartition("#")[0] for name in (left, right)}
        with map_sqlite_errors():
            return structs.asdict(changes(self.state, records, outcome))

    def retry_refused(self, key: Path, *, who: str) -> IngestReport:
        """Put the refused originals through again; those that are accepted now leave the list."""
        with map_sqlite_errors():
            hashes = [row[0] for row in self.state.db.execute("SELECT sha256 FROM refusal ORDER BY n")]
        again = self._vault.open_many(hashes, key, because="rejected retry", who=who)
        lines = ((Origin(file="retry", line=n), _as_it_came(item)) for n, item in enumerate(again, 1))
        return self.ingest(lines)

    def _now(self) -> int:
        """The time of the next transaction, later than all before even when the clock was set back."""
        return self.state.not_before(self._clock())

    def _report(self, counts: Counter[str], rejected: Counter[str], begun: int) -> IngestReport:
        db = self.state.db
        with map_sqlite_errors():
            values, edges = db.execute(_LIVE_VALUES).fetchone()[0], db.execute(_LIVE_EDGES).fetchone()[0]
            alerts = db.execute("SELECT count(*) FROM alert WHERE closed = ?", (LIVE,)).fetchone()[0]
        resolved = np.unique(np.frombuffer(self.state.ent, np.int64))
        return IngestReport(
            read=counts["read"],
            accepted=counts["accepted"],
            duplicates=counts["duplicates"],
            superseded=counts["superseded"],
            withdrawn=counts["withdrawn"],
            rejected=dict(sorted(rejected.items())),
            entities=int(np.count_nonzero(resolved)) + values,
            edges=edges,
            alerts=alerts,
            seconds=round(max(0, self._clock() - begun) / 1e6, 3),
        )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Reference counts free what a batch leaves behind; it makes no cycles. To look for some among millions
    of live objects took a fifth of the time and half a second at a stretch, so what lives is set aside
    after every batch (`gc.freeze`) and given back at the end.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _chunks(lines: Iterable[tuple[Origin, bytes]], size: int) -> Iterator[list[tuple[Origin, bytes]]]:
    """Lines in batches of at most `size`, and of no more bytes than fit easily into memory.

    A file that turns out to be cut short raises after all that was read of it.
    """
    chunk: list[tuple[Origin, bytes]] = []
    held = 0
    cut: InputError | None = None
    try:
        for line in lines:
            chunk.append(line)
            held += len(line[1])
            if len(chunk) == size or held > _BATCH_BYTES:
                yield chunk
                chunk, held = [], 0
    except InputError as error:
        cut = error
    if chunk:
        yield chunk
    if cut is not None:
        raise cut


def _as_it_came(item: Opened) -> bytes:
    """The bytes of an item; of a line that was too long to be kept whole, with its true hash."""
    whole = len(item.body) == item.size
    return item.body if whole else CutLine(item.body, item.sha256, item.size)
