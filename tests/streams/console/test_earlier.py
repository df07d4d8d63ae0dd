"""A picture as of an earlier moment: what was known then, and nothing that has since gone out of sight."""

from __future__ import annotations

import io
import zipfile

import pytest

from graph.console.access import Role
from schemas.times import instant
from tests.streams.console.office import CASE, OTHER_CASE
from tests.streams.made_up import numbered, open_owner, record, ticking, tip

FIRST, BEFORE, SECOND = "2023-11-19T00:00:00Z", "2023-11-20T00:00:00Z", "2023-11-21T00:00:00Z"
HUB = {"ref": "h", "name": "何中心", "phones": ["13800000021"]}


def supplied(name, to, **more):
    """The hub supplied somebody."""
    persons = [HUB, {"ref": "o", "name": to}]
    relation = {"from": "h", "to": "o", "kind": "supplied", "substance": "冰毒"}
    return tip(name, persons=persons, relations=[relation], **more)


def ingest(console, moment, *records):
    with open_owner(console.folder, ticking(instant(moment))) as owner:
        owner.ingest(numbered(list(records)))


@pytest.fixture
def lin(console):
    """Known first of three, of whom one was taken back and one went into a case; later of one more."""
    ingest(console, FIRST, supplied("w1", "王留下"), supplied("w2", "李撤回"), supplied("w3", "吕入案"))
    ingest(
        console, SECOND, supplied("w4", "苏后来"), supplied("w3", "吕入案", revision=2, case=OTHER_CASE),
        record("withdrawal", "w2", reported_at="2019-06-05T10:00:00+08:00", reason="误录"),
    )  # fmt: skip
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(None)
    return browser


def test_neighbours_are_those_known_then_that_may_still_be_seen(lin, console):
    own = only_id(lin, "何中心")
    now, then = (lin.get(f"/entities/{own}/neighbours", **at) for at in ({}, {"as_of": BEFORE}))
    assert {node["label"] for node in now["nodes"]} == {"何中心", "13800000021", "王留下", "苏后来"}
    assert {node["label"] for node in then["nodes"]} == {"何中心", "13800000021", "王留下", "李撤回"}
    assert then["around"] == now["around"], "two people and a phone, each time"
    records = {node["label"]: node["records"] for node in then["nodes"]}
    assert records["何中心"] == 2, "of the three that were there, one is in another's case by now"
    other = console.person("wu", Role.INVESTIGATOR, cases=(OTHER_CASE,))
    other.work_on(OTHER_CASE)
    whole = other.get(f"/entities/{own}/neighbours", as_of=BEFORE)
    assert {"王留下", "李撤回", "吕入案"} <= {node["label"] for node in whole["nodes"]}


def test_a_picture_is_drawn_as_it_was(lin):
    ids = [only_id(lin, name) for name in ("何中心", "王留下", "苏后来")]
    asked = {"ids": ids, "hubs": ids[:1]}
    now = lin.ask("POST", "/links", json=asked).json()
    then = lin.ask("POST", "/links", json=asked | {"as_of": BEFORE}).json()
    assert {node["label"] for node in now["nodes"]} == {"何中心", "王留下", "苏后来"}
    assert {node["label"] for node in then["nodes"]} == {"何中心", "王留下"}
    assert then["now"].keys() == set(ids[:2])
    assert [link["records"] for link in then["links"]] == [["made-up/w1"]]
    assert then["around"][then["now"][ids[0]]]["types"] == {"person": 2, "phone": 1}


def test_a_path_and_its_evidence_are_those_of_then(lin):
    ways = [lin.get("/path", **{"from": "何中心", "to": "李撤回"}, as_of=BEFORE)]
    assert [node["label"] for node in ways[0]["nodes"]].count("李撤回") == 1
    assert lin.ask("GET", "/path", params={"from": "何中心", "to": "李撤回"}).status_code == 404
    edges = ",".join(edge for link in ways[0]["links"] for edge in link["edges"])
    assert lin.ask("GET", "/evidence", params={"edges": edges}).status_code == 404
    evidence = lin.get("/evidence", edges=edges, as_of=BEFORE)
    (kept,) = evidence["records"]
    assert (kept["record"], kept["live"], kept["withdrawn_because"]) == ("made-up/w2", True, None)


@pytest.mark.parametrize("asked", ["/entities/何中心/neighbours", "/path?from=何中心&to=吕入案"])
def test_what_has_gone_into_a_case_shows_in_no_answer_about_the_time_before(lin, asked):
    answer = lin.ask("GET", f"{asked}{'&' if '?' in asked else '?'}as_of={BEFORE}")
    assert "吕入案" not in answer.text
    assert "w3" not in answer.text


def test_an_export_is_of_then_and_says_so_and_whose_neighbours_are_not_in_it(lin):
    found = lin.get(f"/entities/{only_id(lin, '何中心')}/neighbours", as_of=BEFORE)
    by_label = {node["label"]: node["id"] for node in found["nodes"]}
    ids = [by_label["何中心"], by_label["李撤回"]]
    edges = [
        edge for link in found["links"] if set(ids) == {link["from"], link["to"]} for edge in link["edges"]
    ]
    wanted = {"nodes": ids, "edges": edges, "hubs": ids[:1], "as_of": BEFORE}
    report = lin.ask("POST", "/export", json=wanted | {"format": "report"}).text
    assert "李撤回" in report
    assert "只用 2023年11月20日 08:00 之前收到的记录" in report
    assert "何中心：另有 1 个相邻对象（人员）未列入" in report
    packed = zipfile.ZipFile(io.BytesIO(lin.ask("POST", "/export", json=wanted | {"format": "csv"}).content))
    rows = packed.read("beyond.csv").decode().splitlines()
    assert rows[1:] == [f"{ids[0]},person,1,", f"{ids[0]},phone,1,"]
    now = lin.ask("POST", "/export", json=wanted | {"format": "report", "as_of": None}).text
    assert "之前收到的记录" not in now


def test_a_moment_that_cannot_be_read_is_refused(lin):
    who = only_id(lin, "何中心")
    assert lin.ask("GET", f"/entities/{who}/neighbours", params={"as_of": "gestern"}).status_code == 422
    assert lin.ask("POST", "/links", json={"ids": [who], "as_of": "gestern"}).status_code == 422
    wanted = {"format": "csv", "nodes": [who], "edges": [], "as_of": "gestern"}
    assert lin.ask("POST", "/export", json=wanted).status_code == 422


def only_id(browser, text):
    (found,) = [
        hit["node"]["id"] for hit in browser.get("/search", q=text)["hits"] if hit["node"]["label"] == text
    ]
    return found
