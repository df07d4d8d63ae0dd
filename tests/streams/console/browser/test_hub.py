"""A hub with more neighbours than are drawn, and the graph as it was known on an earlier day."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from schemas.times import instant
from tests.streams.console.browser.seats import Scene, fits, violations
from tests.streams.made_up import numbered, open_owner, ticking, tip

PHONES = [f"139{number:08d}" for number in range(10_000, 10_900)]
FRIENDS = [{"ref": f"f{n}", "name": name} for n, name in enumerate(("郑一德", "冯二贵", "陈三荣", "吴四华"))]


def told(name, phones, friends, **relation):
    hub = {"ref": "h", "name": "温中枢", "phones": ["13888880001", *phones]}
    relations = [{"from": "h", "to": each["ref"], **relation} for each in friends]
    return tip(name, persons=[hub, *friends], relations=relations)


@pytest.fixture(scope="module")
def scene(executable, tmp_path_factory):  # noqa: ARG001  no world is made for nobody
    """A world of its own: in another, what tests do there today would come before what is known in 2023."""
    with ExitStack() as opened:
        yield Scene(opened, tmp_path_factory.mktemp("hub"))


@pytest.fixture(scope="module")
def hub(scene):
    """Known with 701 phones and two whom he met, two days later with 901 and two more whom he supplied."""
    later = {"kind": "supplied", "substance": "冰毒", "at": "2019-05-08"}
    for moment, record in (
        ("2023-11-19", told("hub-1", PHONES[:700], FRIENDS[:2], kind="met", at="2019-05-03")),
        ("2023-11-21", told("hub-2", PHONES[700:], FRIENDS[2:], **later)),
    ):
        with open_owner(scene.console.folder, ticking(instant(f"{moment}T00:00:00Z"))) as owner:
            owner.ingest(numbered([record]))
    return "温中枢"


def on_the_graph(seat, name):
    """The graph with somebody on it, the list of what it shows beside it."""
    page = seat.search(name)
    page.get_by_role("row").filter(has_text=name).get_by_role("button", name="放入图谱").click()
    canvas = page.get_by_role("application")
    expect(canvas).to_have_attribute("data-nodes", "1")
    page.get_by_role("tab", name="列表").click()
    return page, canvas


def draws(canvas, nodes, rests):
    expect(canvas).to_have_attribute("data-nodes", str(nodes))
    expect(canvas).to_have_attribute("data-rests", str(rests))


def opens(page, rest):
    page.get_by_role("button", name=f"打开 {rest}", exact=True).click()


def test_what_does_not_fit_is_drawn_together_at_its_hub_until_it_is_opened(hub, seats):
    page, canvas = on_the_graph(seats.take("opener"), hub)
    page.get_by_role("button", name=f"展开 {hub}", exact=True).click()
    dialog = page.get_by_role("dialog", name="相邻对象很多，展开哪些？")
    expect(dialog.get_by_role("checkbox", name="使用 901")).to_be_visible()
    dialog.get_by_role("button", name="取消").click()
    draws(canvas, 1, 2)
    opens(page, "另有 4 人")
    draws(canvas, 5, 1)
    opens(page, "另有 901 部电话")
    draws(canvas, 505, 1)
    opens(page, "另有 401 部电话")
    draws(canvas, 800, 1)
    page.get_by_role("button", name="撤销").click()
    draws(canvas, 505, 1)
    page.get_by_role("button", name="重做").click()
    opens(page, "另有 106 部电话")
    page.get_by_role("dialog", name="超过 800 个节点").get_by_role("button", name="仍要显示").click()
    draws(canvas, 906, 0)
    page.get_by_role("button", name="全图").click()
    box = canvas.bounding_box()
    # All lines meet in the middle of what the legend leaves free; just below it one of them is always hit.
    canvas.click(position={"x": 180 + (box["width"] - 180) / 2, "y": box["height"] / 2 + 12})
    expect(page.get_by_role("tabpanel", name="证据").get_by_role("article").first).to_be_visible()


def test_a_rest_can_be_picked_from_hidden_kept_in_a_view_and_exported(hub, seats):
    page, canvas = on_the_graph(seats.take("picker"), hub)
    page.get_by_role("button", name=f"展开 {hub}", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    page.get_by_role("checkbox", name=f"人员 {hub}", exact=True).uncheck()
    page.get_by_role("checkbox", name="另有 4 人").check()
    page.get_by_role("tab", name="所选").click()
    page.get_by_role("button", name="列出名称").click()
    page.get_by_role("button", name="放入图谱 郑一德").click()
    draws(canvas, 2, 2)
    expect(page.get_by_role("heading", name="另有 3 人")).to_be_visible()
    assert list(violations(page)) == []
    page.get_by_role("button", name="隐藏").click()
    draws(canvas, 2, 1)

    page.get_by_role("tab", name="视图").click()
    page.get_by_role("textbox", name="视图名称").fill("中枢")
    page.get_by_role("button", name="存为新视图").click()
    page.get_by_role("button", name="清空").click()
    draws(canvas, 0, 0)
    page.get_by_role("button", name="中枢", exact=True).click()
    draws(canvas, 2, 1)
    page.get_by_role("button", name="显示全部隐藏（1）").click()
    draws(canvas, 2, 2)
    page.get_by_role("button", name="导出").click()
    with page.expect_popup() as opened:
        page.get_by_role("menuitem", name="案件报告").click()
    expect(opened.value.get_by_text("温中枢：另有 3 个相邻对象（人员）未列入")).to_be_visible()
    expect(opened.value.get_by_text("温中枢：另有 901 个相邻对象（电话）未列入")).to_be_visible()
    fits(page)


def test_the_graph_is_looked_at_as_of_an_earlier_day_and_comes_back(hub, seats):
    page, canvas = on_the_graph(seats.take("historian"), hub)
    page.get_by_role("button", name=f"展开 {hub}", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    opens(page, "另有 4 人")
    draws(canvas, 5, 1)

    day = page.get_by_label("截至当时所知")
    day.fill("2023-11-20")
    banner = (
        page.get_by_role("main")
        .get_by_role("paragraph")
        .filter(has_text="这是 2023-11-20 当日结束时所知的情况，不是现在的。")
    )
    expect(banner).to_contain_text("图中 2 个对象当时尚未知悉，未画出")
    assert list(violations(page)) == []
    draws(canvas, 3, 1)
    expect(page.get_by_text("另有 701 部电话")).to_be_visible()
    links = page.get_by_role("list", name="连线").get_by_role("button")
    expect(links).to_have_count(2)
    links.first.click()
    expect(page.get_by_role("article", name="记录 made-up/hub-1")).to_be_visible()

    page.get_by_role("tab", name="视图").click()
    page.get_by_role("textbox", name="视图名称").fill("当时")
    page.get_by_role("button", name="存为新视图").click()
    banner.get_by_role("button", name="回到现在").click()
    draws(canvas, 5, 1)
    expect(banner).to_be_hidden()
    expect(day).to_have_value("")
    page.get_by_role("button", name="撤销").click()
    draws(canvas, 3, 1)
    page.get_by_role("button", name="重做").click()
    draws(canvas, 5, 1)
    page.get_by_role("button", name="当时", exact=True).click()
    draws(canvas, 3, 1)
    expect(banner).to_be_visible()
    expect(day).to_have_value("2023-11-20")
    fits(page)
