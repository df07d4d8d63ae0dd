"""A console on a small made world, served on loopback, and people who sign in; only the clock is made."""

from __future__ import annotations

import itertools
import socket
import time
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn
from msgspec import structs

from graph.console.access import Role
from graph.console.accounts import Change, Newcomer, Renewal
from graph.console.app import create_app
from graph.console.http.asking import COOKIE
from streams import bootstrap
from streams.at_the_console import open_office
from streams.configuration import read_configuration
from tests.streams.made_up import RECEIVED, numbered, open_owner, record, tip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graph.console.office import Office
    from streams.settings import Settings

CASE, OTHER_CASE = "2019-551", "2020-017"
PASSWORD = "correct-horse-19"  # noqa: S105  made up, like the people

M = {"ref": "m", "name": "林小满", "phones": ["13800000005"]}
WORLD = [
    tip(
        "open", text="阿强在酒吧后门把冰毒卖给陈大勇",
        persons=[{"ref": "a", "name": "符玮强", "phones": ["13800000001"]}, {"ref": "b", "name": "陈大勇"}],
        relations=[{"from": "a", "to": "b", "kind": "supplied", "substance": "冰毒", "at": "2019-05-03"}],
    ),
    record(
        "seizure", "mine", case=CASE,
        persons=[{"ref": "a", "name": "符玮强", "phones": ["13800000001"]}, M],
        relations=[{"from": "m", "to": "a", "kind": "supplied", "substance": "冰毒", "at": "2019-05-01"}],
        lots=[{"ref": "l", "substance": "冰毒", "quantity": 5, "unit": "克", "held_by": "a"}],
        place={"name": "海口", "lat": 20.03, "lon": 110.33},
    ),
    record(
        "seizure", "theirs", case=OTHER_CASE,
        persons=[M, {"ref": "q", "name": "秦守义", "phones": ["13800000009"]}],
        relations=[{"from": "q", "to": "m", "kind": "supplied", "substance": "冰毒", "at": "2019-04-20"}],
    ),
    record(
        "interception", "elsewhere", region="440800", checkpoint="xuwen-haian", outcome="recorded",
        persons=[{"ref": "z", "name": "朱不在此", "phones": ["13800000008"]}],
    ),
]  # fmt: skip


class Browser:
    """One person's browser: it keeps the cookie, and sends along what the page would."""

    def __init__(self, client: httpx.Client) -> None:
        self.client, self.csrf, self.case = client, "", ""

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"X-CSRF": self.csrf} if self.csrf else {}
        if self.case:
            headers["X-Case"] = self.case
        return self.client.request(method, f"/api{path}", headers=headers | more.pop("headers", {}), **more)

    def get(self, path: str, **query: Any) -> Any:
        """A document that has to be there."""
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign_in(self, user: str, password: str = PASSWORD) -> Any:
        answer = self.ask("POST", "/session", json={"user": user, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    def work_on(self, case: str | None, purpose: str = "核实线索来源") -> None:
        """Say the purpose, and read in this case from now on."""
        answer = self.ask("PUT", "/purpose", json={"case": case, "purpose": purpose})
        assert answer.status_code == 200, answer.text
        self.case = case or ""


CREW = {"lin": Role.INVESTIGATOR, "wu": Role.INVESTIGATOR, "out": Role.INVESTIGATOR, "han": Role.LEAD,
        "du": Role.INSPECTOR, "root": Role.ADMINISTRATOR}  # fmt: skip


def make_world(folder: Path) -> None:
    """The world as a store with its vault, and accounts with passwords, which takes longest."""
    with open_owner(folder) as owner:
        owner.ingest(numbered(WORLD))
    settings = settings_in(folder)
    at = itertools.count(RECEIVED)
    with bootstrap.desk(settings) as desk:
        for user, role in CREW.items():
            given = desk.accounts.add(Newcomer(user=user, name=f"{user}警官", role=role), next(at))
            desk.accounts.change_password(user, Renewal(given, PASSWORD), next(at))


def settings_in(folder: Path) -> Settings:
    """Those of the store in a folder."""
    environment = {"SUYUAN_STORE": str(folder / "world.db")}
    return read_configuration(environment, store=None, config=None).settings


class Console:
    """The office and its application; `moment` can be put on."""

    def __init__(self, opened: ExitStack, folder: Path) -> None:
        self.settings = settings_in(folder)
        self._ticks = itertools.count()
        self.moment = RECEIVED
        self.office = structs.replace(open_office(opened, self.settings), now=self._now)
        self.app = create_app(self.office)
        self.address = opened.enter_context(served(self.app))
        self.folder, self._opened = folder, opened

    def _now(self) -> int:
        return self.moment + next(self._ticks)

    def with_reader(self, open_reader: Any) -> Office:
        """The office with another way to read the store."""
        return structs.replace(self.office, open_reader=open_reader)

    def person(
        self, user: str, role: Role, regions: tuple[str, ...] = ("46",), cases: tuple[str, ...] = ()
    ) -> Browser:
        """One of the crew in a role and a scope, signed in."""
        self.office.desk.accounts.change(user, Change(role=role, regions=regions, cases=cases))
        account = self.office.desk.accounts.one(user)
        token, session = self.office.desk.sessions.start(account, self.office.now())
        browser = self.browser()
        browser.client.cookies.set(COOKIE, token)
        browser.csrf = session.csrf
        return browser

    def browser(self) -> Browser:
        """One of somebody who is not signed in."""
        return Browser(self._opened.enter_context(httpx.Client(base_url=self.address, timeout=30)))


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An application on a free port of loopback; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def cookie_of(browser: Browser) -> str:
    """The session's token."""
    return str(browser.client.cookies.get(COOKIE))
