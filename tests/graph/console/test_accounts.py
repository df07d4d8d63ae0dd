"""Who may sign in, and what trying says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from graph.console.access import Role
from graph.console.accounts import FIRST, Account, Accounts, Change, Newcomer, Renewal
from graph.console.lockout import ATTEMPTS
from graph.console.lockout import FIRST as FIRST_LOCK
from graph.console.passwords import Fresh, Passwords
from graph.console.sessions import Sessions
from graph.console.workbench import Workbench
from schemas.errors import AccountLocked, CredentialsRefused, Invalid, NotFound, SessionEnded
from schemas.times import DAY, MINUTE
from tests.graph.console.people import AT, BETTER, GOOD


def fail(accounts: Accounts, user: str = "li", times: int = ATTEMPTS, at: int = AT) -> None:
    for _ in range(times):
        with pytest.raises((CredentialsRefused, AccountLocked)):
            accounts.authenticate(user, "nicht dieses 1", at)


def test_the_right_name_and_password_are_let_in_however_the_name_is_written(accounts: Accounts, li: Account):
    assert accounts.authenticate(" Li ", GOOD, AT) == li
    assert (li.role, li.regions, li.cases, li.must_change) == (
        Role.INVESTIGATOR,
        ("46",),
        ("2019-551",),
        True,
    )


def test_a_password_typed_with_a_chinese_input_method_is_the_same(accounts: Accounts, li: Account):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in GOOD)
    assert accounts.authenticate("li", wide, AT) == li


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("li", BETTER),
        ("li", ""),
        ("wang", GOOD),
        ("", ""),
        ("li' OR 1=1", GOOD),
        ("\ud800", "\ud800"),
        ("l\0i", "\0"),
    ],
)
def test_whatever_is_wrong_is_refused_with_the_same_words(accounts: Accounts, user: str, password: str):
    with pytest.raises(CredentialsRefused) as refused:
        accounts.authenticate(user, password, AT)
    assert str(refused.value) == "the name or the password is not right"


class Watched(PasswordHasher):
    """Counts what it verifies, and lets something happen meanwhile."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.meanwhile, self.verified = meanwhile, []

    def verify(self, hash, password):  # noqa: A002  the library calls it so
        self.verified.append(hash.split("$")[:4])
        self.meanwhile()
        return super().verify(hash, password)


def test_an_unknown_name_is_verified_like_a_known_one(workbench: Workbench, fresh: Fresh, li: Account):
    """Same number of hashes, so the same time: nothing is timed in a test."""
    hasher = Watched()
    counted = Accounts(workbench, fresh, Passwords(hasher))
    fail(counted, li.user, 1)
    fail(counted, "nobody", 1)
    counted.change(li.user, Change(disabled=True))
    fail(counted, li.user, 1)
    assert len(hasher.verified) == 3
    assert hasher.verified[0] == hasher.verified[1] == hasher.verified[2]


def test_while_a_name_is_locked_no_password_is_looked_at(workbench: Workbench, fresh: Fresh, li: Account):
    hasher = Watched()
    counted = Accounts(workbench, fresh, Passwords(hasher))
    fail(counted, li.user, times=ATTEMPTS + 7)
    assert len(hasher.verified) == ATTEMPTS


@pytest.mark.parametrize(
    ("meanwhile", "error"),
    [
        (lambda accounts: accounts.change("li", Change(disabled=True)), CredentialsRefused),
        (lambda accounts: accounts.reset_password("li", BETTER), CredentialsRefused),
        (fail, AccountLocked),
    ],
)
@pytest.mark.usefixtures("li")
def test_what_happens_while_a_right_password_is_looked_at_counts(
    workbench: Workbench, fresh: Fresh, accounts: Accounts, meanwhile, error
):
    slow = Accounts(workbench, fresh, Passwords(Watched(lambda: meanwhile(accounts))))
    with pytest.raises(error):
        slow.authenticate("li", GOOD, AT)


@pytest.mark.usefixtures("li")
def test_after_five_failures_the_right_password_is_refused_like_a_wrong_one(accounts: Accounts):
    fail(accounts)
    said = []
    for password in (GOOD, BETTER):
        with pytest.raises(AccountLocked) as locked:
            accounts.authenticate("li", password, AT + 1)
        said.append((str(locked.value), locked.value.until))
    assert said[0] == said[1]
    assert said[0][1] == AT + FIRST_LOCK
    assert accounts.authenticate("li", GOOD, AT + FIRST_LOCK).locked_until == 0


