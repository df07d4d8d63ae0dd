"""Saved views: who sees and who changes them."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from graph.console.access import Role, Scope
from graph.console.accounts import Account, Accounts, Newcomer
from graph.console.passwords import Fresh
from graph.console.views import LARGEST, MOST, Draft, Views
from graph.console.workbench import Workbench
from schemas.errors import Invalid, NotAMember, NotFound, NotTheirs
from tests.graph.console.people import AT, scope

BODY = {"nodes": ["per-a"], "at": [1.5, None], "title": "林某某 <b>"}
WANG = scope("wang")
STRANGER = scope("zhao", cases=["2020-007"])


@pytest.fixture
def views(workbench: Workbench, fresh: Fresh, accounts: Accounts, li: Account) -> Views:
    assert li.user == scope().user
    for user in ("wang", "zhao"):
        accounts.add(Newcomer(user=user, name=f"name of {user}", role=Role.LEAD), AT)
    return Views(workbench, fresh)


def saved(views: Views, at: int = AT, **more):
    given = {"name": "全链条", "case": "2019-551", "body": BODY} | more
    return views.save(scope(), Draft(**given), at)


def seen(views: Views, who: Scope) -> list[str]:
    return [each.name for each in views.all(who)]


def test_a_view_comes_back_as_it_was_kept(views: Views):
    view = saved(views)
    assert views.one(scope(), view.id) == view
    assert view.body == BODY
    assert (view.by, view.at, view.case) == ("li", AT, "2019-551")


def test_a_view_keeps_no_names_and_counts_and_tells_only_its_maker_what_is_beside_a_hub(
    views: Views, workbench: Workbench
):
    """Others of the team may see less than its maker: of other regions, or cases."""
    node = {"id": "per-a", "type": "person", "x": 1, "y": 2}
    hub = {"id": "per-a", "spots": {"phone": {"x": 3, "y": 4}}, "hidden": ["vehicle"]}
    body = {"version": 1, "nodes": [node | {"label": "林某某", "records": 7}], "hubs": [hub]}
    bare = body | {"nodes": [node], "hubs": [{"id": "per-a", "spots": {}, "hidden": []}]}
    view = saved(views, shared=True, body=body)
    assert view.body == views.one(scope(), view.id).body == body | {"nodes": [node]}
    assert [each.body for each in views.all(WANG)] == [views.one(WANG, view.id).body] == [bare]
    with workbench.writing() as db:
        assert "林某某" not in db.execute("SELECT body FROM view").fetchone()[0].decode()
        db.execute("UPDATE view SET body = ?", (msgspec.json.encode(body),))  # as it was kept before
    assert [each.body for each in views.all(WANG)] == [bare]


def test_who_sees_which_view_as_a_table(views: Views):
    kept = {
        (case, shared): saved(views, name=f"{case} {shared}", case=case, shared=shared)
        for case, shared in itertools.product((None, "2019-551"), (False, True))
        if case or not shared
    }
    table = {
        scope(): {(None, False), ("2019-551", False), ("2019-551", True)},
        scope(cases=[]): {(None, False)},  # its maker, no longer of the team
        WANG: {("2019-551", True)},
        STRANGER: set(),
        scope("zhao", role=Role.ADMINISTRATOR, regions=[""], cases=[]): set(),
    }
    for who, expected in table.items():
        assert {key for key, view in kept.items() if view in views.all(who)} == expected
        for key, view in kept.items():
            if key in expected:
                assert views.one(who, view.id) == view
            else:
                with pytest.raises(NotFound):
                    views.one(who, view.id)


def test_the_latest_comes_first(views: Views):
    for n in range(3):
        saved(views, name=str(n), at=AT + n)
    assert seen(views, scope()) == ["2", "1", "0"]


def test_its_maker_changes_and_deletes_it(views: Views):
    view = saved(views)
    after = views.change(scope(), view.id, Draft(name="新的", body={}), AT + 1)
    assert views.all(scope()) == [after]
    assert (after.id, after.name, after.case, after.at) == (view.id, "新的", None, AT + 1)
    views.delete(scope(), view.id)
    assert views.all(scope()) == []


def test_others_of_the_team_cannot_change_it_and_others_do_not_learn_of_it(views: Views):
    view = saved(views, shared=True)
    for who, error in ((WANG, NotTheirs), (STRANGER, NotFound)):
        with pytest.raises(error):
            views.change(who, view.id, Draft(name="x", body={}), AT)
        with pytest.raises(error):
            views.delete(who, view.id)
    assert views.all(scope()) == [view]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"case": None, "shared": True}, "shared"),
        ({"body": {"x": "字" * (LARGEST // 3)}}, "body"),
    ],
)
def test_what_cannot_be_kept_is_refused(views: Views, more, field: str):
    with pytest.raises(Invalid) as refused:
        saved(views, **more)
    assert refused.value.field == field
    assert views.all(scope()) == []


def test_a_view_cannot_be_put_into_a_case_of_others(views: Views):
    with pytest.raises(NotAMember):
        saved(views, case="2020-007")
    view = saved(views)
    with pytest.raises(NotAMember):
        views.change(scope(), view.id, Draft(name="x", case="2020-007", shared=True, body={}), AT)


def test_the_largest_body_is_kept(views: Views):
    body = {"x": "y" * (LARGEST - len('{"x":""}'))}
    assert saved(views, body=body).body == body


def test_nobody_fills_the_disk_with_views(views: Views):
    for _ in range(MOST):
        saved(views)
    with pytest.raises(Invalid):
        saved(views)
