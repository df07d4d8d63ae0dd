"""Alerts as read from a store: with their entities of today, the notice, and their state."""

from __future__ import annotations

from graph.alerts import read_alert, read_alerts
from graph.sqlite.reader import SqliteReader
from schemas.alerts import Finding
from schemas.entities import NOTICE


def stored(store, *entities, key="k"):
    return store.alert(
        Finding(
            rule="nail", key=key, severity="high", raised=0, cases=("2019-551",), region="460100",
            entities=entities, records=("a/1",), reasons=("r",), against=("a",),
        )
    )  # fmt: skip


def test_an_open_alert_is_read_with_its_entities_and_the_notice(store, reader_of):
    store.record("a/1")
    who = store.mention("a/1", "p", name="林小强")
    reader = reader_of(store.db)
    identifier = stored(store, reader.public_id(who))
    (alert,) = read_alerts(reader)
    assert (alert.id, alert.state, alert.notice) == (identifier, "open", NOTICE)
    assert [entity.label for entity in alert.entities] == ["林小强"]
    assert alert.raised_at == "1970-01-01T08:00:00+08:00"
    assert read_alert(reader, identifier) == alert


def test_an_alert_of_a_former_entity_shows_what_it_is_part_of_now(store, reader_of):
    store.record("a/1")
    store.mention("a/1", "p", name="林小强")
    store.record("a/2")
    former = store.mention("a/2", "q", name="林强")
    reader = reader_of(store.db)
    stored(store, reader.public_id(former))
    store.move("a/2", "q", ("a/1", "p"))
    (alert,) = read_alerts(reader_of(store.db))
    assert len(alert.entities[0].mentions) == 2


def test_a_withdrawn_alert_is_listed_no_more_but_still_shown(store, reader_of):
    store.record("a/1")
    identifier = stored(store, "per-aaaaaaaaaaaaaaaaaa")
    store.db.execute("UPDATE alert SET closed = opened")
    reader = reader_of(store.db)
    assert list(read_alerts(reader)) == []
    alert = read_alert(reader, identifier)
    assert alert is not None
    assert (alert.state, alert.entities) == ("withdrawn", ())
    assert read_alert(reader, "alt-nothing") is None


def test_withdrawn_alerts_are_listed_when_they_are_asked_for(store, reader_of):
    store.record("a/1")
    who = store.mention("a/1", "p", name="林小强")
    reader = reader_of(store.db)
    gone = stored(store, reader.public_id(who), key="gone")
    again = stored(store, key="again")
    stands = stored(store, key="stands")
    before = store.moment(store.tx)
    store.begin()
    store.db.execute("UPDATE alert SET closed = ? WHERE id IN (?, ?)", (store.tx, gone, again))
    after = store.moment(store.tx)
    store.begin()
    stored(store, key="again")
    (withdrawn,) = read_alerts(reader, withdrawn=True)
    assert (withdrawn.id, withdrawn.state, withdrawn.notice) == (gone, "withdrawn", NOTICE)
    assert [entity.label for entity in withdrawn.entities] == ["林小强"]
    assert {alert.id for alert in read_alerts(reader)} == {again, stands}
    assert list(read_alerts(reader_of(store.db, before), withdrawn=True)) == []
    then = read_alerts(reader_of(store.db, after), withdrawn=True)
    assert [alert.id for alert in then] == sorted((gone, again))


def test_an_alert_that_was_withdrawn_twice_is_listed_once(store, reader_of):
    store.record("a/1")
    for _ in range(2):
        stored(store)
        store.begin()
        store.db.execute("UPDATE alert SET closed = ? WHERE closed > ?", (store.tx, store.tx))
    assert len(list(read_alerts(reader_of(store.db), withdrawn=True))) == 1


def test_more_alerts_than_are_read_at_once_all_come(store, reader_of):
    store.record("a/1")
    for number in range(230):
        stored(store, key=f"k{number}")
    assert len(list(read_alerts(reader_of(store.db)))) == 230


def test_the_entities_of_many_alerts_are_asked_for_together(store):
    """On a server each question is a journey."""
    people = []
    for number in range(12):
        store.record(f"b/{number}")
        people.append(store.mention(f"b/{number}", "p", name=f"林{number}"))
    ids = SqliteReader(store.db).public_ids(people)
    asked: list[int] = []
    for several in (people[:3], people):
        for each in several:
            stored(store, ids[each], key=ids[each])
        statements: list[str] = []
        store.db.set_trace_callback(statements.append)
        alerts = list(read_alerts(SqliteReader(store.db)))
        store.db.set_trace_callback(None)
        assert {entity.id for alert in alerts for entity in alert.entities} == {ids[each] for each in several}
        asked.append(len(statements))
        store.db.execute("DELETE FROM alert")
    assert asked[0] == asked[1] > 0


def raised(store, day, *entities):
    return store.alert(
        Finding(
            rule="nail", key=f"{day}{entities}", severity="high", raised=day, cases=(), region="460100",
            entities=entities, records=("a/1",), reasons=("r",), against=("a",),
        )
    )  # fmt: skip


def test_alerts_are_read_from_the_last_raised_on_from_any_place(store, reader_of):
    store.record("a/1")
    made = {(day, raised(store, day, who)) for day, who in ((3, "per-a"), (-5, "per-a"), (9, "x"), (3, "y"))}
    reader = reader_of(store.db)
    wanted = sorted(made, reverse=True)
    read = [(finding.raised, identifier) for identifier, finding in reader.latest_findings()]
    assert read == wanted
    for at, place in enumerate(wanted):
        assert [each for each, _ in reader.latest_findings(place)] == [each for _, each in wanted[at + 1 :]]


def test_alerts_are_found_by_whom_they_name(store, reader_of):
    store.record("a/1")
    first, both = raised(store, 1, "per-a"), raised(store, 2, "per-b", "per-a", "per-b")
    gone = raised(store, 3, "per-a")
    store.db.execute("UPDATE alert SET closed = opened WHERE id = ?", (gone,))
    reader = reader_of(store.db)
    assert [each for each, _ in reader.findings_about(["per-a"])] == sorted([first, both])
    assert [each for each, _ in reader.findings_about(["per-b", "per-c"])] == [both]
    assert list(reader.findings_about([])) == []


def test_a_store_that_was_made_before_alerts_could_be_looked_up_answers_the_same(store):
    store.record("a/1")
    for day in range(5):
        raised(store, day, f"per-{day % 2}")
    asked = [
        lambda reader: list(reader.latest_findings()),
        lambda reader: list(reader.latest_findings((3, ""))),
        lambda reader: list(reader.findings_about(["per-1"])),
    ]
    before = [ask(SqliteReader(store.db)) for ask in asked]
    for thing in ("TRIGGER alert_about", "TABLE about", "INDEX alert_raised"):
        store.db.execute(f"DROP {thing}")
    assert [ask(SqliteReader(store.db)) for ask in asked] == before
