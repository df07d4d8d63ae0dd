"""Signing in by OpenID Connect in a real browser, which keeps its cookies from other sites."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from graph.console.access import Role
from graph.console.sessions import IDLE
from schemas.times import SECOND
from tests.streams.console.office import CASE
from tests.streams.console.provider import provided
from tests.streams.console.way import Way

AXE = Axe()
OFFERED = "使用省厅统一认证登录"


@pytest.fixture
def provider(scene):
    """For a browser `localhost` is another site than 127.0.0.1, where the console is."""
    console = scene.console
    with provided(lambda: console.moment // SECOND, name="localhost") as there:
        Way(console, there)
        yield there
        console.app.state.office = console.office


@pytest.fixture
def seat(seats, provider):
    taken = seats.empty(expected={403})
    taken.beside = f"{provider.address}/"
    return taken


def sound(page):
    page.evaluate(AXE.axe_script)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
        assert found.violations_count == 0, f"{theme}: {found.generate_report()}"


def test_whoever_comes_back_from_the_other_site_is_signed_in_on_the_page_they_wanted(scene, seat, provider):
    scene.newcomer("guest")
    provider.user = "guest"
    page = seat.open("/cases")
    sound(page)
    page.get_by_role("link", name=OFFERED).click()
    expect(page.get_by_role("button", name="guest警官")).to_be_visible()
    assert page.url == f"{scene.address}/cases"
    expect(page.get_by_role("dialog", name="修改密码")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="guest警官")).to_be_visible()


def test_whoever_has_no_account_reads_why_and_comes_back_to_signing_in(seat, provider):
    provider.user = "nobody"
    page = seat.open("/")
    page.get_by_role("link", name=OFFERED).click()
    expect(page.get_by_role("alert")).to_contain_text("没有可用的账户")
    sound(page)
    page.get_by_role("link", name="返回登录").click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()


def test_a_session_that_ended_in_the_middle_of_work_goes_on_beside_it(scene, seat, provider):
    provider.user = "author"
    seat.hold(scene.token("author", Role.LEAD, None, CASE))
    page = seat.open("/alerts")
    page.get_by_role("region", name="预警").get_by_role("button").first.click()
    page.get_by_role("textbox", name="理由").fill("写了很久的理由")
    scene.console.moment += IDLE + 1
    page.get_by_role("button", name="提交").click()
    dialog = page.get_by_role("dialog", name="会话已结束")
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name=OFFERED).click()
    expect(opened.value.get_by_role("button", name="author警官")).to_be_visible()
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # as when a person comes back to the tab
    expect(dialog).to_be_hidden()
    purpose = page.get_by_role("dialog", name="说明查询目的")
    purpose.get_by_role("textbox").fill("继续核查")
    purpose.get_by_role("button", name="确定并继续").click()
    expect(page.get_by_role("listitem").filter(has_text="写了很久的理由")).to_be_visible()
