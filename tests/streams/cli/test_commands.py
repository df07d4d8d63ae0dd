"""What each command answers, in the shapes of the contract."""

from __future__ import annotations

import csv
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from rich.cells import cell_len

from schemas.alerts import Severity, State
from schemas.claims import MentionType
from schemas.entities import NOTICE
from streams.alerts.rules import RULE_NAMES
from streams.cli.search import AlertSeverity, AlertState, EntityType
from tests.streams.cli.small_store import (
    BUYER,
    LINES,
    REFUSED,
    REPORTER,
    SELLER,
    SELLER_ID,
    SENDER,
    TWINS,
    Suyuan,
)

SUYUAN = str(Path(sys.executable).with_name("suyuan"))
ENTITY = {"id", "type", "label", "mentions", "identifiers", "aliases"}
ALERT = {
    "id", "rule", "severity", "state", "raised_at", "cases", "region", "entities", "records",
    "reasons", "against", "notice",
}  # fmt: skip
STREET = "460100-jd/s-5#u"


# --- ingest, rejected ----------------------------------------------------------------------------


def test_ingest_counts_what_it_did(filled: Path, empty: Callable[[str], Suyuan]):
    report = empty("new.db").one("ingest", str(filled / "records.jsonl"))
    assert set(report) == {
        "read", "accepted", "duplicates", "superseded", "withdrawn", "rejected", "entities", "edges",
        "alerts", "seconds",
    }  # fmt: skip
    assert (report["read"], report["accepted"], report["rejected"]) == (7, 6, {"schema": 1})
    assert report["entities"] > 4
    assert report["edges"] > 4


