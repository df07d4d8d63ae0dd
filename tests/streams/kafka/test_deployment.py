"""The whole way on real servers: gateway, intake, owner, projection. Its witness is the embedded run."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from graph.neo4j.reader import ReaderPool
from schemas import changes, topics
from schemas.errors import StoreAway
from streams.simulate.scenario import write_scenario
from tests.streams.kafka.crew import Crew
from tests.streams.kafka.outpost import eventually
from tests.streams.kafka.witness import World, must_know, simulated, world_of
from tests.streams.made_up import line, tip
from tests.streams.worlds import first_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers import Address, Own

LATER = tip("later", persons=[{"ref": "p", "name": "后来人", "phones": ["13800009999"]}])


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("scenario")
    write_scenario(folder)
    return world_of(folder, folder / "records.jsonl")


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> World:
    return simulated(tmp_path_factory.mktemp("small"), 9, 1_000)


@pytest.fixture
def crew(tmp_path: Path, kafka: str, topic_prefix: str) -> Iterator[Crew]:
    """Without Neo4j."""
    with Crew(tmp_path, kafka, topic_prefix) as opened:
        yield opened


@pytest.fixture
def whole(tmp_path: Path, kafka: str, topic_prefix: str, empty_neo4j: Address) -> Iterator[Crew]:
    """With Neo4j, which is nobody else's meanwhile."""
    with Crew(tmp_path, kafka, topic_prefix, empty_neo4j) as opened:
        yield opened


# --- the way of a record ----------------------------------------------------------------------------------


def test_the_scenario_comes_to_what_the_embedded_run_knows_in_both_stores(whole: Crew, scenario: World):
    for kind, *words in (
        ("intake", "--name", "in-1"),
        ("intake", "--name", "in-2"),
        ("owner",),
        ("project",),
    ):
        whole.start(kind, *words)
    sent = whole.send(scenario.records)
    whole.settle()
    must_know(whole, scenario)
    workers = whole.query("SELECT DISTINCT worker FROM provenance ORDER BY worker")
    assert workers == [("in-1",), ("in-2",)], "both took part"
    assert whole.query("SELECT count(*) FROM record WHERE rec NOT IN (SELECT rec FROM provenance)") == [(0,)]
    refused = sum(sent["rejected"].values())
    conflicts = whole.query("SELECT count(*) FROM refusal WHERE reason = 'conflict'")[0][0]
    assert len(whole.messages(topics.REJECTED)) == refused + conflicts
    raised = {message.key for message in whole.messages(topics.ALERTS) if message.value is not None}
    assert {key.encode() for (key,) in whole.query("SELECT DISTINCT id FROM alert")} == raised
    assert whole.query("SELECT count(*) FROM outbox") == [(0,)]
    (name, worker), *_ = whole.query("SELECT name, worker FROM record JOIN provenance USING (rec)")
    assert json.loads(whole.ok("show", "--json", name))["processed"]["worker"] == worker


def test_nothing_of_it_is_twice_in_the_graph(whole: Crew, small: World):
    for kind in ("intake", "owner", "project"):
        whole.start(kind)
    whole.send(small.records)
    whole.send(small.records)
    whole.settle()
    must_know(whole, small)
    assert whole.cypher("MATCH (r:Record) WITH r.name AS n, count(*) AS c WHERE c > 1 RETURN n, c") == []
    live = "none(label IN labels(e) WHERE label STARTS WITH 'Was')"
    twice = whole.cypher(
        f"MATCH (e:Entity) WHERE {live} WITH e.id AS i, count(*) AS c WHERE c > 1 RETURN i, c"
    )
    assert twice == []
    assert (
        whole.cypher(
            "MATCH (a:Entity)-[f]->(b:Entity) WHERE f.edge IS NOT NULL AND NOT type(f) STARTS WITH 'WAS_'"
            " WITH a, b, f.edge AS i, count(*) AS c WHERE c > 1 RETURN i, c"
        )
        == []
    )


# --- workers that die -------------------------------------------------------------------------------------


def sending(crew: Crew, world: World) -> subprocess.Popen[bytes]:
    """The gateway at work, while other things happen."""
    return crew.begin("ingest", "--to", "kafka", "--json", world.records)


