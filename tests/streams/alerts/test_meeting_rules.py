"""触及专案, 多道防线, 线索印证 and 串案: when records of one thing say more together than alone."""

from __future__ import annotations

import pytest
from fake_reader import Held, Owner, Told, day

INSIDE = Told(name="s110/in", on=1, things=("pa",), case="2019-551")


def check(number, line, on, outcome="released", things=("pa",), **changes):
    return Told(
        name=f"gate/{number}", kind="interception", on=on, things=things, line=line, outcome=outcome,
        **changes,
    )  # fmt: skip


# --- 触及专案 ---------------------------------------------------------------------------------


def test_a_record_outside_a_case_about_someone_in_it_touches_the_case(owner):
    owner.take(INSIDE, Told(name="s120/out", on=3, things=("pa",)))
    found = owner.only("case_touched")
    assert found.cases == ("2019-551",)
    assert found.raised == day(3)
    assert found.records == ("s110/in", "s120/out")
    assert found.entities == (owner.id_of("pa"),)


@pytest.mark.parametrize("thing", ["va", "qa", "oa"])
def test_vehicles_parcels_and_organisations_touch_a_case_too(owner, thing):
    owner.take(Told(name="s110/in", things=(thing,), case="2019-551"), Told(name="s120/out", things=(thing,)))
    assert len(owner.found("case_touched")) == 1


def test_records_of_the_case_itself_touch_nothing(owner):
    owner.take(INSIDE, Told(name="s120/in", things=("pa",), case="2019-551"))
    assert owner.alerts == {}


def test_someone_of_two_cases_touches_both(owner):
    owner.take(INSIDE, Told(name="s120/x", things=("pa",), case="2020-7"))
    assert [found.cases for found in owner.found("case_touched")] == [("2019-551",), ("2020-7",)]


def test_a_copy_of_the_case_s_own_record_is_no_news(owner):
    owner.take(
        Told(name="s110/in", things=("pa",), case="2019-551", words=7),
        Told(name="s120/out", things=("pa",), words=7),
    )
    assert owner.found("case_touched") == []


def test_a_case_touched_at_checks_that_let_pass_is_of_low_severity(owner):
    owner.take(INSIDE, check(1, 1, 3))
    assert owner.only("case_touched").severity == "low"
    owner.take(Told(name="bureau/s", kind="seizure", on=4, things=("pa",)))
    assert owner.only("case_touched").severity == "high"


def test_something_of_very_many_cases_touches_none(owner):
    cases = [Told(name=f"s110/{number}", things=("oa",), case=f"2019-{number}") for number in range(20)]
    owner.take(*cases, Told(name="s120/out", things=("oa",)))
    assert len(owner.found("case_touched")) == 20
    owner.take(Told(name="s110/last", things=("oa",), case="2019-999"))
    assert owner.found("case_touched") == []


def test_taking_the_outer_record_back_takes_the_alert_back(owner):
    owner.take(INSIDE, Told(name="s120/out", things=("pa",)))
    owner.take(back=["s120/out"])
    assert owner.alerts == {}


def test_a_busy_entity_names_fifty_records_and_their_number(owner):
    outside = [Told(name=f"s120/{number:04}", on=2 + number / 100, things=("pa",)) for number in range(400)]
    owner.take(INSIDE, *outside)
    found = owner.only("case_touched")
    assert len(found.records) == 50
    assert found.records[0] == "s110/in"
    assert found.records[-1] == "s120/0399"
    assert "相关记录共 401 条，此处列出 50 条（首尾各半）" in found.reasons


# --- 多道防线 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("thing", ["pa", "va", "qa"])
def test_two_lines_within_days_and_goods_once_raise_several_lines(owner, thing):
    owner.take(check(1, 1, 1, things=(thing,)), check(2, 2, 3, "seized", things=(thing,)))
    found = owner.only("several_lines")
    assert found.severity == "high"
    assert found.raised == day(3)
    assert f"{thing} 在 7 天之内出现于第 1、2 道防线，共 2 条查缉记录" in found.reasons


def test_a_traveller_who_was_only_let_through_raises_nothing(owner):
    owner.take(*(check(number, 1 + number % 3, 1 + number / 4) for number in range(12)))
    assert owner.alerts == {}