@pytest.mark.usefixtures("li")
def test_a_lock_does_not_grow_while_it_lasts_and_doubles_when_failures_go_on(accounts: Accounts):
    fail(accounts)
    fail(accounts, times=20, at=AT + MINUTE)
    assert accounts.one("li").locked_until == AT + FIRST_LOCK
    fail(accounts, times=1, at=AT + FIRST_LOCK)
    assert accounts.one("li").locked_until == AT + 3 * FIRST_LOCK


@pytest.mark.usefixtures("li")
def test_a_name_that_nobody_has_is_locked_too(accounts: Accounts):
    fail(accounts, "nobody")
    with pytest.raises(AccountLocked):
        accounts.authenticate("nobody", GOOD, AT)


def test_a_right_password_forgets_the_failures_before(accounts: Accounts, li: Account):
    fail(accounts, times=4)
    accounts.authenticate("li", GOOD, AT)
    fail(accounts, times=4)
    assert accounts.authenticate("li", GOOD, AT) == li


@pytest.mark.usefixtures("li")
def test_names_tried_do_not_fill_the_disk(
    accounts: Accounts, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("graph.console.accounts._MOST_NAMES", 3)
    fail(accounts, times=4, at=AT - DAY // 2)
    for n in range(10):
        fail(accounts, f"nobody{n}", 1, AT + n)
    with workbench.reading() as db:
        kept = {user for (user,) in db.execute("SELECT user FROM attempt")}
    assert kept == {"li", "nobody7", "nobody8", "nobody9"}


def test_who_is_disabled_is_refused_as_if_unknown_and_let_in_again_when_enabled(
    accounts: Accounts, li: Account
):
    accounts.change("li", Change(disabled=True))
    with pytest.raises(CredentialsRefused):
        accounts.authenticate("li", GOOD, AT)
    fail(accounts)
    accounts.change("li", Change(disabled=False))
    assert accounts.authenticate("li", GOOD, AT) == li


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.change("li", Change(disabled=True)),
        lambda accounts: accounts.change("li", Change(role=Role.LEAD)),
        lambda accounts: accounts.change("li", Change(cases=[])),
        lambda accounts: accounts.grant("li", cases=["2020-007"]),
        lambda accounts: accounts.revoke("li", regions=["46"]),
        lambda accounts: accounts.reset_password("li"),
        lambda accounts: accounts.change_password("li", Renewal(GOOD, BETTER), AT),
    ],
)
def test_a_change_of_what_somebody_may_do_ends_their_sessions_and_no_others(
    accounts: Accounts, sessions: Sessions, li: Account, change
):
    accounts.add(Newcomer(user="wang", name="王宁", role=Role.LEAD), AT)
    hers, _ = sessions.start(li, AT)
    his, _ = sessions.start(accounts.one("wang"), AT)
    change(accounts)
    with pytest.raises(SessionEnded):
        sessions.one(hers, AT)
    assert sessions.one(his, AT).account.user == "wang"


def test_the_session_in_which_somebody_changes_their_password_may_go_on(
    accounts: Accounts, sessions: Sessions, li: Account
):
    here, session = sessions.start(li, AT)
    elsewhere, _ = sessions.start(li, AT)
    accounts.change_password("li", Renewal(GOOD, BETTER), AT, keep=session.digest)
    assert not sessions.one(here, AT).account.must_change
    with pytest.raises(SessionEnded):
        sessions.one(elsewhere, AT)
    assert accounts.authenticate("li", BETTER, AT).user == "li"


@pytest.mark.usefixtures("li")
def test_changing_a_password_needs_the_old_one_and_another_new_one(accounts: Accounts):
    with pytest.raises(CredentialsRefused):
        accounts.change_password("li", Renewal(BETTER, BETTER), AT)
    for new in (GOOD, "kurz"):
        with pytest.raises(Invalid) as refused:
            accounts.change_password("li", Renewal(GOOD, new), AT)
        assert refused.value.field == "new"
    assert accounts.authenticate("li", GOOD, AT).must_change


@pytest.mark.usefixtures("li")
def test_a_password_given_by_somebody_else_takes_the_lock_away_and_has_to_be_changed(
    accounts: Accounts,
):
    accounts.change_password("li", Renewal(GOOD, BETTER), AT)
    fail(accounts)
    made = accounts.reset_password("li")
    assert accounts.authenticate("li", made, AT).must_change


