"""Every page and dialog in both themes: for those who see little or hear the page, in either language."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from graph.alerts import read_alerts
from graph.console.access import Role
from graph.console.answers import Reply, State

AXE = Axe()
# A theme is nothing but colours: in the second one only the rules about those are asked again.
RULES = {
    "light": "{resultTypes: ['violations']}",
    "dark": "{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}",
}


def signing_in(seats):
    page = seats.empty().open("/")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    return page


def changing_password(seats):
    seat = seats.empty()
    seats.scene.newcomer("axe-password")
    token, _ = seats.scene.desk.sessions.start(
        seats.scene.desk.accounts.one("axe-password"), seats.scene.console.office.now()
    )
    seat.hold(token)
    page = seat.open("/")
    expect(page.get_by_role("dialog", name="修改密码")).to_be_visible()
    return page


def saying_purpose(seats):
    page = seats.take("axe-purpose", purposes=()).open(f"/search?q={quote(seats.scene.street)}")
    expect(page.get_by_role("dialog", name="说明查询目的")).to_be_visible()
    return page


def help_(seats):
    page = seats.take("axe-help").open("/")
    page.get_by_role("button", name="快捷键").click()
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    return page


def start(seats):
    page = seats.take("axe-start").open("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def search(seats):
    return seats.take("axe-search").search(seats.scene.street)


def dossier(seats):
    page = seats.take("axe-dossier").open(f"/entity/{seats.scene.chain.hops[0].target.id}")
    expect(page.get_by_role("table")).to_be_visible()
    item = page.get_by_role("button", name="供货").first
    item.focus()
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary").get_by_role("article").first).to_be_visible()
    return page


def record(seats):
    page = seats.take("axe-record").open(f"/record/{quote(seats.scene.street, safe='')}")
    expect(page.get_by_role("article")).to_be_visible()
    return page


def drawn(seats, user):
    page = seats.take(user).search(seats.scene.street)
    page.get_by_role("button", name="放入图谱").first.click()
    page.get_by_role("toolbar").get_by_role("button", name="展开").click()
    expect(page.get_by_role("status")).to_contain_text("新增")
    return page


def graph(seats):
    return drawn(seats, "axe-graph")


def graph_list(seats):
    page = drawn(seats, "axe-list")
    page.get_by_role("tab", name="列表").click()
    page.get_by_role("list", name="连线").get_by_role("button").first.click()
    expect(page.get_by_role("complementary").get_by_role("article").first).to_be_visible()
    return page


def trace(seats):
    page = seats.take("axe-trace").open(f"/trace?who={seats.scene.chain.hops[-1].target.id}")
    page.get_by_role("region", name="供应链").get_by_role("button", name="→").first.click()
    expect(page.get_by_role("complementary").get_by_role("article").first).to_be_visible()
    return page


def trace_hops(seats):
    page = seats.take("axe-hops").open(f"/trace?who={seats.scene.chain.hops[-1].target.id}")
    page.get_by_role("button", name="数量流向").click()
    page.get_by_role("tab", name="各跳").click()
    expect(page.get_by_role("tabpanel").get_by_role("table")).to_be_visible()
    return page


def map_(seats):
    page = seats.take("axe-map").open("/map")
    site = page.get_by_role("group", name="查缉站点").get_by_role("button").first
    site.focus()
    expect(site).to_be_focused()
    return page


def alerts(seats):
    seat = seats.take("axe-alerts", Role.LEAD)
    console = seats.scene.console
    with console.office.open_reader(None) as reader:
        alert = list(read_alerts(reader))[-1].id
    reply = Reply(state=State.IN_WORK, by="axe-alerts", because="已分派核查", at=console.office.now())
    seats.scene.desk.answers.give(alert, 0, reply)
    page = seat.open("/alerts?state=in_work")
    page.get_by_role("region", name="预警").get_by_role("button").first.click()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    return page


def review(seats):
    page = seats.take("axe-review").open("/review")
    expect(page.get_by_role("button", name="提交判断")).to_be_visible()
    return page


def cases(seats):
    page = seats.take("axe-cases", Role.LEAD).open("/cases")
    expect(page.get_by_role("table")).to_be_visible()
    return page


def audit(seats):
    page = seats.take("axe-audit", Role.INSPECTOR).open("/audit")
    expect(page.get_by_role("table")).to_be_visible()
    return page


def users(seats):
    page = seats.take("axe-users", Role.ADMINISTRATOR).open("/users")
    expect(page.get_by_role("table")).to_be_visible()
    return page


def adding_user(seats):
    page = seats.take("axe-adding", Role.ADMINISTRATOR).open("/users")
    page.get_by_role("button", name="添加用户").click()
    expect(page.get_by_role("dialog", name="添加用户")).to_be_visible()
    return page


PLACES = [
    signing_in, changing_password, saying_purpose, help_, start, search, dossier, record,
    graph, graph_list, trace, trace_hops, map_, alerts, review, cases, audit, users, adding_user,
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=[each.__name__ for each in PLACES])
def test_axe_finds_nothing_against_a_page_in_light_and_dark(seats, place):
    page = place(seats)
    page.evaluate(AXE.axe_script)
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = AxeResults(page.evaluate(f"axe.run({rules})"))
        assert found.violations_count == 0, f"{theme}: {found.generate_report()}"
