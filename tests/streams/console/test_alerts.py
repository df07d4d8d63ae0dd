"""Alerts page by page, how many wait for an answer, and whom they are about."""

from __future__ import annotations

import pytest

from graph.console.access import Role
from tests.streams.console.office import CASE, OTHER_CASE
from tests.streams.made_up import numbered, open_owner, record

MEN = [{"ref": "p", "name": f"欧阳第{n}号", "phones": [f"1390000{n:04d}"]} for n in range(12)]
SEEN = [
    record(
        "seizure", f"{place}{n}", case=case, persons=[man],
        reported_at=f"2019-07-{2 * n + at + 1:02d}T10:00:00+08:00",
    )
    for n, man in enumerate(MEN)
    for at, (place, case) in enumerate((("in", CASE), ("out", None)))
]  # fmt: skip
ALONE = {"ref": "p", "name": "司空独行", "phones": ["13900009999"]}
HIDDEN = [
    record("seizure", "other", case=OTHER_CASE, persons=[ALONE]),
    record("seizure", "own", persons=[ALONE]),
]


@pytest.fixture
def lin(console):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered(SEEN))
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    return browser


def paged(browser, limit, **more):
    """Pages as long as there are any."""
    pages = [browser.get("/alerts", limit=limit, **more)]
    while pages[-1]["next"] is not None:
        pages.append(browser.get("/alerts", limit=limit, before=pages[-1]["next"], **more))
    return pages


def test_pages_hold_every_alert_once_the_last_raised_first(lin):
    whole = lin.get("/alerts", limit=500)
    assert whole["next"] is None
    assert len(whole["alerts"]) >= len(MEN)
    moments = [each["raised_at"] for each in whole["alerts"]]
    assert moments == sorted(moments, reverse=True)
    for limit in (1, 5, len(whole["alerts"])):
        pages = paged(lin, limit)
        assert [each for page in pages for each in page["alerts"]] == whole["alerts"]
        assert {len(page["alerts"]) for page in pages[:-1]} <= {limit}


def test_what_waits_for_an_answer_is_counted_over_all_pages_and_not_once_answered(lin):
    whole = lin.get("/alerts", limit=500)["alerts"]
    assert lin.get("/alerts", limit=1)["unanswered"] == len(whole)
    for each in whole[:2]:
        said = {"state": "in_work", "because": "", "version": 0}
        assert lin.ask("POST", f"/alerts/{each['id']}/answers", json=said).status_code == 200
    assert {page["unanswered"] for page in paged(lin, 3)} == {len(whole) - 2}
    in_work = paged(lin, 1, state="in_work")
    assert [each["id"] for page in in_work for each in page["alerts"]] == [each["id"] for each in whole[:2]]
    waiting = [each["id"] for page in paged(lin, 4, state="open") for each in page["alerts"]]
    assert waiting == [each["id"] for each in whole[2:]]
    assert lin.get("/alerts", state="confirmed")["alerts"] == []
    assert lin.get("/alerts", state="no such state")["alerts"] == []


def test_what_is_hidden_is_on_no_page_and_in_no_count_and_news_are_counted_at_once(console, lin):
    other = console.person("out", Role.INVESTIGATOR, regions=("46",))
    other.work_on(None)
    assert (other.get("/alerts")["alerts"], other.get("/alerts")["unanswered"]) == ([], 0)
    before = lin.get("/alerts", limit=500)
    with open_owner(console.folder) as owner:
        owner.ingest(numbered([
            record("seizure", "news", persons=[MEN[1]], reported_at="2019-08-30T10:00:00+08:00"),
            *HIDDEN,
        ]))  # fmt: skip
    after = lin.get("/alerts", limit=500)
    assert after["unanswered"] == len(after["alerts"])
    assert {each["id"] for each in before["alerts"]} <= {each["id"] for each in after["alerts"]}
    assert OTHER_CASE not in str(after)


def test_a_dossier_names_the_alerts_about_somebody(lin):
    by_whom = {}
    for alert in lin.get("/alerts", limit=500)["alerts"]:
        for entity in alert["entities"]:
            by_whom.setdefault(entity["id"], set()).add(alert["id"])
    assert len(by_whom) >= len(MEN)
    for who, alerts in by_whom.items():
        assert {each["id"] for each in lin.get(f"/entities/{who}")["alerts"]} == alerts


@pytest.mark.parametrize("before", ["x", "1", "1.", "1.ALT", "1" * 30 + ".alt-a", "-.a"])
def test_a_place_that_is_none_is_refused(lin, before):
    answer = lin.ask("GET", "/alerts", params={"before": before})
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
