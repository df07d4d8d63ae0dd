"""The way of a browser to an identity provider and back, through real HTTP."""

from __future__ import annotations

import httpx
from msgspec import structs

from graph.console.http.asking import COOKIE
from streams import bootstrap
from streams.configuration import read_configuration
from tests.streams.console.provider import CLIENT, SECRET


class Way:
    """A console with its provider, and the way of a browser from one to the other and back."""

    def __init__(self, console, provider):
        self.console, self.provider = console, provider
        self.connect()

    def connect(self, **more):
        """Take the provider in; what was known of it is forgotten."""
        environ = {
            "SUYUAN_OIDC_ISSUER": self.provider.address,
            "SUYUAN_OIDC_CLIENT": CLIENT,
            "SUYUAN_OIDC_SECRET": SECRET,
            "SUYUAN_OIDC_ADDRESS": self.console.address,
            "SUYUAN_OIDC_NAME": "省厅统一认证",
        } | {f"SUYUAN_OIDC_{name.upper()}": value for name, value in more.items()}
        settings = read_configuration(environ, store=str(self.console.settings.store)).settings
        office = structs.replace(self.console.office, provider=bootstrap.identity_provider(settings))
        self.console.app.state.office = office

    def out(self, browser, back="/"):
        """To the provider; where the browser was sent."""
        answer = browser.client.get("/api/oidc/start", params={"back": back})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def there(self, address):
        """At the provider, which sends back; a browser shows the provider none of our cookies."""
        return httpx.get(address).headers["location"]

    def walk(self, browser, back="/"):
        """All of it; the answer on which it ends."""
        return browser.client.get(self.there(self.out(browser, back)))

    def last(self):
        """The last line of the audit."""
        return self.console.office.desk.audit.page(limit=1).lines[0]


def refused(way, browser, page, status, why):
    """It is said in words, nobody is signed in, and the audit knows it."""
    assert page.status_code == status, page.text
    assert COOKIE not in browser.client.cookies
    assert browser.ask("GET", "/session").json()["error"] == "session"
    line = way.last()
    assert (line.user, line.action) == ("", "sign_in_refused")
    assert f"because:{why}" in line.about
    assert line.address == "127.0.0.1"
    return line
