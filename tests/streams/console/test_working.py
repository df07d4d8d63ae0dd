"""Alerts, review, cases and saved views: what people do in the console, alone and against each other."""

from __future__ import annotations

import pytest

from graph.console.access import Role
from tests.streams.console.office import CASE, CREW, OTHER_CASE
from tests.streams.made_up import numbered, open_owner, tip

ALIKE = [
    tip(name, persons=[{"ref": "p", "name": called, "phones": ["13876543210"]}])
    for name, called in (("a1", "符国强"), ("a2", "符国明"))
]


@pytest.fixture
def two(console):
    """Two investigators at work, and two records that may speak of the same man."""
    with open_owner(console.folder) as owner:
        owner.ingest(numbered(ALIKE))
    browsers = [console.person(user, Role.INVESTIGATOR, cases=(CASE,)) for user in ("lin", "wu")]
    for each in browsers:
        each.work_on(None)
    return browsers


def test_a_pair_is_shown_with_both_sides_and_an_answer_changes_the_graph(two):
    lin, _ = two
    pair = next(each for each in lin.get("/review")["pairs"] if "符国" in str(each["sides"]))
    assert {side["fields"]["name"] for side in pair["sides"]} == {"符国强", "符国明"}
    assert pair["evidence"]
    said = {"a": pair["a"], "b": pair["b"], "verdict": "same", "because": "同一号码"}
    assert lin.ask("POST", "/review", json=said).status_code == 200
    mentions = lin.get(f"/entities/{pair['entities'][0]['id']}")["entity"]["mentions"]
    assert {each["record"] for each in mentions} == {"made-up/a1", "made-up/a2"}
    assert lin.get("/review")["pairs"] == []


def test_a_picture_is_told_which_of_its_entities_have_become_one(two):
    lin, wu = two
    pair = next(each for each in lin.get("/review")["pairs"] if "符国" in str(each["sides"]))
    ids = [entity["id"] for entity in pair["entities"]]
    before = wu.ask("POST", "/links", json={"ids": [*ids, "per-unknown"]}).json()
    assert before["now"] == {each: each for each in ids}
    said = {"a": pair["a"], "b": pair["b"], "verdict": "same", "because": "同一号码"}
    assert lin.ask("POST", "/review", json=said).status_code == 200
    after = wu.ask("POST", "/links", json={"ids": ids}).json()
    (left,) = after["nodes"]
    assert after["now"] == dict.fromkeys(ids, left["id"])
    assert left["records"] == 2


def test_of_two_who_decide_at_once_the_second_is_told_what_the_first_said(two):
    lin, wu = two
    pair = next(each for each in lin.get("/review")["pairs"] if "符国" in str(each["sides"]))
    said = {"a": pair["a"], "b": pair["b"], "because": "核对"}
    assert lin.ask("POST", "/review", json=said | {"verdict": "different"}).status_code == 200
    late = wu.ask("POST", "/review", json=said | {"verdict": "same"})
    assert (late.status_code, late.json()["error"]) == (409, "changed")
    assert "lin" in late.json()["now"]["by"]


def test_nobody_decides_about_what_they_may_not_see(two):
    lin, _ = two
    said = {"a": "made-up/theirs#m", "b": "made-up/mine#m", "verdict": "same", "because": "核对"}
    assert lin.ask("POST", "/review", json=said).status_code == 404


