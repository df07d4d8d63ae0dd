"""Neo4j answers as the owner's own store does: of worlds that were lived through, as of any moment."""

from __future__ import annotations

from itertools import islice
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from msgspec import structs

from graph.alerts import read_alerts
from graph.export import canonical, jsonl
from graph.neo4j.reader import Neo4jReader
from graph.show import show
from graph.sqlite.feed import Feed
from graph.sqlite.reader import SqliteReader
from graph.trace import trace
from tests.graph.stores import held
from tests.streams.test_feed import HISTORIES, live_through
from tests.streams.worlds import desk, small_caps


@pytest.fixture(scope="module")
def shared(projections):
    with held(projections) as alone, small_caps():
        yield alone


def answers(reader: Any, keys: list[int]) -> dict[str, Any]:
    """What the reading commands print, for everybody."""
    ids = reader.public_ids(keys)
    labels = sorted(set(reader.labels(keys).values()))
    records = sorted({record for one in reader.entities(keys) for record in (m.record for m in one.mentions)})
    return {
        "jsonl": list(jsonl(reader)),
        "ids": ids,
        "labels": reader.labels(keys),
        "trace": [trace(reader, key, way) for key in keys for way in ("up", "down") if key > 0],
        "show": [show(reader, ids[key]) for key in keys],
        "records": [show(reader, name) for name in records[:4]],
        "edges": [show(reader, edge.id) for edge in islice(reader.all_edges(), 0, None, 5)],
        "alerts": list(read_alerts(reader)),
        "withdrawn": list(read_alerts(reader, withdrawn=True)),
        "gone": [reader.withdrawn_deliveries(keys, way) for way in ("up", "down")],
        "find": [
            reader.search(text) for text in (*labels, "1380000", "0001", "138****0001", "fuweiqiang", "551")
        ],
        "resolve": [
            reader.resolve(text) for text in (*labels, *records[:4], *(f"{name}#p0" for name in records[:4]))
        ],
        "users": [reader.users_of(key) for key in keys if key < 0],
        "nodes": {key: reader.nodes_of(key) for key in keys},
    }


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(history=HISTORIES)
def test_both_stores_give_the_same_answers_at_every_moment(shared, history):
    with desk() as one:
        moments = []
        epoch = shared.next_epoch()
        seen = 0
        for _ in live_through(one, history):
            moments.append(one.received())
            changes = list(Feed(one.owner.connection, 4000).since(seen))
            shared.projector.apply(structs.replace(each, store=f"s{epoch}", epoch=epoch) for each in changes)
            seen = changes[-1].seq
        for moment in (None, *moments):
            here = SqliteReader(one.owner.connection, moment)
            there = Neo4jReader(shared.session, moment)
            assert list(canonical(there)) == list(canonical(here))
        for moment in (None, moments[len(moments) // 2]):
            here = SqliteReader(one.owner.connection, moment)
            there = Neo4jReader(shared.session, moment)
            keys = list(here.all_entities())
            assert list(there.all_entities(batch=3)) == keys
            keys = keys[:4] + keys[-4:]
            expected, found = answers(here, keys), answers(there, keys)
            for question, answer in expected.items():
                assert _plain(found[question]) == _plain(answer), (question, moment)


def _plain(answer: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(answer))
