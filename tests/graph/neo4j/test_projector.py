"""The projector on a real Neo4j: each change once, in order, whatever comes again, late or by halves."""

from __future__ import annotations

import threading

import pytest
from msgspec import structs

from graph.export import canonical
from graph.neo4j.access import Access
from graph.neo4j.projector import Projector
from graph.neo4j.schema import statements
from graph.neo4j.server import connected
from graph.sqlite.feed import Feed, parts
from schemas.errors import ProjectionBehind, StoreForeign, StoreUnavailable
from tests.graph.builder import StoreBuilder, phone


@pytest.fixture
def changes(shared):
    """A small history with a merge and a withdrawal, under a name of its own."""
    store = StoreBuilder()
    store.supply("a/1", "陈大文", "王伟", substance="nitrous_oxide")
    store.supply("a/2", "陈大文", "王玮")
    store.lot("a/2", "lots/1", "t", substance="nitrous_oxide")
    store.record("a/3")
    store.mention("a/3", "p", name="王五", identifiers=(phone("13800001234"),))
    store.edge("a/3", "uses", "p", store.value("a/3", "phone", "phone", "13800001234"))
    store.move("a/2", "t", ("a/1", "t"))
    store.withdraw("a/3")
    made = list(shared.renamed(Feed(store.db).since(0)))
    store.db.close()
    return made


def graph(shared):
    """Everything in the database that a reader could see, without Neo4j's own ids."""
    nodes = shared.session.run(
        "MATCH (n) WHERE NOT n:Projection RETURN labels(n) AS labels, properties(n) AS properties"
    )
    edges = shared.session.run(
        "MATCH (a)-[f]->(b) RETURN type(f) AS type, properties(f) AS properties,"
        " properties(a) AS source, properties(b) AS target"
    )
    return sorted(map(_text, nodes.data())), sorted(map(_text, edges.data()))


def _text(row):
    return repr(sorted((key, sorted(map(repr, _items(value)))) for key, value in row.items()))


def _items(value):
    return value.items() if isinstance(value, dict) else value


def test_changes_that_come_again_change_nothing(shared, changes):
    projector = shared.projector
    projector.apply(changes)
    once = graph(shared)
    projector.apply(changes)
    projector.apply(changes[2:])
    projector.apply([changes[-1]])
    assert graph(shared) == once
    assert projector.position().seq == changes[-1].seq


def test_a_change_in_parts_is_the_same_as_a_whole_one_and_a_part_counts_once(shared, changes):
    projector = shared.projector
    projector.apply(changes)
    whole = graph(shared)
    again = [structs.replace(each, store=f"{each.store}-parts", epoch=each.epoch + 1) for each in changes]
    small = [part for each in again for part in parts(each, 700)]
    assert len(small) > len(again)
    for number in range(len(small)):
        projector.apply(small[: number + 1])
    assert graph(shared) == whole


def test_a_view_keeps_to_the_last_whole_change(shared, changes):
    small = [part for each in changes for part in parts(each, 700)]
    cut = next(n for n, part in enumerate(small) if part.part < part.parts and part.seq > 1)
    shared.projector.apply(small[: cut + 1])
    reader = shared.present()
    before = list(canonical(reader))
    shared.projector.apply(small[cut + 1 :])
    assert list(canonical(reader)) == before
    assert list(canonical(shared.present())) != before


@pytest.mark.parametrize("missing", [0, 2])
def test_a_gap_is_told_with_what_to_do_and_nothing_is_written(shared, changes, missing):
    projector = shared.projector
    projector.apply([structs.replace(changes[0], seq=1, after=0, store="other", epoch=changes[0].epoch - 1)])
    with pytest.raises(ProjectionBehind, match="from the beginning again"):
        projector.apply(changes[:missing] + changes[missing + 1 :])
    projector.apply(changes)
    assert projector.position().seq == changes[-1].seq


def test_a_lost_part_is_a_gap_too(shared, changes):
    small = [part for each in changes for part in parts(each, 700)]
    lost = next(n for n, part in enumerate(small) if part.part == 2)
    with pytest.raises(ProjectionBehind):
        shared.projector.apply(small[:lost] + small[lost + 1 :])


def test_an_owner_that_was_replaced_is_not_heard_any_more(shared, changes):
    projector = shared.projector
    later = [structs.replace(each, epoch=each.epoch + 1) for each in changes]
    projector.apply([*changes[:2], *later[2:4]])
    known = graph(shared)
    projector.apply(changes[4:])
    assert graph(shared) == known
    projector.apply(later)
    assert projector.position().epoch == later[0].epoch
    assert projector.position().seq == changes[-1].seq


