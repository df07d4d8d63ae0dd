"""Signing in by OpenID Connect with a provider that is as it should be."""

from __future__ import annotations

import base64
import logging
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from graph.console.access import Role
from graph.console.accounts import Newcomer
from graph.console.http.asking import COOKIE
from graph.console.http.oidc import AWAY
from streams.cli.main import app
from tests.streams.console.office import cookie_of
from tests.streams.console.provider import CLIENT, SECRET, key

# --- the good way -----------------------------------------------------------------------------


def test_whoever_the_provider_vouches_for_is_signed_in_and_goes_on_where_they_began(way):
    browser = way.console.browser()
    page = way.walk(browser, "/trace?who=1&direction=up")
    assert (page.status_code, page.headers["location"]) == (302, "/trace?who=1&direction=up")
    assert browser.get("/session")["user"] == "lin"
    line = way.last()
    assert (line.user, line.action, line.about) == ("lin", "sign_in", ("by:oidc",))


def test_the_session_is_for_no_script_and_no_other_site_and_the_errand_is_over(way):
    browser = way.console.browser()
    page = way.walk(browser)
    session, away = page.headers.get_list("set-cookie")
    assert session.startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=strict"} <= set(session.lower().split("; "))
    assert away.startswith(f'{AWAY}=""')
    assert AWAY not in browser.client.cookies
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_what_goes_to_the_provider_binds_the_answer_to_this_browser_and_the_code_to_this_console(way):
    browser = way.console.browser()
    answer = browser.client.get("/api/oidc/start")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/api/oidc", "max-age=600"} <= set(cookie.split("; "))
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{way.console.address}/api/oidc/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    values = [asked[name][0] for name in ("state", "nonce", "code_challenge")]
    assert len(set(values)) == 3
    assert min(map(len, values)) >= 43
    assert not any(value in browser.client.cookies[AWAY] for value in values)
    again = parse_qs(urlsplit(way.out(browser)).query)
    assert not {again["state"][0], again["nonce"][0]} & set(values)


def test_what_the_provider_publishes_is_read_once_for_many(way):
    for _ in range(3):
        assert way.walk(way.console.browser()).status_code == 302
    assert way.provider.asked["/.well-known/openid-configuration"] == way.provider.asked["/jwks"] == 1


@pytest.mark.parametrize("kind", ["RS256", "PS256", "ES256"])
def test_tokens_are_taken_by_every_asymmetric_signature_in_use(way, kind):
    way.provider.algorithm = kind
    way.provider.keys = [key(kind, "EC" if kind == "ES256" else "RSA")]
    assert way.walk(way.console.browser()).status_code == 302


def test_a_provider_that_takes_the_secret_in_the_form_only_gets_it_there(way):
    way.provider.methods = ["client_secret_post"]
    assert way.walk(way.console.browser()).status_code == 302


def test_another_claim_may_name_the_account(way):
    way.connect(claim="police_number")
    way.provider.claims = {"police_number": "wu"}
    browser = way.console.browser()
    way.walk(browser)
    assert browser.get("/session")["user"] == "wu"


def test_a_given_password_is_to_be_changed_by_those_only_who_came_with_it(way):
    desk = way.console.office.desk
    new = Newcomer(user="new", name="新警官", role=Role.INVESTIGATOR, regions=["46"])
    given = desk.accounts.add(new, way.console.office.now())
    way.provider.user = "new"
    browser = way.console.browser()
    way.walk(browser)
    session = browser.get("/session")
    assert not session["must_change"]
    browser.csrf = session["csrf"]
    browser.work_on(None)
    assert browser.get("/search", q="x") == {"hits": []}
    other = way.console.browser()
    assert other.sign_in("new", given).json()["must_change"]
    assert other.ask("GET", "/search", params={"q": "x"}).json()["error"] == "password"


def test_a_lock_after_wrong_passwords_does_not_keep_out_whom_the_provider_vouches_for(way):
    for _ in range(5):
        way.console.browser().sign_in("lin", "a-wrong-password")
    assert way.console.browser().sign_in("lin").json()["error"] == "locked"
    assert way.walk(way.console.browser()).status_code == 302


