"""The audit has whom an answer names, whatever way it came to name them, and as of when it was read."""

from __future__ import annotations

import re

import pytest

from graph.console.access import Role
from tests.streams.console.office import CASE, OTHER_CASE
from tests.streams.made_up import numbered, open_owner, tip

LATER = tip(
    "later", text="迟来生把冰毒卖给符玮强",
    persons=[{"ref": "a", "name": "迟来生", "phones": ["13800000017"]},
             {"ref": "b", "name": "符玮强", "phones": ["13800000001"]}],
    relations=[{"from": "a", "to": "b", "kind": "supplied", "substance": "冰毒", "at": "2019-06-03"}],
)  # fmt: skip
RAISING = [
    tip(
        f"t{n}", reported_at=f"2019-06-{n + 1:02d}T10:00:00+08:00",
        persons=[{"ref": "p", "name": "符玮强", "phones": ["13800000001"]},
                 {"ref": "q", "name": f"赵买家{'甲乙丙丁'[n]}"}],
        relations=[{"from": "p", "to": "q", "kind": "supplied", "substance": "冰毒",
                    "at": f"2019-06-0{n + 1}"}],
    )
    for n in range(4)
]  # fmt: skip


@pytest.fixture
def lin(console):
    """An investigator who sees the whole made world in the region, from the source to the street."""
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE, OTHER_CASE))
    for case in (OTHER_CASE, CASE):
        browser.work_on(case)
    return browser


def noted(console, action):
    """What the last line of this action is about."""
    lines = console.office.desk.audit.page(limit=50).lines
    return next(list(line.about) for line in lines if line.action == action)


def id_of(browser, name):
    return browser.get("/search", q=name)["hits"][0]["node"]["id"]


def report_of(browser, **more):
    wanted = {"format": "report", "nodes": [], "edges": []} | more
    answer = browser.ask("POST", "/export", json=wanted)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_report_that_only_names_whom_it_was_traced_from_is_noted_with_them(console, lin):
    who = id_of(lin, "秦守义")
    assert "秦守义" in report_of(lin, trace={"who": "13800000009"})
    assert noted(console, "export") == ["asked:report", who]


def test_records_of_hops_that_a_report_prints_are_noted_though_no_link_was_chosen(console, lin):
    found = lin.get("/trace", who="陈大勇")
    page = report_of(lin, nodes=list(found["nodes"]), trace={"who": "陈大勇"})
    names = set(re.findall(r"made-up/\w+", page))
    assert names == {"made-up/open", "made-up/mine", "made-up/theirs"}
    assert names | found["nodes"].keys() <= set(noted(console, "export"))


def test_whom_a_report_tells_of_as_left_out_is_noted_with_the_records(console, lin):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered([LATER]))
    late, who = id_of(lin, "迟来生"), id_of(lin, "13800000001")
    page = report_of(lin, nodes=[who], trace={"who": who, "until": "2019-05-02"})
    assert "made-up/later" in page
    assert late in page
    assert {late, "made-up/later"} <= set(noted(console, "export"))


def test_around_somebody_who_is_not_in_a_picture_nothing_is_counted_or_noted(console, lin):
    who = id_of(lin, "林小满")
    for format_ in ("report", "csv"):
        answer = lin.ask("POST", "/export", json={"format": format_, "nodes": [], "edges": [], "hubs": [who]})
        assert answer.status_code == 200
        assert "林小满" not in answer.text
        assert noted(console, "export") == [f"asked:{format_}"]


def test_who_stands_at_the_end_of_an_exported_link_is_noted(console, lin):
    (link, *_) = lin.get("/trace", who="陈大勇")["links"]
    report_of(lin, edges=list(link["edges"]))
    assert {link["from"], link["to"], *link["edges"], *link["records"]} <= set(noted(console, "export"))


def test_who_was_asked_for_in_a_report_in_vain_is_noted(console, lin):
    answer = lin.ask(
        "POST", "/export", json={"format": "report", "nodes": [], "edges": [], "trace": {"who": "王不在"}}
    )
    assert answer.status_code == 404
    assert noted(console, "look_up") == ["asked:王不在"]


def test_a_trace_is_noted_with_the_records_of_its_hops(console, lin):
    found = lin.get("/trace", who="陈大勇")
    told = set(noted(console, "trace"))
    assert {*found["nodes"], "made-up/open", "made-up/mine", "made-up/theirs"} <= told


def test_a_dossier_is_noted_with_the_others_whom_it_names_and_a_timeline_with_what_it_shows(console, lin):
    who, other = id_of(lin, "陈大勇"), id_of(lin, "符玮强")
    lin.get(f"/entities/{who}")
    assert noted(console, "dossier")[0] == who
    assert other in noted(console, "dossier")
    lanes = lin.get(f"/entities/{who}/timeline")["lanes"]
    items = [item for lane in lanes for item in lane["items"]]
    told = noted(console, "timeline")
    assert told[0] == who
    assert {item["record"] for item in items} | {item["edge"] for item in items if item["edge"]} <= set(told)


def test_who_was_asked_for_a_way_is_noted_though_there_is_none(console, lin):
    who, other = id_of(lin, "林小满"), id_of(lin, "陈大勇")
    assert lin.get("/path", **{"from": who, "to": other, "max_hops": 1})["nodes"] == []
    assert noted(console, "path") == [who, other]


def test_evidence_is_noted_with_its_links_and_their_ends(console, lin):
    (edge, *_) = lin.get("/trace", who="陈大勇")["links"][0]["edges"]
    found = lin.get("/evidence", edges=edge)
    ends = {entity["id"] for entity in found["entities"]}
    assert len(ends) == 2
    assert ends | {edge} | {one["record"] for one in found["records"]} == set(noted(console, "evidence"))


def test_alerts_are_noted_with_whom_they_are_about(console, lin):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered(RAISING))
    (alert, *_) = lin.get("/alerts")["alerts"]
    ids = {alert["id"], *(entity["id"] for entity in alert["entities"])}
    assert len(ids) > 1
    assert ids <= set(noted(console, "alerts"))
    lin.get(f"/alerts/{alert['id']}")
    assert ids == set(noted(console, "alert"))


def test_what_came_lately_is_noted_with_of_whom_it_tells(console, lin):
    found = lin.get("/changes", since="2019-01-01T00:00:00+08:00")
    told = {one["id"] for one in found["entities"]} | {one["record"] for one in found["records"]}
    assert len(found["entities"]) > 2
    assert told == set(noted(console, "changes"))


def test_the_audit_says_as_of_when_was_read_wherever_it_can_be_asked_for(console, lin):
    who, other = id_of(lin, "陈大勇"), id_of(lin, "符玮强")
    (edge, *_) = lin.get("/trace", who=who)["links"][0]["edges"]
    then, said = "2099-01-01T00:00:00+08:00", "as_of:2099-01-01T00:00:00+08:00"
    lin.get(f"/entities/{who}/neighbours", as_of=then)
    lin.get("/trace", who=who, as_of=then)
    lin.get("/path", **{"from": who, "to": other, "as_of": then})
    lin.get("/evidence", edges=edge, as_of=then)
    assert lin.ask("POST", "/links", json={"ids": [who], "as_of": then}).status_code == 200
    report_of(lin, as_of=then)
    lin.ask("GET", "/trace", params={"who": "王不在", "as_of": then})
    for action in ("expand", "trace", "path", "evidence", "links", "export", "look_up"):
        assert said in noted(console, action), action
    lin.get("/trace", who=who)
    assert not any(each.startswith("as_of:") for each in noted(console, "trace"))
