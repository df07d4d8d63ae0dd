"""The report that is printed: for people, in the language of the page; files for machines keep the codes."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from html.parser import HTMLParser

import pytest

from graph.console.access import Role
from tests.streams.console.office import CASE
from tests.streams.made_up import numbered, open_owner, record

SENT = record(
    "interception", "sent", checkpoint="xuwen-haian", outcome="seized", occurred="2019-04",
    persons=[{"ref": "s", "name": "秦守义", "role": "suspect"}, {"ref": "m", "phones": ["13800000005"]}],
    parcels=[{"ref": "box", "tracking_no": "SF1020304050607", "sender": "s", "recipient": "m"}],
    lots=[{"ref": "l", "substance": "笑气", "quantity": 1500, "unit": "支", "found_in": "box"}],
)  # fmt: skip
CODES = re.compile(r"\b(supplied|person|methamphetamine|nitrous_oxide|seizure|relation)\b|T\d\d:\d\d")


class Read(HTMLParser):
    """The cells of a page by row, and all of its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, _attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, text):
        self.text += text
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += text


@pytest.fixture
def lin(console):
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    return browser


def asked_for(browser, who="陈大勇", **more):
    """What the page of a trace sends to have it exported."""
    found = browser.get("/trace", who=who, **more)
    return {
        "format": "report",
        "nodes": list(found["nodes"]),
        "edges": [edge for link in found["links"] for edge in link["edges"]],
        "title": "上溯",
        "trace": {"who": found["trace"]["origin"]["id"], "direction": "up", **more},
    }


def printed(browser, wanted, language="zh"):
    answer = browser.ask("POST", "/export", json=wanted, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def test_a_report_is_in_chinese_words_and_chinas_time(lin):
    sheet = printed(lin, asked_for(lin))
    assert CODES.findall(sheet.text) == []
    assert sheet.text.count("线索，非证据") == 2
    for words in (
        "上溯来源",
        "人员",
        "供货",
        "甲基苯丙胺",
        "缴获",
        "未评级（F6）",
        "2019年5月1日",
        "北京时间",
    ):
        assert words in sheet.text


def test_a_report_is_in_english_where_the_page_is(lin):
    sheet = printed(lin, asked_for(lin), "en")
    assert "T00:00" not in sheet.text
    for words in ("A lead, not evidence", "up to the source", "supplied", "methamphetamine", "1 May 2019"):
        assert words in sheet.text


def test_each_hop_stands_with_its_tiers_and_its_numbered_records(lin):
    sheet = printed(lin, asked_for(lin))
    hops = [row for row in sheet.rows if len(row) == 8 and row[0].isdigit()]
    assert [(row[1].split("\n")[0], row[2].split("\n")[0]) for row in hops] == [
        ("林小满", "符玮强"), ("符玮强", "陈大勇"),
    ]  # fmt: skip
    assert [row[1].split("\n")[1] for row in hops] == ["第 1 层 · 源头", "第 2 层 · 中转"]
    numbers = {row[1].split("\n")[0]: row[0] for row in sheet.rows if len(row) == 3 and row[0].isdigit()}
    assert numbers.keys() == {"made-up/mine", "made-up/open"}
    assert hops[0][7].strip() == f"[{numbers['made-up/mine']}] made-up/mine"
    assert "最薄弱一跳" in sheet.text


def test_a_time_is_no_more_precise_than_it_is_known_and_fields_tell_what_no_text_does(console, lin):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered([SENT]))
    sheet = printed(lin, asked_for(lin, "林小满"))
    (row,) = [row for row in sheet.rows if len(row) == 3 and "made-up/sent" in row[1]]
    assert "发生 2019年4月\n" in row[1]
    for words in ("徐闻海安港", "结果：查获", "秦守义（嫌疑人）", "13800000005（未注明）",
                  "SF1020304050607（秦守义 → 13800000005）", "笑气 1,500 支"):  # fmt: skip
        assert words in row[2]
    (hop,) = [row for row in sheet.rows if len(row) == 8 and row[0] == "1"]
    assert hop[3] == "2019年4月"


def test_a_report_of_an_earlier_moment_says_so_and_tells_only_what_was_known(lin):
    wanted = asked_for(lin)
    wanted["as_of"] = "2019-01-01T00:00:00+08:00"
    answer = lin.ask("POST", "/export", json=wanted)
    assert answer.status_code == 404
    wanted["as_of"] = "2099-01-01T00:00:00+08:00"
    assert "只用 2099年1月1日 00:00 之前收到的记录" in printed(lin, wanted).text


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_until_when_was_traced_is_printed_as_it_was_understood_on_a_machine_of_any_zone(
    lin, monkeypatch, zone
):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for until, said in (("2019-06-30T21:14", "6月30日 21:14"), ("2019-06-30T21:14Z", "7月1日 05:14")):
            assert f"发生不晚于 2019年{said}" in printed(lin, asked_for(lin, until=until)).text
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_report_of_a_picture_has_people_links_and_records_and_no_chains(lin):
    sheet = printed(lin, asked_for(lin) | {"trace": None})
    assert "供应链" not in sheet.text
    assert [row[2] for row in sheet.rows if len(row) == 8][1:] == ["供货", "供货"]
    assert sum(row[0].isdigit() and "SHA-256 " in row[2] for row in sheet.rows if len(row) == 3) == 2


def test_nothing_hidden_is_printed(lin):
    wanted = asked_for(lin)
    wanted["nodes"].append("秦守义")
    sheet = printed(lin, wanted)
    assert "秦守义" not in sheet.text
    assert "部分内容因权限未予显示" in sheet.text


def test_files_for_machines_keep_the_codes(lin):
    wanted = asked_for(lin) | {"format": "csv"}
    packed = zipfile.ZipFile(io.BytesIO(lin.ask("POST", "/export", json=wanted).content))
    edges = list(csv.DictReader(io.TextIOWrapper(packed.open("edges.csv"), "utf-8-sig")))
    assert {(each["type"], each["substance"]) for each in edges} == {("supplied", "methamphetamine")}
    assert edges[0]["earliest"].endswith("+08:00")
    drawn = lin.ask("POST", "/export", json=wanted | {"format": "graphml"}).text
    assert '<data key="edge_type">supplied</data>' in drawn