# --- where one may come back to ---------------------------------------------------------------


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
        "javascript:alert(1)", "/\t/elsewhere.example", "elsewhere.example", "/api/oidc/start",
        "/api/session", "/\r\nLocation: x", "/é", "",
    ],
)  # fmt: skip
def test_it_ends_on_a_page_of_ours_whatever_was_asked_for(way, back):
    page = way.walk(way.console.browser(), back)
    assert page.headers["location"] == "/"


def test_a_cookie_written_by_hand_leads_nowhere_else_either(way):
    browser = way.console.browser()
    address = way.there(way.out(browser))
    secret = browser.client.cookies[AWAY].partition(".")[0]
    forged = base64.urlsafe_b64encode(b"//elsewhere.example").decode().rstrip("=")
    browser.client.cookies.set(AWAY, f"{secret}.{forged}", domain="127.0.0.1", path="/api/oidc")
    assert browser.client.get(address).headers["location"] == "/"


def test_markup_in_an_address_stays_text(way):
    page = way.walk(way.console.browser(), '/search?q="><b>')
    assert page.headers["location"] == "/search?q=%22%3E%3Cb%3E"


# --- what is said of it -----------------------------------------------------------------------


def test_the_page_is_told_whether_it_is_offered_and_by_whom(way):
    assert way.console.browser().get("/oidc") == {"offered": True, "name": "省厅统一认证"}


def test_without_the_setting_nothing_is_offered_and_nothing_is_there(console):
    browser = console.browser()
    assert browser.get("/oidc") == {"offered": False, "name": ""}
    for path in ("/oidc/start", "/oidc/callback?code=x&state=y"):
        assert browser.ask("GET", path).json()["error"] == "unknown"


def test_serving_without_the_packages_says_what_to_install_and_by_half_what_is_missing(console, monkeypatch):
    monkeypatch.delitem(sys.modules, "graph.console.oidc", raising=False)
    monkeypatch.setitem(sys.modules, "httpx2", None)
    environ = {
        "SUYUAN_OIDC_ISSUER": "https://sign.example",
        "SUYUAN_OIDC_CLIENT": CLIENT,
        "SUYUAN_OIDC_ADDRESS": "https://suyuan.example",
    }
    words = ["serve", "--store", str(console.settings.store), "--port", "0"]
    done = CliRunner().invoke(app, words, env=environ)
    assert done.exit_code == 1
    assert "suyuan[oidc]" in done.stderr
    done = CliRunner().invoke(app, words, env=environ | {"SUYUAN_OIDC_CLIENT": None})
    assert done.exit_code == 2
    assert "oidc.client" in done.stderr


def test_the_console_loads_nothing_of_the_extra_that_it_can_do_without():
    program = (
        "import sys, graph.console.app, streams.at_the_console\n"
        "assert not {'authlib', 'cryptography', 'httpx2', 'joserfc'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_told_as_a_page_is_described_so(console):
    described = console.app.openapi()["paths"]["/api/oidc/callback"]["get"]["responses"]
    assert {"302", "401", "403", "404", "503"} <= set(described)
    assert set(described["401"]["content"]) == {"text/html"}
    assert set(described["404"]["content"]) == {"application/json"}


def test_no_token_code_or_secret_stands_in_a_log_or_a_file(way, caplog):
    caplog.set_level(logging.DEBUG)
    browser = way.console.browser()
    carried = way.out(browser)
    browser.client.get(way.there(carried))
    way.provider.claims = {"nonce": "another"}
    way.walk(way.console.browser())
    browsers = {"httpx", "httpcore"}  # the tests' own; the console asks by httpx2
    ours = [each for each in caplog.records if each.name.partition(".")[0] not in browsers]
    logged = "\n".join(each.getMessage() for each in ours)
    assert "/token" in logged
    secrets = [*way.provider.said, SECRET, cookie_of(browser)]
    assert len(secrets) == 8
    for file in way.console.folder.iterdir():
        assert [each for each in secrets if each.encode() in file.read_bytes()] == []
    assert [each for each in secrets if each in logged] == []
    office = way.console.app.state.office
    assert SECRET not in repr(office.provider) + repr(office.provider._ours)


def test_pages_are_in_the_language_that_is_asked_for(way):
    way.provider.user = "nobody"
    browser = way.console.browser()
    browser.client.headers["Accept-Language"] = "en-GB"
    assert "ask an administrator" in way.walk(browser).text
    assert browser.client.get("/sign-in.css").headers["content-type"].startswith("text/css")
