"""The alerts of a real store, kept batch by batch, are those of the whole store examined at once."""

from __future__ import annotations

import msgspec
import pytest

from graph.alerts import read_alerts
from graph.sqlite.evidence import SqliteEvidence
from schemas.records import Origin
from streams.alerts.book import AlertBook
from streams.alerts.rules import load_rules
from streams.detector import STANDING
from streams.embedded import Owner
from streams.simulate.world import simulate_lines
from streams.stages.detect import detect_everything
from tests.streams.made_up import numbered, open_owner, record

NOW = 1_700_000_000_000_000
LIVE = 1 << 62


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "suyuan.db"
    lines = [
        (Origin(file="world", line=number), line)
        for number, line in enumerate(simulate_lines(11, 1500), start=1)
    ]
    with Owner.open(path, clock=lambda: NOW) as owner:
        owner.ingest(lines, batch=70)
        yield owner


def what_a_full_examination_would_change(db):
    reader = SqliteEvidence(db)
    book = AlertBook.load(db.execute(STANDING, (LIVE,)))
    changed = []
    for examined in detect_everything(reader, load_rules(), batch=500):
        changes = book.changes(examined)
        book.settle(changes)
        changed += changes
    return [(change.rule, change.key) for change in changed]


def test_alerts_kept_batch_by_batch_are_those_of_the_whole_store(owner):
    alerts = list(read_alerts(SqliteEvidence(owner.connection)))
    assert len({alert.rule for alert in alerts}) >= 4
    assert what_a_full_examination_would_change(owner.connection) == []


def keys_are_right(db):
    reader = SqliteEvidence(db)
    alerts = db.execute(STANDING, (LIVE,)).fetchall()
    assert len(alerts) > 50
    return all(reader.resolve(key.partition(" ")[0]) == (subject,) for _, _, key, _, subject in alerts)


def test_the_key_that_is_kept_with_an_alert_is_that_of_the_entity_it_names(owner):
    assert keys_are_right(owner.connection)
    before = {row[0]: row[3:] for row in owner.connection.execute(STANDING, (LIVE,))}
    # as a revision that says the same: who was spoken of first there has another key now, and the same id
    for number, (body,) in enumerate(owner.connection.execute("SELECT body FROM log").fetchall()):
        document = msgspec.json.decode(body)
        again = document | {"revision": document.get("revision", 1) + 1, "unit": "档案室"}
        owner.ingest([(Origin(file="again", line=number), msgspec.json.encode(again))])
        after = {row[0]: row[3:] for row in owner.connection.execute(STANDING, (LIVE,))}
        if any(before[alert][0] == body and before[alert][1] != key for alert, (body, key) in after.items()):
            break
    else:
        pytest.fail("nobody got another key")
    assert keys_are_right(owner.connection)
    assert what_a_full_examination_would_change(owner.connection) == []


def test_taking_a_named_record_back_leaves_no_alert_that_names_it(owner):
    for _ in range(5):
        alert = max(read_alerts(SqliteEvidence(owner.connection)), key=lambda alert: alert.id)
        owner.withdraw(alert.records[0], "made up for a test", who="王警官")
        left = list(read_alerts(SqliteEvidence(owner.connection)))
        assert all(alert.records[0] not in other.records for other in left)
        assert what_a_full_examination_would_change(owner.connection) == []


def supply(number):
    """The same two people each time, so that they stay the same profiles when one record goes."""
    persons = [
        {"ref": "a", "name": "周远航", "phones": ["13700005678"]},
        {"ref": "b", "name": "林小满", "phones": ["13800001234"]},
    ]
    relations = [{"from": "a", "to": "b", "kind": "supplied", "substance": "氯胺酮"}]
    return record("seizure", number, persons=persons, relations=relations, lots=[])


def test_a_delivery_that_was_taken_back_is_not_remembered_though_both_its_ends_stay(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(map(supply, range(3))))
        lens = owner.core.detector._lens
        ((supplier,),) = owner.connection.execute(
            "SELECT DISTINCT a.ent FROM edge e JOIN assign a ON a.pid = e.src WHERE e.type = 'supplied'"
        )
        assert len(lens.deliveries(supplier, "down")) == 3
        owner.ingest(numbered([record("withdrawal", 1, reported_at="2019-07-01T10:00:00+08:00")]))
        assert len(lens.deliveries(supplier, "down")) == 2
