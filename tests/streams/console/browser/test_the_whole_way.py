"""From a street seizure to the producer and the evidence of every hop, by mouse and by keyboard alone."""

from __future__ import annotations

import json
import re
from hashlib import sha256

from playwright.sync_api import expect

from tests.streams.console.browser.seats import PURPOSE, Keys
from tests.streams.console.office import PASSWORD

NOTICE = "线索，非证据"


def hop_button(page, hop):
    name = f"{hop.source.label} → {hop.target.label}"
    return page.get_by_role("region", name="供应链").get_by_role("button", name=name)


def sees_evidence(page, hop):
    """The panel shows every record of the hop, with what it says of the hop marked."""
    panel = page.get_by_role("complementary", name="证据")
    expect(panel).to_contain_text(NOTICE)
    expect(panel.get_by_role("heading", level=3).first).to_contain_text(hop.source.label)
    expect(panel.get_by_role("article")).to_have_count(len(hop.records))
    for name in hop.records:
        article = panel.get_by_role("article", name=f"记录 {name}", exact=True)
        expect(article.get_by_role("mark").first).to_be_visible()
    return panel


def holds_the_chain(scene, report):
    """The report has every hop, and all records of the chain with hashes that anybody can count again."""
    expect(report.get_by_text(NOTICE).first).to_be_visible()
    hops = report.get_by_role("table").first.get_by_role("row")
    expect(hops).to_have_count(1 + len(scene.chain.hops))
    for at, hop in enumerate(scene.chain.hops, 1):
        for text in (hop.source.label, hop.target.label, *hop.records):
            expect(hops.nth(at)).to_contain_text(text)
    for name, body in scene.records().items():
        counted = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        own = re.compile(rf"^\d+{re.escape(name)}\b")
        row = report.get_by_role("table").last.get_by_role("row").filter(has_text=own)
        expect(row).to_contain_text(sha256(counted.encode()).hexdigest())


def test_an_investigator_comes_from_the_street_seizure_to_the_producer_and_its_evidence(scene, seats):
    given = scene.newcomer("newcomer")
    page = seats.empty().open("/")
    page.get_by_role("textbox", name="用户名").fill("newcomer")
    page.get_by_role("textbox", name="密码").fill(given)
    page.get_by_role("button", name="登录").click()

    dialog = page.get_by_role("dialog", name="修改密码")
    dialog.get_by_role("textbox", name="现在的密码").fill(given)
    dialog.get_by_role("textbox", name="新密码（").fill(PASSWORD)
    dialog.get_by_role("textbox", name="再输入一次").fill(PASSWORD)
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_be_hidden()

    page.get_by_role("searchbox").fill(scene.street)
    page.get_by_role("searchbox").press("Enter")
    dialog = page.get_by_role("dialog", name="说明查询目的")
    dialog.get_by_role("textbox").fill(PURPOSE)
    dialog.get_by_role("button", name="确定并继续").click()
    holder, producer = scene.chain.hops[-1].target.label, scene.chain.hops[0].source.label
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=holder))
    expect(row).to_contain_text(scene.street)
    row.get_by_role("link", name="上溯来源").click()

    figure = page.get_by_role("region", name="供应链")
    expect(figure.get_by_role("button", name=producer, exact=False).first).to_be_visible()
    for hop in scene.chain.hops:
        hop_button(page, hop).click()
        sees_evidence(page, hop)

    page.get_by_role("button", name="导出").click()
    with page.expect_popup() as opened:
        page.get_by_role("menuitem", name="案件报告").click()
    holds_the_chain(scene, opened.value)


def sign_in_by_keys(page, keys, given):
    keys.reach(page.get_by_role("textbox", name="用户名"))
    keys.type("typist")
    keys.press("Tab")
    keys.type(given)
    keys.press("Enter")

    dialog = page.get_by_role("dialog", name="修改密码")
    expect(dialog.get_by_role("textbox", name="现在的密码")).to_be_focused()
    for text in (given, PASSWORD, PASSWORD):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    expect(dialog).to_be_hidden()


def trace_by_keys(scene, page, keys):
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type(scene.street)
    keys.press("Enter")
    dialog = page.get_by_role("dialog", name="说明查询目的")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    keys.type(PURPOSE)
    keys.reach(dialog.get_by_role("button", name="确定并继续"))
    keys.press("Enter")
    holder = scene.chain.hops[-1].target.label
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=holder))
    keys.reach(row.get_by_role("link", name="上溯来源"))
    keys.press("Enter")


def test_the_same_way_is_gone_by_keyboard_alone(scene, seats):
    given = scene.newcomer("typist")
    page = seats.empty().open("/")
    keys = Keys(page)
    sign_in_by_keys(page, keys, given)
    trace_by_keys(scene, page, keys)
    for hop in scene.chain.hops:
        button = hop_button(page, hop)
        keys.reach(button)
        keys.press("Enter")
        panel = sees_evidence(page, hop)
        expect(panel).to_be_focused()
        keys.press("Escape")
        expect(panel).to_be_hidden()
        expect(button).to_be_focused()

    hops = page.get_by_role("tab", name="各跳")
    keys.reach(page.get_by_role("tab", name="供应链"))
    keys.press("ArrowRight")
    expect(hops).to_be_focused()
    expect(page.get_by_role("tabpanel").get_by_role("row")).to_have_count(1 + len(scene.chain.hops))

    keys.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    keys.press("Escape")
    keys.press("g", "s")
    expect(page.get_by_role("heading", name="从一个名字、号码或记录开始")).to_be_visible()
    page.go_back()
    keys.reach(page.get_by_role("button", name="导出"))
    keys.press("Enter")
    expect(page.get_by_role("menuitem", name="图片 PNG")).to_be_focused()
    with page.expect_popup() as opened:
        keys.press("ArrowUp", "Enter")
    holds_the_chain(scene, opened.value)


def test_a_trace_that_an_id_opened_is_headed_by_a_name_and_goes_on_from_it(scene, seats):
    page = seats.take("namer").open(f"/trace?who={scene.chain.hops[-1].target.id}")
    who = page.get_by_role("textbox", name="对象")
    expect(who).to_have_value(scene.chain.hops[-1].target.label)
    page.get_by_role("combobox", name="方向").select_option("down")
    page.get_by_role("button", name="追溯", exact=True).click()
    page.wait_for_url(f"**who={scene.chain.hops[-1].target.id}&direction=down*")


def test_a_dossier_opens_those_to_whom_somebody_is_linked(scene, seats):
    hop = scene.chain.hops[0]
    page = seats.take("linker").open(f"/entity/{hop.source.id}")
    page.get_by_role("link", name=hop.target.label).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(hop.target.label)


def test_a_band_of_the_quantities_opens_the_evidence_of_its_hop(scene, seats):
    page = seats.take("weigher").open(f"/trace?who={scene.chain.hops[-1].target.id}")
    page.get_by_role("button", name="数量流向").click()
    band = hop_button(page, scene.chain.hops[-1])
    band.focus()
    expect(band).to_be_focused()
    page.keyboard.press("Enter")
    sees_evidence(page, scene.chain.hops[-1])
