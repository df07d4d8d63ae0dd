"""What one may not see does not exist for him: not in a name, not in a hit, not in a link, not in a count."""

from __future__ import annotations

import random

import msgspec
import pytest
from builder import phone

from graph.alerts import read_alert, read_alerts
from graph.seen import SeenReader, seen_by
from graph.seen_archive import NOT_TOLD
from graph.show import show
from graph.sight import WITHHELD
from graph.trace import trace
from schemas.alerts import Finding
from schemas.errors import NotFound
from schemas.ids import hash64, record_hash_of
from tests.graph.shown import everything_shown

REGIONS, CASES = ("460100", "460200", "440800"), (None, None, "2019-551", "2020-017")


def in_hainan(region, case):
    return case is None and region.startswith("46")


def team_of_551(region, case):
    return case == "2019-551" if case else region.startswith("46")


def all_of_it(_region, _case):
    return True


def nothing(_region, _case):
    return False


SCOPES = [in_hainan, team_of_551, all_of_it, nothing]
SERVER = pytest.mark.xdist_group("neo4j")
WORLDS = [("sqlite", 0), ("sqlite", 1), ("sqlite", 2), pytest.param("neo4j", 0, marks=SERVER)]
"""To ask the server everything takes ten times as long."""


def fill(store, seed):
    """Records of several regions and cases about few people; each record has a name, a number and an alias
    of its own, by which it would be known if anything of it were told.
    """
    chance = random.Random(seed)
    belongs = {}
    for number in range(14):
        name = f"own-{number}/1"
        belongs[name] = chance.choice(REGIONS), chance.choice(CASES)
        kind = chance.choice(("tip", "seizure"))
        body = {"kind": kind, "text": f"正文{number:02d}号"}
        region, case = belongs[name]
        store.record(
            name, kind=kind, region=region, case_no=case, body=body, reported=f"2019-12-{number + 1:02d}"
        )
        people = []
        for ref in ("s", "t"):
            who = chance.randrange(4)
            people.append(who)
            first = next((n for n in store.mentions if n[1] == f"m{who}"), None)
            store.mention(
                name, f"m{who}" if ref == "s" or people[0] != who else f"n{who}",
                name=f"林小{'甲乙丙丁'[who]}", aliases=(f"别名{number:02d}{ref}",),
                identifiers=(phone(f"1380000{number:02d}{'12'[ref == 't']}0"),), entity=first,
            )  # fmt: skip
        refs = [ref for (record, ref) in store.mentions if record == name]
        shared = store.value(name, "phone", "phone", f"1390000000{chance.randrange(2)}", refs[0])
        store.edge(name, "uses", refs[0], shared)
        store.edge(name, "supplied", refs[0], refs[1], latest=f"2019-11-{chance.randrange(1, 28):02d}")
        store.lot(name, "l", refs[0], substance=f"物{number:02d}", quantity=1.0, unit="克", grams=1.0)
        store.alert(
            Finding(
                rule="made_up", key=name, severity="low", raised=1, cases=(), region=region,
                entities=(), records=tuple({name, chance.choice(list(belongs))}),
                reasons=(f"因{number:02d}",), against=(),
            )
        )  # fmt: skip
    return belongs


def canaries(number):
    alias = [f"别名{number:02d}{ref}" for ref in "st"]
    numbers = [f"1380000{number:02d}{digit}0" for digit in "12"]
    return [f"own-{number}/", f"正文{number:02d}", f"物{number:02d}", f"因{number:02d}", *alias, *numbers]


def asked_for_everything(reader, belongs):
    """All answers of a reader to everything that anybody who knew the whole store could ask."""
    numbers = range(len(belongs))
    words = [*(f"林小{who}" for who in "甲乙丙丁"), "13900000000", *belongs]
    words += [word for number in numbers for word in canaries(number)]
    found = {key for word in words for key in (*reader.search(word), *reader.resolve(word))}
    keys = sorted(found | set(reader.all_entities()))
    ids, often = reader.public_ids(keys), whole(reader).parts.archive.spoken_often
    told = [
        reader.entities(keys), reader.labels(keys), reader.appearances(keys), reader.held_lots(keys),
        [reader.deliveries(keys, way) for way in ("up", "down")],
        [reader.withdrawn_deliveries(keys, way) for way in ("up", "down")],
        reader.values_used_by(keys), {key: reader.users_of(key) for key in keys if key < 0},
        [reader.edges_of(key) for key in keys], list(reader.all_edges()), reader.edges_among(keys, 1000),
        whole(reader).parts.portraits.brief(keys),
        sorted(whole(reader).parts.portraits.counts(keys), key=str),
        [reader.record(name) for name in belongs], [reader.entities_in(name) for name in belongs],
        list(read_alerts(reader)), list(reader.latest_findings()), list(reader.findings_about(ids.values())),
        sorted(reader.standing_alerts() if isinstance(reader, SeenReader) else dict(reader.findings())),
        sorted(often([key for key in keys if key < 0], 1000).items()),
        [trace(reader, key, way) for key in keys if key > 0 for way in ("up", "down")],
        [show(reader, reader.public_id(key)) for key in keys],
    ]  # fmt: skip
    return keys, msgspec.json.encode(told).decode()


