"""Answers to alerts."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.console.access import MAY, Action, Role
from graph.console.accounts import Account
from graph.console.answers import NEEDS, Answers, Reply, State
from graph.console.workbench import Workbench
from schemas.errors import Changed, Invalid
from tests.graph.console.people import AT


@pytest.fixture
def answers(workbench: Workbench, li: Account) -> Answers:
    assert li.user == "li"  # who answers in what follows
    return Answers(workbench)


def give(
    answers: Answers, version: int, state: State = State.IN_WORK, because: str = "", alert: str = "alt-a"
):
    return answers.give(alert, version, Reply(state=state, by="li", because=because, at=AT + version))


def test_answers_stand_one_after_the_other(answers: Answers):
    give(answers, 0, State.ACKNOWLEDGED)
    given = give(answers, 1, State.ESCALATED, " 与2019-551同一上家 ")
    give(answers, 0, alert="alt-b")
    assert [(each.version, each.state, each.because) for each in given] == [
        (1, State.ACKNOWLEDGED, ""),
        (2, State.ESCALATED, "与2019-551同一上家"),
    ]
    assert answers.of(["alt-a", "alt-c"]) == {"alt-a": given}
    assert set(answers.of(["alt-a", "alt-b"])) == {"alt-a", "alt-b"}
    assert answers.of([]) == {}


@pytest.mark.parametrize("version", [-1, 0, 2, 99])
def test_an_answer_to_what_has_changed_is_told_what_stands(answers: Answers, version: int):
    stands = give(answers, 0)
    with pytest.raises(Changed) as changed:
        give(answers, version, State.CONFIRMED, "x")
    assert changed.value.now == stands
    assert answers.of(["alt-a"]) == {"alt-a": stands}


def test_of_many_who_answer_at_once_one_is_first(answers: Answers):
    def try_it(_: int) -> bool:
        try:
            give(answers, 0)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_it, range(24))) == 1


@pytest.mark.parametrize("state", [State.ESCALATED, State.CONFIRMED, State.REJECTED])
def test_a_decision_needs_a_reason_and_more_than_an_investigator(answers: Answers, state: State):
    with pytest.raises(Invalid) as refused:
        give(answers, 0, state, "  ")
    assert refused.value.field == "because"
    assert [role for role in Role if NEEDS[state] in MAY[role]] == [Role.LEAD]


def test_every_state_needs_something_allowed(answers: Answers):
    assert set(NEEDS) == set(State)
    assert set(NEEDS.values()) == {Action.ANSWER_ALERT, Action.DECIDE_ALERT}
    with pytest.raises(Invalid):
        give(answers, 0, because="x" * 1001)


@pytest.mark.parametrize("change", ["UPDATE answer SET because = 'other'", "DELETE FROM answer"])
def test_no_answer_is_changed_or_deleted(answers: Answers, workbench: Workbench, change: str):
    given = give(answers, 0)
    with pytest.raises(sqlite3.IntegrityError), workbench.writing() as db:
        db.execute(change)
    assert answers.of(["alt-a"]) == {"alt-a": given}
