"""Where a value is spoken of, and who bears a name: whole, however many pages they are read in."""

from __future__ import annotations

import pytest
from builder import phone

from graph.neo4j import archive, lookup
from graph.tokens import Alternative, Term, whole_name
from tests.graph.stores import held

NUMBER = "13800001234"


@pytest.fixture
def reader(store, reader_of):
    return reader_of(store.db)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(archive, "_AT_ONCE", 2)
    monkeypatch.setattr(archive, "_FURTHER", 3)
    monkeypatch.setattr(lookup, "_FIRST", 2)
    monkeypatch.setattr(lookup, "_WIDER", 2)


def test_the_live_records_that_speak_of_a_value_come_once_each_as_they_came(store, reader):
    for number in range(1, 10):
        store.record(f"a/{number}", region=f"46{number:04}", case_no=f"2019-{number}")
        node = store.value(f"a/{number}", "phone", "phone", NUMBER)
    store.value("a/3", "phone", "phone", NUMBER)
    store.value("a/9", "phone", "phone", NUMBER)
    store.withdraw("a/4")
    found = list(reader.parts.archive.spoken_where(node))
    assert found == [(f"a/{n}", f"46{n:04}", f"2019-{n}") for n in (1, 2, 3, 5, 6, 7, 8, 9)]


@pytest.mark.parametrize("bearers", [1, 2, 7])
def test_all_who_bear_a_name_are_found_once_each(store, reader, bearers):
    keys = []
    for number in range(bearers):
        store.record(f"a/{number}")
        keys.append(store.mention(f"a/{number}", "p", name="陈大文", identifiers=(phone(f"138{number:08}"),)))
    assert reader.resolve("陈大文") == tuple(keys)
    assert sorted(reader.search("陈大文", 50)) == keys


def test_nobody_is_lost_when_the_index_is_written_between_two_pages(store, projections):
    for number in range(6):
        store.record(f"a/{number}")
        store.mention(f"a/{number}", "p", name="陈大文", identifiers=(phone(f"138{number:08}"),))
    with held(projections) as shared:
        shared.show(store.db)
        hits = shared.present().parts.index.hits(Alternative(((Term(whole_name("陈大文")),),)), None)
        first, _ = next(hits)
        forgotten = shared.session.run(
            "MATCH (p:Profile {pid: $pid}) WITH p, p.tokens AS tokens SET p.tokens = '' RETURN tokens",
            pid=first,
        ).single()[0]
        shared.session.run(
            "MATCH (p:Profile {pid: $pid}) SET p.tokens = $tokens", pid=first, tokens=forgotten
        )
        assert sorted(node for node, _ in [(first, 0), *hits]) == sorted(store.profiles.values())