def screens_of(seen):
    """What the console shows of it, without the questions."""
    return "".join(answer for _, answer in everything_shown(seen, ("林小甲", "own-3/1")))


@pytest.mark.parametrize("sees", SCOPES)
@pytest.mark.parametrize(("reader_of", "seed"), WORLDS, indirect=["reader_of"])
def test_nothing_that_is_asked_tells_of_a_record_that_may_not_be_seen(store, reader_of, sees, seed):
    belongs = fill(store, seed)
    seen = seen_by(whole(reader_of(store.db)), sees)
    told = asked_for_everything(seen, belongs)[1] + screens_of(seen)
    for number, name in enumerate(belongs):
        tells = [canary for canary in canaries(number) if canary in told]
        if sees(*belongs[name]):
            assert f"own-{number}/" in told
        else:
            assert tells == []


def test_who_may_see_all_is_answered_as_without_any_bounds(store, reader_of):
    belongs = fill(store, 0)
    reader = reader_of(store.db)
    keys, told = asked_for_everything(seen_by(whole(reader), all_of_it), belongs)
    keys_of_all, all_told = asked_for_everything(reader, belongs)
    assert (keys, msgspec.json.decode(told)) == (keys_of_all, msgspec.json.decode(all_told))


@pytest.mark.parametrize("sees", SCOPES)
@pytest.mark.parametrize(("reader_of", "seed"), WORLDS, indirect=["reader_of"])
def test_of_an_earlier_moment_nothing_is_told_of_a_record_that_has_moved_out_of_sight(
    store, reader_of, sees, seed
):
    belongs = fill(store, seed)
    then = store.moment(store.tx)
    moved = dict.fromkeys(list(belongs)[::3], ("440800", "2020-017"))
    for name, (region, case) in moved.items():
        store.close_record(name)
        store.record(name, revision=2, region=region, case_no=case)
    reader, later = whole(reader_of(store.db, then)), whole(reader_of(store.db))
    seen = seen_by(reader, sees, later)
    told = asked_for_everything(seen, belongs)[1] + screens_of(seen)
    for number, name in enumerate(belongs):
        tells = [canary for canary in canaries(number) if canary in told]
        if sees(*belongs[name]) and sees(*moved.get(name, belongs[name])):
            assert f"own-{number}/" in told
        else:
            assert tells == []


@pytest.mark.parametrize("sees", SCOPES)
def test_where_nothing_has_moved_an_earlier_moment_is_told_as_it_was(store, reader_of, sees):
    belongs = fill(store, 0)
    then = store.moment(store.tx)
    at_once = in_any_order(asked_for_everything(seen_by(whole(reader_of(store.db, then)), sees), belongs))
    store.record("own-99/1", region="440800", case_no="2020-017")
    reader, later = whole(reader_of(store.db, then)), whole(reader_of(store.db))
    assert in_any_order(asked_for_everything(seen_by(reader, sees, later), belongs)) == at_once


def in_any_order(told):
    """Answers without the order of what is in them, which Neo4j does not keep from reading to reading."""
    keys, text = told

    def sorted_all(value):
        if isinstance(value, dict):
            return {name: sorted_all(each) for name, each in value.items()}
        return sorted(map(sorted_all, value), key=str) if isinstance(value, list) else value

    return keys, sorted_all(msgspec.json.decode(text))


def whole(reader):
    """A reader on a test's store, as `seen_by` wants it."""
    return reader.present() if hasattr(reader, "present") else reader


