"""Every page and dialog in both themes: for those who see little or hear the page, and on a small screen."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from graph.alerts import read_alerts
from graph.console.access import Role
from graph.console.answers import Reply, State
from tests.streams.console.browser.seats import fits, violations

# --- the pages: each goes on in the browser where the one before it stopped -----------------------------


def signing_in(seat):
    expect(seat.open("/").get_by_role("button", name="登录")).to_be_visible()


def changing_password(seat):
    page = seat.page
    page.get_by_role("textbox", name="用户名").fill(seat.user)
    page.get_by_role("textbox", name="密码").fill(seat.scene.newcomer(seat.user))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("dialog", name="修改密码")).to_be_visible()


def saying_purpose(seat):
    seat.hold(seat.scene.token(f"{seat.user}-2", Role.INVESTIGATOR))
    page = seat.open(f"/search?q={quote(seat.scene.street)}")
    expect(page.get_by_role("dialog", name="说明查询目的")).to_be_visible()


def start(seat):
    expect(seat.open("/").get_by_role("heading", level=1)).to_be_visible()


def help_(seat):
    seat.page.get_by_role("button", name="快捷键").click()
    expect(seat.page.get_by_role("dialog", name="快捷键")).to_be_visible()


def dossier(seat):
    page = seat.open(f"/entity/{seat.scene.chain.hops[0].target.id}")
    item = page.get_by_role("button", name="供货").first
    item.focus()
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary").get_by_role("article").first).to_be_visible()


def record(seat):
    page = seat.open(f"/record/{quote(seat.scene.street, safe='')}")
    expect(page.get_by_role("article")).to_be_visible()


def search(seat):
    seat.search(seat.scene.street)


def graph(seat):
    page = seat.page
    page.get_by_role("button", name="放入图谱").first.click()
    page.get_by_role("toolbar").get_by_role("button", name="展开").click()
    page.get_by_role("tab", name="列表").click()
    expect(page.get_by_role("list", name="连线").get_by_role("listitem").first).to_be_visible()


def link_in_graph(seat):
    seat.page.get_by_role("list", name="连线").get_by_role("button").first.click()
    expect(seat.page.get_by_role("complementary").get_by_role("article").first).to_be_visible()


def trace(seat):
    page = seat.open(f"/trace?who={seat.scene.chain.hops[-1].target.id}")
    page.get_by_role("region", name="供应链").get_by_role("button", name="→").first.click()
    expect(page.get_by_role("complementary").get_by_role("article").first).to_be_visible()


def quantities(seat):
    page = seat.page
    page.get_by_role("button", name="数量流向").click()
    page.get_by_role("tab", name="各跳").click()
    expect(page.get_by_role("tabpanel").get_by_role("table")).to_be_visible()


def map_(seat):
    site = seat.open("/map").get_by_role("group", name="查缉站点").get_by_role("button").first
    site.focus()
    expect(site).to_be_focused()


def review(seat):
    expect(seat.open("/review").get_by_role("button", name="提交判断")).to_be_visible()


def cases(seat):
    expect(seat.open("/cases").get_by_role("table")).to_be_visible()


def alerts(seat):
    """With one that was answered; not all eighty that there are."""
    office = seat.scene.console.office
    with office.open_reader(None) as reader:
        alert = list(read_alerts(reader))[-1].id
    office.desk.answers.give(
        alert, 0, Reply(state=State.IN_WORK, by=seat.user, because="已分派核查", at=office.now())
    )
    page = seat.open("/alerts?state=in_work")
    page.get_by_role("region", name="预警").get_by_role("button").first.click()
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def audit(seat):
    expect(seat.open("/audit").get_by_role("table")).to_be_visible()


def users(seat):
    expect(seat.open("/users").get_by_role("table")).to_be_visible()


def adding_user(seat):
    seat.page.get_by_role("button", name="添加用户").click()
    expect(seat.page.get_by_role("dialog", name="添加用户")).to_be_visible()


PAGES = {
    None: (signing_in, changing_password, saying_purpose),
    Role.INVESTIGATOR: (
        start, help_, dossier, record, search, graph, link_in_graph, trace, quantities, map_, review,
    ),
    Role.LEAD: (cases, alerts),
    Role.INSPECTOR: (audit,),
    Role.ADMINISTRATOR: (users, adding_user),
}  # fmt: skip


@pytest.mark.parametrize("role", PAGES, ids=lambda role: role or "nobody")
def test_axe_finds_nothing_against_a_page_in_light_and_dark_and_it_fits_a_small_screen(seats, role):
    user = f"axe-{role or 'nobody'}"
    seat = seats.take(user, role) if role else seats.empty(user)
    found = []
    for place in PAGES[role]:
        place(seat)
        fits(seat.page)
        found += [f"{place.__name__}, {each}" for each in violations(seat.page)]
    assert not found, "\n".join(found)