def test_another_store_of_a_later_epoch_takes_the_graph_over_from_the_beginning(shared, changes):
    projector = shared.projector
    projector.apply(changes)
    known = graph(shared)
    stale = [structs.replace(each, store="stale") for each in changes]
    projector.apply(stale)
    assert projector.position().store == changes[0].store
    fresh = [structs.replace(each, store="fresh", epoch=each.epoch + 1) for each in changes]
    projector.apply([*changes, *fresh, *stale])
    assert projector.position().store == "fresh"
    assert graph(shared) == known


def test_a_graph_that_was_being_emptied_when_the_projector_died_is_emptied_to_the_end(shared, changes):
    projector = shared.projector
    projector.apply(changes)
    known = graph(shared)
    fresh = [structs.replace(each, store="fresh", epoch=each.epoch + 1) for each in changes]

    class Dies(Projector):
        def _wipe(self, session):
            session.run("MATCH (n:Record) DETACH DELETE n").consume()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Dies(shared.driver).apply(fresh)
    assert projector.position().wiping
    projector.apply(fresh)
    assert graph(shared) == known


def test_a_projector_that_is_late_to_empty_a_graph_deletes_nothing_that_another_has_written(shared, changes):
    projector = shared.projector
    projector.apply(changes)
    known = graph(shared)
    fresh = [structs.replace(each, store="fresh", epoch=each.epoch + 1) for each in changes]

    class Late(Projector):
        def _wipe(self, session):
            projector.apply(fresh)
            super()._wipe(session)

    Late(shared.driver).apply(fresh)
    assert graph(shared) == known


def test_a_change_that_fails_leaves_nothing_behind(shared, changes):
    projector = shared.projector
    projector.apply(changes[:3])
    known, position = graph(shared), projector.position()
    broken = structs.replace(changes[3], facts_closed=(*changes[3].facts_closed, object()))
    with pytest.raises(AttributeError):
        projector.apply([broken])
    assert (graph(shared), projector.position()) == (known, position)


def test_two_projectors_of_the_same_changes_make_one_graph(shared, neo4j, changes):
    def project():
        with connected(Access(uri=neo4j.uri, password=neo4j.password)) as driver:
            for change in changes:
                Projector(driver).apply([change])

    both = [threading.Thread(target=project) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    together = graph(shared)
    alone = [structs.replace(each, store="alone", epoch=each.epoch + 1) for each in changes]
    shared.projector.apply(alone)
    assert together == graph(shared)


def test_a_graph_that_somebody_is_just_emptying_is_at_no_position(shared):
    shared.session.run("MATCH (n) DETACH DELETE n").consume()
    shared.session.run("CREATE (:Projection {name: 'suyuan'})").consume()
    assert shared.projector.position() is None


def test_a_graph_of_somebody_else_is_left_alone(shared, changes):
    shared.session.run("MATCH (n) DETACH DELETE n").consume()
    shared.session.run("CREATE (:Movie {title: 'made up'})").consume()
    try:
        with pytest.raises(StoreForeign, match="a database of its own"):
            shared.projector.apply(changes)
        assert shared.session.run("MATCH (n) RETURN count(n)").single()[0] == 1
    finally:
        shared.session.run("MATCH (n:Movie) DELETE n").consume()


def test_an_empty_graph_says_that_nothing_is_there_yet_and_one_being_emptied_to_wait(shared, changes):
    shared.session.run("MATCH (n) DETACH DELETE n").consume()
    with pytest.raises(StoreUnavailable, match="nothing is projected into this Neo4j yet"):
        shared.present()
    shared.projector.apply(changes)
    shared.session.run("MATCH (p:Projection) SET p.wiping = true").consume()
    with pytest.raises(StoreUnavailable, match="projected anew"):
        shared.present()


def test_what_has_ended_bears_another_name(shared, changes):
    shared.projector.apply(changes)
    count = shared.session.run(
        "RETURN COUNT { (:WasRecord {name: 'a/3'}) } AS record,"
        " COUNT { (:WasPerson {label: '王五'}) } AS person,"
        " COUNT { (:WasPhone {value: '13800001234'}) } AS phone, COUNT { ()-[:WAS_USES]->() } AS uses,"
        " COUNT { ()-[:USES]->() } AS using, COUNT { ()-[:WAS_SUPPLIED]->() } AS moved,"
        " COUNT { (:Person)-[:SUPPLIED]->(:Person) } AS supplied,"
        " COUNT { (:Lot)-[:WAS_IN_HANDS_OF]->(:WasPerson) } AS lot"
    ).single()
    assert count.data() == {
        "record": 1, "person": 1, "phone": 1, "uses": 1, "using": 0, "moved": 1, "supplied": 2, "lot": 1,
    }  # fmt: skip


def test_constraints_and_indexes_are_made_once_and_used(shared):
    names = {name for name, _ in statements()}
    there = {name for (name,) in shared.session.run("SHOW INDEXES YIELD name").values()}
    assert names <= there
    shared.projector.prepare()
    assert {name for (name,) in shared.session.run("SHOW INDEXES YIELD name").values()} == there
