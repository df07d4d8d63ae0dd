"""No statement looks at everything to answer about, or to change, a few."""

from __future__ import annotations

import pytest

from graph.neo4j import archive, facts, identity, lookup, portraits, view, writes

_OF_ALL_EDGES = {f"all edges {type_}": facts._ALL_EDGES % type_ for type_ in ("SUPPLIED", "WAS_SUPPLIED")}
READING = {
    f"{module.__name__}.{name}": statement
    for module in (archive, facts, identity, lookup, portraits, view)
    for name, statement in vars(module).items()
    if isinstance(statement, str)
    and statement.startswith(("MATCH", "UNWIND", "CALL"))
    and "{}" not in statement
} | {
    f"{state} {way}": statement
    for state, both in (("live", facts._LIVE_DELIVERIES), ("withdrawn", facts._WITHDRAWN_DELIVERIES))
    for way, statement in both.items()
}  # fmt: skip
READING = {
    name: each for name, each in READING.items() if "%s" not in each and "{label}" not in each
} | _OF_ALL_EDGES
WRITING = {
    "facts": writes._FACTS,
    "facts closed": writes._END.format(type="USES", key="edge", was="WAS_USES"),
    "lots": writes._LOTS,
    "lots placed": writes._PLACED,
    "lots taken": writes._END.format(type="FOUND_IN", key="lot", was="WAS_FOUND_IN"),
    "mentions": writes._MENTIONS % ("Profile", "pid"),
    "mentions of values": writes._MENTIONS % ("Entity", "key"),
    "entities": writes._ENTITIES_FRESH,
    "entities renamed": writes._ENTITIES_RENAMED,
    "entities closed": writes._ENTITIES_CLOSED,
    "joined": writes._JOINED,
    "left": writes._LEFT,
    "records closed": writes._RECORDS_CLOSED,
    "alerts closed": writes._ALERTS_CLOSED,
    "copies": writes._COPIES,
    "copies lost": writes._END.format(type="COPY_OF", key="copy", was="WAS_COPY_OF"),
    "all that begins": writes.BEGIN,
    "about": writes._ABOUT,
    "rests on": writes._RESTS_ON,
}
VALUES = dict.fromkeys(
    ("tx", "live", "after", "batch", "hash", "limit", "skip", "value", "key", "moment", "seq", "before"), 1
) | {"keys": [1], "rows": [], "begun": {}, "name": "a", "id": "a", "tokens": "a"}


def operators(plan):
    yield plan["operatorType"].split("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def test_every_node_and_relationship_is_reached_by_an_index_or_from_a_neighbour(shared):
    scans = {}
    for name, statement in (READING | WRITING).items():
        plan = shared.session.run(f"EXPLAIN {statement}", VALUES).consume().plan
        scans[name] = [each for each in operators(plan) if "Scan" in each and "Index" not in each]
    assert {name: found for name, found in scans.items() if found} == {}


def test_there_are_statements_to_look_at():
    assert len(READING) > 25


@pytest.mark.parametrize("statement", ["MATCH (r:Record) WHERE r.kind = 'tip' RETURN r"])
def test_a_scan_would_be_seen(shared, statement):
    plan = shared.session.run(f"EXPLAIN {statement}").consume().plan
    assert [each for each in operators(plan) if "Scan" in each]
