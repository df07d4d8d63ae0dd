"""What gets in the way: an ended session, an address changed by hand, names that break it, small screens."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from graph.console.access import Role
from graph.console.sessions import IDLE
from tests.streams.console.browser.seats import LONG, MARKUP, RIGHT_TO_LEFT, fits
from tests.streams.console.office import CASE, PASSWORD

AWKWARD = "made-up/awkward"


def sign_in_again(page):
    dialog = page.get_by_role("dialog", name="会话已结束")
    dialog.get_by_role("textbox", name="密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录").click()
    expect(dialog).to_be_hidden()
    purpose = page.get_by_role("dialog", name="说明查询目的")
    purpose.get_by_role("textbox").fill("继续核查")
    purpose.get_by_role("button", name="确定并继续").click()


def test_when_a_session_ends_in_the_middle_of_work_nothing_drawn_is_lost(scene, seats):
    page = seats.take("drawer").search(scene.street)
    page.get_by_role("button", name="放入图谱").first.click()
    page.get_by_role("tab", name="列表").click()
    drawn = page.get_by_role("list", name="节点").get_by_role("listitem")
    expect(drawn).to_have_count(1)
    scene.console.moment += IDLE + 1
    page.get_by_role("list", name="节点").get_by_role("button", name="展开").click()
    sign_in_again(page)
    expect(page.get_by_role("status")).to_contain_text("新增")
    expect(page.get_by_role("list", name="连线").get_by_role("listitem").first).to_be_visible()
    assert drawn.count() > 1


def test_whoever_is_quicker_than_the_server_can_expand_nothing_that_is_not_drawn_yet(scene, seats):
    page = seats.take("hasty").search(scene.street)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/links", hold)
    with page.expect_request("**/api/links"):
        page.get_by_role("button", name="放入图谱").first.click()
    expand = page.get_by_role("toolbar").get_by_role("button", name="展开")
    expect(expand).to_be_disabled()
    held.pop().continue_()
    page.unroute("**/api/links")
    expand.click()
    page.get_by_role("tab", name="列表").click()
    expect(page.get_by_role("list", name="连线").get_by_role("listitem").first).to_be_visible()


def test_when_a_session_ends_in_the_middle_of_work_nothing_typed_is_lost(scene, seats):
    page = seats.take("writer", Role.LEAD).open("/alerts")
    page.get_by_role("region", name="预警").get_by_role("button").first.click()
    reason = page.get_by_role("textbox", name="理由")
    reason.fill("写了很久的理由")
    scene.console.moment += IDLE + 1
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("dialog", name="会话已结束")).to_be_visible()
    expect(page.get_by_role("textbox", name="理由", include_hidden=True)).to_have_value("写了很久的理由")
    sign_in_again(page)
    expect(page.get_by_role("listitem").filter(has_text="写了很久的理由")).to_be_visible()


def test_an_address_changed_by_hand_shows_nothing_of_what_may_not_be_seen(scene, seats):
    producer = scene.chain.hops[0].source
    seat = seats.take("curious", expected={404}, purposes=(None,))
    scene.desk.accounts.revoke("curious", regions=["46", "44"], cases=[CASE])
    scene.desk.accounts.grant("curious", regions=["11"])
    seat.hold(scene.again("curious", None))
    for path in (
        f"/entity/{producer.id}",
        f"/trace?who={producer.id}",
        "/record/" + quote(scene.street, safe=""),
    ):
        page = seat.open(path)
        expect(page.get_by_role("alert")).to_contain_text("不存在，或您无权查看")
        expect(page.get_by_text(producer.label)).to_have_count(0)
    page = seat.open("/users")
    expect(page.get_by_role("heading", name="您的角色没有这个页面")).to_be_visible()
    page = seat.open("/nowhere/at%all")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()


def test_names_of_all_kinds_are_text_and_the_page_keeps_its_shape(seats):
    seat = seats.take("careful")
    page = seat.search(AWKWARD)
    expect(page.get_by_role("link", name=MARKUP[:20])).to_be_visible()
    expect(page.get_by_role("link", name=LONG[:20])).to_be_visible()
    expect(page.get_by_role("link", name=RIGHT_TO_LEFT)).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(0)
    fits(page)
    for row in range(3):
        page = seat.search(AWKWARD)
        page.get_by_role("button", name="放入图谱").nth(row).click()
        expect(page.get_by_role("application")).to_be_visible()
    fits(page)
    for who in seat.hits(AWKWARD)[:3]:
        page = seat.open(f"/entity/{who}")
        expect(page.get_by_role("table")).to_be_visible()
        fits(page)
        page = seat.open(f"/trace?who={who}&direction=down")
        expect(page.get_by_role("tab", name="供应链")).to_be_visible()
        expect(page.get_by_role("tabpanel")).not_to_contain_text(LONG[:100])
        fits(page)
    page = seat.open("/record/" + quote(AWKWARD, safe=""))
    expect(page.get_by_role("article")).to_contain_text(MARKUP)
    fits(page)


ENGLISH = {  # and what is there when a page has been read
    Role.LEAD: {
        "/search?q=2019-551": "table", "/graph": "application", "/trace": "heading", "/map": "group",
        "/alerts?state=confirmed": "heading", "/review": "table", "/cases": "table",
    },
    Role.INSPECTOR: {"/audit": "table"},
    Role.ADMINISTRATOR: {"/users": "table"},
}  # fmt: skip


@pytest.mark.parametrize("role", ENGLISH)
def test_the_page_speaks_english_when_asked_and_fits_a_small_screen(seats, role):
    seat = seats.take(f"john-{role}", role)
    page = seat.open("/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    for path, last in ENGLISH[role].items():
        page = seat.open(path)
        expect(page.get_by_role("main").get_by_role(last).first).to_be_visible()
        fits(page)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("navigation", name="页面")).to_be_visible()
