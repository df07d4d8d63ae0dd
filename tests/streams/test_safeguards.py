"""The rules without which this software is not acceptable: purpose, users, notices, slang, masks."""

from __future__ import annotations

import copy
import json
import random
import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.alerts import read_alerts
from graph.export import canonical
from graph.sqlite.reader import SqliteReader
from graph.trace import trace
from schemas.entities import NOTICE
from streams.simulate.scenario import scenario
from streams.simulate.world import Options, simulate
from tests.streams.made_up import Document, numbered, open_owner, record, refused, tip
from tests.streams.worlds import desk, first_difference

pytestmark = pytest.mark.xdist_group("safeguards")  # one process makes what they share, not each

REFUSED_PURPOSES = ("rehabilitation", "health", "supervision")


@pytest.fixture
def owner(tmp_path):
    with open_owner(tmp_path) as opened:
        yield opened


def exported(owner):
    return list(canonical(SqliteReader(owner.connection)))


def alerts_of(owner):
    return list(read_alerts(SqliteReader(owner.connection)))


@pytest.fixture(scope="module")
def case551(tmp_path_factory):
    """The documents of the 2019-551 scenario, and an owner that has taken them in."""
    lines = list(scenario().lines)
    with open_owner(tmp_path_factory.mktemp("case551")) as opened:
        opened.ingest(numbered(lines))
        yield [json.loads(each) for each in lines if _is_json(each)], opened


def _is_json(body):
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


# --- purpose --------------------------------------------------------------------------------------


def test_records_of_rehabilitation_health_and_supervision_change_nothing_at_all(tmp_path):
    """Each is a copy of a record about somebody, under a name of its own and with care as its purpose."""
    world = list(simulate(41, 900, Options(networks=0.5)))
    chance = random.Random(1)
    mixed = list(world)
    for number, document in enumerate(chance.sample([d for d in world if d["kind"] != "withdrawal"], 120)):
        purpose = REFUSED_PURPOSES[number % 3]
        care = document | {"source": "care", "source_id": str(number), "purpose": purpose, "case": "2019-551"}
        mixed.insert(chance.randrange(len(mixed)), care)
    exports = []
    for name, documents in (("without", world), ("with", mixed)):
        (tmp_path / name).mkdir()
        with open_owner(tmp_path / name) as owner:
            report = owner.ingest(numbered(documents), batch=100)
            exports.append((exported(owner), alerts_of(owner)))
            assert report.rejected.get("purpose", 0) == len(documents) - len(world)
            assert {reason for reason, _ in refused(owner)} <= {"purpose"}
    assert exports[0][0] == exports[1][0], first_difference(exports[0][0], exports[1][0])
    assert exports[0][1] == exports[1][1]
    assert exports[0][1], "the world raises alerts that could have changed"


def test_a_purpose_of_care_does_not_even_replace_an_earlier_revision(owner):
    seen = tip(1, persons=[{"ref": "p", "name": "林小满"}])
    owner.ingest(numbered([seen]))
    known = exported(owner)
    owner.ingest(numbered([seen | {"revision": 2, "purpose": "health", "persons": None}]))
    assert exported(owner) == known


# --- users ----------------------------------------------------------------------------------------


def with_roles(documents, role_of):
    made = copy.deepcopy(documents)
    for document in made:
        for person in document.get("persons") or ():
            person["role"] = role_of(person)
    return made


def without_roles(value):
    """The same without any role, and without the note that says that a role counts for nothing."""
    if isinstance(value, dict):
        return {key: without_roles(each) for key, each in value.items() if key != "role"}
    if isinstance(value, list):
        return [without_roles(each) for each in value if not _is_note(each)]
    return value


_NOTE = tomllib.loads(resources.files("streams.rules").joinpath("common.toml").read_text("utf-8"))["against"]


def _is_note(each):
    return isinstance(each, str) and each.endswith(_NOTE["user_only"].partition("{who}")[2])


def known_with(documents, role_of, folder):
    """Export, scores and traces of the documents when roles are given so; all without the roles."""
    folder.mkdir()
    with open_owner(folder) as owner:
        owner.ingest(numbered(with_roles(documents, role_of)))
        reader = SqliteReader(owner.connection)
        nodes = [json.loads(each) for each in exported(owner)]
        pairs = owner.connection.execute("SELECT * FROM pair ORDER BY a, b").fetchall()
        held = sorted({node for (node,) in owner.connection.execute("SELECT holder FROM lot") if node})
        traces = [trace(reader, key) for key in sorted(set(reader.entity_of_nodes(held).values()))]
        return without_roles(nodes), pairs, traces


def test_marking_people_as_known_users_changes_no_score_cluster_alert_or_trace(tmp_path, case551):
    documents, _ = case551
    unknown = known_with(documents, lambda _: "unknown", tmp_path / "unknown")
    chance = random.Random(1)
    for name, role_of in (("user", lambda _: "user"), ("some", lambda _: chance.choice(("user", "unknown")))):
        other = known_with(documents, role_of, tmp_path / name)
        for left, right in zip(unknown, other, strict=True):
            assert left == right
    assert any("alert" in each for each in unknown[0])
    assert unknown[1]
    assert any(found.chains for found in unknown[2])


# --- alerts ---------------------------------------------------------------------------------------

VERDICTS = ("抓捕", "逮捕", "拘捕", "罪犯", "有罪", "毒贩", "犯罪分子", "嫌犯", "guilty", "arrest")