def test_ingest_reads_standard_input_gzip_and_several_files(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(LINES[0], encoding="utf-8")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(LINES[1].encode()))
    done = subprocess.run(
        [SUYUAN, "ingest", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl.gz"), "-", "--json"],
        input=LINES[2].encode(),
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["accepted"] == 3
    assert done.stderr == b""
    assert {"suyuan.db", "suyuan.vault", "suyuan.vault.key"} <= {path.name for path in tmp_path.iterdir()}


def test_ingest_of_what_is_there_already_says_the_same_again(own: Suyuan):
    again = own.one("ingest", str(own.store.with_name("records.jsonl")))
    assert (again["accepted"], again["duplicates"]) == (0, 6)


def test_for_people_ingest_prints_a_table(filled: Path, empty: Callable[[str], Suyuan]):
    shown = empty("new.db").text("ingest", str(filled / "records.jsonl"))
    assert "refused: schema" in shown


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_leaves_no_store(name: str, empty: Callable[[str], Suyuan]):
    suyuan = empty("new.db")
    done = suyuan("ingest", str(suyuan.store.with_name(name)) if name != "." else str(suyuan.store.parent))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert not suyuan.store.exists()


def test_a_foreign_file_is_no_store_and_stays_as_it_is(filled: Path, empty: Callable[[str], Suyuan]):
    suyuan = empty("letter.txt")
    suyuan.store.write_text("not a store, and long enough to look like something" * 50)
    before = suyuan.store.read_bytes()
    for words in (("ingest", str(filled / "records.jsonl")), ("find", "x"), ("review",)):
        done = suyuan(*words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
    assert suyuan.store.read_bytes() == before


def test_refusals_are_listed_with_reason_and_place_but_no_content(suyuan: Suyuan):
    (refusal,) = suyuan.lines("rejected")
    assert set(refusal) == {"record", "reason", "path", "expected", "from", "sha256", "received_at"}
    assert refusal["record"] == "460100-110/t-9"
    assert refusal["reason"] in {"schema", "purpose"}
    assert refusal["from"]["line"] == 7
    assert "records.jsonl:7" in suyuan.text("rejected")


def test_a_refusal_is_tried_again_with_the_vaults_key(own: Suyuan):
    report = own.one("rejected", "retry")
    assert (report["read"], report["accepted"]) == (1, 0)
    assert "Tried again" in own.text("rejected", "retry", "--by", "王警官")
    own.store.with_name("case.vault.key").unlink()
    done = own("rejected", "retry")
    assert done.exit_code == 1
    assert "key" in done.stderr


# --- find, show, entities, alerts ----------------------------------------------------------------


@pytest.mark.parametrize("text", [SELLER, "林小", "13800001234", "1234", "138****1234", "460100-110/t-1"])
def test_find_finds_a_person_by_anything_one_would_type(suyuan: Suyuan, text: str):
    found = suyuan.lines("find", text)
    assert all(set(each) >= ENTITY for each in found)
    assert {SELLER, "13800001234"} & {each["label"] for each in found}


def test_find_of_nothing_prints_nothing_and_is_done(suyuan: Suyuan):
    assert suyuan.lines("find", "无此人") == []
    assert suyuan.text("find", "无此人") == ""


def test_find_keeps_to_its_limit(suyuan: Suyuan):
    assert len(suyuan.lines("find", SELLER)) > 1
    assert len(suyuan.lines("find", SELLER, "--limit", "1")) == 1


def test_find_prints_a_table_for_people(suyuan: Suyuan):
    assert SELLER in suyuan.text("find", SELLER)


def test_entities_lists_everything_or_one_type(suyuan: Suyuan):
    everything = suyuan.lines("entities")
    assert {"person", "parcel", "phone", "case"} <= {each["type"] for each in everything}
    people = suyuan.lines("entities", "--type", "person")
    assert {each["label"] for each in people} == {SELLER, SENDER, BUYER, TWINS}
    assert BUYER in suyuan.text("entities")


def test_show_has_the_evidence_of_a_record_an_entity_an_edge_and_an_alert(suyuan: Suyuan):
    record = suyuan.one("show", "460100-jd/s-5")
    assert record["record"] == "460100-jd/s-5"
    person = suyuan.one("show", STREET)
    assert person["entity"]["label"] == BUYER
    edge = person["edges"][0]["id"]
    assert edge in suyuan.text("show", edge)
    alert = suyuan.lines("alerts")[0]["id"]
    assert alert in suyuan.text("show", alert)


def test_show_of_a_tip_does_not_show_who_gave_it(suyuan: Suyuan):
    assert REPORTER not in suyuan.text("show", "460100-110/t-1")
    assert "气弹" in suyuan.text("show", "460100-110/t-1")


def test_alerts_are_the_contracts_and_carry_the_notice(suyuan: Suyuan):
    alerts = suyuan.lines("alerts")
    assert alerts
    for alert in alerts:
        assert set(alert) == ALERT
        assert alert["notice"] == "线索，非证据"
        assert alert["reasons"]
        assert alert["against"]
    assert suyuan.text("alerts").count("线索，非证据") == len(alerts)


def test_alerts_can_be_filtered(suyuan: Suyuan):
    alerts = suyuan.lines("alerts")
    rule = alerts[0]["rule"]
    assert suyuan.lines("alerts", "--rule", rule) == [each for each in alerts if each["rule"] == rule]
    of_case = [each for each in alerts if "2019-551" in each["cases"]]
    assert of_case
    assert suyuan.lines("alerts", "--case", "2019-551") == of_case
    assert suyuan.lines("alerts", "--state", "open") == alerts
    assert suyuan.lines("alerts", "--state", "withdrawn") == []
    assert suyuan.lines("alerts", "--region", "110000", "--severity", "high") == []


def test_a_withdrawn_alert_is_listed_among_the_withdrawn_only(own: Suyuan):
    alert = own.lines("alerts")[0]
    for record in alert["records"]:
        own.text("withdraw", record, "--because", "给错了号码")
    assert alert["id"] not in {each["id"] for each in own.lines("alerts")}
    gone = own.lines("alerts", "--state", "withdrawn", "--rule", alert["rule"])
    assert {each["state"] for each in gone} == {"withdrawn"}
    assert alert["id"] in {each["id"] for each in gone}


@pytest.mark.parametrize(
    "words",
    [
        ("entities", "--type", "bogus"),
        ("alerts", "--severity", "bogus"),
        ("alerts", "--state", "bogus"),
        ("alerts", "--rule", "bogus"),
    ],
)
def test_a_filter_that_nothing_can_pass_is_used_wrongly(suyuan: Suyuan, words: tuple[str, ...]):
    done = suyuan(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr


def test_the_filters_are_those_of_the_contract():
    assert set(EntityType) == set(get_args(MentionType))
    assert set(AlertSeverity) == set(get_args(Severity))
    assert set(AlertState) == set(get_args(State))


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_alerts_can_be_filtered_by_every_rule(suyuan: Suyuan, rule: str):
    assert {each["rule"] for each in suyuan.lines("alerts", "--rule", rule)} <= {rule}


def test_a_message_does_not_repeat_what_was_typed(suyuan: Suyuan):
    number = "13811112222"
    said = (*PAIR[:1], *SAID)
    for words in (
        ("show",),
        ("trace",),
        ("explain",),
        ("withdraw", "--because", "x"),
        ("review", "accept", *said),
    ):
        done = suyuan(*words, number)
        assert done.exit_code == 1
        assert number not in done.output


# --- trace ---------------------------------------------------------------------------------------


def test_a_trace_goes_up_to_the_source_with_the_records_of_each_hop(suyuan: Suyuan):
    found = suyuan.one("trace", STREET)
    assert {"origin", "direction", "as_of", "truncated", "chains", "reached", "excluded"} <= set(found)
    assert (found["direction"], found["as_of"], found["truncated"]) == ("up", None, False)
    (chain,) = found["chains"]
    assert [(hop["from"]["label"], hop["to"]["label"], hop["kind"]) for hop in chain["hops"]] == [
        (SENDER, SELLER, "parcel"),
        (SELLER, BUYER, "relation"),
    ]
    assert [hop["records"] for hop in chain["hops"]] == [["460100-xyg/c-88"], ["460100-jd/s-5"]]


def test_a_trace_goes_down_to_the_street(suyuan: Suyuan):
    found = suyuan.one("trace", SENDER, "--down")
    assert found["direction"] == "down"
    assert found["chains"][0]["hops"][-1]["to"]["label"] == BUYER


def test_a_trace_for_people_names_people_records_and_what_was_left_out(suyuan: Suyuan):
    shown = suyuan.text("trace", STREET)
    assert f"{SENDER} → {SELLER}" in shown
    assert "460100-xyg/c-88" in shown
    late = suyuan.text("trace", STREET, "--until", "2019-06-08")
    assert "not followed" in late


def test_until_is_when_it_happened_and_as_of_when_it_was_known(suyuan: Suyuan):
    assert suyuan.one("trace", STREET, "--until", "2019-05")["chains"] == []
    done = suyuan("trace", STREET, "--as-of", "2019-06-16", "--json")
    assert done.exit_code == 1


def test_a_trace_can_be_cut_and_kept_to_a_substance(suyuan: Suyuan):
    assert suyuan.one("trace", STREET, "--max-hops", "1")["truncated"]
    assert suyuan.one("trace", STREET, "--substance", "笑气")["chains"]
    assert suyuan.one("trace", STREET, "--substance", "海洛因")["chains"] == []


@pytest.mark.parametrize(
    "words", [("--substance", "面粉"), ("--until", "昨天"), ("--as-of", "2019-13"), ("--max-hops", "many")]
)
def test_an_option_that_cannot_be_read_is_used_wrongly(suyuan: Suyuan, words: tuple[str, ...]):
    assert suyuan("trace", STREET, *words).exit_code == 2


def test_a_trace_draws_its_chains(suyuan: Suyuan, tmp_path: Path):
    suyuan.text("trace", STREET, "--out", str(tmp_path / "chain.svg"))
    drawn = (tmp_path / "chain.svg").read_text(encoding="utf-8")
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own file
    assert SENDER in drawn


def test_a_name_of_two_people_is_answered_with_both(suyuan: Suyuan):
    done = suyuan("trace", SELLER, "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert answer["error"] == "ambiguous"
    assert [each["label"] for each in answer["candidates"]] == [SELLER, SELLER]
    assert all(set(each) == ENTITY for each in answer["candidates"])
    for words in (("trace", SELLER), ("explain", SELLER), ("show", SELLER)):
        told = suyuan(*words)
        assert told.exit_code == 1
        assert answer["candidates"][0]["id"] in told.stdout
        assert told.stderr.count("\n") == 1


def test_an_id_number_names_one_of_two_namesakes(suyuan: Suyuan):
    assert suyuan.one("trace", SELLER_ID)["origin"]["label"] == SELLER


def test_somebody_unknown_is_not_found(suyuan: Suyuan):
    for words in (("trace", "无此人"), ("explain", "无此人"), ("show", "无此人")):
        done = suyuan(*words, "--json")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "suyuan find" in done.stderr


# --- review, explain, withdraw -------------------------------------------------------------------

PAIR = ("460100-110/t-1#p1", "460100-xyg/c-88#r")
SAID = ("--by", "王警官", "--because", "见笔录")


def is_one(suyuan: Suyuan) -> bool:
    """Whether the seller of the tip is the recipient of the parcel."""
    return bool(suyuan.one("explain", *PAIR)["same"])


UNSURE = (
    '{"kind": "tip", "source": "460100-110", "source_id": "t-5", "reported_at": "2019-06-05T12:00:00+08:00", '
    '"region": "460106", "text": "我老婆说符小满把冰毒卖给林海生"}'
)
CLAIM = "460100-110/t-5#text@4-12"


def test_a_delivery_that_a_text_tells_waits_behind_the_pairs_until_somebody_answered(own: Suyuan):
    own("ingest", "-", stdin=UNSURE)
    assert [each["kind"] for each in own.lines("review", "--limit", "1")] == ["pair"]
    pair, delivery = own.lines("review", "--limit", "2")
    assert (pair["kind"], delivery["kind"]) == ("pair", "delivery")
    assert (delivery["claim"], delivery["from"], delivery["to"]) == (CLAIM, "符小满", "林海生")
    shown = own.text("review")
    assert f"符小满 → 林海生 ({delivery['score']:.2f})  methamphetamine" in shown
    assert CLAIM in shown
    assert f"【{delivery['said']}】" in shown
    accepted = own.one("review", "accept", CLAIM, *SAID)
    assert accepted["instead_of"] is None
    assert own.one("show", accepted["edge"])["confirmed"]["because"] == "见笔录"
    assert own.lines("review") == [pair]
    assert own.one("ledger")["what"] == f"judged {CLAIM} confirmed"


def test_an_answer_about_a_delivery_takes_the_place_of_the_last_and_is_taken_back(own: Suyuan):
    own("ingest", "-", stdin=UNSURE)
    edge = own.one("review", "accept", CLAIM, *SAID)["edge"]
    rejected = own.one("review", "reject", CLAIM, "--by", "李警官", "--because", "看错了")
    assert (rejected["instead_of"]["by"], rejected["instead_of"]["verdict"]) == ("王警官", "confirmed")
    assert rejected["edge"] is None
    told = own.text("review", "undo", CLAIM, *SAID)
    assert "李警官" in told
    assert "refuted: 看错了" in told
    assert "confirmed: 见笔录" in told
    assert edge in told
    assert own.one("review", "undo", CLAIM, *SAID)["stands"] is None
    assert own("review", "undo", CLAIM, *SAID).exit_code == 1
    own.text("review", "unsure", CLAIM, *SAID)
    assert [each["kind"] for each in own.lines("review")] == ["pair"]


@pytest.mark.parametrize("verdict", ["accept", "reject", "unsure", "undo"])
def test_half_a_pair_is_not_answered(own: Suyuan, verdict: str):
    done = own("review", verdict, PAIR[0], *SAID)
    assert done.exit_code == 2
    assert "name two mentions" in done.stderr
    assert own("review", verdict, "460100-110/t-1#text@0-1", *SAID).exit_code == 1


def test_a_pair_that_may_be_one_waits_until_somebody_answered(own: Suyuan):
    (pair,) = own.lines("review")
    assert [each["label"] for each in pair["entities"]] == [TWINS, TWINS]
    assert pair["evidence"]
    shown = own.text("review")
    assert pair["a"] in shown
    assert "bits" in shown
    assert pair["effect"] == {
        "chains": 0, "alerts": 0, "exclusive": False,
        "foreseen": {"raises": [], "changes": [], "withdraws": []},
        "words": "would join no chains; would raise no alerts; touches no alerts",
    }  # fmt: skip
    assert pair["effect"]["words"] in shown
    own.text("review", "unsure", pair["a"], pair["b"], *SAID)
    assert own.lines("review") == []
    own.text("review", "undo", pair["a"], pair["b"], *SAID)
    assert own.lines("review") == [pair]
    own.text("review", "accept", pair["a"], pair["b"], *SAID)
    assert own.lines("review") == []
    assert len(own.lines("find", TWINS)) == 1


def test_a_judgement_parts_two_and_its_undoing_joins_them_again(own: Suyuan):
    before = own.text("export", "--canonical")
    assert is_one(own)
    own.one("review", "reject", *PAIR, *SAID)
    assert not is_one(own)
    assert "by a judgement: 王警官" in own.text("explain", *PAIR)
    own.text("review", "undo", *PAIR, *SAID)
    assert is_one(own)
    assert own.text("export", "--canonical") == before


def test_a_judgement_joins_two_that_the_model_keeps_apart(own: Suyuan):
    pair = ("460100-jd/s-5#u", "460100-xyg/c-88#d")
    assert not own.one("explain", *pair)["same"]
    own.text("review", "accept", *pair, *SAID)
    assert own.one("explain", *pair)["same"]
    own.text("review", "unsure", *pair, *SAID)
    assert not own.one("explain", *pair)["same"]


def test_entities_can_be_judged_by_their_ids(own: Suyuan):
    ids = [
        each["id"] for each in own.lines("entities", "--type", "person") if each["label"] in {SENDER, BUYER}
    ]
    own.text("review", "accept", *ids, *SAID)
    assert own.one("explain", *ids)["same"]


def test_a_mention_is_split_off_for_good_and_the_whole_act_is_taken_back(own: Suyuan):
    before = own.text("export", "--canonical")
    changed = own.one("review", "split", PAIR[0], PAIR[1], *SAID)
    assert (changed["entities_before"], changed["entities_after"]) == (1, 2)
    assert not is_one(own)
    again = json.loads(LINES[1]) | {"source_id": "c-89", "reported_at": "2019-06-20T12:00:00+08:00"}
    own.store.with_name("again.jsonl").write_text(json.dumps(again), encoding="utf-8")
    own.text("ingest", str(own.store.with_name("again.jsonl")))
    assert not is_one(own)
    own.text("withdraw", "460100-xyg/c-89", "--because", "重复")
    own.text("review", "undo", "460100-jd/s-5#v", PAIR[1], *SAID)
    assert own.text("export", "--canonical") == before
    split, _, undone = own.lines("ledger")
    assert split["what"] == f"split {PAIR[1]} from {PAIR[0]} and 1 more"
    assert (split["who"], split["because"]) == (SAID[1], SAID[3])
    assert undone["what"].endswith(" undone")


def test_explain_tells_a_split_as_one_act_and_whether_it_was_taken_back(own: Suyuan):
    """In words as the ledger tells it, in JSON with all its mentions."""
    from schemas.explanations import EntityExplanation

    own.text("review", "split", PAIR[0], PAIR[1], *SAID)
    shown = " ".join(own.text("explain", PAIR[0]).split())
    said = f"split off 1 mention: {SAID[3]} ({PAIR[1]} from {PAIR[0]} and 1 more)"
    assert said in shown
    assert "taken back" not in shown
    own.text("review", "undo", *PAIR, "--by", "李警官", "--because", "看错了")
    shown = " ".join(own.text("explain", PAIR[0]).split())
    assert f"{said}; taken back by 李警官" in shown
    printed = own.one("explain", PAIR[0])
    (act,) = printed["judgements"]
    assert (act["verdict"], act["apart"], act["rest"]) == ("split", [PAIR[1]], [PAIR[0], "460100-jd/s-5#v"])
    assert (act["taken_back"]["by"], act["taken_back"]["because"]) == ("李警官", "看错了")
    assert json.loads(msgspec.json.encode(msgspec.convert(printed, EntityExplanation))) == printed


def test_two_are_merged_by_hand_and_the_ledger_says_so(own: Suyuan):
    pair = ("460100-jd/s-5#u", "460100-xyg/c-88#d")
    before = own.text("export", "--canonical")
    merged = own.one("review", "merge", *pair, *SAID)
    assert (merged["exclusive"], merged["left_out"]) == (False, [])
    assert own.one("explain", *pair)["same"]
    assert own("review", "merge", *pair, *SAID).exit_code == 2
    own.text("review", "undo", *pair, *SAID)
    assert own.text("export", "--canonical") == before
    assert [act["what"].split()[0] for act in own.lines("ledger")] == ["judged", "judged"]


def test_a_merge_against_two_id_numbers_says_how_to_take_it_back(own: Suyuan):
    done = own("review", "merge", PAIR[0], "460100-xyg/c-90#p1", *SAID)
    assert done.exit_code == 0
    assert "review undo 460100-110/t-1#p1 460100-xyg/c-90#p1" in done.stderr
    assert own.one("explain", PAIR[0], "460100-xyg/c-90#p1")["same"]


def test_what_cannot_be_split_or_taken_back_says_what_to_do(own: Suyuan):
    for words, code in (
        (("split", PAIR[0], "460100-xyg/c-88#d"), 2),
        (("split", PAIR[0], "460100-xyg/none#d"), 1),
        (("split", PAIR[0], *PAIR, "460100-jd/s-5#v"), 2),
        (("split", PAIR[0]), 2),
        (("undo", *PAIR), 1),
    ):
        done = own("review", *words, *SAID)
        assert (done.exit_code, done.stdout) == (code, "")
        assert done.stderr
    assert own.lines("ledger") == []


def test_what_is_named_by_its_value_cannot_be_judged(own: Suyuan):
    phone = own.lines("entities", "--type", "phone")[0]["id"]
    done = own("review", "accept", phone, STREET, *SAID)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1


def test_a_pair_of_one_mention_is_no_pair(own: Suyuan):
    assert own("review", "reject", STREET, STREET, *SAID).exit_code == 2


def test_a_judgement_needs_a_name_and_a_reason(own: Suyuan):
    assert own("review", "accept", *PAIR).exit_code == 2


def test_what_is_said_before_a_subcommand_holds_for_it(own: Suyuan):
    elsewhere = Suyuan(own.store.with_name("elsewhere.db"))
    here = ("--store", str(own.store), "--json")
    for words in (("review", *here, "reject", *PAIR, *SAID), ("review", *here, "undo", *PAIR, *SAID)):
        assert set(json.loads(elsewhere.text(*words))) >= {"entities_before", "entities_after"}
    assert json.loads(elsewhere.text("rejected", *here, "retry"))["read"] == 1
    assert json.loads(elsewhere.text("ledger", *here, "verify")) == {"acts": 2, "whole": True}
    assert not elsewhere.store.exists()


def test_what_is_said_after_a_subcommand_comes_first(own: Suyuan):
    nowhere = str(own.store.with_name("nowhere.db"))
    own.text("review", "--store", nowhere, "reject", *PAIR, *SAID, "--store", str(own.store))
    assert not is_one(own)


def test_a_judgement_hangs_on_the_mention_that_was_found(own: Suyuan):
    own.text("review", "reject", f" {PAIR[0]} ", f"{PAIR[1]}\t", *SAID)
    assert not is_one(own)
    (judged,) = own.one("explain", *PAIR)["judgements"]
    assert (judged["a"], judged["b"]) == PAIR


def test_a_mention_that_is_no_longer_live_cannot_be_judged(own: Suyuan):
    again = json.loads(LINES[1]) | {"revision": 2}
    again["persons"][1]["ref"] = again["parcels"][0]["recipient"] = "r2"
    own.store.with_name("again.jsonl").write_text(json.dumps(again), encoding="utf-8")
    own.text("ingest", str(own.store.with_name("again.jsonl")))
    assert own.one("show", PAIR[1])["entity"]["label"] == SELLER, "a former name is understood"
    done = own("review", "reject", *PAIR, *SAID)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert own.lines("ledger") == []
    own.text("review", "reject", PAIR[0], "460100-xyg/c-88#r2", *SAID)


@pytest.mark.parametrize("nothing", ["", "  ", "\u3000", "\u200b"])
def test_who_and_why_must_say_something(own: Suyuan, nothing: str):
    for words in (
        ("review", "accept", *PAIR, "--by", nothing, "--because", "见笔录"),
        ("review", "accept", *PAIR, "--by", "王警官", "--because", nothing),
        ("withdraw", "460100-xyg/c-88", "--because", nothing),
        ("withdraw", "460100-xyg/c-88", "--because", "x", "--by", nothing),
        ("vault", "open", "460100-110/t-1", "--because", nothing),
        ("rejected", "retry", "--by", nothing),
    ):
        done = own(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
    assert own.lines("ledger") == []


def test_the_ledger_lists_who_did_what_when_and_why_and_can_be_verified(own: Suyuan):
    own.text("review", "reject", *PAIR, *SAID)
    own.text("withdraw", "460100-xyg/c-88", "--because", "设备误报", "--by", "李警官")
    judged, withdrew = own.lines("ledger")
    assert judged["at"] < withdrew["at"]
    assert {"who": "王警官", "what": f"judged {PAIR[0]} {PAIR[1]} different"}.items() <= judged.items()
    assert (withdrew["who"], withdrew["because"]) == ("李警官", "设备误报")
    assert set(judged) == {"at", "who", "what", "because"}
    assert "设备误报" in own.text("ledger")
    assert own.one("ledger", "verify") == {"acts": 2, "whole": True}
    assert "is whole" in own.text("ledger", "verify")


def test_a_ledger_that_was_changed_is_told(own: Suyuan):
    own.text("review", "reject", *PAIR, *SAID)
    with closing(sqlite3.connect(own.store)) as db:
        db.executescript("DROP TRIGGER ledger_stands; UPDATE ledger SET who = '别人'")
    for words in (("ledger",), ("ledger", "verify")):
        done = own(*words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "changed" in done.stderr


def test_explain_gives_a_waterfall_and_a_verdict_for_a_pair(suyuan: Suyuan):
    pair = suyuan.one("explain", *PAIR)
    assert pair["evidence"][0]["from"] == 0
    assert pair["evidence"][-1]["to"] == pair["bits"]
    assert pair["verdict"] == "linked"
    shown = suyuan.text("explain", *PAIR)
    for part in (*PAIR, "phone", "+20.0", "█", "sum", "join", pair["words"], "½"):
        assert part in shown


def test_explain_gives_mentions_joins_and_the_nearest_others_of_an_entity(suyuan: Suyuan):
    entity = suyuan.one("explain", SELLER_ID)
    assert len(entity["joins"]) == len(entity["profiles"]) - 1
    assert [each["verdict"] for each in entity["nearest"]] == ["group_exclusive"]
    shown = suyuan.text("explain", SELLER_ID)
    for part in (SELLER, *PAIR, "≥ 20, joined", "Why not", entity["nearest"][0]["words"]):
        assert part in shown


def test_explain_prints_documents_of_the_published_form(suyuan: Suyuan):
    """Whoever reads it as the types of `schemas.explanations` reads all of it."""
    from schemas.explanations import EntityExplanation, PairExplanation

    for words, form in ((PAIR, PairExplanation), ((SELLER_ID,), EntityExplanation)):
        printed = suyuan.one("explain", *words)
        assert json.loads(msgspec.json.encode(msgspec.convert(printed, form))) == printed


def test_explain_draws_why_two_are_one_and_prints_as_well(suyuan: Suyuan, tmp_path: Path):
    out = tmp_path / "why.svg"
    assert suyuan.one("explain", *PAIR, "--svg", str(out))["same"]
    root = ET.parse(out).getroot()  # noqa: S314  our own document
    assert root.tag.endswith("svg")
    said = "".join(root.itertext())
    assert all(part in said for part in (NOTICE, SELLER, *PAIR))
    done = suyuan("explain", SELLER_ID, "--svg", str(tmp_path / "one.svg"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert [each.name for each in tmp_path.iterdir()] == ["why.svg"]


def test_explain_fits_into_eighty_columns_and_has_no_colour_in_a_pipe(
    suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("streams.cli.waterfall.terminal_width", lambda: 80)
    for words in (PAIR, (SELLER_ID,)):
        shown = suyuan.text("explain", *words)
        assert "\x1b" not in shown
        assert max(map(cell_len, shown.splitlines())) <= 80


def test_a_withdrawal_takes_back_the_chain_and_says_what_changed(own: Suyuan):
    changed = own.one("withdraw", "460100-xyg/c-88", "--because", "设备误报")
    assert changed["record"] == "460100-xyg/c-88"
    found = own.one("trace", STREET)
    assert [hop["from"]["label"] for chain in found["chains"] for hop in chain["hops"]] == [SELLER]
    assert "460100-jd/s-5" in own.text("withdraw", "460100-jd/s-5", "--because", "x")
    assert own.one("trace", SELLER_ID)["chains"] == []


def test_a_withdrawal_of_nothing_is_told(own: Suyuan):
    done = own("withdraw", "460100-xyg/none", "--because", "x")
    assert done.exit_code == 1
    assert "no record" in done.stderr
    assert own("withdraw", "460100-xyg/c-88").exit_code == 2


# --- export --------------------------------------------------------------------------------------


def test_an_export_has_nodes_and_edges_in_the_contracts_shape(suyuan: Suyuan):
    lines = [json.loads(line) for line in suyuan.text("export", "--format", "jsonl").splitlines()]
    nodes = [line["node"] for line in lines if "node" in line]
    edges = [line["edge"] for line in lines if "edge" in line]
    assert all(set(node) == ENTITY for node in nodes)
    assert all({"id", "type", "from", "to", "earliest", "latest", "records"} <= set(edge) for edge in edges)
    assert {edge["from"] for edge in edges} | {edge["to"] for edge in edges} <= {node["id"] for node in nodes}


def test_a_canonical_export_is_the_same_whatever_the_order(suyuan: Suyuan, empty: Callable[[str], Suyuan]):
    other = empty("other.db")
    other.store.with_name("turned.jsonl").write_text("\n".join(reversed(LINES)), encoding="utf-8")
    other.text("ingest", str(other.store.with_name("turned.jsonl")))
    assert other.text("export", "--canonical") == suyuan.text("export", "--canonical")


def test_graphml_csv_and_cypher_go_into_files(suyuan: Suyuan, tmp_path: Path):
    suyuan.text("export", "--format", "graphml", "--out", str(tmp_path / "g.graphml"))
    assert ET.parse(tmp_path / "g.graphml").getroot().tag.endswith("graphml")  # noqa: S314 - our own file
    suyuan.text("export", "--format", "cypher", "--out", str(tmp_path / "g.cypher"))
    assert "MERGE" in (tmp_path / "g.cypher").read_text(encoding="utf-8")
    suyuan.text("export", "--format", "csv", "--out", str(tmp_path / "csv"))
    with (tmp_path / "csv" / "nodes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert SENDER in {row["label"] for row in csv.DictReader(file)}
    assert {path.name for path in tmp_path.iterdir()} == {"g.graphml", "g.cypher", "csv"}


def test_csv_without_a_folder_and_canonical_graphml_are_used_wrongly(suyuan: Suyuan):
    assert suyuan("export", "--format", "csv").exit_code == 2
    assert suyuan("export", "--format", "graphml", "--canonical").exit_code == 2


def test_a_file_that_cannot_be_written_is_told_in_one_line(suyuan: Suyuan, tmp_path: Path):
    done = suyuan("export", "--out", str(tmp_path / "none" / "g.jsonl"))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1


def test_a_reader_that_has_seen_enough_ends_an_export_quietly(suyuan: Suyuan):
    done = subprocess.run(
        ["bash", "-c", f"{SUYUAN} export --store {suyuan.store} | head -c 10; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.endswith("0\n")


# --- vault ---------------------------------------------------------------------------------------


def test_opening_the_vault_needs_a_reason_and_is_audited(own: Suyuan):
    assert own("vault", "open", "460100-110/t-1").exit_code == 2
    opened = own.one("vault", "open", "460100-110/t-1", "--because", "核实奖励", "--by", "王警官")
    assert json.loads(opened["originals"][0])["reporter"]["phone"] == REPORTER
    assert REPORTER in own.text("vault", "open", "460100-110/t-1", "--because", "再次核实")
    assert own.one("vault", "verify") == {"openings": 2, "whole": True}
    listed = own.text("vault", "verify")
    assert "王警官" in listed
    assert "核实奖励" in listed
    assert REPORTER not in listed


def test_the_vault_and_its_key_can_lie_elsewhere_from_the_start(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(LINES[0], encoding="utf-8")
    (tmp_path / "safe").mkdir()
    (tmp_path / "usb").mkdir()
    where = {"SUYUAN_VAULT": "safe/v", "SUYUAN_VAULT_KEY": "usb/k", "PATH": os.environ["PATH"]}
    subprocess.run([SUYUAN, "ingest", "a.jsonl"], cwd=tmp_path, env=where, capture_output=True, check=True)
    assert (tmp_path / "usb" / "k").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.rglob("*key")] == []
    opened = subprocess.run(
        [SUYUAN, "vault", "open", "460100-110/t-1", "--because", "x"],
        cwd=tmp_path,
        env=where,
        capture_output=True,
        check=True,
    )
    assert REPORTER.encode() in opened.stdout


def test_without_the_key_the_vault_stays_closed(own: Suyuan):
    own.store.with_name("case.vault.key").unlink()
    done = own("vault", "open", "460100-110/t-1", "--because", "x")
    assert (done.exit_code, done.stdout) == (1, "")
    assert REPORTER not in done.stderr


def test_the_refused_bytes_can_be_opened_by_their_name(own: Suyuan):
    assert REFUSED in own.text("vault", "open", "460100-110/t-9", "--because", "x")


# --- backup --------------------------------------------------------------------------------------


def test_a_backup_is_a_store_like_any_other(suyuan: Suyuan, tmp_path: Path):
    made = suyuan.one("backup", "--out", str(tmp_path / "copy"))
    assert set(made) == {"store", "vault", "workbench", "audit", "bytes", "tx"}
    copy = Suyuan(Path(made["store"]))
    assert copy.text("export", "--canonical") == suyuan.text("export", "--canonical")
    assert "key is not among them" in suyuan.text("backup", "--out", str(tmp_path / "other"))