@pytest.mark.usefixtures("li")
def test_regions_and_cases_are_kept_in_their_normal_form_and_once(accounts: Accounts):
    after = accounts.grant("li", regions=["460000", "440000"], cases=["公安部2019-551号", "2020-7"])
    assert (after.regions, after.cases) == (("44", "46"), ("2019-551", "2020-007"))
    less = accounts.revoke("li", regions=["46", "11"], cases=["“2019—0551”专案"])
    assert (less.regions, less.cases) == (("44",), ("2020-007",))
    assert less == accounts.one("li")
    assert less.scope.cases == {"2020-007"}
    assert [each.user for each in accounts.members("2020-7")] == ["li"]


def test_a_change_leaves_alone_what_it_does_not_name(accounts: Accounts, li: Account):
    after = accounts.change("li", Change(name="李安安"))
    assert (after.role, after.regions, after.cases) == (li.role, li.regions, li.cases)


@pytest.mark.parametrize("user", ["", "l i", "李", "-li", "x" * 41, "li/../root", "li\n"])
def test_a_user_that_cannot_be_typed_everywhere_is_refused(accounts: Accounts, user: str):
    if user == "li\n":
        accounts.add(Newcomer(user=user, name="x", role=Role.LEAD), AT)
        user = "LI"
    with pytest.raises(Invalid) as refused:
        accounts.add(Newcomer(user=user, name="x", role=Role.LEAD), AT)
    assert refused.value.field == "user"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x1b[31m"])
def test_a_name_that_cannot_be_shown_is_refused(accounts: Accounts, name: str):
    with pytest.raises(Invalid) as refused:
        accounts.add(Newcomer(user="wang", name=name, role=Role.LEAD), AT)
    assert refused.value.field == "name"
    assert accounts.all() == []


@pytest.mark.usefixtures("li")
def test_there_is_no_account_of_another_name(accounts: Accounts):
    for call in (accounts.one, accounts.reset_password, accounts.grant, accounts.revoke):
        with pytest.raises(NotFound):
            call("wang")
    with pytest.raises(NotFound):
        accounts.change("wang", Change(disabled=True))


def test_the_first_administrator_is_made_once_and_only_where_nobody_is(accounts: Accounts):
    password = accounts.first_administrator(AT)
    made = accounts.authenticate(FIRST, password, AT)
    assert (made.role, made.must_change, made.regions) == (Role.ADMINISTRATOR, True, ())
    assert accounts.first_administrator(AT) is None


def test_of_two_servers_that_begin_together_one_makes_the_administrator(
    workbench: Workbench, fresh: Fresh, accounts: Accounts
):
    made = []

    def late(size: int) -> bytes:
        made.append(accounts.first_administrator(AT))
        return fresh(size)

    assert Accounts(workbench, late, Passwords(Watched())).first_administrator(AT) is None
    assert accounts.authenticate(FIRST, made[0], AT).user == FIRST


@pytest.mark.usefixtures("li")
def test_no_administrator_is_made_where_somebody_is(accounts: Accounts):
    assert accounts.first_administrator(AT) is None
    assert [each.user for each in accounts.all()] == ["li"]


def test_the_last_administrator_stays_one(accounts: Accounts):
    accounts.first_administrator(AT)
    for change in ({"role": Role.LEAD}, {"disabled": True}):
        with pytest.raises(Invalid):
            accounts.change(FIRST, Change(**change))
    accounts.add(Newcomer(user="wang", name="王宁", role=Role.ADMINISTRATOR), AT)
    assert accounts.change(FIRST, Change(disabled=True)).disabled


def test_a_hash_of_former_parameters_is_made_anew_when_the_password_is_there(
    accounts: Accounts, workbench: Workbench, fresh: Fresh, li: Account
):
    def kept() -> str:
        with workbench.reading() as db:
            return db.execute("SELECT hash FROM account WHERE user = 'li'").fetchone()[0]

    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    before = kept()
    Accounts(workbench, fresh, stronger).authenticate("li", GOOD, AT)
    assert before != kept()
    assert "m=16,t=2,p=1" in kept()
    assert accounts.authenticate("li", GOOD, AT) == li


@pytest.mark.usefixtures("li")
def test_the_password_stands_in_no_file(accounts: Accounts, workbench: Workbench):
    accounts.reset_password("li", BETTER)
    written = b"".join(each.read_bytes() for each in workbench.path.parent.iterdir())
    assert b"$argon2id$" in written
    assert GOOD.encode() not in written
    assert BETTER.encode() not in written
