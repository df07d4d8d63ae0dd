"""People in front of real browsers, at one console on the made case 2019-551."""

from __future__ import annotations

import re
import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from argon2 import PasswordHasher
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from graph.console.access import Role
from graph.console.accounts import Accounts, Newcomer, Renewal
from graph.console.http.asking import COOKIE
from graph.console.passwords import Passwords
from graph.trace import trace
from streams.inputs import read_lines
from streams.simulate.scenario import Scenario, write_scenario
from tests.streams.console.office import CASE, PASSWORD, Console
from tests.streams.made_up import numbered, open_owner, tip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

    from schemas.entities import Chain

REGIONS = ("46", "44")
PURPOSE = "核查街面缴获的上家"
SIZE = {"width": 1280, "height": 720}
EXPECTED = frozenset({401, 428})
"""Answers of which a browser's console speaks though nothing is wrong: sign in, say the purpose."""
_STATUS = re.compile(r"responded with a status of (\d{3})")

MARKUP = "<svg/onload=alert(1)><b>陈大勇</b>"
LONG = "长" * 10_000
RIGHT_TO_LEFT = "ئابدۇللا\u202eتۇرسۇن"
AWKWARD = tip(
    "awkward", region="460100", text=f"{MARKUP}把冰毒交给{RIGHT_TO_LEFT}。",
    persons=[
        {"ref": "m", "name": MARKUP, "phones": ["13876500001"]},
        {"ref": "l", "name": LONG, "phones": ["13876500002"]},
        {"ref": "r", "name": RIGHT_TO_LEFT, "phones": ["13876500003"]},
    ],
    relations=[
        {"from": "m", "to": "l", "kind": "supplied", "substance": "冰毒", "at": "2019-05-03"},
        {"from": "l", "to": "r", "kind": "supplied", "substance": "冰毒", "at": "2019-05-04"},
    ],
)  # fmt: skip


class Scene:
    """The console with the case in it; `chain` is the way to the true producer, found without the console."""

    def __init__(self, opened: ExitStack, folder: Path) -> None:
        made = write_scenario(folder)
        with open_owner(folder) as owner, read_lines(str(folder / "records.jsonl")) as lines:
            owner.ingest(lines)
            owner.ingest(numbered([AWKWARD]))
        self.console = Console(opened, folder)
        self.desk = self.console.office.desk
        self.address = self.console.address
        self.street = made.origin.partition("#")[0]
        self.chain = self._chain(made)
        # The library's parameters take a third of a second for each; how strong they are is not tested here.
        light = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self._accounts = Accounts(self.desk.workbench, secrets.token_bytes, light)

    def _chain(self, made: Scenario) -> Chain:
        told = [line["mentions"] for line in made.truth if line.get("person") == made.producer]
        true = {name for mentions in told for name in mentions}
        with self.console.office.open_reader(None) as reader:
            (key,) = reader.resolve(made.origin)
            chains = trace(reader, key).chains
        (main,) = (
            chain for chain in chains
            if any(f"{each.record}#{each.ref}" in true for each in chain.hops[0].source.mentions)
        )  # fmt: skip
        return main

    def records(self) -> dict[str, dict[str, Any]]:
        """What the records of the chain say, by name."""
        names = {name for hop in self.chain.hops for name in hop.records}
        with self.console.office.open_reader(None) as reader:
            return {name: reader.record(name).body for name in names}

    def newcomer(self, user: str, role: Role = Role.INVESTIGATOR) -> str:
        """An account whose password, returned, has to be changed."""
        new = Newcomer(user=user, name=f"{user}警官", role=role, regions=REGIONS, cases=(CASE,))
        return self._accounts.add(new, self.console.office.now())

    def token(self, user: str, role: Role, *purposes: str | None) -> str:
        """A session of somebody new who has said the purpose for these cases."""
        given = self.newcomer(user, role)
        self._accounts.change_password(user, Renewal(given, PASSWORD), self.console.office.now())
        return self.again(user, *purposes)

    def again(self, user: str, *purposes: str | None) -> str:
        """Another session of somebody, who says the purpose for these cases."""
        now = self.console.office.now
        token, _ = self.desk.sessions.start(self.desk.accounts.one(user), now())
        for case in purposes:
            self.desk.sessions.state_purpose(token, case, PURPOSE, now())
        return token


