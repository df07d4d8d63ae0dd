from __future__ import annotations

import json
import re

import pytest

from schemas.reference.checkpoints import checkpoint
from streams.simulate.scenario import scenario, write_scenario


def readable(demo):
    found = []
    for line in demo.lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def told(demo, kind):
    return [line[kind] for line in demo.truth if kind in line]


@pytest.fixture(scope="module")
def case(demo):
    (figures,) = told(demo, "case")
    return figures


def person_of(demo):
    return {m: line["person"] for line in demo.truth if "person" in line for m in line["mentions"]}


def test_it_is_the_same_every_time(demo):
    assert scenario() == demo
    assert scenario(552).lines != demo.lines


def test_the_ring_has_37_people_in_every_role_and_all_are_in_the_records(demo, case):
    people = [key for keys in case["people"].values() for key in keys]
    assert len(people) == len(set(people)) == 37
    assert all(case["people"][role] for role in ("producer", "filler", "agent", "courier", "user"))
    assert set(people) <= set(person_of(demo).values())


def test_nearly_2000_litres_and_over_100000_yuan_were_taken(demo, case):
    raids = [r for r in readable(demo) if r.get("source_id", "").startswith("2020-0420-")]
    litres = sum(lot["quantity"] for r in raids for lot in r["lots"])
    yuan = sum(money["amount"] for r in raids for money in r["money"])
    assert (litres, yuan) == (case["litres"], case["yuan"])
    assert 1900 < litres < 2000
    assert yuan > 100_000


def test_the_ring_is_seen_among_thousands_of_innocent_records(demo):
    assert sum(r.get("outcome") == "released" for r in readable(demo)) > 2000
    assert len(demo.lines) < 3600


def test_everything_happens_between_may_2019_and_april_2020(demo):
    good = [r for r in readable(demo) if not str(r.get("source_id")).startswith("R-")]
    days = sorted(r["reported_at"][:10] for r in good)
    assert days[0] >= "2019-05-01"
    assert days[-1] <= "2020-05-31"


def test_the_chain_leads_from_the_street_to_the_producer(demo, case):
    (source,) = [s for s in told(demo, "source") if s["origin"] == demo.origin]
    assert source["producers"] == [demo.producer] == case["people"]["producer"]
    assert person_of(demo)[demo.origin] in case["people"]["user"]


def test_the_chain_has_five_hops_that_each_stand_on_another_kind_of_statement(demo):
    found = told(demo, "delivery")
    here, bases = person_of(demo)[demo.origin], []
    reseller, driver, filler, agent = (
        told(demo, "case")[0]["people"][role][0] for role in ("reseller", "courier", "filler", "agent")
    )
    for supplier in (agent, filler, driver, reseller, demo.producer):
        bases.append({d["basis"] for d in found if (d["from"], d["to"]) == (supplier, here)})
        here = supplier
    for hop, basis in zip(bases, ("payment", "parcel", "relation", "carriage", "relation"), strict=True):
        assert basis in hop


def test_users_in_several_regions_lead_to_the_same_producer(demo):
    origins = [s["origin"] for s in told(demo, "source") if demo.producer in s["producers"]]
    assert len(origins) >= 10
    assert len({origin[:6] for origin in origins}) >= 4


def test_one_tip_is_a_hoax_one_is_corrected_one_withdrawn_and_some_are_copies(demo):
    (hoax,) = told(demo, "hoax")
    names = {f"{r.get('source')}/{r.get('source_id')}": r for r in readable(demo)}
    assert names[hoax["record"]]["kind"] == "tip"
    copied = {c["of"] for c in told(demo, "copy")}
    assert any("relations" in names[name] for name in copied)
    corrected = [r for r in readable(demo) if r.get("revision") == 2 and r.get("case") == "2019-551"]
    assert any(r["kind"] == "tip" for r in corrected)
    gone = [names[w["record"]] for w in told(demo, "withdrawn")]
    assert any(r["kind"] == "withdrawal" for r in gone)


def test_the_lines_that_must_be_refused_are_there_with_their_reasons(demo):
    assert demo.refused == {
        "purpose": 2, "json": 2, "reference": 1, "time": 2, "schema": 1, "encoding": 1, "conflict": 1
    }  # fmt: skip
    purposes = [r["purpose"] for r in readable(demo) if "purpose" in r]
    assert sorted(purposes) == ["rehabilitation", "supervision"]


def test_a_rehabilitation_record_would_mislead_if_it_were_used(demo):
    records = {r.get("source_id"): r for r in readable(demo)}
    record = records["R-rehabilitation"]
    assert record["relations"][0]["kind"] == "supplied"
    assert not any("R-rehabilitation" in json.dumps(line) for line in demo.truth)


def test_the_same_driver_passes_two_lines_of_defence(demo, case):
    who = case["people"]["courier"][0]
    names = {f"{r.get('source')}/{r.get('source_id')}": r for r in readable(demo)}
    mentions = [m for m, person in person_of(demo).items() if person == who]
    points = {names[m.rpartition("#")[0]].get("checkpoint") for m in mentions}
    assert {"xuwen-haian", "haikou-xiuying", "chengmai-road"} <= points


def test_the_checkpoints_are_known_to_the_register(demo):
    points = {r["checkpoint"] for r in readable(demo) if "checkpoint" in r}
    assert len(points) >= 8
    assert all(checkpoint(point) is not None for point in points)


def test_tips_of_the_case_have_reporters_who_name_themselves_in_the_text(demo):
    named = [
        r
        for r in readable(demo)
        if r.get("case") == "2019-551" and "name" in r.get("reporter", {}) and "text" in r
    ]
    assert any(r["reporter"]["phone"] in r["text"] for r in named)


def test_an_agents_card_turns_up_in_another_case(demo):
    other = [r for r in readable(demo) if r.get("case") == "2019-417"]
    assert other
    (card,) = other[0]["persons"][0]["bank_cards"]
    assert re.fullmatch(r"\d{19}|\d{18}", card)


def test_it_is_written_line_by_line(demo, tmp_path):
    write_scenario(tmp_path / "case")
    lines = (tmp_path / "case" / "records.jsonl").read_bytes().split(b"\n")
    assert lines == [*demo.lines, b""]
    truth = (tmp_path / "case" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in truth] == demo.truth