def test_workers_of_every_kind_killed_in_turn_under_load_lose_and_double_nothing(
    whole: Crew, scenario: World
):
    small_batches = ("--batch", "50")
    intakes = [whole.start("intake", "--name", f"in-{n}", *small_batches) for n in (1, 2)]
    owner, project = whole.start("owner", *small_batches), whole.start("project", "--batch", "2")
    gateway = sending(whole, scenario)
    for taken, victims in (
        (200, (owner,)),
        (600, (intakes[0],)),
        (1000, (project,)),
        (1400, (intakes[1], owner)),
        (1800, (owner, project)),
    ):
        eventually(lambda taken=taken: whole.taken() >= taken, f"{taken} records to be taken")
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.restart()
    assert gateway.wait(60) == 0
    whole.settle()
    must_know(whole, scenario)


def test_a_store_that_was_deleted_is_made_again_from_the_log(whole: Crew, small: World):
    whole.start("intake")
    owner = whole.start("owner")
    whole.start("project")
    whole.send(small.records)
    whole.settle()
    before = whole.query("SELECT value FROM meta WHERE key = 'store'")
    assert owner.stop() == 0
    for left in whole.folder.glob("world.db*"):
        left.unlink()
    owner.restart()
    whole.settle()
    must_know(whole, small)
    assert whole.query("SELECT value FROM meta WHERE key = 'store'") != before


def decide(crew: Crew, *words: str) -> str:
    """A command that somebody gives beside the running owner, refused past the log and carried out by it."""
    why = ("--by", "王警官", "--because", "核对")
    refused = crew.fails(*words, *why)
    told = json.loads(crew.ok(*words, *why, "--to", "kafka", "--json"))["told"]
    assert [each["topic"] for each in told] == [crew.named(topics.CLAIMS)]
    crew.settle(neo4j=False)
    return refused


def test_rebuilding_moves_the_store_aside_and_ends_at_the_same_knowledge(crew: Crew, small: World):
    """What people decided meanwhile is in the log, so it is in the knowledge."""
    crew.start("intake")
    owner = crew.start("owner")
    crew.send(small.records)
    crew.settle(neo4j=False)
    must_know(crew, small)
    pair = json.loads(crew.ok("review", "--limit", "1", "--json"))
    assert "another process writes" in decide(crew, "review", "accept", pair["a"], pair["b"])
    assert "another process writes" in decide(crew, "consolidate", "--apply")
    crew.send([line(tip("told", text="我老婆说符小满把冰毒卖给林海生"))])
    crew.settle(neo4j=False)
    waiting = map(json.loads, crew.ok("review", "--json").splitlines())
    (told,) = (each["claim"] for each in waiting if each.get("record") == "made-up/told")
    before = crew.export()
    assert "another process writes" in decide(crew, "review", "accept", told)
    assert crew.export() != before
    decide(crew, "withdraw", pair["a"].partition("#")[0])
    known = crew.export()
    assert known != small.export
    assert owner.stop() == 0
    assert "--to kafka" in crew.fails("withdraw", pair["b"].partition("#")[0], "--because", "核对")
    again = crew.start("owner", "--rebuild")
    eventually(lambda: again.events("owner_reigns"), "the owner to begin anew")
    crew.settle(neo4j=False)
    found = crew.export()
    assert found == known, first_difference(found, known)
    assert len(crew.ok("ledger", "--json").splitlines()) == 4
    asides = crew.folder.glob("world.db.before-*")
    (aside,) = (path for path in asides if not path.name.endswith(("-wal", "-shm")))
    assert crew.export(aside) == known, "what was there before is kept"
    before, after = (
        crew.query("SELECT value FROM meta WHERE key = 'epoch'", store) for store in (aside, crew.store)
    )
    assert before < after


# --- two owners by mistake --------------------------------------------------------------------------------


def test_a_second_owner_of_one_file_is_refused_and_says_why(crew: Crew, small: World):
    crew.start("intake")
    crew.start("owner")
    eventually(crew.store.exists, "the store")
    second = crew.start("owner")
    assert second.ended() == 1
    assert "another process writes to world.db" in second.said()
    crew.send(small.records)
    crew.settle(neo4j=False)
    must_know(crew, small)


