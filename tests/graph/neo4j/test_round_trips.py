"""A question of the console goes to the server as often for many neighbours as for few."""

from __future__ import annotations

from collections import Counter

import pytest
from builder import StoreBuilder

from graph.console.screens import changes, dossier, evidence, exporting, picture, report, searching, tracing
from graph.neo4j.view import View
from graph.seen import seen_by

QUESTIONS = {
    "search by name": lambda reader, _: searching.search(reader, "王伟", 30),
    "search by number": lambda reader, _: searching.search(reader, "138****00", 30),
    "expand": lambda reader, who: picture.neighbours(reader, who, picture.Wanted()),
    "draw": lambda reader, who: picture.drawn(reader, [*ends(reader, who)]),
    "trace": lambda reader, who: tracing.trace_picture(reader, who, tracing.Wanted(direction="up")),
    "trace for nothing": lambda reader, who: tracing.trace_picture(
        reader, who, tracing.Wanted(direction="down")
    ),
    "evidence": lambda reader, who: evidence.evidence(reader, [edge.id for edge in reader.edges_of(who)]),
    "dossier": dossier.dossier,
    "timeline": dossier.timeline,
    "changes": lambda reader, _: changes.changes(reader, 0, 1),
    "export": lambda reader, who: report.Sheet(
        report.Report(
            selection=exporting.Selection(
                reader, [*ends(reader, who)], [edge.id for edge in reader.edges_of(who)]
            ),
            heading=report.Heading(title="", by="", at=0, case=None, purpose=""),
            lang="zh",
        )
    ).written(),
}


def ends(reader, who):
    return {end for edge in reader.edges_of(who) for end in (edge.source, edge.target)}


def world(suppliers):
    """王伟, whom so many supply, each by a record and with a phone that the record names."""
    store = StoreBuilder()
    for number in range(suppliers):
        store.supply(f"a/{number}", f"陈{number}", "王伟", substance="ketamine")
        value = store.value(f"a/{number}", "phone", "phone", f"138123400{number:02}")
        store.edge(f"a/{number}", "uses", "s", value)
        store.confirm(store.edge(f"a/{number}", "paid", "t", value), "lin", "seen", "2020-01-01")
    return store


@pytest.fixture
def trips(monkeypatch):
    """Which statements went to the server."""
    asked = Counter()
    once = View._read

    def read(view, query, values):
        asked[query] += 1
        return once(view, query, values)

    monkeypatch.setattr(View, "_read", read)
    return asked


@pytest.mark.parametrize("what", QUESTIONS)
def test_it_does_not_ask_one_by_one(shared, trips, what):
    of = {}
    for suppliers in (3, 12):
        store = world(suppliers)
        shared.show(store.db)
        reader = seen_by(shared.present(), lambda region, _: region.startswith("46"))
        (who,) = reader.resolve("王伟")
        trips.clear()
        assert QUESTIONS[what](reader, who)
        of[suppliers] = Counter(trips)
        store.db.close()
    assert of[12] == of[3]
    assert 0 < of[12].total() < 30
