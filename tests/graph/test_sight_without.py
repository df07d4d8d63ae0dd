"""A store with records that may not be seen is shown as one that never had them."""

from __future__ import annotations

import random

import pytest
from builder import StoreBuilder, phone
from msgspec import Struct

from graph.seen import seen_by
from graph.sqlite.reader import SqliteReader
from schemas.alerts import Finding
from schemas.ids import hash64, part_id
from tests.graph.shown import everything_shown

ELSEWHERE = ("440800", "2020-017")
"""Where records go that somebody moves."""
SITE = "xuwen-haian"


def in_hainan(region, case):
    return case is None and region.startswith("46")


def team_of_551(region, case):
    return case == "2019-551" if case else region.startswith("46")


def team_of_017(_region, case):
    return case == "2020-017"


def all_of_it(_region, _case):
    return True


class Told(Struct, frozen=True):
    """What a record tells: of whom (two of four people), which phone they share, when; where it belongs."""

    number: int
    people: tuple[int, int]
    shared: int
    day: int
    kind: str
    place: tuple[str, str | None]

    @property
    def name(self):
        return f"own-{self.number:02d}/1"


def told(seed):
    chance = random.Random(seed)
    return [
        Told(
            number=number,
            people=(chance.randrange(4), chance.randrange(4)),
            shared=chance.randrange(2),
            day=chance.randrange(1, 28),
            kind=chance.choice(("tip", "seizure", "interception")),
            place=(
                chance.choice(("460100", "460200", "440800")),
                chance.choice((None, None, "2019-551", "2020-017")),
            ),
        )
        for number in range(14)
    ]


def filled(records, moved, kept):
    """A store with those of the records that are kept, of which some are moved elsewhere afterwards; and the
    moment before they were. Time passes where a record is left out, too.
    """
    store = StoreBuilder()
    for one in records:
        if one in kept:
            put(store, one)
        else:
            store.begin()
    then = store.moment(store.tx)
    for one in moved:
        if one in kept:
            store.close_record(one.name)
            store.record(
                one.name, kind=one.kind, revision=2, region=ELSEWHERE[0], case_no=ELSEWHERE[1],
                reported=reported(one),
            )  # fmt: skip
        else:
            store.begin()
            store.begin()
    return store, then


def reported(one):
    return f"2019-12-{one.number + 1:02d}"


def put(store, one):
    region, case = one.place
    day = f"2019-11-{one.day:02d}"
    body = {"kind": one.kind, "text": f"正文{one.number}", "checkpoint": SITE, "occurred": day}
    site = {"checkpoint": SITE} if one.kind == "interception" else {}
    store.record(
        one.name, kind=one.kind, region=region, case_no=case, reported=reported(one), body=body, **site
    )
    refs = mentioned(store, one)
    shared = store.value(one.name, "phone", "phone", f"1390000000{one.shared}", refs[0])
    if case:
        store.value(one.name, "case", "case", case)
    store.value(one.name, "place", "checkpoint", SITE, "")
    store.edge(one.name, "uses", refs[0], shared, key="u")
    store.edge(
        one.name, "supplied", refs[0], refs[1], latest=day, substance="ketamine",
        quantity=1.0, unit="g",
    )  # fmt: skip
    store.lot(one.name, "l", refs[0], substance=f"物{one.number:02d}", quantity=1.0, unit="克", grams=1.0)
    store.alert(
        Finding(
            rule="made_up", key=one.name, severity="low", raised=one.number + 1, cases=(), region=region,
            entities=(part_id("per", hash64(one.name), refs[0]),), records=(one.name,),
            reasons=(f"因{one.number:02d}",), against=(),
        )
    )  # fmt: skip


def mentioned(store, one):
    """The refs of the two people, who are the same as in earlier records."""
    refs = []
    for at, who in enumerate(one.people):
        refs.append(f"n{who}" if at and one.people[0] == who else f"m{who}")
        first = next((mention for mention in store.mentions if mention[1] == f"m{who}"), None)
        store.mention(
            one.name, refs[at], name=f"林小{'甲乙丙丁'[who]}", aliases=(f"别名{one.number:02d}{at}",),
            identifiers=(phone(f"1380000{one.number:02d}{at}0"),), entity=first,
        )  # fmt: skip
    return refs


def shown(store, then, sees):
    """At the moment, as who sees this may ask for it now; None for now."""
    reader = SqliteReader(store.db, then)
    later = None if then is None else SqliteReader(store.db)
    return dict(everything_shown(seen_by(reader, sees, later), ("林小甲", "13900000000", "1380000")))


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("sees", [in_hainan, team_of_551, team_of_017])
@pytest.mark.parametrize("seed", range(3))
def test_a_store_with_hidden_records_is_shown_as_one_without_them(seed, sees, back):
    """`back`: of a moment before some records went elsewhere."""
    records = told(seed)
    moved = records[::3] if back else []
    seen = [one for one in records if sees(*one.place) and (one not in moved or sees(*ELSEWHERE))]
    assert len(seen) < len(records)
    full, then = filled(records, moved, records)
    part, _ = filled(records, moved, seen)
    then = then if back else None
    with_hidden, without = shown(full, then, sees), shown(part, then, all_of_it)
    assert with_hidden.keys() == without.keys()
    assert {asked: answer for asked, answer in with_hidden.items() if answer != without[asked]} == {}