class Seat:
    """One browser with an empty profile. `strange` collects what no page of the console should do; `beside`
    is a site that it may go to beside the console."""

    def __init__(self, scene: Scene, user: str, context: BrowserContext, expected: frozenset[int]) -> None:
        self.scene, self.user, self.context, self._expected = scene, user, context, expected
        self.strange: list[str] = []
        self.beside = ""
        context.set_default_timeout(10_000)
        context.on("request", self._requested)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.strange.append(f"error in the page: {error.error}"))
        context.on("dialog", lambda dialog: (self.strange.append("a dialog"), dialog.dismiss()))
        self.page: Page = context.new_page()

    def _requested(self, request: Request) -> None:
        sites = (f"{self.scene.address}/", "data:", "blob:")
        if not request.url.startswith((*sites, self.beside) if self.beside else sites):
            self.strange.append(f"request to {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = _STATUS.search(message.text)
        if status is None or int(status[1]) not in self._expected:
            self.strange.append(f"console: {message.text}")

    def hold(self, token: str) -> None:
        """Have this session."""
        self.context.add_cookies([{"name": COOKIE, "value": token, "url": self.scene.address}])

    def open(self, path: str) -> Page:
        """The page at this address, when its frame is there."""
        self.page.goto(f"{self.scene.address}{path}")
        expect(self.page.get_by_role("main")).to_be_visible()
        return self.page

    def search(self, text: str) -> Page:
        """The page with the results."""
        page = self.open(f"/search?q={quote(text)}")
        expect(page.get_by_role("table")).to_be_visible()
        return page

    def hits(self, text: str) -> list[str]:
        """Ids of what a search finds, for addresses."""
        answer = self.context.request.get(f"{self.scene.address}/api/search?q={quote(text)}")
        return [hit["node"]["id"] for hit in answer.json()["hits"]]


class Seats:
    """Opens browsers and, in the end, sees that none did what it should not."""

    def __init__(self, scene: Scene, browser: Browser) -> None:
        self.scene, self._browser = scene, browser
        self._taken: list[Seat] = []

    def empty(self, user: str = "", *, expected: set[int] = frozenset(), **settings: Any) -> Seat:
        """A browser where nobody is signed in; `expected` statuses are no errors here."""
        context = self._browser.new_context(
            **{"viewport": SIZE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | settings
        )
        self._taken.append(Seat(self.scene, user, context, EXPECTED | expected))
        return self._taken[-1]

    def take(
        self, user: str, role: Role = Role.INVESTIGATOR, *, purposes: tuple[str | None, ...] = (None, CASE),
        **settings: Any,
    ) -> Seat:  # fmt: skip
        """A browser where somebody new is signed in, who has said the purpose."""
        seat = self.empty(user, **settings)
        seat.hold(self.scene.token(user, role, *(purposes if role in READERS else ())))
        return seat

    def leave(self) -> Iterator[str]:
        """Closes all browsers; what they did that they should not."""
        for seat in self._taken:
            seat.context.close()
            yield from seat.strange


AXE = Axe()
# A theme is nothing but colours: in the second one only the rules about those are asked again.
RULES = {
    "light": "{resultTypes: ['violations']}",
    "dark": "{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}",
}


def violations(page: Page) -> Iterator[str]:
    """What axe says against a page as it is now."""
    page.evaluate(AXE.axe_script)
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = AxeResults(page.evaluate(f"axe.run({rules})"))
        if found.violations_count:
            yield f"{theme}: {found.generate_report()}"


BEYOND = "element => element.scrollWidth - element.clientWidth"


def fits(page: Page) -> None:
    """Nothing of the page or of its main part is beyond the right edge, to be scrolled to or cut off."""
    main = page.get_by_role("main", include_hidden=True)
    assert page.evaluate(f"({BEYOND})(document.documentElement)") == 0, page.url
    assert main.evaluate(BEYOND) == 0, page.url
    box = main.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= SIZE["width"], page.url


READERS = {Role.INVESTIGATOR, Role.LEAD, Role.INSPECTOR}


class Keys:
    """A person who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, *keys: str) -> None:
        """One after the other."""
        for key in keys:
            self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._page.keyboard.insert_text(text)

    def reach(self, wanted: Locator, most: int = 60) -> None:
        """Tab until it has the focus."""
        expect(wanted).to_be_visible()
        for _ in range(most):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"not reached by Tab: {wanted}")
