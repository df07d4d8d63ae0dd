"""What the console shows of a store with hidden records is what it shows of one that never had them."""

from __future__ import annotations

import io
import zipfile

import msgspec

from graph.console.screens.dossier import dossier
from graph.console.screens.exporting import Selection, as_csv
from graph.console.screens.picture import Beyond, beyond, drawn, path
from graph.console.screens.tracing import Wanted, trace_picture
from graph.seen import seen_by
from schemas.alerts import Finding
from schemas.ids import hash64, part_id


def in_hainan(region, case):
    return case is None and region.startswith("46")


def whole(reader):
    """A reader on a test's store, as `seen_by` wants it."""
    return reader.present() if hasattr(reader, "present") else reader


def traced(reader, who):
    (key,) = reader.resolve(who)
    return trace_picture(reader, key, Wanted(direction="up"))


def test_a_withdrawn_supplier_of_whom_only_hidden_records_still_speak_is_told_by_no_id(store, reader_of):
    store.record("secret/7", case_no="2020-017")
    store.mention("secret/7", "x", name="李秘密")
    store.record("v/1")
    store.mention("v/1", "s", name="李公开", entity=("secret/7", "x"))
    store.mention("v/1", "t", name="王伟")
    store.edge("v/1", "supplied", "s", "t", latest="2019-11-02")
    store.record("v/2")
    store.mention("v/2", "t", name="王伟")
    store.withdraw("v/1")
    told = msgspec.json.encode(traced(seen_by(whole(reader_of(store.db)), in_hainan), "王伟")).decode()
    assert "王伟" in told
    assert part_id("per", hash64("secret/7"), "x") not in told


def asked_day_by_day(store, reader_of, ask):
    """The answers of each moment up to the last one, and that of now."""
    later = whole(reader_of(store.db))
    for day in range(1, store.tx + 1):
        yield ask(seen_by(whole(reader_of(store.db, store.moment(day))), in_hainan, later))
    yield ask(seen_by(later, in_hainan))


def test_that_something_is_withheld_does_not_tell_since_when(store, reader_of):
    """Whoever asked for one moment after the other would find the day on which the hidden record came."""
    store.supply("v/1", "李公开", "王伟", latest="2019-11-02")
    store.supply("v/2", "王伟", "赵买家", latest="2019-11-03")
    store.record("v/3")
    store.supply("secret/7", "李秘密", "李公开", latest="2019-11-01")
    store.db.execute("UPDATE record SET case_no = '2020-017' WHERE name = 'secret/7'")

    def ways(reader):
        (one,), (other,) = reader.resolve("李公开"), reader.resolve("王伟")
        return path(reader, one, other, 4).withheld

    assert set(asked_day_by_day(store, reader_of, lambda seen: traced(seen, "王伟").withheld)) == {True}
    assert set(asked_day_by_day(store, reader_of, ways)) == {True}


def test_of_an_earlier_moment_nothing_is_said_to_be_withheld_where_nothing_is(store, reader_of):
    store.supply("v/1", "李公开", "王伟", latest="2019-11-02")
    store.supply("v/2", "王伟", "赵买家", latest="2019-11-03")
    assert set(asked_day_by_day(store, reader_of, lambda seen: traced(seen, "王伟").withheld)) == {False}


def test_the_order_of_what_leaves_does_not_tell_of_whom_hidden_records_spoke_first(store, reader_of):
    """Half of them were first spoken of in hidden records."""
    for name in [f"secret/{n}" for n in range(0, 8, 2)]:
        store.record(name, case_no="2020-017")
        store.mention(name, "p", name=f"林小{name[-1]}")
    for n in range(8):
        store.record(f"v/{n}")
        name = f"林小{n}" if n % 2 else f"林小{n}号"
        store.mention(f"v/{n}", "p", name=name, entity=(f"secret/{n}", "p") if n % 2 == 0 else None)
        store.mention(f"v/{n}", "q", name=f"陈大{n}")
        store.edge(f"v/{n}", "met", "p", "q")
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    ids = sorted(seen.public_ids(seen.resolve(f"v/{n}#p")[0] for n in range(8)).values())
    selection = Selection(seen, ids, (), ids)
    packed = zipfile.ZipFile(io.BytesIO(as_csv(selection)))
    for table in ("nodes.csv", "beyond.csv"):
        rows = packed.read(table).decode("utf-8-sig").splitlines()[1:]
        assert [row.partition(",")[0] for row in rows] == ids
    assert list(selection.about()) == ids
    assert list(drawn(seen, ids, ids).around) == ids


def test_who_is_in_a_picture_by_a_former_id_is_not_counted_as_left_out_of_it(store, reader_of):
    for name, other in (("v/1", "李公开"), ("v/2", "赵买家")):
        store.supply(name, "王伟", other, latest="2019-11-02")
    store.record("a/1")
    store.mention("a/1", "p", name="李公")
    reader = whole(reader_of(store.db))
    (hub,), (one,), (other,) = (reader.resolve(who) for who in ("王伟", "李公开", "赵买家"))
    former, hub_id, other_id = (reader.public_id(key) for key in (one, hub, other))
    store.move("v/1", "t", ("a/1", "p"))
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert seen.public_id(seen.resolve("李公开")[0]) != former, "the id has changed"
    left = [Beyond(id=hub_id, type="person", count=1, whole=True)]
    assert beyond(seen, [former, hub_id], [hub_id]) == left
    assert beyond(seen, [former, hub_id, other_id], [hub_id]) == []
    assert beyond(seen, [former, hub_id], [hub_id, other_id]) == left, "one who is not in the picture"


def test_an_alert_in_the_list_is_in_the_dossier_also_where_it_names_somebody_by_a_hidden_record(
    store, reader_of
):
    store.record("secret/7", case_no="2020-017")
    store.mention("secret/7", "x", name="王伟")
    store.record("v/1")
    store.mention("v/1", "s", name="王伟", address="海口", entity=("secret/7", "x"))
    store.mention("v/1", "t", name="赵买家")
    who = part_id("per", hash64("secret/7"), "x")
    alert = store.alert(
        Finding(
            rule="made_up", key="k", severity="low", raised=1, cases=(), region="460100", entities=(who,),
            records=("v/1",), reasons=("因",), against=(),
        )
    )  # fmt: skip
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert seen.standing_alerts() == {alert}
    alerts_of = {name: dossier(seen, seen.resolve(name)[0])["alerts"] for name in ("王伟", "赵买家")}
    assert alerts_of == {"王伟": [{"id": alert, "rule": "made_up", "severity": "low"}], "赵买家": []}
