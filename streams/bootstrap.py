"""Opens what a command works with. The only place that picks adapters and reads the clock.

Reading does not load the resolver, and nothing is opened before it is asked for.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

from msgspec import structs

from schemas.errors import BeginAgain, NotFound, StoreLocked, UsageError
from streams.settings import Settings

if TYPE_CHECKING:
    from graph.composed import ComposedReader
    from graph.console.audit_lines import Head
    from graph.console.desk import Desk
    from graph.console.oidc import Provider
    from graph.sqlite.reader import SqliteReader
    from streams.by_hand import Hand
    from streams.configuration import Configuration
    from streams.consolidating import Consolidator
    from streams.embedded import Owner
    from streams.explain.explainer import Explainer
    from streams.kafka.gateway import Gateway
    from streams.review import Inspector
    from streams.vault.sealing import SealingKeys

    Opens = Callable[[int | None], AbstractContextManager[ComposedReader]]


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def configuration(*, store: str | None = None, config: str | None = None) -> Configuration:
    """The settings in force, read from the environment of this process; see `streams.configuration`."""
    from streams.configuration import read_configuration

    return read_configuration(os.environ, store=store, config=config)


PATIENCE = 5.0
"""Seconds for which an act by hand waits for another's, which takes one or two."""
_AGAIN_SECONDS = 0.05


@contextmanager
def owner(settings: Settings, *, new: bool = False, patience: float = 0.0) -> Iterator[Owner]:
    """The store's one writer; `new` allows it to make the store and its vault. Where another process writes,
    it waits for `patience` seconds.

    Raises `NotFound` when there is no store, `StoreLocked` when another process writes, `UsageError` when
    the store is a graph on a server.
    """
    must_be_a_file(settings)
    if not new:
        _must_exist(settings)
    with _opened(settings, time.monotonic() + patience) as opened:
        yield opened


def _opened(settings: Settings, until: float) -> Owner:
    from streams.embedded import Owner

    while True:
        try:
            return Owner.open(settings.store, vault=settings.vault, key=settings.vault_key, clock=now)
        except StoreLocked:
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_SECONDS)


@contextmanager
def reader(
    settings: Settings, as_of: int | None = None, seconds: float | None = None
) -> Iterator[ComposedReader]:
    """What is known, or was known at `as_of` (microseconds); reads beside a running ingest. What takes longer
    than `seconds` raises `TooSlow`.

    Raises `NotFound` when there is no store, `StoreUnavailable` when its server cannot be used, `UsageError`
    when what reads servers is not installed.
    """
    if settings.server is not None:
        _must_be_installed()
        from graph.neo4j.reader import open_reader as open_server

        with open_server(settings.server, as_of, _left(seconds)) as there:
            yield there
        return
    with own_reader(settings, as_of, seconds) as opened:
        yield opened


@contextmanager
def own_reader(
    settings: Settings, as_of: int | None = None, seconds: float | None = None
) -> Iterator[SqliteReader]:
    """As `reader`, of the owner's own store, which holds more than the graph.

    Raises `UsageError` when the store is a graph on a server.
    """
    must_be_a_file(settings)
    _must_exist(settings)
    from graph.sqlite.reader import open_reader

    with open_reader(settings.store, as_of, _until(seconds)) as opened:
        yield opened


@contextmanager
def readers(settings: Settings, seconds: float) -> Iterator[Opens]:
    """Opens readers as `reader` does, for a server that is asked by many: what one has read of a store file,
    and the connections to a server, are there for the next.
    """
    if settings.server is not None:
        _must_be_installed()
        from graph.neo4j.reader import ReaderPool as ServerPool

        with closing(ServerPool(settings.server)) as there:
            yield lambda as_of: there.reading(as_of, _left(seconds))
        return
    from graph.sqlite.reader import ReaderPool

    with closing(ReaderPool(settings.store)) as pool:
        yield lambda as_of: pool.reading(as_of, _until(seconds))


def _left(seconds: float | None) -> Callable[[], float] | None:
    """Says how many of the seconds are left."""
    if seconds is None:
        return None
    until = time.monotonic() + seconds
    return lambda: until - time.monotonic()


def _until(seconds: float | None) -> Callable[[], bool] | None:
    """Says from then on that it was too long."""
    left = _left(seconds)
    return None if left is None else lambda: left() < 0


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    """What the console keeps itself: accounts, sessions, answers, the audit; made where it is not there yet.

    Raises `NotFound` when there is no store to keep it beside, `StoreForeign`, `StoreUnavailable`.
    """
    from graph.console.desk import open_desk

    if settings.server is None:
        _must_exist(settings)
    with open_desk(settings.workbench, settings.audit, clock=now, fresh=secrets.token_bytes) as opened:
        yield opened


def identity_provider(settings: Settings) -> Provider | None:
    """Who else may say, at the console, who somebody is; None unless it is set.

    Raises `UsageError` when a part of it is missing or not safe, `ModuleNotFoundError` without the extra.
    """
    said = settings.oidc
    if said.issuer is None and said.client is None and said.address is None:
        return None
    if said.issuer is None or said.client is None or said.address is None:
        raise UsageError("to sign in by OpenID Connect, set oidc.issuer, oidc.client and oidc.address")
    from graph.console.oidc import Provider, Registration

    ours = Registration(
        issuer=said.issuer,
        client=said.client,
        secret=said.secret.value if said.secret else "",
        claim=said.claim,
        address=said.address,
        name=said.name,
    )
    ours.check()
    return Provider(ours, secrets.token_bytes)


