"""Which alerts are seen is looked for once for all who see the same, as long as nothing changes."""

from __future__ import annotations

import pytest

from graph.console.access import Role, Scope
from graph.console.screens.alerting import Standing


class Counted:
    """Stands for a reader at a position of its store, and counts how often all alerts were looked at."""

    def __init__(self):
        self.at, self.looked = 1, 0

    def position(self):
        return self.at

    def standing_alerts(self):
        self.looked += 1
        return {f"alt-{self.looked}"}


@pytest.fixture
def reader():
    return Counted()


def scope(user="lin", number=0, role=Role.INVESTIGATOR):
    return Scope(user=user, role=role, regions=("46", "44"), cases=frozenset({f"2019-{number}"}))


def test_all_who_see_the_same_share_what_was_found(reader):
    standing = Standing()
    first = standing.visible(reader, scope("lin"))
    assert standing.visible(reader, scope("wu")) == first
    assert reader.looked == 1


@pytest.mark.parametrize(
    "other", [scope(number=1), scope(role=Role.LEAD), Scope(user="lin", role=Role.INVESTIGATOR)]
)
def test_who_sees_something_else_is_told_what_they_see(reader, other):
    standing = Standing()
    assert standing.visible(reader, scope()) != standing.visible(reader, other)


def test_when_something_changes_all_are_looked_at_again(reader):
    standing = Standing()
    first = standing.visible(reader, scope())
    reader.at += 1
    assert standing.visible(reader, scope()) != first


def test_who_asks_again_and_again_is_kept_however_many_others_ask_once(reader):
    standing = Standing()
    first = standing.visible(reader, scope())
    for number in range(1, 100):
        standing.visible(reader, scope(number=number))
        assert standing.visible(reader, scope()) == first
    assert reader.looked == 100
    standing.visible(reader, scope(number=1))
    assert reader.looked == 101, "what was not asked for any more has gone"
