"""The SQLite reader: who is who, at which moment, on which records."""

from __future__ import annotations

import sqlite3

import pytest
from builder import StoreBuilder, at, phone

from graph.port import Processed
from graph.sqlite.reader import SqliteReader, open_reader
from schemas.claims import Identifier
from schemas.errors import NotFound, StoreForeign, StoreLocked, StoreUnavailable
from schemas.ids import hash64, part_id, whole_id

ID = Identifier("id_number", "460100199003070031")


@pytest.fixture
def reader(store, reader_of):
    return reader_of(store.db)


def labels(reader, keys):
    return [reader.label(key) for key in keys]


def test_an_entity_shows_its_mentions_identifiers_and_names_with_their_records(store, reader):
    store.record("b/2")
    store.mention("b/2", "p1", name="林小强", aliases=("阿强",), identifiers=(phone("13800001234"),))
    store.record("a/1")
    store.mention("a/1", "x", entity=("b/2", "p1"), name="林某某", identifiers=(phone("13800001234"),))
    (key,) = reader.resolve("林小强")
    (entity,) = reader.entities([key])
    assert entity.id == part_id("per", hash64("b/2"), "p1")
    assert (entity.type, entity.label, entity.aliases) == ("person", "林小强", ("林某某", "阿强"))
    assert [(one.record, one.ref) for one in entity.mentions] == [("a/1", "x"), ("b/2", "p1")]
    assert [(one.kind, one.value, one.records) for one in entity.identifiers] == [
        ("phone", "13800001234", ("a/1", "b/2"))
    ]


def test_a_value_is_an_entity_named_by_itself(store, reader):
    store.record("a/1")
    node = store.value("a/1", "phone", "phone", "13800001234")
    store.value("a/1", "place", "region", "460106")
    (entity,) = reader.entities(reader.resolve("13800001234"))
    assert (entity.id, entity.type) == (whole_id("pho", "phone", "phone", "13800001234"), "phone")
    assert entity.mentions[0].span == (3, 14)
    assert reader.resolve(entity.id) == (node,)
    (place,) = reader.entities(reader.resolve("460106"))
    assert "龙华" in place.label


def test_the_label_is_the_most_frequent_open_name_whatever_the_order(store, reader):
    for number, name in enumerate(("林某某", "林某某", "林晓强", "林小强", "林小强")):
        store.record(f"a/{number}")
        store.mention(f"a/{number}", "p", entity=("a/0", "p") if number else None, name=name)
    assert labels(reader, reader.resolve("a/4#p")) == ["林小强"]


def test_without_an_open_name_mask_nickname_number_and_place_in_the_record_follow(store, reader):
    store.record("a/1")
    store.mention("a/1", "m", name="林某某", aliases=("阿强",))
    store.mention("a/1", "n", name="阿明", identifiers=(phone("13800001111"),))
    store.mention("a/1", "v", "vehicle", identifiers=(Identifier("plate", "琼A12345"),))
    store.mention("a/1", "w", "vehicle", colour="白")
    shown = [reader.label(reader.resolve(f"a/1#{ref}")[0]) for ref in "mnvw"]
    assert shown == ["林某某", "阿明", "琼A12345", "a/1#w"]


