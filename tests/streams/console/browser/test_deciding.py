"""Alerts and review: what somebody decides, who sees it at once, and that the inspector can read of it."""

from __future__ import annotations

from playwright.sync_api import expect

from graph.console.access import Role
from tests.streams.console.office import CASE

WHY = "与卷宗核对一致"


def put_into_graph(seat, record, label):
    """By the search, as somebody would who does not know its id."""
    page = seat.page
    page.get_by_role("searchbox", name="搜索人员").fill(record)
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=label)).first
    row.get_by_role("button", name="放入图谱").click()
    expect(page.get_by_role("application")).to_be_visible()


def waiting(scene):
    """A pair that nobody has decided yet: records and labels of both sides."""
    pair = next(
        each for each in scene.console.office.decisions.pairs(50)
        if len({entity["label"] for entity in each["entities"]}) == 2
    )  # fmt: skip
    records = [pair[side].partition("#")[0] for side in ("a", "b")]
    return list(zip(records, (entity["label"] for entity in pair["entities"]), strict=True))


def open_pair(page, pair):
    (_, one), (_, other) = pair
    page.get_by_role("region", name="待复核").get_by_role("button", name=f"{one} ≟ {other}").click()
    detail = page.get_by_role("region", name="复核", exact=True)
    expect(detail.get_by_role("link", name=pair[0][0])).to_be_visible()
    return detail


def decide(detail, verdict, because=WHY):
    detail.get_by_role("radio", name=verdict, exact=True).check()
    detail.get_by_role("textbox", name="理由").fill(because)
    detail.get_by_role("button", name="提交判断").click()


def audited(seats, user, action):
    """The inspector reads what somebody did."""
    page = seats.take(f"inspector-of-{user}", Role.INSPECTOR).open("/audit")
    expect(page.get_by_role("main")).to_contain_text("前后相接，直至末行")
    page.get_by_role("textbox", name="用户").fill(user)
    page.get_by_role("button", name="查询").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=action, exact=True))
    expect(row).to_have_count(1)
    return row


def test_a_case_lead_answers_an_alert_and_the_inspector_reads_of_it(seats):
    seat = seats.take("lead", Role.LEAD)
    page = seat.open("/alerts")
    page.get_by_role("region", name="预警").get_by_role("button").filter(has_text="待处理").first.click()
    detail = page.get_by_role("region", name="涉及对象")
    expect(detail).to_contain_text("线索，非证据")
    detail.get_by_role("combobox", name="改为").select_option(label="已确认")
    detail.get_by_role("textbox", name="理由").fill(WHY)
    detail.get_by_role("button", name="提交").click()
    expect(detail.get_by_role("listitem").filter(has_text=WHY)).to_contain_text("已确认")
    expect(page.get_by_role("button", pressed=True)).to_contain_text("已确认")
    row = audited(seats, "lead", "处理预警")
    expect(row).to_contain_text("核查街面缴获的上家")

    page = seats.take("reader", Role.INSPECTOR).open("/alerts?state=confirmed")
    page.get_by_role("region", name="预警").get_by_role("button").first.click()
    expect(page.get_by_role("region", name="涉及对象")).to_contain_text(WHY)
    expect(page.get_by_role("button", name="提交")).to_have_count(0)


def test_a_decision_of_one_changes_the_graph_before_the_eyes_of_another(scene, seats):
    pair = waiting(scene)
    watcher = seats.take("watcher")
    watcher.open("/search")
    for record, label in pair:
        put_into_graph(watcher, record, label)
    watcher.page.get_by_role("tab", name="列表").click()
    drawn = watcher.page.get_by_role("list", name="节点").get_by_role("listitem")
    expect(drawn).to_have_count(2)

    page = seats.take("decider").open("/review")
    decide(open_pair(page, pair), "是同一")
    expect(page.get_by_role("status")).to_contain_text("判断已记录")
    expect(drawn).to_have_count(1)
    expect(watcher.page.get_by_role("status")).to_contain_text("图谱已更新")
    row = audited(seats, "decider", "作出判断")
    expect(row).to_contain_text(pair[0][0])


def test_of_two_who_decide_the_same_the_second_sees_that_something_changed_and_is_told(scene, seats):
    pair = waiting(scene)
    one, other = (seats.take(f"quick-{n}", expected={409}).open("/review") for n in (1, 2))
    detail = open_pair(other, pair)
    decide(open_pair(one, pair), "不是同一")
    expect(one.get_by_role("status")).to_contain_text("判断已记录")
    expect(other.get_by_role("button", name="有新变化")).to_be_visible()
    decide(detail, "是同一", "我的理由")
    expect(detail.get_by_role("alert")).to_contain_text("别人刚刚已作出决定")
    expect(detail).to_contain_text("quick-1警官")
    expect(detail.get_by_role("textbox", name="理由")).to_have_value("我的理由")
    other.get_by_role("button", name="有新变化").click()
    (_, first), (_, second) = pair
    expect(other.get_by_role("button", name=f"{first} ≟ {second}")).to_have_count(0)


def test_a_lead_adds_somebody_to_the_case_who_then_sees_it(scene, seats):
    seats.take("joining")
    scene.desk.accounts.revoke("joining", cases=[CASE])
    page = seats.take("chief", Role.LEAD).open("/cases")
    row = page.get_by_role("row").filter(has_text=CASE)
    row.get_by_role("button", name="添加成员").click()
    dialog = page.get_by_role("dialog", name="添加成员")
    dialog.get_by_role("textbox", name="用户名").fill("joining")
    dialog.get_by_role("button", name="添加", exact=True).click()
    expect(row.get_by_role("button", name="移出 joining")).to_be_visible()
    assert CASE in scene.desk.accounts.one("joining").cases


def test_the_list_of_alerts_goes_on_and_one_that_an_address_names_is_shown_wherever_it_stands(seats):
    seat = seats.take("lister")
    page = seat.open("/alerts")
    cards = page.get_by_role("region", name="预警").get_by_role("listitem")
    expect(cards).to_have_count(50)
    whole = seat.context.request.get(f"{seat.scene.address}/api/alerts?limit=500").json()
    expect(page.get_by_role("status").filter(has_text="待处理")).to_contain_text(
        f"{whole['unanswered']} 条待处理"
    )
    page.get_by_role("button", name="显示更多").click()
    expect(cards).to_have_count(min(100, len(whole["alerts"])))
    last = whole["alerts"][-1]
    page = seat.open(f"/alerts?id={last['id']}")
    detail = page.get_by_role("region", name="涉及对象")
    expect(detail.get_by_role("listitem").filter(has_text=last["reasons"][0]).first).to_be_visible()
    page.get_by_role("button", name="English").click()
    detail = page.get_by_role("region", name="About")
    expect(detail.get_by_role("listitem").filter(has_text=last["reasons_en"][0]).first).to_be_visible()


def test_an_inspector_sees_which_lines_were_checked_and_has_all_of_them_verified(seats):
    seats.take("watched").search("林")
    page = seats.take("verifier", Role.INSPECTOR).open("/audit")
    expect(page.get_by_role("status").filter(has_text="前后相接，直至末行")).to_be_visible()
    page.get_by_role("button", name="校验全部").click()
    expect(page.get_by_role("status").filter(has_text="也无缺失")).to_be_visible()
    page.get_by_role("textbox", name="用户").fill("watched")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("status").filter(has_text="须校验全部")).to_be_visible()