def test_a_number_that_only_a_hidden_record_gives_finds_nobody(store, reader_of):
    store.record("open/1")
    store.mention("open/1", "p", name="林小满", identifiers=(phone("13800000001"),))
    store.record("hidden/1", case_no="2020-017")
    store.mention("hidden/1", "p", entity=("open/1", "p"), name="林小满", identifiers=(phone("13800000002"),))
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert seen.search("13800000002") == seen.search("0002") == []
    assert seen.resolve("13800000002") == seen.resolve("hidden/1#p") == ()
    (key,) = seen.resolve("13800000001")
    assert [each.value for each in seen.entities((key,))[0].identifiers] == ["13800000001"]
    assert seen.label(key) == "林小满"


def test_a_path_ends_before_what_is_hidden_and_says_only_that_something_is(store, reader_of):
    store.supply("open/1", "乙", "甲", latest="2019-11-02")
    store.supply("hidden/1", "丙", "乙", latest="2019-11-01")
    store.db.execute("UPDATE record SET case_no = '2020-017' WHERE name = 'hidden/1'")
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    (origin,) = seen.resolve("甲")
    found = trace(seen, origin)
    assert [[hop.source.label for hop in chain.hops] for chain in found.chains] == [["乙"]]
    assert found.excluded == ()
    assert seen.withheld


def test_nothing_is_said_to_be_withheld_where_nothing_is(store, reader_of):
    store.supply("open/1", "乙", "甲", latest="2019-11-02")
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    trace(seen, seen.resolve("甲")[0])
    assert not seen.withheld


def test_a_copy_of_a_tip_that_may_not_be_seen_is_no_voice_of_its_own(store, reader_of):
    store.record("hidden/1", case_no="2020-017")
    store.record("open/1")
    store.mention("open/1", "p", name="林小满")
    store.copy("open/1", "hidden/1")
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    (key,) = seen.resolve("open/1#p")
    assert seen.appearances((key,))[key][0].tellings == (WITHHELD,)
    assert seen.record("open/1").copy_of[0].record == WITHHELD


def test_somebody_of_whom_only_hidden_records_speak_is_unknown(store, reader_of):
    store.record("hidden/1", region="440800")
    store.mention("hidden/1", "p", name="林小满")
    reader = reader_of(store.db)
    identifier = reader.public_id(reader.resolve("林小满")[0])
    seen = seen_by(whole(reader), in_hainan)
    assert seen.resolve(identifier) == ()
    with pytest.raises(NotFound):
        show(seen, identifier)
    with pytest.raises(NotFound):
        show(seen, "hidden/1")


def test_many_hidden_edges_do_not_push_the_visible_ones_out(store, reader_of):
    store.supply("open/1", "乙", "甲", latest="2019-11-02")
    for number in range(12):
        store.supply(f"hidden/{number}", "乙", "甲", latest="2019-11-03")
    store.db.execute("UPDATE record SET case_no = '2020-017', reported = reported + 1 WHERE name LIKE 'hid%'")
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    (key,) = seen.resolve("甲")
    assert [edge.records for edge in seen.edges_of(key, 1)] == [("open/1",)]


def test_a_record_belongs_where_its_live_revision_does(store, reader_of):
    store.record("own/1", region="440800")
    store.close_record("own/1")
    store.record("own/1", region="460100", revision=2)
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert seen.visible(["own/1", "unknown/1"]) == {"own/1"}


def test_a_link_that_only_a_hidden_record_states_is_none(store, reader_of):
    """Both ends may be seen, and each for itself is."""
    store.record("open/1")
    store.mention("open/1", "p", name="林小满", identifiers=(phone("13800000001"),))
    number = store.value("open/1", "phone", "phone", "13900000000", "p")
    store.record("hidden/1", case_no="2020-017")
    store.mention("hidden/1", "p", entity=("open/1", "p"), name="林小满")
    store.value("hidden/1", "phone", "phone", "13900000000", "p")
    store.edge("hidden/1", "uses", "p", number)
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    (key,) = seen.resolve("open/1#p")
    assert seen.users_of(number) == []
    assert seen.values_used_by((key,)) == {}


def test_the_name_of_a_hidden_record_finds_nobody_it_speaks_of(store, reader_of):
    store.record("open/1")
    store.mention("open/1", "p", name="林小满")
    store.record("hidden/1", case_no="2020-017")
    store.mention("hidden/1", "p", entity=("open/1", "p"), name="林小满")
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert seen.search("hidden/1") == seen.entities_in("hidden/1") == []
    assert len(seen.search("open/1")) == 1