def test_a_name_resolves_to_all_who_bear_it_and_an_alias_counts(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟", birth="1990")
    store.mention("a/1", "q", name="王伟", birth="1991")
    store.mention("a/1", "r", name="陈大文", aliases=("王 伟",))
    store.mention("a/1", "s", name="王伟强")
    assert len(reader.resolve("王伟")) == 3
    assert len(reader.resolve("陳大文")) == 1
    assert reader.resolve("王") == ()
    assert reader.resolve("") == ()


def test_an_alias_finds_its_bearer(store, reader):
    store.record("a/1")
    store.mention("a/1", "r", name="陈大文", aliases=("气体陈",))
    assert labels(reader, reader.resolve("气体陈")) == ["陈大文"]


def test_an_identifier_resolves_to_who_carries_it_before_the_number_itself(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟", identifiers=(ID, phone("13800001234")))
    store.value("a/1", "phone", "phone", "13800001234")
    store.value("a/1", "phone", "phone", "13900009999")
    store.mention("a/1", "v", "vehicle", identifiers=(Identifier("plate", "琼A12345"),))
    assert labels(reader, reader.resolve("+86 138-0000-1234")) == ["王伟"]
    assert labels(reader, reader.resolve(ID.value)) == ["王伟"]
    assert labels(reader, reader.resolve("琼A·12345")) == ["琼A12345"]
    assert [reader.type_of(key) for key in reader.resolve("13900009999")] == ["phone"]
    assert reader.resolve("138****1234") == ()


def test_a_ref_names_the_person_and_not_the_number_that_stands_under_it(store, reader):
    store.record("a/1")
    store.value("a/1", "place", "region", "460100", ref="")
    store.value("a/1", "phone", "phone", "13800001234", ref="p")
    store.mention("a/1", "p", name="王伟")
    assert labels(reader, reader.resolve("a/1#p")) == ["王伟"]
    assert labels(reader, reader.resolve(reader.public_id(store.mentions["a/1", "p"]))) == ["王伟"]
    assert reader.resolve("a/1#q") == ()


def test_a_mention_from_text_is_named_by_its_span(store, reader):
    store.record("a/1")
    store.value("a/1", "phone", "phone", "13800001234")
    assert labels(reader, reader.resolve("a/1#@3-14")) == ["13800001234"]


def test_a_former_id_goes_on_resolving_after_a_merge(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟")
    store.record("a/2")
    store.mention("a/2", "p", name="王玮")
    former = reader.public_id(reader.resolve("王玮")[0])
    store.move("a/2", "p", ("a/1", "p"))
    assert reader.resolve(former) == reader.resolve("王伟") == reader.resolve("a/2#p")
    assert len(reader.entities(reader.resolve(former))[0].mentions) == 2


def test_an_id_made_of_a_withdrawn_mention_still_names_the_person_others_speak_of(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟")
    store.record("a/2")
    store.mention("a/2", "p", name="王伟")
    former = reader.public_id(reader.resolve("王伟")[0])
    store.withdraw("a/1")
    store.move("a/2", "p", ("a/2", "p"))
    assert reader.resolve(former) == (store.mentions["a/2", "p"],)
    assert [one.record for one in reader.entities(reader.resolve(former))[0].mentions] == ["a/2"]


def test_an_id_from_a_replaced_revision_is_found_in_the_live_one(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟")
    former = reader.public_id(reader.resolve("王伟")[0])
    store.withdraw("a/1")
    store.record("a/1", revision=2)
    store.mention("a/1", "p", name="王炜", birth="1990")
    assert labels(reader, reader.resolve(former)) == ["王炜"]


def test_nothing_resolves_to_what_was_withdrawn(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟", identifiers=(phone("13800001234"),))
    store.value("a/1", "phone", "phone", "13800001234")
    identifier = reader.public_id(reader.resolve("王伟")[0])
    store.withdraw("a/1")
    for who in ("王伟", identifier, "13800001234", "a/1#p"):
        assert reader.resolve(who) == ()
    assert list(reader.all_entities()) == []
    assert reader.search("王伟") == []


def test_as_of_gives_what_was_known_then(store, reader_of):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟")
    store.record("a/2")
    store.mention("a/2", "p", name="王玮")
    store.move("a/2", "p", ("a/1", "p"))
    store.withdraw("a/1")

    def known(moment):
        reader = reader_of(store.db, moment)
        return [sorted({one.record for one in e.mentions}) for e in reader.entities(reader.all_entities())]

    assert known(store.moment(1) - 1) == []
    assert known(store.moment(1)) == [["a/1"]]
    assert known(store.moment(3) - 1) == [["a/1"], ["a/2"]]
    assert known(store.moment(3)) == [["a/1", "a/2"]]
    assert known(None) == [["a/2"]]


def test_all_entities_come_by_key_in_any_batch_size(store, reader):
    store.record("a/1")
    for number in range(5):
        store.mention("a/1", f"p{number}", name=f"王{number}")
        store.value("a/1", "phone", "phone", f"1380000000{number}")
    everyone = list(reader.all_entities())
    assert everyone == sorted(everyone)
    assert len(everyone) == 10
    assert list(reader.all_entities(batch=2)) == everyone


def test_an_entity_appears_once_a_record_with_its_weightiest_role(store, reader):
    store.record("b/2", reported="2019-12-02", kind="interception", line=2, checkpoint="haikou-xinhai")
    store.mention("b/2", "p", name="王伟", role="witness")
    store.record("b/1", reported="2019-12-01", grade="B4", doubts="denied hearsay")
    store.mention("b/1", "p", name="王伟")
    store.mention("b/1", "q", name="王伟", role="suspect")
    (key,) = reader.resolve("王伟")
    first, second = reader.appearances([key])[key]
    assert (first.record, first.role, first.grade, first.doubts, first.copy_of, first.lead) == (
        "b/1", "suspect", "B4", "denied hearsay", (), True,
    )  # fmt: skip
    assert second.doubts is None
    assert (second.record, second.line, second.checkpoint, second.reported) == (
        "b/2", 2, "haikou-xinhai", at("2019-12-02"),
    )  # fmt: skip


def test_a_copy_appears_as_one_of_the_tip_told_first_while_it_is_one(store, reader, reader_of):
    for name in ("a/1", "b/1"):
        store.record(name)
        store.mention(name, "p", name="王伟")
    (key,) = reader.resolve("王伟")
    store.copy("b/1", "a/1")
    then = store.moment(store.tx)
    store.close_copy("b/1")
    assert [seen.copy_of for seen in reader_of(store.db, then).appearances([key])[key]] == [(), ("a/1",)]
    assert [seen.copy_of for seen in reader_of(store.db, then - 1).appearances([key])[key]] == [(), ()]
    assert [seen.tellings for seen in reader_of(store.db).appearances([key])[key]] == [("a/1",), ("b/1",)]


def test_what_was_merged_of_several_appears_as_a_copy_of_all_in_their_order(store, reader):
    for name in ("a/1", "b/1", "c/1"):
        store.record(name)
    store.mention("c/1", "p", name="王伟")
    store.copy("c/1", "b/1", alike=0.75)
    store.copy("c/1", "a/1", alike=1.0)
    (key,) = reader.resolve("王伟")
    assert reader.appearances([key])[key][0].copy_of == ("b/1", "a/1")
    assert [(each.record, each.alike) for each in reader.record("c/1").copy_of] == [
        ("b/1", 0.75),
        ("a/1", 1.0),
    ]


def test_deliveries_join_entities_not_profiles_and_leave_loops_out(store, reader):
    store.supply("a/1", "陈大文", "王伟", substance="nitrous_oxide", earliest="2019-06-01")
    store.supply("a/2", "陈大文", "王玮", confidence=0.4)
    store.supply("a/3", "王伟", "王玮")
    store.move("a/2", "t", ("a/1", "t"))
    (who,) = reader.resolve("王伟")
    (source,) = reader.resolve("陈大文")
    found = sorted(reader.deliveries([who], "up"), key=lambda one: one.record)
    assert [(one.source, one.target, one.record, one.confidence) for one in found] == [
        (source, who, "a/1", 0.9),
        (source, who, "a/2", 0.4),
    ]
    assert found[0].substance == "nitrous_oxide"
    assert found[0].earliest == at("2019-06-01")
    down = sorted(reader.deliveries([source], "down"), key=lambda one: one.record)
    assert down == found
    assert reader.deliveries([source], "up") == []


def test_a_withdrawn_delivery_is_found_at_whom_it_spoke_of_even_under_another_profile(store, reader):
    store.supply("a/1", "陈大文", "王玮")
    store.record("a/2")
    store.mention("a/2", "p", name="王伟", entity=("a/1", "t"))
    store.withdraw("a/1")
    store.move("a/2", "p", ("a/2", "p"))
    (key,) = reader.resolve("王伟")
    (gone,) = reader.withdrawn_deliveries([key], "up")
    assert (gone.target, gone.record) == (key, "a/1")
    assert reader.public_id(gone.source) == part_id("per", hash64("a/1"), "s")
    assert reader.deliveries([key], "up") == []


def test_a_replaced_revision_is_not_called_withdrawn(store, reader):
    store.supply("a/1", "陈大文", "王伟")
    store.close_record("a/1")
    store.record("a/1", revision=2)
    store.mention("a/1", "t", name="王伟")
    (key,) = reader.resolve("王伟")
    assert reader.withdrawn_deliveries([key], "up") == []


def test_lots_and_numbers_belong_to_whoever_holds_and_uses_them(store, reader):
    store.record("a/1")
    store.mention("a/1", "p", name="王伟")
    store.lot("a/1", "lots/1", "p", substance="nitrous_oxide", quantity=8.0, unit="g", grams=8.0)
    node = store.value("a/1", "phone", "phone", "13800001234")
    store.edge("a/1", "uses", "p", node)
    (key,) = reader.resolve("王伟")
    (lot,) = reader.held_lots([key])[key]
    assert (lot.record, lot.substance, lot.grams) == ("a/1", "nitrous_oxide", 8.0)
    assert reader.users_of(node) == [key]
    assert reader.values_used_by([key]) == {key: [node]}
    store.withdraw("a/1")
    assert (reader.held_lots([key]), reader.users_of(node), reader.values_used_by([key])) == ({}, [], {})


def test_an_edge_is_found_by_its_id_and_at_both_its_ends(store, reader):
    store.supply("a/1", "陈大文", "王伟", earliest="2019-06-01", latest="2019-06-02", amount=500.0)
    (edge,) = reader.edges_of(reader.resolve("王伟")[0])
    assert edge == reader.edges_of(reader.resolve("陈大文")[0])[0] == reader.edge(edge.id)
    assert [edge] == list(reader.all_edges(batch=1))
    assert edge.id == part_id("edg", hash64("a/1"), "supplied/s/t")
    assert (edge.earliest, edge.latest) == ("2019-06-01T00:00:00+08:00", "2019-06-02T00:00:00+08:00")
    assert edge.records == ("a/1",)
    store.withdraw("a/1")
    assert reader.edge(edge.id) is None
    assert reader.edge("edg-nonsense") is None


def test_a_record_says_whether_it_lives_and_why_not(store, reader, reader_of):
    store.record("a/1", body={"kind": "tip", "text": "笑气"})
    assert reader.record("a/1").live
    assert reader.record("a/1").body == {"kind": "tip", "text": "笑气"}
    store.withdraw("a/1", reason="误报")
    kept = reader.record("a/1")
    assert (kept.live, kept.withdrawn_because) == (False, "误报")
    assert reader_of(store.db, store.moment(1)).record("a/1").live
    assert reader.record("a/2") is None


def test_a_record_that_came_by_a_log_says_who_prepared_it_and_where_from(store, reader):
    rec = store.record("a/1")
    store._insert("provenance", rec=rec, worker="intake-1", topic="suyuan.raw.tip", part=3, position=17)
    store.record("a/2")
    assert reader.record("a/1").processed == Processed("intake-1", "suyuan.raw.tip", 3, 17)
    assert reader.record("a/2").processed is None


def test_an_unknown_key_is_not_found(reader):
    with pytest.raises(NotFound):
        reader.public_id(999)


def test_a_key_list_longer_than_one_statement_takes_is_answered_whole(store, reader):
    store.record("a/1")
    keys = [store.mention("a/1", f"p{n}", name=f"王{n}") for n in range(50)]
    wanted = [*range(10**6, 10**6 + 12_000), *keys]
    assert set(reader.entity_of_nodes(wanted).values()) == set(keys)
    assert len(reader.entities(keys * 30)) == 1500


def test_what_the_writer_has_not_committed_is_seen_on_its_own_connection_only(tmp_path):
    path = tmp_path / "s.db"
    writer = StoreBuilder(path)
    writer.db.execute("PRAGMA journal_mode = WAL")
    writer.record("a/1")
    writer.db.execute("BEGIN")
    writer.mention("a/1", "p", name="王伟")
    assert len(SqliteReader(writer.db).resolve("王伟")) == 1
    with open_reader(path) as reader:
        assert reader.resolve("王伟") == ()
        writer.db.execute("COMMIT")
        assert reader.resolve("王伟") == (), "an open reader keeps to its moment"
    with open_reader(path) as reader:
        assert len(reader.resolve("王伟")) == 1
        with pytest.raises(sqlite3.OperationalError):
            reader._view.connection.execute("DELETE FROM record")
    writer.db.close()


def test_a_missing_foreign_or_locked_file_is_a_clear_error(tmp_path):
    with pytest.raises(StoreUnavailable, match="no store"), open_reader(tmp_path / "none.db"):
        pass
    with pytest.raises(StoreUnavailable), open_reader(tmp_path):
        pass
    letter = tmp_path / "letter.db"
    letter.write_text("not a database at all, but long enough to be read as a header" * 20)
    with pytest.raises(StoreForeign), open_reader(letter):
        pass
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE record (rec)")
    foreign.close()
    with pytest.raises(StoreForeign), open_reader(other):
        pass


def test_a_store_of_another_version_is_foreign(tmp_path):
    path = tmp_path / "s.db"
    store = StoreBuilder(path)
    store.db.execute("PRAGMA user_version = 99")
    store.db.close()
    with pytest.raises(StoreForeign, match="version 99"), open_reader(path):
        pass


def test_a_store_that_someone_keeps_to_himself_is_locked(tmp_path, monkeypatch):
    monkeypatch.setattr("graph.sqlite.reader._WAIT_SECONDS", 0.05)
    path = tmp_path / "s.db"
    writer = StoreBuilder(path)
    writer.db.execute("PRAGMA locking_mode = EXCLUSIVE")
    writer.db.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked), open_reader(path):
        pass
    writer.db.execute("ROLLBACK")
    writer.db.close()


def test_a_received_revision_that_never_lived_shows_nowhere(store, reader):
    store.record("a/1", revision=2)
    store.mention("a/1", "p", name="王伟")
    store.db.execute(
        "INSERT INTO record (hash, name, kind, revision, reported, source, region, lead, digest,"
        " opened, closed) VALUES (?, 'a/1', 'tip', 1, 0, 'a', '460100', 1, x'', 2, 2)",
        (hash64("a/1"),),
    )
    assert reader.record("a/1").revision == 2
