"""What the console answers to an investigator: of the own region and cases, and nothing of others."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import contextmanager

import pytest

from graph.console.access import Role
from streams import bootstrap
from tests.streams.console.office import CASE, OTHER_CASE


@pytest.fixture
def lin(console):
    """An investigator of Hainan and of the case 2019-551."""
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    return browser


def only_id(browser, text):
    (hit,) = browser.get("/search", q=text)["hits"]
    return hit["node"]["id"]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("符玮强", "name"), ("fuweiqiang", "pinyin"), ("富伟强", "homophone"), ("13800000001", "number"),
     ("138****0001", "masked"), ("0001", "part"), ("made-up/open", "record"), (CASE, "case")],
)  # fmt: skip
def test_a_search_says_by_what_it_found_somebody(lin, typed, kind):
    hits = lin.get("/search", q=typed)["hits"]
    assert any(why["kind"] == kind for hit in hits for why in hit["why"]), hits


@pytest.mark.parametrize(
    "typed", ["秦守义", "13800000009", "made-up/theirs", OTHER_CASE, "朱不在此", "440800"]
)
def test_what_belongs_to_others_is_not_found(lin, typed):
    assert lin.get("/search", q=typed)["hits"] == []


def test_a_trace_comes_with_its_drawing_and_says_that_something_is_withheld(lin):
    found = lin.get("/trace", who="陈大勇")
    assert [[hop["from"]["label"] for hop in chain["hops"]] for chain in found["trace"]["chains"]] == [
        ["林小满", "符玮强"]
    ]
    labels = [[found["nodes"][each]["label"] for each in tier] for tier in found["tiers"]]
    assert labels == [["林小满"], ["符玮强"], ["陈大勇"]]
    assert found["withheld"]
    assert "秦守义" not in json.dumps(found, ensure_ascii=False)
    (weakest,) = found["weakest"]
    assert weakest["confidence"] == min(hop["confidence"] for hop in found["trace"]["chains"][0]["hops"])
    link = next(each for each in found["links"] if each["records"] == ["made-up/mine"])
    assert (link["chains"], len(link["edges"])) == ([0], 1)


def test_an_edge_opens_its_records_with_the_place_where_it_is_said(lin):
    found = lin.get("/trace", who="陈大勇")
    (edge,) = next(each for each in found["links"] if each["records"] == ["made-up/mine"])["edges"]
    evidence = lin.get("/evidence", edges=edge)
    (record,) = evidence["records"]
    assert (record["record"], record["highlights"]) == ("made-up/mine", [{"path": "relations[0]"}])
    assert (evidence["origins"], evidence["notice"]) == (1, "线索，非证据")
    assert {"zh": "仅有一个独立来源", "en": "only one independent source"} in evidence["against"]


def test_a_number_is_highlighted_where_it_stands(lin):
    links = lin.get(f"/entities/{only_id(lin, '符玮强')}/neighbours")["links"]
    uses = next(each for each in links if each["type"] == "uses")
    places = [each["highlights"] for each in lin.get("/evidence", edges=",".join(uses["edges"]))["records"]]
    assert places == [[{"path": "persons[0].phones"}]] * 2


def test_the_neighbours_of_somebody_are_joined_by_links_with_all_their_records(lin):
    found = lin.get(f"/entities/{only_id(lin, '符玮强')}/neighbours")
    labels = {node["id"]: node["label"] for node in found["nodes"]}
    links = {
        (each["type"], labels[each["from"]], labels[each["to"]]): each["records"] for each in found["links"]
    }
    assert links["uses", "符玮强", "13800000001"] == ["made-up/mine", "made-up/open"]
    assert links["supplied", "林小满", "符玮强"] == ["made-up/mine"]
    assert not found["ask"]


def test_of_many_neighbours_it_is_asked_which_and_the_best_documented_come_first(lin):
    who = only_id(lin, "符玮强")
    asked = lin.get(f"/entities/{who}/neighbours", limit=1)
    assert (asked["ask"], asked["nodes"], asked["around"]["links"]["supplied"]) == (True, [], 2)
    shown = lin.get(f"/entities/{who}/neighbours", limit=1, types="supplied")
    assert shown["nodes"][0]["id"] == who
    assert (len(shown["nodes"]), shown["around"]) == (2, asked["around"])


def test_neighbours_are_counted_by_type_and_given_by_type_one_after_the_other(lin):
    who = only_id(lin, "符玮强")
    around = lin.get(f"/entities/{who}/neighbours")["around"]
    assert (around["types"]["person"], around["types"]["phone"], around["whole"]) == (2, 1, True)
    pages = [lin.get(f"/entities/{who}/neighbours", of="person", limit=1, skip=skip) for skip in range(3)]
    assert [[node["label"] for node in page["nodes"][1:]] for page in pages].count([]) == 1
    assert {node["label"] for page in pages for node in page["nodes"]} == {"符玮强", "陈大勇", "林小满"}


def test_neighbours_are_counted_as_far_as_they_may_be_seen(lin, console):
    who = only_id(lin, "林小满")
    drawn = lin.ask("POST", "/links", json={"ids": [who], "hubs": [who, "per-unknown"]}).json()
    assert drawn["around"].keys() == {who}
    assert (drawn["around"][who]["types"]["person"], drawn["around"][who]["whole"]) == (1, True)
    other = console.person("wu", Role.INVESTIGATOR, cases=(CASE, OTHER_CASE))
    for case in (CASE, OTHER_CASE):
        other.work_on(case)
    drawn = other.ask("POST", "/links", json={"ids": [who], "hubs": [who]}).json()
    assert drawn["around"][who]["types"]["person"] == 2


def test_of_a_hub_with_more_edges_than_are_looked_at_the_counts_say_so(lin, monkeypatch):
    monkeypatch.setattr("graph.console.screens.picture.MOST_EDGES", 2)
    who = only_id(lin, "符玮强")
    around = lin.get(f"/entities/{who}/neighbours")["around"]
    assert (around["whole"], sum(around["types"].values()) <= 2) == (False, True)


def test_the_links_among_the_entities_of_a_picture_are_told_together(lin):
    ids = [only_id(lin, name) for name in ("符玮强", "陈大勇", "林小满")]
    drawn = lin.ask("POST", "/links", json={"ids": [*ids, "per-unknown"]}).json()
    assert {each["type"] for each in drawn["links"]} == {"supplied"}
    assert len(drawn["links"]) == 2
    assert {node["id"] for node in drawn["nodes"]} == set(ids) == set(drawn["now"])


def test_a_path_joins_two_over_what_they_share(lin):
    way = lin.get("/path", **{"from": "陈大勇", "to": "林小满"})
    assert [node["label"] for node in way["nodes"]].count("符玮强") == 1
    assert len(way["links"]) == 2


def test_no_path_runs_through_what_may_not_be_seen(console, lin):
    everything = console.person("wu", Role.INVESTIGATOR, cases=(CASE, OTHER_CASE))
    everything.work_on(OTHER_CASE)
    everything.work_on(CASE)
    way = everything.get("/path", **{"from": "陈大勇", "to": "秦守义"})
    assert len(way["nodes"]) == 4
    assert lin.ask("GET", "/path", params={"from": "陈大勇", "to": "秦守义"}).status_code == 404


def test_a_dossier_holds_what_one_may_see_of_somebody(lin):
    found = lin.get("/entities/林小满")
    assert [each["record"] for each in found["appearances"]] == ["made-up/mine"]
    assert (found["records"], found["node"]["records"], found["links"]["supplied"]) == (1, 1, 1)
    assert found["notice"] == "线索，非证据"


def test_a_timeline_shows_how_precisely_times_are_known(lin):
    lanes = {lane["type"]: lane["items"] for lane in lin.get("/entities/符玮强/timeline")["lanes"]}
    assert [item["precision"] for item in lanes["supplied"]] == ["day", "day"]
    assert [item["label"] for item in lanes["supplied"]] == ["← 林小满", "→ 陈大勇"]
    assert set(lanes) >= {"tip", "seizure", "supplied", "uses"}


def test_a_record_is_shown_as_it_was_redacted(lin):
    found = lin.get("/records/made-up/mine")
    assert {node["label"] for node in found["entities"]} >= {"符玮强", "林小满"}
    assert found["body"]["case"] == CASE


def test_what_does_not_exist_and_what_may_not_be_seen_are_answered_alike(lin):
    hidden = lin.ask("GET", "/records/made-up/theirs")
    unknown = lin.ask("GET", "/records/made-up/never")
    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_several_who_fit_are_listed_to_choose_from(console, lin):
    from tests.streams.made_up import numbered, open_owner, tip

    with open_owner(console.folder) as owner:
        owner.ingest(
            numbered([
                tip("one", persons=[{"ref": "p", "name": "王小明", "birth_date": "1980-01-01"}]),
                tip("two", persons=[{"ref": "p", "name": "王小明", "birth_date": "1990-05-05"}]),
            ])
        )  # fmt: skip
    answer = lin.ask("GET", "/trace", params={"who": "王小明"})
    assert answer.status_code == 409
    assert [each["label"] for each in answer.json()["candidates"]] == ["王小明", "王小明"]


def test_the_map_of_a_case_has_the_sites_and_where_goods_were_seized(lin):
    found = lin.get("/map")
    assert {site["line"] for site in found["sites"]} == {1, 2, 3}
    assert [place["record"] for place in found["places"]] == ["made-up/mine"]
    assert [each["geometry"]["type"] for each in found["land"]["features"]] == ["Polygon", "Polygon"]


def test_outside_a_case_the_map_counts_the_records_of_each_site(console):
    browser = console.person("lin", Role.INVESTIGATOR, regions=("44",))
    browser.work_on(None)
    sites = {site["id"]: site["records"] for site in browser.get("/map")["sites"]}
    assert sites["xuwen-haian"] == 1
    assert sum(sites.values()) == 1


def test_what_came_since_the_last_visit_is_told(lin):
    found = lin.get("/changes", since="2020-01-01T00:00:00Z")
    assert {each["record"] for each in found["records"]} == {"made-up/open", "made-up/mine"}
    assert lin.get("/changes", since="2030-01-01T00:00:00Z")["records"] == []


def test_what_is_seen_can_be_taken_along_as_tables_graph_and_report(lin):
    found = lin.get("/trace", who="陈大勇")
    wanted = {"nodes": list(found["nodes"]), "edges": [e for link in found["links"] for e in link["edges"]]}
    table = lin.ask("POST", "/export", json={"format": "csv", "title": "", **wanted})
    with zipfile.ZipFile(io.BytesIO(table.content)) as packed:
        rows = packed.read("nodes.csv").decode("utf-8-sig").splitlines()
    assert len(rows) == 4
    drawn = lin.ask("POST", "/export", json={"format": "graphml", "title": "", **wanted}).text
    assert drawn.count("<node ") == 3
    assert drawn.count("<edge ") == 2
    report = lin.ask("POST", "/export", json={"format": "report", "title": "<b>追线</b>", **wanted}).text
    assert "&lt;b&gt;追线&lt;/b&gt;" in report
    assert report.count("线索，非证据") == 2
    assert "made-up/mine" in report
    assert "核实线索来源" in report


def test_an_export_holds_nothing_that_may_not_be_seen(console, lin):
    everything = console.person("wu", Role.INVESTIGATOR, cases=(CASE, OTHER_CASE))
    everything.work_on(OTHER_CASE)
    everything.work_on(CASE)
    found = everything.get("/trace", who="陈大勇")
    wanted = {"nodes": list(found["nodes"]), "edges": [e for link in found["links"] for e in link["edges"]]}
    assert "秦守义" in everything.ask("POST", "/export", json={"format": "report", **wanted}).text
    assert "秦守义" not in lin.ask("POST", "/export", json={"format": "report", **wanted}).text


def test_a_question_that_takes_too_long_is_cancelled_and_said_so(console, lin, monkeypatch):
    @contextmanager
    def slow(as_of):
        with bootstrap.own_reader(console.settings, as_of) as reader:
            reader.connection.set_progress_handler(lambda: True, 1)  # its time is over at once
            yield reader

    monkeypatch.setattr(console.app.state, "office", console.with_reader(slow))
    answer = lin.ask("GET", "/search", params={"q": "符玮强"})
    assert (answer.status_code, answer.json()["error"]) == (503, "slow")


def test_a_store_that_is_gone_is_said_and_nothing_of_where_it_was(console, lin):
    (console.folder / "world.db").rename(console.folder / "away.db")
    answer = lin.ask("GET", "/search", params={"q": "符玮强"})
    assert (answer.status_code, answer.json()["error"]) == (503, "store")
    assert str(console.folder) not in answer.text
