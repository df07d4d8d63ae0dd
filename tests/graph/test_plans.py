"""No statement of the reader reads a whole table to answer about a few entities."""

from __future__ import annotations

import pytest

from graph.sqlite import archive, evidence, facts, happened, identity, known, lookup, placed, portraits

WHOLE = {"_ALL_VALUES", "_ALL_RESOLVED", "_ALL_EDGES", "_LIVE_ALERTS", "_WITHDRAWN_ALERTS", "_LAST"}
"""These are asked for everything, or (`_LAST`) from the end as far as it is new."""

STATEMENTS = {
    f"{module.__name__}.{name}": statement
    for module in (archive, evidence, facts, happened, identity, known, lookup, placed, portraits)
    for name, statement in vars(module).items()
    if isinstance(statement, str) and statement.startswith(("SELECT", "WITH")) and name not in WHOLE
} | {f"facts.{state}.{direction}": sql for (state, direction), sql in facts._SQL.items()}

VALUES = dict.fromkeys(
    (
        "tx",
        "key",
        "keys",
        "hash",
        "name",
        "limit",
        "id",
        "value",
        "query",
        "after",
        "before",
        "batch",
        "most",
        "least",
        "least_parcel",
        "rec",
        "node",
        "first",
        "last",
        "type",
        "raised",
    ),
    1,
) | {"keys": "[1]", "query": '"a"', "name": "a", "id": "a"}


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_table_is_reached_by_an_index(name, store):
    plan = store.db.execute("EXPLAIN QUERY PLAN " + STATEMENTS[name], VALUES).fetchall()
    scans = [detail for *_, detail in plan if detail.startswith("SCAN")]
    allowed = ("k", "node", "n", "o", "t", "u", "CONSTANT", "search", "(subquery", "sqlite_schema")
    assert [detail for detail in scans if detail.split()[1].split("-")[0] not in allowed] == []


def test_there_are_statements_to_look_at():
    assert len(STATEMENTS) > 20
