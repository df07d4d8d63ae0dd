"""What stands on pages: names for codes, both languages, and routes by when it happened."""

from __future__ import annotations

import pytest

from graph.console.access import Role
from tests.streams.console.office import CASE
from tests.streams.made_up import numbered, open_owner, record, tip

Z = {"ref": "z", "name": "朱远行", "phones": ["13800000077"]}


def check(name, site, **more):
    return record("interception", name, persons=[Z], checkpoint=site, outcome="detained", case=CASE, **more)


PASSED = [
    # Reported late: what was first by the reports was the last to happen.
    check("w1", "haikou-xiuying", reported_at="2019-07-01T10:00:00+08:00", occurred="2019-06-05T08:00"),
    check("w2", "xuwen-haian", reported_at="2019-07-02T10:00:00+08:00", occurred="2019-06-03"),
    # Of the same day as nothing is known but the day: before or after w1?
    check("w3", "haikou-meilan", reported_at="2019-07-03T10:00:00+08:00", occurred="2019-08"),
    check("w4", "sanya-phoenix", reported_at="2019-07-04T10:00:00+08:00", occurred="2019-08-09"),
    check("w5", "haikou-xinhai", reported_at="2019-07-05T10:00:00+08:00"),
]


@pytest.fixture
def lin(console):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered(PASSED))
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    return browser


def test_routes_join_sites_by_when_it_happened_and_nothing_whose_order_is_not_sure(lin):
    found = lin.get("/map")
    assert found["routes"] == [
        {
            "from": "xuwen-haian", "to": "haikou-xiuying", "records": 1,
            "earliest": "2019-06-03T00:00:00+08:00", "latest": "2019-06-05T08:00:59.999999+08:00",
        }
    ]  # fmt: skip
    assert found["undated"] == 1


def test_a_dossier_names_to_whom_somebody_is_linked_and_where_they_were_seen(lin):
    found = lin.get("/entities/符玮强")
    others = {(one["type"], one["out"]): [node["label"] for node in one["nodes"]] for one in found["others"]}
    assert others["supplied", True] == ["陈大勇"]
    assert others["supplied", False] == ["林小满"]
    assert all(one["count"] == len(one["nodes"]) for one in found["others"])
    sites = {each["site"] for each in lin.get("/entities/朱远行")["appearances"]}
    assert {"秀英港", "徐闻海安港"} <= sites


def test_a_hub_is_linked_to_a_dozen_and_the_number_of_all(console, lin):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered([
            tip(f"hub{n}", case=CASE, text=f"第{n}回", persons=[
                {"ref": "h", "name": "何中心", "phones": ["13800000099"]},
                {"ref": "o", "name": f"欧阳第{n}号"},
            ], relations=[{"from": "h", "to": "o", "kind": "met"}])
            for n in range(15)
        ]))  # fmt: skip
    others = lin.get("/entities/13800000099")["others"]
    (met,) = [one for one in others if one["type"] == "met"]
    assert (met["count"], len(met["nodes"])) == (15, 12)


def test_a_record_without_a_grade_is_f6_wherever_it_is_shown(lin):
    shown = lin.get("/records/made-up/w1")
    assert shown["grade"] == "F6"
    assert shown["names"] == {"checkpoint": "秀英港", "region": "海南省海口市（460100）"}
    assert {each["grade"] for each in lin.get("/entities/朱远行")["appearances"]} == {"F6"}


def test_why_nothing_was_found_and_what_would_confirm_a_hop_is_said_in_both_languages(lin):
    nothing = lin.get("/trace", who="朱远行")["note"]
    assert nothing["en"].startswith("No live record speaks of anybody who supplied 朱远行.")
    assert nothing["zh"].startswith("没有记录说明谁向朱远行供货。")
    (weakest,) = lin.get("/trace", who="陈大勇")["weakest"]
    assert "此步可更确定" in weakest["what"]["zh"]
    assert "would make it surer" in weakest["what"]["en"]


def test_an_alert_says_its_reasons_in_both_languages(lin):
    alerts = lin.get("/alerts")["alerts"]
    assert alerts
    for alert in alerts:
        for words in ("reasons", "against"):
            assert len(alert[words]) == len(alert[f"{words}_en"]) > 0
            assert not set(alert[words]) & set(alert[f"{words}_en"])
