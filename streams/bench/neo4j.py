"""`bench neo4j`: a Neo4j is started for it, a made world projected, then a large graph asked.

The rate of projection is measured on records as they come, with all they say; the times of answers on a graph
of `edges` deliveries, of which the first projection would take a while. The server gets the memory that
`suyuan local up` gives it.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import structs

from graph.chains import Limits, Search
from graph.neo4j.access import Access
from graph.neo4j.projector import Projector
from graph.neo4j.reader import Neo4jReader, open_reader
from graph.neo4j.server import connected
from graph.sqlite.feed import Feed
from graph.sqlite.reader import open_reader as open_store
from graph.trace import trace
from schemas.changes import Change
from schemas.entities import Entity
from schemas.records import Origin
from streams.bench.made_store import make_store
from streams.bench.worlds import RECORDS, STORE, Tell, make_world, quiet
from streams.embedded import Owner
from streams.local.neo4j import USER, Neo4j
from streams.local.services import down, up

_WORLD = 20_000
"""Records of the world whose projection is timed."""
_ASKED = 400
"""People who are asked about."""


def run(edges: int = 100_000, *, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Records a second into the graph, and milliseconds at p50 and p99 of what is asked of it.

    Raises `ToolMissing` without Java and Maven, `ServerError` when Neo4j cannot be started.
    """
    with TemporaryDirectory() as folder, _server(Path(folder)) as access:
        return measure(Path(folder), access, edges, seed=seed, tell=tell)


def measure(  # noqa: PLR0913  where, how much, and who is told
    folder: Path,
    access: Access,
    edges: int,
    *,
    epoch: int = 1,
    asked: int = _ASKED,
    seed: int = 1,
    tell: Tell = quiet,
) -> dict[str, Any]:
    """The figures of the server at `access`, whose graph goes; `epoch` must be later than that graph's."""
    world = _projected_world(folder, access, min(edges, _WORLD), epoch, seed, tell)
    tell("making a store", 0, 1)
    store = folder / "made.db"
    make_store(store, max(20, edges // 5), edges, seed)
    with open_store(store) as reader:
        changes = _of_epoch(epoch + 2, Feed(reader.connection).since(0))
        made = _project(access, changes, edges * 6 // 5, tell)
    return {
        "edges": edges,
        **world,
        "made_records_a_second": round(made),
        **_answers(access, asked, seed, tell),
    }


@contextmanager
def _server(folder: Path) -> Iterator[Access]:
    """A Neo4j of its own at free ports, gone afterwards."""
    (status,) = up(folder, [Neo4j.name], {"neo4j": 0, "http": 0}, os.environ, lambda _: None)
    try:
        password = Neo4j(folder / Neo4j.name).password
        yield Access(uri=str(status.address), user=USER, password=password)
    finally:
        down(folder, [Neo4j.name])


def _projected_world(  # noqa: PLR0913  as `measure`
    folder: Path, access: Access, records: int, epoch: int, seed: int, tell: Tell
) -> dict[str, Any]:
    """A made world goes through the pipeline and its changes into the graph; only the latter is timed.

    A third of it goes before, untimed: a server that has just been started compiles its own code first.
    """
    make_world(folder, records, seed, tell)
    with Owner.open(folder / STORE, clock=lambda: time.time_ns() // 1000) as owner:
        with (folder / RECORDS).open("rb") as lines:
            owner.ingest((Origin(file=RECORDS, line=n), line.rstrip()) for n, line in enumerate(lines, 1))
        started = time.perf_counter()
        changes = list(_of_epoch(epoch, Feed(owner.connection).since(0)))
        fed = time.perf_counter() - started
    _project(access, _renamed("warm-up", changes[: len(changes) // 3 + 1]), records, tell)
    rate = _project(access, _of_epoch(epoch + 1, changes), records, tell)
    received = sum(len(change.records) for change in changes)
    return {
        "records": received,
        "projected_records_a_second": round(rate),
        "fed_records_a_second": round(received / fed),
    }


def _project(access: Access, changes: Iterable[Change], records: int, tell: Tell) -> float:
    """Records a second; constraints and the plans of the statements are made before."""
    done = 0

    def watched() -> Iterator[Change]:
        nonlocal done
        for change in changes:
            tell("projecting", done, records)
            done += len(change.records)
            yield change

    with connected(access) as driver:
        projector = Projector(driver)
        projector.prepare()
        started = time.perf_counter()
        projector.apply(watched())
        return done / (time.perf_counter() - started)


def _of_epoch(epoch: int, changes: Iterable[Change]) -> Iterator[Change]:
    """As of an owner that came after the graph's last one: that graph goes."""
    return (structs.replace(change, epoch=epoch) for change in changes)


def _renamed(store: str, changes: Iterable[Change]) -> Iterator[Change]:
    return (structs.replace(change, store=store) for change in changes)


def _answers(access: Access, asked: int, seed: int, tell: Tell) -> dict[str, Any]:
    chance = random.Random(seed)  # noqa: S311  a sample
    with open_reader(access) as reader:
        receivers = sorted({edge.target for edge in _some(reader.all_edges(), 50 * asked)})
        keys = [reader.resolve(one)[0] for one in chance.sample(receivers, min(asked, len(receivers)))]
        typed = [text for person in reader.entities(keys) for text in _typed(person)]
        chance.shuffle(typed)
        tell("looking up", 0, 1)
        for text in typed[asked : 2 * asked]:  # a server that has just been started compiles its code first
            _look_up(reader, text)
        return {
            "lookup_ms": _timed(typed[:asked], lambda text: _look_up(reader, text)),
            "two_hops_ms": _timed(keys, lambda key: _search(reader, key, 2)),
            "eight_hops_ms": _timed(keys, lambda key: _search(reader, key, 8)),
            "whole_trace_ms": _timed(keys[: asked // 2], lambda key: trace(reader, key)),
        }


def _some(edges: Iterator[Any], most: int) -> Iterator[Any]:
    for _ in range(most):
        try:
            yield next(edges)
        except StopIteration:
            return


def _typed(person: Entity) -> Iterator[str]:
    """What names this one person: the whole name, numbers, an id."""
    yield person.label
    yield person.id
    yield from (each.value for each in person.identifiers)


def _look_up(reader: Neo4jReader, text: str) -> None:
    reader.entities(reader.search(text, 10))


def _search(reader: Neo4jReader, who: int, hops: int) -> None:
    search = Search(
        lambda keys: reader.deliveries(keys, "up"),
        lambda keys: {key: str(key) for key in keys},
        "up",
        Limits(max_hops=hops),
    )
    for end in search.run(who).ends:
        search.best(end)


def _timed(asked: Sequence[Any], answer: Callable[[Any], object]) -> dict[str, float]:
    """p50 and p99 in milliseconds, after a tenth to warm up."""
    for one in asked[: max(1, len(asked) // 10)]:
        answer(one)
    taken = []
    for one in asked:
        started = time.perf_counter()
        answer(one)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {"p50": round(taken[len(taken) // 2], 3), "p99": round(taken[int((len(taken) - 1) * 0.99)], 3)}
