"""Who is signed in, until when, and what for."""

from __future__ import annotations

import pytest

from graph.console.accounts import Account
from graph.console.sessions import IDLE, LONGEST, Sessions
from graph.console.visits import Visits
from graph.console.workbench import Workbench
from schemas.errors import Invalid, NotAMember, SessionEnded
from schemas.times import HOUR, MINUTE, SECOND
from tests.graph.console.people import AT


def test_a_session_is_found_by_its_token_only(sessions: Sessions, li: Account):
    token, session = sessions.start(li, AT)
    assert sessions.one(token, AT) == session
    for other in ("", token[:-1], session.csrf, session.digest.hex(), "\ud800"):
        with pytest.raises(SessionEnded):
            sessions.one(other, AT)


def test_tokens_are_long_and_never_the_same(sessions: Sessions, li: Account):
    tokens = {sessions.start(li, AT)[0] for _ in range(10)}
    assert len(tokens) == 10
    assert min(map(len, tokens)) >= 43


def test_the_token_stands_in_no_file(sessions: Sessions, workbench: Workbench, li: Account):
    token, session = sessions.start(li, AT)
    written = b"".join(each.read_bytes() for each in workbench.path.parent.iterdir())
    assert session.digest in written
    assert token.encode() not in written
    assert token not in repr(session)
    assert session.csrf not in repr(session)


def test_half_an_hour_without_a_question_ends_it(sessions: Sessions, li: Account):
    token, session = sessions.start(li, AT)
    assert session.expires == AT + IDLE
    assert sessions.one(token, AT + IDLE - SECOND).expires == AT + 2 * IDLE - SECOND
    with pytest.raises(SessionEnded):
        sessions.one(token, AT + 2 * IDLE)


def test_a_visit_lasts_until_a_session_was_used_last(sessions: Sessions, workbench: Workbench, li: Account):
    visits = Visits(workbench)
    first, _ = sessions.start(li, AT)
    assert visits.last(li.user) is None
    sessions.one(first, AT + 5 * MINUTE)
    second, _ = sessions.start(li, AT + HOUR)
    assert visits.last(li.user) == AT + 5 * MINUTE
    sessions.one(second, AT + HOUR + 7 * MINUTE)
    assert visits.last(li.user) == AT + 5 * MINUTE
    sessions.end(second)
    assert visits.last(li.user) == AT + HOUR + 7 * MINUTE


def test_what_no_person_asked_does_not_keep_it_open(sessions: Sessions, li: Account):
    token, _ = sessions.start(li, AT)
    assert sessions.one(token, AT + 20 * MINUTE, asked=False).expires == AT + IDLE
    with pytest.raises(SessionEnded):
        sessions.one(token, AT + IDLE)


def test_twelve_hours_end_it_however_busy(sessions: Sessions, li: Account):
    token, _ = sessions.start(li, AT)
    for minutes in range(10, 720, 10):
        session = sessions.one(token, AT + minutes * MINUTE)
    assert session.expires == AT + LONGEST == AT + 12 * HOUR
    with pytest.raises(SessionEnded):
        sessions.one(token, AT + LONGEST)


def test_signing_out_ends_it_and_only_it(sessions: Sessions, li: Account):
    token, _ = sessions.start(li, AT)
    other, _ = sessions.start(li, AT)
    sessions.end(token)
    sessions.end("never there")
    with pytest.raises(SessionEnded):
        sessions.one(token, AT)
    assert sessions.one(other, AT)


def test_sessions_that_ended_are_forgotten(sessions: Sessions, workbench: Workbench, li: Account):
    token, _ = sessions.start(li, AT)
    sessions.state_purpose(token, "2019-551", "追线溯源", AT)
    sessions.start(li, AT + IDLE)
    with workbench.reading() as db:
        assert db.execute("SELECT count(*) FROM session").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM purpose").fetchone() == (0,)


def test_what_somebody_may_do_is_what_their_account_says_now(
    sessions: Sessions, workbench: Workbench, li: Account
):
    token, _ = sessions.start(li, AT)
    with workbench.writing() as db:  # as if a server of another kind had done it
        db.execute("DELETE FROM member")
    assert sessions.one(token, AT).scope.cases == set()
    with workbench.writing() as db:
        db.execute("UPDATE account SET disabled = 1")
    with pytest.raises(SessionEnded):
        sessions.one(token, AT)


def test_a_purpose_is_said_for_each_case_and_for_work_outside_one(sessions: Sessions, li: Account):
    token, session = sessions.start(li, AT)
    assert session.purpose(None) is session.purpose("2019-551") is None
    sessions.state_purpose(token, None, "  核查  举报线索 ", AT)
    session = sessions.state_purpose(token, "公安部2019-551号", "追线溯源", AT)
    assert session.purposes == {"": "核查 举报线索", "2019-551": "追线溯源"}
    assert (session.purpose(None), session.purpose("2019—0551")) == ("核查 举报线索", "追线溯源")
    assert sessions.one(sessions.start(li, AT)[0], AT).purposes == {}


def test_a_purpose_said_again_replaces_the_one_before(sessions: Sessions, li: Account):
    token, _ = sessions.start(li, AT)
    for purpose in ("追线溯源", "核对包裹"):
        session = sessions.state_purpose(token, "2019-551", purpose, AT)
    assert session.purpose("2019-551") == "核对包裹"


@pytest.mark.parametrize("purpose", ["", "abc", "  a b ", "x" * 201, "查\x1b[31m什么"])
def test_a_purpose_that_says_nothing_is_refused(sessions: Sessions, li: Account, purpose: str):
    token, _ = sessions.start(li, AT)
    with pytest.raises(Invalid) as refused:
        sessions.state_purpose(token, None, purpose, AT)
    assert refused.value.field == "purpose"


def test_nobody_states_a_purpose_for_a_case_of_others_or_after_the_end(sessions: Sessions, li: Account):
    token, _ = sessions.start(li, AT)
    with pytest.raises(NotAMember):
        sessions.state_purpose(token, "2020-007", "想看一看", AT)
    with pytest.raises(SessionEnded):
        sessions.state_purpose(token, None, "追线溯源", AT + LONGEST)


def test_a_request_proves_itself_by_the_sessions_secret(sessions: Sessions, li: Account):
    _, session = sessions.start(li, AT)
    _, other = sessions.start(li, AT)
    assert session.proves(session.csrf)
    for forged in ("", other.csrf, "汉", "\ud800"):
        assert not session.proves(forged)
