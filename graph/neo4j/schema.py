"""Constraints and indexes of the graph in Neo4j; made at the start, and a second time without effect."""

from __future__ import annotations

from collections.abc import Iterator

from neo4j import Driver

from graph.neo4j.errors import map_neo4j_errors
from graph.neo4j.model import COPY_OF, ENTITY_LABELS, FACTS, PLACES, SEARCH, was

_UNIQUE_NODES = (
    ("Projection", "name"),
    ("Transaction", "seq"),
    ("Record", "rec"),
    ("WasRecord", "rec"),
    ("Profile", "pid"),
    ("Entity", "key"),
    ("Lot", "lot"),
    ("Alert", "a"),
    ("WasAlert", "a"),
    ("Withdrawal", "n"),
)
_INDEXES = (
    ("Transaction", "received"),
    ("Record", "hash"),
    ("WasRecord", "hash"),
    ("Record", "name"),
    ("WasRecord", "name"),
    ("Entity", "id"),
    ("Alert", "id"),
    ("WasAlert", "id"),
    ("Withdrawal", "hash"),
)
_INDEX_SECONDS = 300


def statements() -> Iterator[tuple[str, str]]:
    """All that a fresh database needs: the name of each constraint or index, and how it is made."""
    for label, key in _UNIQUE_NODES:
        yield _unique(label, f"(n:{label})", f"n.{key}")
    keys = dict.fromkeys(FACTS.values(), "edge") | dict.fromkeys(PLACES.values(), "lot") | {COPY_OF: "copy"}
    for type_, key in keys.items():
        yield _unique(type_, f"()-[n:{type_}]-()", f"n.{key}")
        yield _unique(was(type_), f"()-[n:{was(type_)}]-()", f"(n.{key}, n.opened)")
    for label, key in (*_INDEXES, *((label, "label") for label in ENTITY_LABELS)):
        name = f"suyuan_{label}_{key}"
        yield name, f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.{key})"
    yield (
        SEARCH,
        (
            f"CREATE FULLTEXT INDEX {SEARCH} IF NOT EXISTS FOR (n:Profile|Entity) ON EACH [n.tokens]"
            " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
        ),
    )


def _unique(what: str, pattern: str, key: str) -> tuple[str, str]:
    name = f"suyuan_{what}"
    return name, f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR {pattern} REQUIRE {key} IS UNIQUE"


def prepare(driver: Driver, database: str | None = None) -> None:
    """Make what is missing and wait until it can be used.

    Raises `StoreUnavailable` when the server cannot be reached or refuses.
    """
    with map_neo4j_errors(), driver.session(database=database) as session:
        there = {name for (name,) in session.run("SHOW INDEXES YIELD name").values()}
        for name, statement in statements():
            if name not in there:
                session.run(statement).consume()
        session.run("CALL db.awaitIndexes($seconds)", seconds=_INDEX_SECONDS).consume()
