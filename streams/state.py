"""The owner's state: one SQLite file, and the parts of it that are held in memory.

One writer. Every batch is one transaction; memory is changed only while a transaction is open, and
thrown away with it when it fails.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.format import APPLICATION_ID, VERSION
from graph.sqlite.view import LIVE
from schemas.claims import RESOLVED_TYPES, Features, MentionType
from schemas.decisions import Score
from schemas.errors import StoreForeign, StoreLocked, StoreUnavailable
from schemas.records import Refusal
from streams import models, position
from streams.copies.bands import CROWD
from streams.copies.copies import Copies, Tip
from streams.pair_table import PairTable
from streams.position import Read
from streams.postings import Postings
from streams.resolve.model import score
from streams.resolve.profiles import Block, Profile
from streams.resolve.weights import Weights
from streams.text.sketch import Sketch

_CACHED_PROFILES = 60_000
_CACHED_SCORES = 300_000
_MAGIC = b"SQLite format 3\0"

_TYPES: dict[str, MentionType] = {kind: kind for kind in RESOLVED_TYPES}
_decode = msgspec.msgpack.Decoder(Features).decode
_sketch = msgspec.msgpack.Decoder(Sketch).decode
_TIPS = f"""SELECT reported, name, channel, rec, sketch FROM sketch CROSS JOIN record USING (rec)
    WHERE closed = {LIVE} ORDER BY rec"""
_TIPS_AT_ONCE = 5_000


def _is_something_else(path: Path) -> bool:
    """Whether there are bytes that no SQLite file begins with; SQLite takes a single one for nothing."""
    try:
        with path.open("rb") as file:
            return (file.read(len(_MAGIC)) or _MAGIC) != _MAGIC
    except OSError:  # opening it as a store will say it better
        return False


class Connection:
    """Opens, checks and locks the file; no two owners write to one store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            raise StoreUnavailable(f"{path.name} is a directory; give the path of a store file")
        if _is_something_else(path):
            raise StoreForeign(f"{path.name} is not a Suyuan store; choose another --store")
        with map_sqlite_errors():
            self._lock = self._take_lock()
            try:
                self.db = self._open()
            except BaseException:
                os.close(self._lock)
                raise

    def _take_lock(self) -> int:
        try:
            lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnavailable(
                f"cannot write beside {self.path.name}: {error.strerror}; choose another --store"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise StoreLocked(
                f"another process writes to {self.path.name}; wait for it to finish (if it is the owner's "
                "worker, say --to kafka) or use another --store"
            ) from error
        return lock

    def _open(self) -> sqlite3.Connection:
        # SQLite would make the file readable for all; its log and index take over the file's mode.
        with suppress(OSError):  # it is there, or opening it as a store will say it better
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        db = sqlite3.connect(self.path, isolation_level=None, timeout=5.0, check_same_thread=False)
        try:
            self._prepare(db)
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Check that the file is ours before anything is written, and make the tables of a new one."""
        tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        if tables and not ours:
            raise StoreForeign(f"{self.path.name} is not a Suyuan store; choose another --store")
        if ours and (found := db.execute("PRAGMA user_version").fetchone()[0]) != VERSION:
            raise StoreForeign(
                f"{self.path.name} has version {found}, this program writes version {VERSION}: put its "
                "records into a new store, or, for the owner's worker, make it anew with --rebuild"
            )
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "cache_size=-800000", "temp_store=MEMORY",
        ):  # fmt: skip
            db.execute(f"PRAGMA {pragma}")
        if not tables:
            db.executescript(
                f"BEGIN IMMEDIATE; {_sql('schema.sql')} {_sql('alerts.sql')}"
                f" PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={VERSION}; COMMIT;"
            )
        elif not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'about'").fetchone():
            db.executescript(f"BEGIN IMMEDIATE; {_sql('alerts.sql')} COMMIT;")

    def close(self) -> None:
        """Close the file and let go of the lock; a second time does nothing."""
        lock, self._lock = self._lock, -1
        if lock < 0:
            return
        try:
            # What cannot be moved into the file now (a full disk) stays safe in the log beside it.
            with suppress(sqlite3.Error):
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with map_sqlite_errors():
                self.db.close()
        finally:
            os.close(lock)


def _sql(name: str) -> str:
    return resources.files("graph.sqlite").joinpath(name).read_text("utf-8")


class OwnerState:
    """Tables and memory of the owner, as the stages read and change them.

    `publishes`: whether what others are to be told goes into the outbox, from which a runner takes it.
    """

    def __init__(self, db: sqlite3.Connection, *, publishes: bool = False) -> None:
        self.db = db
        self._publishes = publishes
        with map_sqlite_errors():
            self._load()

    # --- opening ------------------------------------------------------------------------------

    def _load(self) -> None:
        db = self.db
        self.tx: int
        self.received: int
        self.tx, self.received = db.execute(
            "SELECT coalesce(max(tx), 0), coalesce(max(received), 0) FROM tx"
        ).fetchone()
        self.counters: dict[str, int] = {
            table: db.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0]
            for table, key in (("record", "rec"), ("mention", "m"), ("value", "v"), ("edge", "e"))
        }
        self.types: list[MentionType] = ["person"]  # keys begin at 1
        self.orders = array("q", [0])
        self.features: list[bytes] = [b""]
        for kind, order, features in db.execute("SELECT type, hash, features FROM profile ORDER BY pid"):
            self.types.append(_TYPES[kind])
            self.orders.append(order)
            self.features.append(features)
        self.ent = array("q", bytes(8 * len(self.types)))
        for pid, ent in db.execute("SELECT pid, ent FROM assign WHERE closed = ?", (LIVE,)):
            self.ent[pid] = ent
        self.alive = {pid for pid, ent in enumerate(self.ent) if ent}
        hashes, pids = [], []
        for blob_hashes, blob_pids in db.execute("SELECT hashes, pids FROM posting ORDER BY rowid"):
            hashes.append(np.frombuffer(blob_hashes, np.int64))
            pids.append(np.frombuffer(blob_pids, np.int32))
        self.index = Postings(
            np.concatenate(hashes) if hashes else np.empty(0, np.int64),
            np.concatenate(pids) if pids else np.empty(0, np.int32),
        )
        self._profiles: dict[int, Profile] = {}
        self._scores: dict[tuple[int, int], Score] = {}
        self.copies = _copies(db)
        self.pairs = PairTable(db)
        self.weights = models.in_force(db)
        self.prefetched: dict[int, list[int]] = {}
        self.new_postings: list[tuple[int, int]] = []
        self.new_profiles: list[tuple[int, MentionType, int, bytes]] = []
        self.firsts: dict[int, tuple[int, str, str, int]] = {}

    # --- one batch is one transaction ---------------------------------------------------------

    @contextmanager
    def transaction(
        self, received: int, origin: str | None, line: int | None, read: Iterable[Read] = ()
    ) -> Iterator[int]:
        """Yields the transaction's number; commits at the end, or rolls back and re-raises.

        How far the log has been `read` is written with it, so that nothing is taken twice or never.
        `received` only grows in the store, however the clock is set: a view as of the time of one
        transaction must not see the next.
        """
        with map_sqlite_errors():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                self.tx += 1
                self.received = self.not_before(received)
                self.db.execute("INSERT INTO tx VALUES (?, ?, ?, ?)", (self.tx, self.received, origin, line))
                position.note(self.db, read)
                yield self.tx
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
            self._settle()

    def not_before(self, moment: int) -> int:
        """`moment`, or the first one after the last transaction when a clock was set back."""
        return max(self.received + 1, moment)

    def flush(self) -> None:
        """Write what the stages left in memory, so that readers of the transaction see it."""
        if self.new_profiles:
            self.db.executemany("INSERT INTO profile VALUES (?, ?, ?, ?)", self.new_profiles)
        if self.new_postings:
            hashes = np.fromiter((h for h, _ in self.new_postings), np.int64, len(self.new_postings))
            pids = np.fromiter((p for _, p in self.new_postings), np.int32, len(self.new_postings))
            self.db.execute(
                "INSERT INTO posting VALUES (?, ?, ?)", (self.tx, hashes.tobytes(), pids.tobytes())
            )
        self.pairs.flush()
        self.new_profiles, self.new_postings = [], []

    def _settle(self) -> None:
        """Between batches: bound the caches."""
        self.prefetched.clear()
        self.index.settle()
        self.pairs.settle()
        self.forget()

    def forget(self) -> None:
        """Bound what is held of profiles: between batches, and between portions of longer work."""
        if len(self._profiles) > _CACHED_PROFILES:
            self._profiles.clear()
        if len(self._scores) > _CACHED_SCORES:
            self._scores.clear()
        if len(self.firsts) > 4 * _CACHED_PROFILES:
            self.firsts.clear()

    def next(self, table: str) -> int:
        """The next integer key of a table; keys only grow, so tables grow at their end."""
        self.counters[table] += 1
        return self.counters[table]

    # --- profiles -----------------------------------------------------------------------------

    def profile(self, pid: int) -> Profile:
        found = self._profiles.get(pid)
        if found is None:
            found = Profile(self.types[pid], _decode(self.features[pid]), self.orders[pid])
            self._profiles[pid] = found
        return found

    def score(self, a: int, b: int) -> Score:
        """The score of two profiles; kept, as profiles do not change, and the model in a transaction only."""
        key = (a, b) if a < b else (b, a)
        found = self._scores.get(key)
        if found is None:
            found = self._scores[key] = self.compare(self.profile(a), self.profile(b))
        return found

    def compare(self, a: Profile, b: Profile) -> Score:
        """The score of two profiles under the store's model."""
        return score(a, b, self.weights)

    def follow(self, weights: Weights) -> None:
        """Score under another model from now on."""
        self.weights = weights
        self._scores.clear()

    def find_profile(self, order: int, encoded: bytes) -> int | None:
        """The profile with this hash and these features, alive or not."""
        for pid in self.postings(order):
            if self.features[pid] == encoded:
                return pid
        return None

    def make_profile(self, profile: Profile) -> int:
        pid = len(self.types)
        self.types.append(profile.type)
        self.orders.append(profile.order)
        self.features.append(profile.encoded)
        self.ent.append(0)
        self._profiles[pid] = profile
        self.new_profiles.append((pid, profile.type, profile.order, profile.encoded))
        return pid

    def post(self, key: int, pid: int) -> None:
        self.index.add(key, pid)
        self.new_postings.append((key, pid))
        if (held := self.prefetched.get(key)) is not None:
            held.append(pid)

    def prefetch(self, keys: Iterable[int]) -> None:
        """Look up many block keys at once."""
        self.prefetched.update(self.index.lookup([key for key in keys if key not in self.prefetched]))

    def postings(self, key: int) -> list[int]:
        held = self.prefetched.get(key)
        if held is None:
            held = self.prefetched[key] = self.index.lookup([key])[key]
        return held

    def members(self, block: Block) -> list[int]:
        return self.postings(block.hash)

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Write refusals; the same bytes are listed once, with the last reason and their first origin."""
        self.db.executemany(
            "UPDATE refusal SET reason = ?, path = ?, expected = ? WHERE sha256 = ?",
            [(each.reason, each.path, each.expected, each.sha256) for each in refusals],
        )
        self.db.executemany(
            "INSERT INTO refusal (received, record, reason, path, expected, origin, sha256)"
            " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
            " WHERE NOT EXISTS (SELECT 1 FROM refusal WHERE sha256 = ?7)",
            [
                (
                    each.received, each.record, each.reason, each.path, each.expected,
                    msgspec.json.encode(each.origin).decode(), each.sha256,
                )
                for each in refusals
            ],
        )  # fmt: skip

    def tell(self, topic: str, news: Iterable[tuple[str, bytes]]) -> None:
        """Put messages (key and body) into the outbox, in the running transaction, if a runner takes them."""
        if self._publishes:
            self.db.executemany(
                "INSERT INTO outbox (topic, key, body) VALUES (?, ?, ?)",
                [(topic, key, body) for key, body in news],
            )

    def no_longer_refused(self, hashes: Iterable[str]) -> None:
        """Take off the list what was refused once and is accepted now."""
        self.db.execute(
            "DELETE FROM refusal WHERE sha256 IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(list(hashes)).decode(),),
        )

    # --- rows ---------------------------------------------------------------------------------

    def rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """Run a query whose one parameter is a JSON list of values."""
        return self.db.execute(sql, (msgspec.json.encode(list(values)).decode(),)).fetchall()


def _copies(db: sqlite3.Connection) -> Copies:
    """Who copies whom among the tips that live: the same as before, whatever order they came in."""
    copies, rows = Copies(CROWD), db.execute(_TIPS)
    while some := rows.fetchmany(_TIPS_AT_ONCE):
        copies.change([(Tip(*row[:4]), _sketch(row[4])) for row in some], [])
    return copies
