"""Signing in by OpenID Connect with answers that are forged, tokens that lie, providers that are away."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from joserfc import jwt

from graph.console.accounts import Change
from graph.console.http.asking import COOKIE
from graph.console.http.oidc import AWAY
from schemas.times import SECOND
from tests.streams.console.provider import CLIENT, key, provided
from tests.streams.console.way import Way, refused

# --- answers that belong to nobody ------------------------------------------------------------


def test_an_answer_with_another_state_is_not_even_taken_to_the_provider(way):
    browser, other = way.console.browser(), way.console.browser()
    way.out(browser)
    page = browser.client.get(way.there(way.out(other)))  # somebody makes them follow their own answer
    assert page.status_code == 403
    assert "重新登录" in page.text
    assert COOKIE not in browser.client.cookies
    assert "/token" not in way.provider.asked


@pytest.mark.parametrize("cookie", [None, "", "x", ".", "YWJj.Lw", "*.*", "é.é"])
def test_an_answer_without_the_cookie_of_the_errand_is_refused(way, cookie):
    browser = way.console.browser()
    address = way.there(way.out(browser))
    browser.client.cookies.clear()
    headers = {} if cookie is None else {"Cookie": f"{AWAY}={cookie}".encode()}
    assert browser.client.get(address, headers=headers).status_code == 403
    assert COOKIE not in browser.client.cookies
    assert "/token" not in way.provider.asked


def test_no_other_site_can_begin_it(way):
    browser = way.console.browser()
    for site in ("cross-site", "same-site"):
        answer = browser.client.get("/api/oidc/start", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert AWAY not in browser.client.cookies


def test_a_code_is_good_once_for_whoever_has_all_of_it(way):
    browser = way.console.browser()
    address = way.there(way.out(browser))
    carried = browser.client.cookies[AWAY]
    assert browser.client.get(address).status_code == 302
    again = way.console.browser()
    again.client.cookies.set(AWAY, carried)
    refused(way, again, again.client.get(address), 401, "code")


def test_an_answer_of_another_provider_is_refused(way):
    way.provider.answer = {"iss": "https://elsewhere.example"}
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 401, "issuer")
    assert "/token" not in way.provider.asked


def test_whoever_turns_back_at_the_provider_is_told_so(way):
    way.provider.answer = {"error": "access_denied", "error_description": "<b>no</b>"}
    browser = way.console.browser()
    page = way.walk(browser)
    refused(way, browser, page, 401, "refused")
    assert "<b>" not in page.text


# --- tokens that are not to be believed -------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": None}, {"aud": []},
        {"aud": [CLIENT, "another"]}, {"azp": "another"}, {"iss": "https://elsewhere.example"}, {"iss": None},
        {"exp": 1_000_000_000}, {"exp": None}, {"exp": "soon"}, {"iat": 9_000_000_000},
        {"nbf": 9_000_000_000}, {"sub": None}, {"at_hash": "bm90LXRoZS1oYXNo"},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_for_another_time_place_or_errand_is_refused(way, claims):
    way.provider.claims = claims
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 401, "token")


def text(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(claims):
    return f"{text({'alg': 'none', 'kid': 'first'})}.{text(claims)}."


def by_the_public_key_as_a_secret(claims):
    signed = f"{text({'alg': 'HS256', 'kid': 'first'})}.{text(claims)}"
    return f"{signed}.{text(hmac.digest(key('first').as_pem(private=False), signed.encode(), sha256))}"


def by_the_published_secret(claims):
    signed = f"{text({'alg': 'HS256', 'kid': 'other'})}.{text(claims)}"
    return f"{signed}.{text(hmac.digest(b'secret', signed.encode(), sha256))}"


def by_a_key_of_somebody_else(claims):
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key("stolen"))


def by_a_key_that_it_brings_along(claims):
    own = key("stolen")
    return jwt.encode({"alg": "RS256", "kid": "first", "jwk": own.as_dict(private=False)}, claims, own)


def changed_afterwards(claims):
    head, _, signature = jwt.encode({"alg": "RS256", "kid": "first"}, claims, key("first")).split(".")
    return f"{head}.{text(claims | {'preferred_username': 'root'})}.{signature}"


@pytest.mark.parametrize(
    "signed",
    [
        unsigned, by_the_public_key_as_a_secret, by_the_published_secret, by_a_key_of_somebody_else,
        by_a_key_that_it_brings_along, changed_afterwards, lambda _: "no token", lambda _: None,
        lambda _: f"{text({'alg': 'RS256', 'kid': 'first'})}.{text([1])}.{text(b'x')}",
    ],
)  # fmt: skip
def test_a_token_that_the_provider_has_not_signed_is_refused(way, signed):
    way.provider.signed = signed
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 401, "token")


@pytest.mark.parametrize("value", [None, "", 7, ["lin"]])
def test_a_token_that_names_no_account_is_refused(way, value):
    way.provider.claims = {"preferred_username": value}
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 401, "claim")


def test_new_keys_of_the_provider_are_read_once_when_a_token_names_one(way):
    way.walk(way.console.browser())
    way.provider.keys = [key("first"), key("second")]
    assert way.walk(way.console.browser()).status_code == 302
    assert way.provider.asked["/jwks"] == 2
    way.provider.signed = lambda claims: jwt.encode({"alg": "RS256", "kid": "third"}, claims, key("third"))
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 401, "token")
    assert way.provider.asked["/jwks"] == 3


# --- people without an account ----------------------------------------------------------------


def test_whoever_has_no_account_and_whoever_has_one_that_is_shut_read_the_same_words(way):
    way.console.office.desk.accounts.change("wu", Change(disabled=True))
    pages = []
    for user in ("nobody", "wu", " lin", "ſin", "lin\u200b"):
        way.provider.user = user
        browser = way.console.browser()
        page = way.walk(browser)
        line = refused(way, browser, page, 403, "no_account")
        assert f"user:{user}" in line.about
        pages.append(page.text)
    assert len(set(pages)) == 1


def test_an_account_is_found_however_its_letters_are_written(way):
    way.provider.user = "LIN"
    browser = way.console.browser()
    way.walk(browser)
    assert browser.get("/session")["user"] == "lin"


def test_whoever_is_shut_out_meanwhile_is_out(way):
    browser = way.console.browser()
    way.walk(browser)
    way.console.office.desk.accounts.change("lin", Change(disabled=True))
    assert browser.ask("GET", "/session").json()["error"] == "session"


# --- a provider that does not answer ----------------------------------------------------------


def test_a_provider_that_is_away_is_said_and_asked_again_later(console):
    with provided(lambda: console.moment // SECOND) as provider:
        way = Way(console, provider)
    page = console.browser().client.get("/api/oidc/start", headers={"Accept-Language": "en"})
    assert page.status_code == 503
    assert "cannot be reached" in page.text
    with provided(lambda: console.moment // SECOND, port=urlsplit(provider.address).port) as back:
        way.provider = back
        assert console.browser().client.get("/api/oidc/start").status_code == 503
        console.moment += 4 * SECOND
        assert way.walk(console.browser()).status_code == 302


def test_a_provider_that_goes_away_in_between_is_said(console):
    browser = console.browser()
    with provided(lambda: console.moment // SECOND) as provider:
        way = Way(console, provider)
        address = way.there(way.out(browser))
    refused(way, browser, browser.client.get(address), 503, "provider")


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": "file:///etc/passwd"}, {"authorization_endpoint": 7}, {"token_endpoint": "http://["},
    ],
    ids=str,
)  # fmt: skip
def test_a_provider_that_describes_itself_wrongly_is_not_used(way, described):
    way.provider.described = described
    assert way.console.browser().client.get("/api/oidc/start").status_code == 503


def test_a_provider_that_does_not_know_this_console_is_told_from_a_code_that_is_of_no_use(way):
    way.connect(secret="another")  # noqa: S106  made up
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 401, "client")


def test_keys_that_are_none_sign_nobody_in(way):
    way.provider.published = lambda: {"keys": [{"kty": "RSA", "kid": "first", "n": "x"}]}
    browser = way.console.browser()
    refused(way, browser, way.walk(browser), 503, "keys")