def test_a_second_owner_with_its_own_file_is_refused_while_the_first_is_at_work(crew: Crew, small: World):
    crew.start("intake")
    crew.start("owner")
    crew.send(small.records)
    crew.settle(neo4j=False)
    second = crew.start("owner", SUYUAN_STORE=str(elsewhere(crew)))
    assert second.ended() == 1
    assert "another owner of this jurisdiction is at work" in second.said()
    crew.send([line(LATER)])
    crew.settle(neo4j=False)
    assert any("后来人".encode() in each for each in crew.export()), "the first goes on"


def test_an_owner_whose_place_was_taken_ends_and_says_so(whole: Crew, small: World):
    whole.start("intake")
    whole.start("project")
    first = whole.start("owner")
    whole.send(small.records)
    whole.settle()
    first.process.send_signal(signal.SIGSTOP)  # cut off for longer than the group waits
    whole.store = elsewhere(whole)
    whole.start("owner", SUYUAN_STORE=str(whole.store))
    eventually(lambda: whole.query("SELECT next FROM input"), "the second to reign")
    first.process.send_signal(signal.SIGCONT)
    assert first.ended() == 1
    assert "another worker took this one's place" in first.said()
    whole.settle()
    must_know(whole, small)


def elsewhere(crew: Crew) -> Path:
    """A store on another volume, with the same vault."""
    folder = crew.folder / "elsewhere"
    folder.mkdir()
    for name in ("world.vault", "world.vault.key"):
        shutil.copy(crew.folder / name, folder / name)
    return folder / "world.db"


def test_what_an_owner_of_an_earlier_epoch_still_sends_changes_nothing(whole: Crew, small: World):
    for kind in ("intake", "owner", "project"):
        whole.start(kind)
    whole.send(small.records)
    whole.settle()
    last = whole.changes()[-1]
    zombie = replace(last, epoch=last.epoch - 1, seq=last.seq + 1, after=last.seq, part=1, parts=1)
    whole.produce(topics.CHANGES, [changes.encode(zombie)], partition=0)
    whole.send([line(LATER)])
    whole.settle()
    found = whole.projection()
    assert found == whole.export(), first_difference(found, whole.export())
    assert any("后来人".encode() in each for each in found)


# --- servers that go away ---------------------------------------------------------------------------------


def test_an_emptied_neo4j_is_noticed_and_filled_again_by_itself(whole: Crew, small: World):
    for kind in ("intake", "owner", "project"):
        whole.start(kind)
    whole.send(small.records)
    whole.settle()
    whole.cypher("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    whole.settle()
    must_know(whole, small)


def test_a_kafka_that_is_away_under_load_is_waited_for(
    tmp_path: Path, own_kafka: Callable[..., Own], topic_prefix: str, small: World
):
    broker = own_kafka()
    with Crew(tmp_path, broker.address, topic_prefix) as crew:
        for kind in ("intake", "intake", "owner"):
            crew.start(kind, "--batch", "50")
        gateway = sending(crew, small)
        eventually(lambda: crew.taken() >= 100, "some records to be taken")
        broker.kill()
        time.sleep(8)
        broker.restart()
        assert gateway.wait(90) == 0
        crew.settle(neo4j=False)
        must_know(crew, small)


def test_a_neo4j_that_is_away_under_load_is_waited_for(
    tmp_path: Path, kafka: str, own_neo4j: Callable[[], Own], topic_prefix: str, small: World
):
    from tests.servers import Address

    server = own_neo4j()
    address = Address(f"neo4j://{server.address}", server.server.password)
    with Crew(tmp_path, kafka, topic_prefix, address) as crew, closing(ReaderPool(crew.access)) as readers:
        project = crew.start("project")
        for kind in ("intake", "owner"):
            crew.start(kind, "--batch", "50")
        eventually(lambda: project.events("worker_started"), "the projection")
        with pytest.raises(StoreAway, match="nothing is projected"), readers.reading():
            pass
        server.kill()
        with pytest.raises(StoreAway, match="no Neo4j answers"), readers.reading():
            pass
        crew.send(small.records)
        crew.settle(neo4j=False)
        eventually(lambda: project.events("neo4j_away"), "the projection to notice")
        server.restart()
        crew.settle()
        assert project.process.poll() is None, "it is the same process"
        must_know(crew, small)
        with readers.reading() as reader:
            assert reader.position() == crew.seq()