def audit_head(settings: Settings) -> Head:
    """Where the console's audit has to end. Raises `NotFound` when nobody has used the console here."""
    from graph.console.audit import head_of
    from graph.console.workbench import Workbench

    if not settings.workbench.exists():
        raise NotFound(
            f"there is no workbench at {settings.workbench}, which says where the audit ends: "
            "name the store with --store, or its file with SUYUAN_WORKBENCH"
        )
    with Workbench.open(settings.workbench) as opened:
        return head_of(opened)


def inspector(reader: SqliteReader) -> Inspector:
    """Who answers about decisions and refusals from an open reader."""
    from streams.review import Inspector

    return Inspector(reader.connection, reader)


def explainer(reader: SqliteReader) -> Explainer:
    """Who answers why two are one or not, from an open reader."""
    from streams.explain.explainer import Explainer

    return Explainer(reader.connection, reader)


def hand(reader: SqliteReader) -> Hand:
    """Who turns what a person says about who is who into what is kept, from an open reader."""
    from streams.by_hand import Hand

    return Hand(reader.connection, reader)


def hand_at(owner: Owner) -> Hand:
    """The same at the store's writer: nobody else writes between what it reads and what is kept."""
    from graph.sqlite.reader import SqliteReader

    return hand(SqliteReader(owner.connection))


@contextmanager
def consolidator(settings: Settings) -> Iterator[Consolidator]:
    """Who says what a refit would change, from a state of the owner's own store; reads beside an ingest.

    Raises as `own_reader`.
    """
    from streams.consolidating import Consolidator

    with own_reader(settings) as reader:
        yield Consolidator(reader.connection)


def sealing_keys(settings: Settings) -> SealingKeys:
    """What seals: from the files of the settings `seal`, else of the vault, made when it is not there.

    Raises `VaultError`.
    """
    from streams.vault.sealing import SealingKeys, read_keys
    from streams.vault.vault import Vault

    if settings.seal.public_key is not None and settings.seal.pepper is not None:
        return read_keys(settings.seal.public_key, settings.seal.pepper)
    with Vault.create_or_open(settings.vault, settings.vault_key, clock=now) as vault:
        return SealingKeys(vault.public_key, vault.pepper)


def named_worker(settings: Settings, kind: str) -> Settings:
    """The settings with a name for this worker: the kind and the machine, unless one was given.

    A name that was given is also its place in the group, so that it goes on as soon as it is started again
    and nobody waits for its session to end. A machine's name may be that of several workers.
    """
    worker = settings.worker
    if worker.name:
        return structs.replace(
            settings, worker=structs.replace(worker, instance=worker.instance or worker.name)
        )
    machine = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:60]
    return structs.replace(settings, worker=structs.replace(worker, name=f"{kind}-{machine or 'machine'}"))


def run_intake(settings: Settings) -> None:
    """Run an intake worker until it is told to stop.

    Raises what `streams.kafka.worker.run_worker` raises, and `VaultError`.
    """
    from streams.kafka import intake
    from streams.kafka.logs import configure
    from streams.kafka.worker import run_worker

    configure(settings.worker.name)
    keys = sealing_keys(settings)
    run_worker(
        settings.kafka,
        settings.worker,
        intake.reading(settings),
        lambda metrics: lambda: intake.opened(settings, keys, now, metrics),
        intake.needs(settings),
    )


def run_owner(settings: Settings, jurisdiction: str, *, rebuild: bool = False) -> None:
    """Run the owner of a jurisdiction until it is told to stop. Raises as `streams.kafka.owner.run_owner`."""
    from streams.kafka.logs import configure
    from streams.kafka.owner import run_owner

    configure(settings.worker.name)
    run_owner(settings, jurisdiction, clock=now, fresh=lambda: secrets.token_hex(16), rebuild=rebuild)


def run_project(settings: Settings, jurisdiction: str, *, again: bool = False) -> None:
    """Run the projection of a jurisdiction until it is told to stop.

    When it has to read from the beginning, this process begins as a new one, so that nobody has to start
    it again. Raises as `streams.kafka.project.run_project`.
    """
    from streams.kafka.logs import configure, log
    from streams.kafka.project import run_project

    configure(settings.worker.name)
    try:
        run_project(settings, jurisdiction, again=again)
    except BeginAgain as error:
        log().warning("worker_begins_again", why=str(error))
        words = [word for word in sys.orig_argv[1:] if word != "--again"]
        os.execv(sys.executable, [sys.executable, *words, "--again"])  # noqa: S606  the command that runs


@contextmanager
def gateway(settings: Settings) -> Iterator[Gateway]:
    """Who seals records and sends them to Kafka.

    Raises `KafkaUnavailable`, `KafkaDenied`, `TopicMismatch`, and `VaultError`.
    """
    from streams.kafka.gateway import open_gateway

    with open_gateway(settings, sealing_keys(settings), now) as opened:
        yield opened


def must_be_a_file(settings: Settings) -> None:
    """Raises `UsageError` when the store is a graph on a server, which holds nothing but the graph."""
    if settings.server is not None:
        raise UsageError(
            "this command needs the owner's own store, and a Neo4j server holds the graph only: name the "
            "store's file with --store"
        )


def _must_be_installed() -> None:
    from importlib.util import find_spec

    if find_spec("neo4j") is None:
        raise UsageError("a graph on a server is read with: pip install 'suyuan[server]'")


def _must_exist(settings: Settings) -> None:
    if not settings.store.exists():
        raise NotFound(
            f"there is no store at {settings.store}: put records into it with `suyuan ingest FILE`, "
            "or name another with --store"
        )