def test_the_words_of_an_alert_that_looked_at_hidden_records_are_not_told(store, reader_of):
    """The alert names visible records only, but was found by looking at all that is known of somebody."""
    store.record("open/1")
    store.mention("open/1", "p", name="林小满")
    identifier = reader_of(store.db).public_id(reader_of(store.db).resolve("open/1#p")[0])
    store.alert(
        Finding(
            rule="made_up", key="k", severity="high", raised=1, cases=("2020-017",), region="460100",
            entities=(identifier,), records=("open/1",), reasons=("秘密别名在2020-017案",), against=("秘密",),
        )
    )  # fmt: skip
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert [alert.reasons for alert in read_alerts(seen)] == [("秘密别名在2020-017案",)]
    store.record("hidden/1", case_no="2020-017")
    store.mention("hidden/1", "p", entity=("open/1", "p"), name="林小满", aliases=("秘密别名",))
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    (alert,) = read_alerts(seen)
    assert (alert.reasons, alert.against, alert.cases) == ((NOT_TOLD,), (), ())
    assert [entity.label for entity in alert.entities] == ["林小满"]
    assert read_alert(seen, alert.id).reasons == (NOT_TOLD,)


def test_an_id_is_made_of_no_record_that_may_not_be_seen(store, reader_of):
    store.record("hidden/1", case_no="2020-017", reported="2019-11-01")
    store.mention("hidden/1", "p", name="林小满")
    store.record("open/1")
    store.mention("open/1", "q", entity=("hidden/1", "p"), name="林小满", aliases=("阿满",))
    store.mention("open/1", "r", name="陈大勇")
    store.edge("open/1", "met", "q", "r")
    reader = whole(reader_of(store.db))
    (true_id,) = reader.public_ids(reader.resolve("hidden/1#p")).values()
    seen = seen_by(reader, in_hainan)
    (key,) = seen.resolve("open/1#q")
    own = seen.public_id(key)
    assert record_hash_of(true_id) == hash64("hidden/1")
    assert record_hash_of(own) == hash64("open/1")
    assert seen.resolve(own) == (key,)
    assert seen.resolve(true_id) == ()
    assert seen.parts.identities.keys([true_id, own]) == {own: key}
    (edge,) = seen.edges_of(key)
    assert edge.source == own
    assert [entity.id for entity in seen.entities((key,))] == [own]
    assert true_id not in msgspec.json.encode([list(seen.all_edges()), show(seen, own)]).decode()


def test_hidden_records_do_not_rank_what_search_finds(store, reader_of):
    for who, records in (("甲", 1), ("乙", 2)):
        for number in range(records):
            store.record(f"open-{who}/{number}")
            first = ("open-" + who + "/0", "p") if number else None
            store.mention(f"open-{who}/{number}", "p", name="林小满", address=f"{who}{number}", entity=first)
    for number in range(5):
        store.record(f"hidden/{number}", case_no="2020-017")
        first = ("open-甲/0", "p")
        store.mention(f"hidden/{number}", "p", name="林小满", address=f"别{number}", entity=first)
    reader = whole(reader_of(store.db))
    assert reader.search("林小满")[0] == reader.resolve("open-甲/0#p")[0]
    seen = seen_by(reader, in_hainan)
    assert seen.search("林小满")[0] == seen.resolve("open-乙/0#p")[0]


def test_the_words_of_an_alert_are_not_told_where_nobody_knows_any_more_what_it_looked_at(store, reader_of):
    """Whom it spoke of is gone, or it was taken back: hidden records may have gone with that."""
    store.record("open/1")
    store.mention("open/1", "p", name="林小满")
    reader = whole(reader_of(store.db))
    here, gone = reader.public_id(reader.resolve("open/1#p")[0]), "per-aaaaaaaaaaaaaaaaaa"
    alerts = {
        who: store.alert(
            Finding(
                rule="made_up", key=who, severity="high", raised=1, cases=(), region="460100",
                entities=(who,), records=("open/1",), reasons=("理由",), against=(),
            )
        )
        for who in (here, gone)
    }  # fmt: skip
    seen = seen_by(whole(reader_of(store.db)), in_hainan)
    assert {who: read_alert(seen, alert).reasons for who, alert in alerts.items()} == {
        here: ("理由",), gone: (NOT_TOLD,)
    }  # fmt: skip
    store.begin()
    store.db.execute("UPDATE alert SET closed = ?", (store.tx,))
    found = read_alert(seen_by(whole(reader_of(store.db)), in_hainan), alerts[here])
    assert (found.state, found.reasons) == ("withdrawn", (NOT_TOLD,))
