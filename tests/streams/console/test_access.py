"""Who gets in where: every route, for every role, region, case, purpose and token, from a table."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest

from graph.console.access import Role
from graph.console.accounts import Newcomer
from schemas.times import instant
from tests.streams.console.office import CASE, OTHER_CASE, cookie_of
from tests.streams.made_up import numbered, open_owner, ticking, tip

N, L, S, A = Role.INVESTIGATOR, Role.LEAD, Role.INSPECTOR, Role.ADMINISTRATOR
WORKERS, EVERYBODY = {N, L}, {N, L, S, A}
PEOPLE = ("符玮强", "陈大勇", "林小满", "秦守义", "朱不在此")
VIEW = {"name": "图", "case": None, "shared": False, "body": {}}
OUT = {"format": "csv", "nodes": [], "edges": [], "title": ""}
ANSWER = {"state": "acknowledged", "because": "", "version": 0}
JUDGE = {"a": "made-up/open#a", "b": "made-up/mine#a", "verdict": "same", "because": "同一号码"}

# method, path, body, roles that may, whether a purpose is asked for
ROUTES = [
    ("GET", "/session", None, EVERYBODY, False),
    ("DELETE", "/session", None, EVERYBODY, False),
    ("PUT", "/password", {"old": "x", "new": "y"}, EVERYBODY, False),
    ("PUT", "/purpose", {"case": None, "purpose": "核实线索"}, EVERYBODY, False),
    ("GET", "/search?q=x", None, WORKERS, True),
    ("GET", "/entities/x", None, WORKERS, True),
    ("GET", "/entities/x/timeline", None, WORKERS, True),
    ("GET", "/entities/x/neighbours", None, WORKERS, True),
    ("POST", "/links", {"ids": []}, WORKERS, True),
    ("GET", "/trace?who=x", None, WORKERS, True),
    ("GET", "/path?from=x&to=y", None, WORKERS, True),
    ("GET", "/evidence?edges=x", None, WORKERS, True),
    ("GET", "/records/made-up/x", None, WORKERS, True),
    ("GET", "/map", None, WORKERS, True),
    ("GET", "/changes?since=2030-01-01T00:00:00Z", None, WORKERS, True),
    ("GET", "/alerts", None, {N, L, S}, True),
    ("GET", "/alerts/x", None, {N, L, S}, True),
    ("POST", "/alerts/x/answers", ANSWER, WORKERS, True),
    ("GET", "/review", None, WORKERS, True),
    ("POST", "/review", JUDGE, WORKERS, True),
    ("GET", "/cases", None, WORKERS, False),
    ("PUT", f"/cases/{CASE}/members/x", None, {L}, False),
    ("DELETE", f"/cases/{CASE}/members/x", None, {L}, False),
    ("GET", "/views", None, WORKERS, False),
    ("POST", "/views", VIEW, WORKERS, False),
    ("PUT", "/views/x", VIEW, WORKERS, False),
    ("DELETE", "/views/x", None, WORKERS, False),
    ("POST", "/export", OUT, WORKERS, True),
    ("GET", "/audit", None, {S}, False),
    ("GET", "/audit/whole", None, {S}, False),
    ("GET", "/users", None, {A}, False),
    ("POST", "/users", {"user": "new", "name": "新", "role": "investigator"}, {A}, False),
    ("PUT", "/users/x", {}, {A}, False),
    ("POST", "/users/x/password", None, {A}, False),
]
STREAM = ("GET", "/events")
OPEN = [("POST", "/session"), ("GET", "/oidc"), ("GET", "/oidc/start"), ("GET", "/oidc/callback")]
"""By which one signs in; what they do is in `test_oidc`."""


def template(path):
    """A path as the router has it, by its number of parts and fixed words."""
    return path.partition("?")[0]


def test_the_table_names_every_route(console):
    described = console.app.openapi()["paths"]
    routes = {(method.upper(), path) for path, operations in described.items() for method in operations}
    named = set()
    for method, path, *_ in [*ROUTES, STREAM, *OPEN]:
        fits = [each for each in routes if each[0] == method and _fits(each[1], "/api" + template(path))]
        assert fits, path
        named.add(min(fits, key=lambda each: each[1].count("{")))
    assert named == routes


def _fits(route, path):
    one, other = route.split("/"), path.split("/")
    return len(one) == len(other) and all(
        a == b or a.startswith("{") for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "roles", "purpose"), ROUTES, ids=[f"{each[0]} {each[1]}" for each in ROUTES]
)
def test_nobody_gets_in_where_they_do_not_belong(console, method, path, body, roles, purpose):
    nobody = console.browser()
    assert nobody.ask(method, path, json=body).json()["error"] == "session"
    others = iter(("wu", "out", "han", "du"))
    console.person("root", A)
    for role in Role:
        browser = console.person(next(others), role, cases=(CASE,))
        if method != "GET":
            forged = browser.ask(method, path, json=body, headers={"X-CSRF": "guessed"})
            assert (forged.status_code, forged.json()["error"]) == (403, "csrf")
        if purpose and role in roles:
            unsaid = browser.ask(method, path, json=body)
            assert (unsaid.status_code, unsaid.json()["error"]) == (428, "purpose")
            other = browser.ask(method, path, json=body, headers={"X-Case": OTHER_CASE})
            assert (other.status_code, other.json()["error"]) == (403, "case")
            browser.work_on(CASE)
        answer = browser.ask(method, path, json=body)
        if role in roles:
            assert answer.status_code < 500, answer.text
            assert answer.status_code not in (401, 428), answer.text
            assert answer.status_code != 403 or answer.json()["error"] != "role"
        else:
            assert (answer.status_code, answer.json()["error"]) == (403, "role")


SEEN = {  # (regions, cases) → the records of the world that may be seen
    (("46",), ()): {"open"},
    (("46",), (CASE,)): {"open", "mine"},
    (("46",), (CASE, OTHER_CASE)): {"open", "mine", "theirs"},
    (("4408",), ()): {"elsewhere"},
    (("4408",), (OTHER_CASE,)): {"elsewhere", "theirs"},
    (("",), ()): {"open", "elsewhere"},
    ((), (CASE,)): {"mine"},
    ((), ()): set(),
}


@pytest.mark.parametrize("role", [N, L])
@pytest.mark.parametrize("scope", SEEN, ids=str)
def test_every_read_stays_within_region_and_cases(console, role, scope):
    regions, cases = scope
    browser = console.person("lin", role, regions=regions, cases=cases)
    for case in (*cases, None):
        browser.work_on(case)
    seen = {
        name for name in ("open", "mine", "theirs", "elsewhere")
        if browser.ask("GET", f"/records/made-up/{name}").status_code == 200
    }  # fmt: skip
    assert seen == SEEN[scope]
    told = {"open": "阿强在酒吧", "mine": "made-up/mine", "theirs": "秦守义", "elsewhere": "朱不在此"}
    asked = [
        *(f"/search?q={word}" for word in (*PEOPLE, CASE, OTHER_CASE)),
        *(f"/entities/{who}{what}" for who in PEOPLE for what in ("", "/timeline", "/neighbours")),
        *(f"/trace?who={who}&direction={way}" for who in ("陈大勇", "秦守义") for way in ("up", "down")),
        "/path?from=陈大勇&to=秦守义", "/map", "/changes?since=2019-01-01T00:00:00Z", "/alerts", "/review",
        *(f"/records/made-up/{name}" for name in told),
    ]  # fmt: skip
    said = "\n".join(json.dumps(browser.ask("GET", path).json(), ensure_ascii=False) for path in asked)
    for name, word in told.items():
        if name not in seen:
            assert word not in said
        assert (f"made-up/{name}" in said) == (name in seen)


def test_a_purpose_said_for_one_case_opens_no_other(console):
    browser = console.person("lin", N, cases=(CASE, OTHER_CASE))
    browser.work_on(CASE)
    assert browser.ask("GET", "/records/made-up/theirs").status_code == 404
    assert "秦守义" not in browser.ask("GET", "/trace", params={"who": "陈大勇"}).text
    browser.work_on(OTHER_CASE)
    assert browser.ask("GET", "/records/made-up/theirs").status_code == 200


def test_a_case_of_any_script_can_be_worked_on(console):
    case = "琼公刑立字2020第12号"
    browser = console.person("lin", N, cases=(case,))
    (case,) = console.office.desk.accounts.one("lin").cases
    browser.work_on(case)
    browser.case = quote(case)
    assert browser.get("/search", q="符玮强")["hits"]


def test_who_asks_for_somebody_by_name_stands_in_the_audit_whatever_comes_of_it(console):
    browser = console.person("lin", N)
    browser.work_on(None)
    browser.ask("GET", "/entities/13800000009")
    lines = console.person("du", S).get("/audit")["lines"]
    assert ["asked:13800000009"] in [line["about"] for line in lines if line["action"] == "look_up"]


def test_who_failed_to_sign_in_stands_in_the_audit_and_no_password(console):
    console.browser().sign_in("lin", "wrong-horse-18")
    console.browser().sign_in("correct-horse-19", "lin")
    lines = console.person("du", S).get("/audit")["lines"]
    assert [line["user"] for line in lines if line["action"] == "sign_in_refused"] == ["", "lin"]
    assert "horse" not in str(lines)


def test_what_an_administrator_gave_to_whom_stands_in_the_audit(console):
    admin = console.person("root", A)
    admin.ask("PUT", "/users/wu", json={"role": "lead", "regions": ["46"], "cases": [CASE]})
    lines = console.person("du", S).get("/audit")["lines"]
    (line,) = [line for line in lines if line["action"] == "change_user"]
    assert line["about"] == ["user:wu", "role:lead", "regions:46", f"cases:{CASE}"]


@pytest.mark.parametrize(
    "path", ["/%00", "/assets/%00", "/" + "x" * 300, "/assets/..%2f..%2fapp.py", "/..%2fapp.py"]
)
def test_an_address_that_can_be_no_file_is_answered_like_any_other(console, path):
    answer = console.browser().client.get(path)
    assert answer.status_code in (200, 404, 503)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "create_app" not in answer.text


def test_what_has_come_into_a_case_since_is_not_told_of_the_time_before(console):
    """Revision 1 stood in no case; what it says was seen by whoever had the region."""
    before = "2023-11-20T00:00:00Z"
    told = {"persons": [{"ref": "a", "name": "何旧事"}, {"ref": "b", "name": "吕新案"}],
            "relations": [{"from": "a", "to": "b", "kind": "supplied", "substance": "冰毒"}]}  # fmt: skip
    for revision, more, moment in ((1, {}, "2023-11-19"), (2, {"case": OTHER_CASE}, "2023-11-21")):
        clock = ticking(instant(f"{moment}T00:00:00Z"))
        with open_owner(console.folder, clock) as owner:
            owner.ingest(numbered([tip("moved", revision=revision, **told, **more)]))
    browser = console.person("lin", N, cases=(CASE,))
    browser.work_on(None)
    assert browser.ask("GET", "/trace", params={"who": "吕新案"}).status_code == 404
    then = browser.ask("GET", "/trace", params={"who": "吕新案", "as_of": before})
    assert (then.status_code, "何旧事" in then.text) == (404, False)
    other = console.person("wu", N, cases=(OTHER_CASE,))
    other.work_on(OTHER_CASE)
    assert "何旧事" in other.ask("GET", "/trace", params={"who": "吕新案", "as_of": before}).text


def test_an_error_repeats_nothing_of_what_was_asked(console):
    browser = console.person("lin", N)
    browser.work_on(None)
    for path in (
        "/entities/秦守义",
        "/trace?who=秦守义",
        "/records/made-up/theirs",
        "/trace?who=x&direction=秦守义",
    ):
        answer = browser.ask("GET", path)
        assert answer.status_code in (404, 422)
        assert "秦守义" not in answer.text
        assert "theirs" not in answer.text


def test_a_session_of_somebody_whose_case_was_taken_away_ends(console):
    browser = console.person("lin", N, cases=(CASE,))
    browser.work_on(CASE)
    console.office.desk.accounts.revoke("lin", cases=[CASE])
    assert browser.ask("GET", "/search", params={"q": "x"}).json()["error"] == "session"


def test_whoever_got_a_password_from_somebody_has_to_change_it_first(console):
    new = Newcomer(user="new", name="新警官", role=N, regions=["46"])
    given = console.office.desk.accounts.add(new, console.office.now())
    browser = console.browser()
    assert browser.sign_in("new", given).json()["must_change"]
    assert browser.ask("GET", "/search", params={"q": "x"}).json()["error"] == "password"
    changed = browser.ask("PUT", "/password", json={"old": given, "new": "another-long-one-7"})
    assert changed.status_code == 204
    browser.work_on(None)
    assert browser.get("/search", q="x") == {"hits": []}


def test_a_cookie_is_for_no_script_and_no_other_site(console):
    answer = console.browser().sign_in("lin")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_every_answer_forbids_what_the_page_does_not_need(console):
    for path in ("/", "/api/session", "/api/unknown", "/assets/none.js"):
        headers = console.browser().client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_audit_has_every_read_with_its_purpose_before_it_is_answered(console):
    browser = console.person("lin", N, cases=(CASE,))
    browser.work_on(CASE, "追查笑气来源")
    (hit,) = browser.get("/search", q="林小满")["hits"]
    browser.get(f"/entities/{hit['node']['id']}")
    inspector = console.person("du", S)
    lines = inspector.get("/audit")["lines"]
    search = next(line for line in lines if line["action"] == "search")
    assert search["about"] == ["asked:林小满", hit["node"]["id"]]
    assert (search["user"], search["case"], search["purpose"]) == ("lin", CASE, "追查笑气来源")
    dossier = next(line for line in lines if line["action"] == "dossier")
    assert dossier["about"][0] == hit["node"]["id"]
    assert inspector.get("/audit")["checked"] == {"how": "chain", "fault": None}
    assert inspector.get("/audit/whole")["fault"] is None


def test_what_cannot_be_written_down_is_not_shown(console):
    browser = console.person("lin", N)
    browser.work_on(None)
    audit = next(console.folder.glob("*.audit.jsonl"))
    audit.unlink()
    audit.mkdir()
    answer = browser.ask("GET", "/search", params={"q": "符玮强"})
    assert (answer.status_code, answer.json()["error"]) == (503, "store")


def test_the_page_is_sent_packed_to_whoever_takes_it(console):
    client = console.browser().client
    page = client.get("/").text
    (script,) = re.findall(r'src="(/assets/[^"]+\.js)"', page)
    sizes = []
    for taken in ("gzip", "identity"):
        answer = client.get(script, headers={"Accept-Encoding": taken})
        assert answer.headers.get("content-encoding", "identity") == taken
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        sizes.append(int(answer.headers["content-length"]))
    assert sizes[0] < 0.6 * sizes[1]


def test_the_token_stands_in_no_file(console):
    browser = console.person("lin", N)
    token = cookie_of(browser)
    for file in console.folder.iterdir():
        assert token.encode() not in file.read_bytes()
