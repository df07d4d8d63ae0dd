"""`suyuan bench stack`: the same pipeline on Kafka and Neo4j, beside the embedded run and a bare loop.

All servers and workers share this machine with the load, so figures are of the whole on its cores.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
from neo4j import Driver

from graph.neo4j.projector import WIPES
from graph.neo4j.server import connected
from schemas import topics
from schemas.errors import SuyuanError
from schemas.ids import hash64
from streams.bench import bare
from streams.bench.fleet import Deployment, Machine, Worker, machine
from streams.bench.ingest import ingest_world
from streams.bench.steady import CALM, RATE, Alarm, Key, Sent, Watch, drive, percentiles
from streams.bench.worlds import RECORDS, Tell, apart, make_world, quiet

_TEXTS, _LONG = 4_000, 2_000
"""Text-heavy tips, and the characters of each."""
_CAPACITY = 20_000
_COLD, _WARM = 60, 5
"""Seconds at the beginning of a load that do not count: of the first one, in which the servers compile their
own code, and of those after it. At most half of it."""
_CALM = 30
"""Seconds of the calm load."""
_KILLED = 60
"""Seconds of calm load in which each kind of worker is killed once."""
_WIPED_AT_ONCE = 5_000
_SAMPLE = 20
"""Records of a moment that have to be in the graph for that moment to be."""


def run(records: int = 60_000, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """All figures; `records` go through in the steady load, 500 a second. A part that could not be measured
    stands under `failed`, with why.

    Raises `ToolMissing` without Java or Maven.
    """
    figures: dict[str, Any] = {"records": records}
    with TemporaryDirectory() as name:
        folder = Path(name)
        needed = 1 + records + (_CALM + 3 * _KILLED) * CALM
        apart(tell, make_world, folder, max(_CAPACITY, needed), seed)
        with machine(folder, lambda what: tell(what, 0, 1)) as at:
            parts: dict[str, Callable[[], dict[str, Any]]] = {
                "capacity": lambda: _capacity(at, folder, tell),
                "intake": lambda: {"intake": _intake(at, folder, tell)},
                "steady": lambda: _steady(at, folder, records, tell),
                "bare": lambda: {"bare_ms": _bare(at, folder, records // 4, tell)},
            }
            for part, measure in parts.items():
                try:
                    figures |= measure()
                except SuyuanError as error:
                    figures.setdefault("failed", {})[part] = str(error)
    return figures


# --- what each part can do ----------------------------------------------------------------------------


def _capacity(at: Machine, folder: Path, tell: Tell) -> dict[str, Any]:
    """The owner beside the embedded run, and the projection, each with its work waiting for it."""
    part = folder / "part"
    part.mkdir()
    with (folder / RECORDS).open("rb") as whole, (part / RECORDS).open("wb") as file:
        file.writelines(islice(whole, _CAPACITY))
    embedded = apart(tell, ingest_world, part, _CAPACITY).report
    with Deployment(at, "capacity") as of:
        sent = _load(of, _lines(part / RECORDS), tell)
        intakes = [of.start("intake"), of.start("intake")]
        with of.counting(topics.CLAIMS) as claims:
            of.rate(claims, sent, lambda done: tell("taking in", done, sent))
        _end(of, intakes)
        owner = of.start("owner")
        owning = of.rate(of.taken, sent, lambda done: tell("owner", done, sent))
        _end(of, [owner])
        project = of.start("project")
        cold, warm = _projecting(at, of, project, tell)
    return {
        "embedded_records_a_second": round(embedded.read / embedded.seconds),
        "owner_records_a_second": round(owning),
        "owner_of_embedded": round(owning * embedded.seconds / embedded.read, 3),
        "projection_records_a_second": round(warm),
        "projection_cold_records_a_second": round(cold),
        "resident_mib": {"intake": _most(intakes), "owner": _most([owner]), "project": _most([project])},
    }


def _projecting(at: Machine, of: Deployment, worker: Worker, tell: Tell) -> tuple[float, float]:
    """Records a second into a Neo4j that has just started and is empty, and into one that has half of them:
    a fresh server compiles its code while it works.
    """
    by_tx = dict(of.rows("SELECT tx, (SELECT count(*) FROM record WHERE opened <= tx) FROM tx"))
    total = max(by_tx.values())
    with connected(at.neo4j) as driver:
        cold, warm = (
            of.rate(lambda: by_tx.get(_seq(driver), 0), until, lambda done: tell("projecting", done, total))
            for until in (total // 2, total)
        )
    worker.look()
    return cold, warm


def _intake(at: Machine, folder: Path, tell: Tell) -> dict[str, Any]:
    """One intake worker and two on text-heavy tips: how much the second adds, and what a tip costs."""
    tips = list(islice(_text_heavy(folder / RECORDS), _TEXTS))
    (one, cost), (two, shared) = (_taking_in(at, tips, number, tell) for number in (1, 2))
    return {
        "one_worker_a_second": round(one),
        "two_workers_a_second": round(two),
        "second_adds": round(two / one, 2) if one else None,
        "processor_ms_a_tip": round(1000 * cost, 3),
        "processor_ms_a_tip_with_two": round(1000 * shared, 3),
    }


def _taking_in(at: Machine, tips: list[dict[str, Any]], number: int, tell: Tell) -> tuple[float, float]:
    """Tips a second with so many workers, and seconds of processor time a tip."""
    with Deployment(at, f"intake{number}") as of:
        sent = _load(of, tips, tell)
        workers = [of.start("intake", "--batch", "100") for _ in range(number)]
        with of.counting(topics.CLAIMS) as claims:
            rate = of.rate(claims, sent, lambda done: tell("text-heavy tips", done, sent))
        return rate, sum(worker.processor() for worker in workers) / sent


# --- steady load --------------------------------------------------------------------------------------


def _steady(at: Machine, folder: Path, records: int, tell: Tell) -> dict[str, Any]:
    """Latency under the steady load and under a calm one, then the time to recover when each kind of worker
    is killed under the calm one: where work waits in line anyway, nobody sees when a worker is back.
    """
    with Deployment(at, "steady") as of, connected(at.neo4j) as driver:
        _empty(driver)
        workers = {kind: of.start(kind) for kind in ("intake", "owner", "project")}
        _wait_until_it_runs(of, driver)
        sent = _messages(of, _lines(folder / RECORDS, skip=1))
        watch, alarm = Watch(), Alarm()
        with watch.on(driver), alarm.on(of.settings.kafka, topics.ALERTS):
            steady, calm = (
                _under(of, list(islice(sent, many)), rate, skipped, _Sight(watch, alarm), tell)
                for many, rate, skipped in ((records, RATE, _COLD), (_CALM * CALM, CALM, _WARM))
            )
            for worker in workers.values():
                worker.look()
            recovery = {
                kind: _recovery(of, list(islice(sent, _KILLED * CALM)), worker, watch, tell)
                for kind, worker in workers.items()
            }
    resident = {kind: round(worker.resident) for kind, worker in workers.items()}
    return {**steady, "calm": calm, "recovery_seconds": recovery, "steady_resident_mib": resident}


class _Sight(NamedTuple):
    """Who looks at what comes out."""

    watch: Watch
    alarm: Alarm


def _under(  # noqa: PLR0913  a load, and who looks at it
    of: Deployment, load: Sent, rate: int, skipped: int, sight: _Sight, tell: Tell
) -> dict[str, Any]:
    """The latency under a load of so many records a second, after `skipped` seconds of it."""
    moments = asyncio.run(
        drive(of.settings.kafka, load, rate, lambda done: tell(f"{rate} records a second", done, len(load)))
    )
    _caught_up(of, sight.watch)
    return _latency(of, load, moments, moments[0] + min(skipped, len(load) / rate / 2), sight)


def _latency(of: Deployment, load: Sent, moments: list[float], warm: float, sight: _Sight) -> dict[str, Any]:
    """Of what was sent after the moment `warm`."""
    decode = msgspec.json.Decoder(Key).decode
    at: dict[tuple[str, int], float] = {}
    for (_, _, value), moment in zip(load, moments, strict=True):
        at.setdefault(decode(value).name, moment)
    graph = []
    for name, revision, tx in of.rows("SELECT name, revision, opened FROM record"):
        sent, seen = at.get((name, revision)), sight.watch.seen(tx)
        if sent is not None and seen is not None and sent > warm:
            graph.append(seen - sent)
    alerts = sight.alarm.delays({name: moment for (name, _), moment in at.items() if moment > warm})
    return {
        "graph_ms": percentiles(graph),
        "alert_ms": percentiles(alerts),
        "sent_a_second": round((len(moments) - 1) / (moments[-1] - moments[0])),
    }


def _recovery(of: Deployment, load: Sent, worker: Worker, watch: Watch, tell: Tell) -> float:
    """Seconds from the kill until what was sent after it, and half a second ago, is in the graph."""
    names = [msgspec.json.decode(value, type=Key).name for _, _, value in load]
    killed: list[tuple[float, int]] = []
    back: list[float] = []

    def look(sent: int) -> None:
        tell(f"killing {worker.kind}", sent, len(load))
        if not killed and sent > len(load) // 4:
            moment = time.monotonic()
            worker.kill_and_restart()
            killed.append((moment, sent))
            return
        since = sent - CALM // 2 - _SAMPLE
        after = bool(killed) and not back and since >= killed[0][1]
        if after and _known(of, names[since : since + _SAMPLE], watch.seq):
            back.append(time.monotonic())

    asyncio.run(drive(of.settings.kafka, load, CALM, look))
    _caught_up(of, watch)
    return round((back[0] if back else time.monotonic()) - killed[0][0], 2)


def _known(of: Deployment, names: Iterable[tuple[str, int]], seq: int) -> bool:
    """Whether these revisions were received by the transaction `seq`, or withdrawn before."""
    hashes = ",".join(str(hash64(name)) for name, _ in names)
    known = {
        name
        for (name,) in of.rows(
            f"SELECT name FROM record WHERE hash IN ({hashes}) AND opened <= {seq}"
            f" UNION SELECT name FROM withdrawal WHERE hash IN ({hashes}) AND tx <= {seq}"
        )
    }
    return known >= {name for name, _ in names}


def _bare(at: Machine, folder: Path, records: int, tell: Tell) -> dict[str, float]:
    """The same load through a bare loop."""
    with Deployment(at, "bare") as of, connected(at.neo4j) as driver:
        _empty(driver)
        load = list(islice(_messages(of, _lines(folder / RECORDS), topics.RAW_TIP), records))
        kafka = of.settings.kafka
        arguments = kafka, kafka.topic(topics.RAW_TIP), at.neo4j, records
        process = multiprocessing.get_context("spawn").Process(target=bare.run, args=arguments, daemon=True)
        process.start()
        watch = Watch()
        with watch.on(driver):
            while not driver.execute_query("MATCH (p:Projection {name: 'bare'}) RETURN p").records:
                time.sleep(0.1)
            moments = asyncio.run(drive(kafka, load, RATE, lambda done: tell("bare loop", done, records)))
            process.join(60)
            time.sleep(0.1)
        process.kill()
    seen = [(watch.seen(number), moment) for number, moment in enumerate(moments, 1)]
    warm = moments[0] + _WARM
    return percentiles([at - moment for at, moment in seen if at is not None and moment > warm])


# --- records and waiting ------------------------------------------------------------------------------


def _lines(path: Path, skip: int = 0) -> Iterator[dict[str, Any]]:
    """The records of a world without their reporters, whom the gateway would have sealed."""
    with path.open("rb") as file:
        for line in islice(file, skip, None):
            document: dict[str, Any] = json.loads(line)
            document.pop("reporter", None)
            document.pop("reporter_sealed", None)
            yield document


def _text_heavy(path: Path) -> Iterator[dict[str, Any]]:
    """Tips without end that say a lot: each has the texts of many."""
    texts: list[str] = []
    for number in count(1):
        for document in _lines(path):
            texts.append(document.get("text") or "")
            if sum(map(len, texts)) < _LONG:
                continue
            yield {
                "kind": "tip",
                "source": "bench",
                "source_id": f"{document['source_id']}-{number}",
                "region": "460100",
                "reported_at": "2019-06-01T12:00:00+08:00",
                "text": "".join(texts)[:_LONG],
            }
            texts.clear()


def _messages(
    of: Deployment, documents: Iterable[dict[str, Any]], topic: str | None = None
) -> Iterator[tuple[str, bytes, bytes]]:
    """Each record as a message to its topic."""
    named = of.settings.kafka.topic
    for each in documents:
        raw = topic or topics.RAW.get(each["kind"], topics.RAW_TIP)
        key = f"{each['source']}/{each['source_id']}".encode()
        yield named(raw), key, json.dumps(each, ensure_ascii=False).encode()


def _load(of: Deployment, documents: Iterable[dict[str, Any]], tell: Tell) -> int:
    """Put records onto the raw topics as fast as that goes; how many."""
    load = list(_messages(of, documents))
    asyncio.run(drive(of.settings.kafka, load, 1 << 30, lambda done: tell("producing", done, len(load))))
    return len(load)


def _end(of: Deployment, workers: list[Worker]) -> None:
    for worker in workers:
        worker.look()
    of.close()


def _most(workers: list[Worker]) -> float:
    return round(max(worker.resident for worker in workers))


def _empty(driver: Driver) -> None:
    """Remove what another deployment projected."""
    with driver.session() as session:
        for statement in WIPES:
            while session.run(statement, most=_WIPED_AT_ONCE).single(strict=True).value():
                pass
        session.run("MATCH (n:Projection) DELETE n").consume()


def _seq(driver: Driver) -> int:
    found = driver.execute_query("MATCH (p:Projection) WHERE p.part = p.parts RETURN p.seq").records
    return int(found[0][0] or 0) if found else 0


def _wait_until_it_runs(of: Deployment, driver: Driver) -> None:
    """One record all the way through, so that every worker is at work."""
    first = next(_messages(of, _lines(of.machine.folder / RECORDS)))
    asyncio.run(drive(of.settings.kafka, [first], RATE, lambda _: None))
    store = "SELECT value FROM meta WHERE key = 'store'"
    _until(
        lambda: bool(
            of.taken()
            and driver.execute_query(
                "MATCH (p:Projection {store: $store}) WHERE p.seq > 0 RETURN p", store=of.rows(store)[0][0]
            ).records
        )
    )


def _caught_up(of: Deployment, watch: Watch) -> None:
    """Until everything that was sent is in the graph."""
    with of.counting(topics.CLAIMS) as claims:
        _until(lambda: of.taken() == claims() and watch.seq == of.rows("SELECT max(tx) FROM tx")[0][0])


def _until(holds: Callable[[], bool], patience: float = 300.0) -> None:
    end = time.monotonic() + patience
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