def test_one_line_alone_raises_nothing(owner):
    owner.take(check(1, 1, 1, "seized"), check(2, 1, 2, "recorded"))
    assert owner.found("several_lines") == []


def test_lines_further_apart_than_the_window_raise_nothing(owner):
    owner.take(check(1, 1, 1, "recorded"), check(2, 2, 8.01, "recorded"))
    assert owner.found("several_lines") == []
    owner.take(check(2, 2, 8, "recorded"))
    assert owner.only("several_lines").severity == "medium"


def test_checks_outside_every_window_are_not_among_the_records(owner):
    owner.take(check(1, 1, 1, "recorded"), check(2, 2, 40), check(3, 1, 41, "recorded"), check(4, 3, 90))
    assert owner.only("several_lines").records == ("gate/2", "gate/3")


def test_a_check_at_no_known_line_counts_for_none(owner):
    owner.take(check(1, None, 1, "seized"), check(2, 2, 2, "seized"))
    assert owner.found("several_lines") == []


# --- 线索印证 ---------------------------------------------------------------------------------

TIP = Told(name="s110/tip", on=2, things=("pa",), words=1)
SEIZED = Told(name="bureau/s", kind="seizure", on=5, lots=(Held("pa"),), lead=False)


def test_a_tip_is_corroborated_by_a_later_seizure_of_another_source(owner):
    owner.take(TIP, SEIZED)
    found = owner.only("corroborated_tip")
    assert found.severity == "high"
    assert found.raised == day(5)
    assert set(found.records) == {"s110/tip", "bureau/s"}


def test_the_same_source_corroborates_nothing(owner):
    owner.take(TIP, Told(name="s110/s", kind="seizure", on=5, lots=(Held("pa"),)))
    assert owner.found("corroborated_tip") == []


def test_a_seizure_before_the_tip_corroborates_nothing(owner):
    owner.take(TIP, Told(name="bureau/s", kind="seizure", on=1.9, lots=(Held("pa"),)))
    assert owner.found("corroborated_tip") == []
    owner.take(Told(name="bureau/s", kind="seizure", on=2, lots=(Held("pa"),)))
    assert len(owner.found("corroborated_tip")) == 1


def test_a_tip_that_is_no_lead_is_not_corroborated(owner):
    owner.take(Told(name="s110/tip", on=2, things=("pa",), lead=False), SEIZED)
    assert owner.found("corroborated_tip") == []


@pytest.mark.parametrize(
    ("outcome", "lots", "raised"),
    [("recorded", (Held("va"),), 1), ("recorded", (), 0), ("released", (Held("va"),), 0), ("seized", (), 0)],
)
def test_a_check_corroborates_only_when_goods_were_found_and_kept(owner, outcome, lots, raised):
    owner.take(TIP, check(1, 2, 5, outcome, things=("pa", "va"), lots=lots))
    assert len(owner.found("corroborated_tip")) == raised
    if raised:
        assert owner.only("corroborated_tip").severity == "medium"


def test_copies_count_once_and_are_named_against(owner):
    copies = [Told(name=f"s120/{number}", on=3, things=("pa",), words=1) for number in range(2)]
    owner.take(TIP, *copies, SEIZED)
    found = owner.only("corroborated_tip")
    assert found.reasons[0].startswith("1 条举报线索")
    assert any("2 条线索与其他线索文本相同或相近（s120/0、s120/1）" in doubt for doubt in found.against)


def test_a_copy_handed_in_elsewhere_makes_no_independent_origin(owner):
    """The seizure's own source had the tip first; the copy that went to 110 adds nothing."""
    first = Told(name="bureau/tip", on=1, things=("pa",), words=1)
    owner.take(first, TIP, SEIZED)
    assert owner.found("corroborated_tip") == []
    owner.take(back=["bureau/tip"])
    assert len(owner.found("corroborated_tip")) == 1


@pytest.mark.parametrize("number", ["na", "wa"])
def test_a_phone_or_account_corroborates_when_no_person_is_on_both_sides(owner, number):
    owner.take(
        Told(name="s110/tip", on=2, things=(number,)),
        Told(name="bureau/s", kind="seizure", on=5, uses=(("pa", number),), lots=(Held("pa"),)),
    )
    found = owner.only("corroborated_tip")
    assert found.entities == (owner.id_of(number),)
    assert any("未能对应到同一人" in doubt for doubt in found.against)


