"""Who sees what and who may do what, as whole tables."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.console.access import DATA, MAY, Action, Role, case_name, checked_case, checked_region, sees
from schemas.errors import Invalid
from tests.graph.console.people import scope

READERS = {Role.INVESTIGATOR, Role.LEAD, Role.INSPECTOR}
REGIONS = {"island": ["46"], "city": ["4601"], "mainland": ["44"], "everywhere": [""], "nowhere": []}
CASES = {"member": ["2019-551"], "of another": ["2020-007"], "of none": []}
SEEN_BY = {
    ("460106", None): {"island", "city", "everywhere"},
    ("460200", None): {"island", "everywhere"},
    ("440825", None): {"mainland", "everywhere"},
    ("460000", None): {"island", "everywhere"},
    (None, None): {"everywhere"},
    ("460106", ""): {"island", "city", "everywhere"},
    (None, "  "): {"everywhere"},
}
"""Records without a case, and whose region sees them."""


@pytest.mark.parametrize(("role", "place", "team"), list(itertools.product(Role, REGIONS, CASES)))
def test_a_record_without_a_case_is_seen_by_its_region(role: Role, place: str, team: str):
    who = scope(role=role, regions=REGIONS[place], cases=CASES[team])
    for (region, case), seen_by in SEEN_BY.items():
        assert sees(who, region, case) == (role in READERS and place in seen_by)


@pytest.mark.parametrize(("role", "place", "team"), list(itertools.product(Role, REGIONS, CASES)))
@pytest.mark.parametrize("region", ["460106", "440825", None])
@pytest.mark.parametrize("case", ["2019-551", "公安部“2019—0551”号目标案件"])
def test_a_record_with_a_case_is_seen_by_its_members_wherever_they_are(
    role: Role, place: str, team: str, region: str | None, case: str
):
    who = scope(role=role, regions=REGIONS[place], cases=CASES[team])
    assert sees(who, region, case) == (role in READERS and team == "member")


@given(
    st.sampled_from(list(Role)),
    st.lists(st.sampled_from(["", "44", "46", "4601", "460106"])),
    st.one_of(st.none(), st.from_regex(r"[0-9]{6}", fullmatch=True)),
)
def test_nobody_sees_more_by_having_less(role: Role, regions: list[str], region: str | None):
    who = scope(role=role, regions=regions, cases=())
    for left in itertools.combinations(regions, max(0, len(regions) - 1)):
        less = scope(role=role, regions=left, cases=())
        assert sees(who, region, None) or not sees(less, region, None)
    assert not sees(who, region, "2019-551")


def test_a_case_that_is_partly_hidden_is_not_a_case_that_it_may_be():
    assert not sees(scope(), "460106", "2019-5**")


def test_every_role_has_its_row_and_every_action_somebody():
    assert set(MAY) == set(Role)
    assert frozenset().union(*MAY.values()) == set(Action)


def test_an_administrator_reads_nothing_and_an_inspector_changes_nothing():
    assert not MAY[Role.ADMINISTRATOR] & (DATA | {Action.READ_AUDIT, Action.EXPORT, Action.REVIEW})
    assert MAY[Role.INSPECTOR] == {Action.READ_ALERTS, Action.READ_AUDIT}


def test_only_inspectors_read_the_audit_and_only_administrators_make_accounts():
    assert [role for role in Role if Action.READ_AUDIT in MAY[role]] == [Role.INSPECTOR]
    assert [role for role in Role if Action.MANAGE_USERS in MAY[role]] == [Role.ADMINISTRATOR]


def test_a_lead_may_all_that_an_investigator_may_and_decides():
    more = MAY[Role.LEAD] - MAY[Role.INVESTIGATOR]
    assert MAY[Role.INVESTIGATOR] < MAY[Role.LEAD]
    assert more == {Action.DECIDE_ALERT, Action.MANAGE_CASE}


@pytest.mark.parametrize(
    ("typed", "kept"), [("460000", "46"), ("460100", "4601"), ("441900", "4419"), (" 46 ", "46"), ("", "")]
)
def test_a_code_of_a_whole_region_is_the_prefix_of_what_is_in_it(typed: str, kept: str):
    assert checked_region(typed) == kept


@pytest.mark.parametrize("typed", ["4", "461", "46010", "4601066", "海南", "0", "００", "46\n46", "*"])
def test_what_is_no_region_is_refused(typed: str):
    with pytest.raises(Invalid) as refused:
        checked_region(typed)
    assert refused.value.field == "region"


@pytest.mark.parametrize("typed", ["", " ", "x" * 81, "2019\x1b551案"])
def test_what_is_no_case_is_refused(typed: str):
    with pytest.raises(Invalid) as refused:
        checked_case(typed)
    assert refused.value.field == "case"


@given(st.text(max_size=100))
def test_the_name_of_a_case_is_its_own_name(text: str):
    assert case_name(case_name(text)) == case_name(text)