def test_an_alert_is_answered_by_whoever_may_and_the_first_answer_counts(console):
    with open_owner(console.folder) as owner:
        owner.ingest(numbered([
            tip(f"t{n}", reported_at=f"2019-06-{n + 1:02d}T10:00:00+08:00", persons=[
                {"ref": "p", "name": "符玮强", "phones": ["13800000001"]},
                {"ref": "q", "name": f"赵买家{'甲乙丙丁'[n]}"},
            ], relations=[
                {"from": "p", "to": "q", "kind": "supplied", "substance": "冰毒", "at": f"2019-06-0{n + 1}"}
            ],
            text=f"第{'一二三四'[n]}个来源说的不同的话，{n}号楼下见过他")
            for n in range(4)
        ]))  # fmt: skip
    investigator = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    lead = console.person("han", Role.LEAD, cases=(CASE,))
    for each in (investigator, lead):
        each.work_on(CASE)
    alerts = investigator.get("/alerts")["alerts"]
    assert alerts, "the made records raise an alert"
    path = f"/alerts/{alerts[0]['id']}/answers"
    taken = investigator.ask("POST", path, json={"state": "in_work", "because": "", "version": 0})
    assert (taken.json()["state"], taken.json()["version"]) == ("in_work", 1)
    decided = investigator.ask("POST", path, json={"state": "confirmed", "because": "查实", "version": 1})
    assert decided.json()["error"] == "role"
    late = lead.ask("POST", path, json={"state": "confirmed", "because": "查实", "version": 0})
    assert (late.status_code, late.json()["error"]) == (409, "changed")
    assert (
        lead.ask("POST", path, json={"state": "confirmed", "because": "查实", "version": 1}).status_code
        == 200
    )
    (shown,) = [each for each in investigator.get("/alerts")["alerts"] if each["id"] == alerts[0]["id"]]
    assert [each["by"] for each in shown["answers"]] == ["lin", "han"]
    assert shown["notice"] == "线索，非证据"


def test_a_lead_takes_somebody_into_the_own_case_only(console):
    lead = console.person("han", Role.LEAD, cases=(CASE,))
    console.person("lin", Role.INVESTIGATOR)
    case = lead.ask("PUT", f"/cases/{CASE}/members/lin").json()
    assert (case["members"], case["leads"]) == (["han", "lin"], ["han"])
    assert lead.ask("PUT", f"/cases/{OTHER_CASE}/members/lin").json()["error"] == "case"
    assert console.office.desk.accounts.one("lin").cases == (CASE,)
    assert lead.ask("DELETE", f"/cases/{CASE}/members/han").json()["error"] == "invalid"
    assert lead.ask("DELETE", f"/cases/{CASE}/members/lin").status_code == 200
    assert console.office.desk.accounts.one("lin").cases == ()


def test_a_view_is_shared_inside_its_case_and_changed_by_its_maker_only(two, console):
    lin, wu = two
    body = {"nodes": ["per-x"]}
    kept = lin.ask("POST", "/views", json={"name": "图一", "case": CASE, "shared": True, "body": body}).json()
    assert [each["body"] for each in wu.get("/views")["views"]] == [body]
    assert wu.ask("DELETE", f"/views/{kept['id']}").json()["error"] == "role"
    outside = console.person("out", Role.INVESTIGATOR)
    assert outside.get("/views")["views"] == []
    assert outside.ask("DELETE", f"/views/{kept['id']}").status_code == 404
    assert lin.ask("DELETE", f"/views/{kept['id']}").status_code == 204


def test_an_administrator_makes_accounts_and_sees_no_case(console):
    admin = console.person("root", Role.ADMINISTRATOR)
    made = admin.ask(
        "POST", "/users", json={"user": "new", "name": "新警官", "role": "investigator", "regions": ["46"]}
    )
    assert len(made.json()["password"]) >= 12
    changed = admin.ask("PUT", "/users/new", json={"cases": [CASE]}).json()
    assert (changed["cases"], changed["regions"]) == ([CASE], ["46"])
    assert {each["user"] for each in admin.get("/users")["users"]} == {*CREW, "new"}
    assert admin.ask("GET", "/search", params={"q": "x"}).json()["error"] == "role"
    assert admin.ask("GET", "/audit").json()["error"] == "role"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/views", b"{"),
        ("/views", b"[]"),
        ("/views", b'{"name": 3}'),
        ("/review", b"\xff"),
        ("/links", b'{"ids": 1}'),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(two, path, body):
    lin, _ = two
    answer = lin.ask("POST", path, content=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")


def test_a_body_that_is_too_large_is_refused(two):
    lin, _ = two
    assert lin.ask("POST", "/views", content=b"x" * (1 << 21)).json()["error"] == "too_large"


@pytest.mark.parametrize(
    ("language", "words"), [("en-GB,en", "sign in"), ("zh-CN,zh", "请登录"), ("", "请登录")]
)
def test_errors_are_said_in_the_language_of_the_page(console, language, words):
    answer = console.browser().ask("GET", "/session", headers={"Accept-Language": language})
    assert words in answer.json()["message"]