def test_a_phone_whose_user_is_on_both_sides_raises_no_second_alert(owner):
    owner.take(
        Told(name="s110/tip", on=2, uses=(("pa", "na"),)),
        Told(name="bureau/s", kind="seizure", on=5, uses=(("pa", "na"),), lots=(Held("pa"),)),
    )
    assert owner.only("corroborated_tip").entities == (owner.id_of("pa"),)


def test_a_number_of_very_many_people_corroborates_nothing(owner):
    others = [Told(name=f"hotel/{n}", kind="interception", uses=((f"p{n}", "na"),)) for n in range(8)]
    owner.take(
        Told(name="s110/tip", on=2, things=("na",)),
        Told(name="bureau/s", kind="seizure", on=5, things=("na",)),
        *others,
    )
    assert len(owner.found("corroborated_tip")) == 1
    owner.take(Told(name="hotel/9", kind="interception", uses=(("p9", "na"),)))
    assert owner.found("corroborated_tip") == []


@pytest.mark.parametrize("taken_back", ["s110/tip", "bureau/s"])
def test_taking_back_tip_or_seizure_takes_the_corroboration_back(owner, taken_back):
    owner.take(TIP, SEIZED)
    owner.take(back=[taken_back])
    assert owner.alerts == {}


def test_many_tips_and_many_seizures_of_one_person_make_one_alert(owner):
    tips = [Told(name=f"s110/{n}", on=n / 100, things=("pa",)) for n in range(150)]
    hits = [Told(name=f"bureau/{n}", kind="seizure", on=n / 100, lots=(Held("pa"),)) for n in range(150)]
    owner.take(*tips, *hits)
    assert owner.only("corroborated_tip").reasons[0] == (
        "150 条举报线索所指的 pa，其后见于 150 起缴获或查获货物的查缉"
    )


# --- 串案 -------------------------------------------------------------------------------------

FIRST = Told(name="s110/1", on=1, case="2019-1", uses=(("pa", "na"),))
SECOND = Told(name="s110/2", on=4, case="2019-2", uses=(("pb", "na"),))


@pytest.mark.parametrize("number", ["na", "wa"])
def test_a_number_of_two_people_of_different_cases_joins_the_cases(owner, number):
    owner.take(
        Told(name="s110/1", on=1, case="2019-1", uses=(("pa", number),)),
        Told(name="s110/2", on=4, case="2019-2", uses=(("pb", number),)),
    )
    found = owner.only("cases_joined")
    assert found.cases == ("2019-1", "2019-2")
    assert found.raised == day(4)
    assert found.entities[0] == owner.id_of(number)


def test_one_person_of_two_cases_joins_none(owner):
    owner.take(FIRST, Told(name="s110/2", case="2019-2", uses=(("pa", "na"),)))
    assert owner.found("cases_joined") == []


def test_two_people_of_one_case_join_none(owner):
    owner.take(FIRST, Told(name="s110/2", case="2019-1", uses=(("pb", "na"),)))
    assert owner.found("cases_joined") == []


def test_a_case_known_from_another_record_of_the_person_counts(owner):
    owner.take(FIRST, Told(name="s110/2", uses=(("pb", "na"),)))
    owner.take(Told(name="s110/3", on=9, case="2019-2", things=("pb",)))
    assert owner.only("cases_joined").raised == day(9)
    owner.take(back=["s110/3"])
    assert owner.found("cases_joined") == []


def test_a_number_of_very_many_people_joins_no_cases(owner):
    owner.take(FIRST, SECOND, *(Told(name=f"hotel/{n}", uses=((f"p{n}", "na"),)) for n in range(6)))
    assert len(owner.found("cases_joined")) == 1
    owner.take(Told(name="hotel/6", uses=(("p6", "na"),)))
    assert owner.found("cases_joined") == []
    owner.take(back=["hotel/3"])
    assert len(owner.found("cases_joined")) == 1


def test_people_that_turn_out_to_be_one_no_longer_join_cases(owner):
    owner.take(FIRST, SECOND)
    owner.take(Told(name="s110/same", same=(("pa", "pb"),)))
    assert owner.found("cases_joined") == []
    owner.take(back=["s110/same"])
    assert len(owner.found("cases_joined")) == 1


def test_an_owner_starts_without_alerts():
    assert Owner().alerts == {}