def test_every_alert_says_that_it_is_no_evidence_why_it_is_there_and_what_speaks_against_it(case551):
    _, owner = case551
    alerts = alerts_of(owner)
    assert len({alert.rule for alert in alerts}) >= 4, {alert.rule for alert in alerts}
    for alert in alerts:
        assert alert.notice == NOTICE == "线索，非证据"
        assert alert.reasons
        assert all(reason.strip() for reason in alert.reasons)
        assert alert.against
        assert all(doubt.strip() for doubt in alert.against)
        assert alert.records
        assert alert.entities


def test_no_alert_speaks_of_guilt_or_arrest(case551):
    _, owner = case551
    for alert in alerts_of(owner):
        said = " ".join((*alert.reasons, *alert.against))
        assert not [word for word in VERDICTS if word in said]


def test_every_alert_names_only_records_that_live(case551):
    _, owner = case551
    live = {
        name
        for (name,) in owner.connection.execute(
            "SELECT name FROM record WHERE closed = ? AND opened < closed", (1 << 62,)
        )
    }
    for alert in alerts_of(owner):
        assert set(alert.records) <= live


def test_withdrawing_all_evidence_withdraws_all_alerts(tmp_path, case551):
    documents, _ = case551
    names = {(d["source"], d["source_id"]) for d in documents if d["kind"] != "withdrawal"}
    gone = [
        record("withdrawal", number, source=source, reported_at="2023-01-01T00:00:00+08:00")
        for source, number in sorted(names)
    ]
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(documents))
        assert alerts_of(owner)
        owner.ingest(numbered(gone))
        assert alerts_of(owner) == []
        assert exported(owner) == []


# --- slang ----------------------------------------------------------------------------------------

SLANG = tuple(
    word
    for substance in tomllib.loads(
        resources.files("schemas.reference").joinpath("substances.toml").read_text("utf-8")
    )["substance"]
    for word in substance.get("slang", ())
)


def _seized(phone):
    """A later seizure of named goods from somebody with that number, recorded by somebody else."""
    holder = {"ref": "p", "name": "林小满", "phones": [phone]}
    lot = {"ref": "l", "substance": "甲基苯丙胺", "quantity": 5, "unit": "克", "held_by": "p"}
    return record(
        "seizure", "s", source="other", reported_at="2019-07-01T10:00:00+08:00", persons=[holder], lots=[lot]
    )


def _after_a_tip_of(word, owner):
    said = tip(1, text=f"13800001234有{word}", persons=[{"ref": "p", "phones": ["13800001234"]}])
    owner.ingest(numbered([said, _seized("13800001234")]))
    (lead,) = owner.connection.execute("SELECT lead FROM record WHERE kind = 'tip'").fetchone()
    return lead, [alert.rule for alert in alerts_of(owner)]


@pytest.mark.parametrize("word", SLANG)
def test_a_tip_with_nothing_but_a_slang_word_is_no_lead_and_raises_no_alert(word):
    with desk() as one:
        assert _after_a_tip_of(word, one.owner) == (0, [])


@pytest.mark.parametrize("word", ["甲基苯丙胺", "冰毒", "氯胺酮"])
def test_the_same_tip_with_the_name_of_the_goods_is_a_lead_that_is_corroborated(word):
    with desk() as one:
        assert _after_a_tip_of(word, one.owner) == (1, ["corroborated_tip"])


# --- masks ----------------------------------------------------------------------------------------

MASKED: dict[str, tuple[object, ...]] = {
    "name": ("林某某", "林某满", "林*满", "林**", "林某", "阿满", None),
    "phones": (["138****1234"], ["1380000****"], ["138 **** 1234"], ["138xxxx1234"], None),
    "id_number": ("460106********0013", "46010619900307****", "4601061990****0013", None),
    "wechat": (["wx_****_1"], None),
    "bank_cards": (["6222 **** **** 1234"], None),
    "gender": ("female", None),
}
MASKED_PERSON = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in MASKED.items()})


def people_in(owner, documents: list[Document]):
    owner.ingest(numbered(documents))
    keys = SqliteReader(owner.connection).all_entities()
    everyone = SqliteReader(owner.connection).entities(keys)
    return [entity for entity in everyone if entity.type == "person"]


@given(st.lists(MASKED_PERSON, min_size=2, max_size=6))
def test_whatever_is_only_known_behind_masks_is_never_one(people):
    documents = [tip(n, persons=[{"ref": "p", **person}], case="2019-551") for n, person in enumerate(people)]
    with desk() as one:
        found = people_in(one.owner, documents)
        assert sorted(len(entity.mentions) for entity in found) == [1] * len(people)


def test_equal_masks_raise_no_score_of_others_that_do_not_suffice():
    """Two namesakes stay two when the same mask is put on both, and become one with the number in clear."""
    for phone, people in ((None, 2), ("138****1234", 2), ("13800001234", 1)):
        with desk() as one:
            person = {"ref": "p", "name": "王伟", "phones": phone and [phone]}
            assert len(people_in(one.owner, [tip(1, persons=[person]), tip(2, persons=[person])])) == people


def test_a_mask_that_fits_adds_nothing_and_one_that_does_not_speaks_against():
    person = {"ref": "p", "name": "欧阳雀屏", "birth_date": "1990-03-07"}
    whole = person | {"id_number": "460106199003070013"}
    bits, people = [], []
    for number in (None, "460106********0013", "460106********0029"):
        with desk() as one:
            masked = person | {"id_number": number}
            people.append(len(people_in(one.owner, [tip(1, persons=[whole]), tip(2, persons=[masked])])))
            bits.append(one.owner.connection.execute("SELECT bits FROM pair").fetchone()[0])
    assert bits[0] == bits[1] > bits[2]
    assert people == [1, 1, 2]
