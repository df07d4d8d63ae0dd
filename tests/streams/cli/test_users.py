"""The commands `users` and `audit`."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from pathlib import Path

import pytest

from graph.console.access import Role
from graph.console.desk import open_desk
from schemas.errors import CredentialsRefused
from streams.bootstrap import now
from streams.cli.users import RoleName
from tests.streams.cli.small_store import Suyuan

ADD = ("users", "add", "li", "--name", "李安", "--role", "investigator")


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Suyuan:
    """The command on a store of its own, on which nobody has worked yet."""
    shutil.copy(filled / "case.db", tmp_path / "case.db")
    return Suyuan(tmp_path / "case.db")


def let_in(suyuan: Suyuan, user: str, password: str) -> bool:
    folder = suyuan.store.parent
    opened = open_desk(
        folder / "case.console.db", folder / "case.audit.jsonl", clock=now, fresh=secrets.token_bytes
    )
    with opened as there:
        try:
            return there.accounts.authenticate(user, password, now()).user == user
        except CredentialsRefused:
            return False


def audited(suyuan: Suyuan) -> list[tuple[str, list[str]]]:
    return [(line["action"], line["about"]) for line in reversed(suyuan.lines("audit", "list"))]


def test_the_roles_are_those_of_the_console():
    assert [each.value for each in RoleName] == [each.value for each in Role]


def test_an_account_is_made_and_its_password_shown_once(desk: Suyuan):
    shown = desk.text(
        *ADD, "--region", "460000", "--region", "4401", "--case", "2019-551", "--case", "2020-7"
    )
    (password,) = re.findall(r"[a-z2-9]{5}(?:-[a-z2-9]{5}){3}", shown)
    assert let_in(desk, "li", password)
    (account,) = desk.lines("users", "list")
    assert account == {
        "user": "li",
        "name": "李安",
        "role": "investigator",
        "regions": ["4401", "46"],
        "cases": ["2019-551", "2020-007"],
        "locked": False,
        "disabled": False,
        "must_change": True,
    }
    assert password not in desk.text("users", "list") + desk.text("audit", "list", "--json")


def test_a_password_can_be_given(desk: Suyuan):
    done = desk(*ADD, "--password-stdin", stdin="san-ye-7-cao-mao\nmore\n")
    assert done.exit_code == 0
    assert "san-ye" not in done.output
    assert let_in(desk, "li", "san-ye-7-cao-mao")
    assert desk("users", "password", "li", "--password-stdin", stdin="wu-ge-9-li-zi\r\n").exit_code == 0
    assert let_in(desk, "li", "wu-ge-9-li-zi")


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        ((*ADD, "--password-stdin"), "kurz\n", "12 to 256"),
        ((*ADD, "--password-stdin"), "", "standard input"),
        ((*ADD, "--region", "海南"), None, "GB/T 2260"),
        ((*ADD, "--case", " "), None, "2019-551"),
        (("users", "add", "l i", "--name", "x", "--role", "lead"), None, "small letters"),
        (("users", "add", "li", "--name", "x", "--role", "chief"), None, "chief"),
        (("users", "grant", "li"), None, "--region"),
        (("users", "revoke", "li"), None, "--case"),
    ],
)
def test_what_cannot_be_used_is_said_and_makes_no_account(desk: Suyuan, words, stdin, says: str):
    done = desk(*words, stdin=stdin)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert desk.lines("users", "list") == []


def test_a_name_is_taken_once(desk: Suyuan):
    desk.text(*ADD)
    done = desk(*ADD)
    assert done.exit_code == 2
    assert "already" in done.stderr


def test_who_is_not_there_is_not_found(desk: Suyuan):
    for words in (("disable",), ("password",), ("role", "lead"), ("grant", "--case", "2019-551")):
        done = desk("users", words[0], "wang", *words[1:])
        assert done.exit_code == 1
        assert "no account" in done.stderr


def test_accounts_are_changed_and_every_change_is_in_the_audit(desk: Suyuan):
    desk.text(*ADD)
    assert desk.one("users", "grant", "li", "--case", "2019-551", "--region", "")["regions"] == [""]
    assert "everywhere" in desk.text("users", "list")
    assert desk.one("users", "revoke", "li", "--region", "")["regions"] == []
    assert desk.one("users", "role", "li", "lead")["role"] == "lead"
    assert desk.one("users", "disable", "li")["disabled"]
    assert "disabled" in desk.text("users", "list")
    assert not desk.one("users", "enable", "li")["disabled"]
    assert desk.one("users", "password", "li")["password"]
    assert audited(desk) == [
        ("users_add", ["user:li", "role:investigator"]),
        ("users_grant", ["user:li", "region:everywhere", "case:2019-551"]),
        ("users_revoke", ["user:li", "region:everywhere"]),
        ("users_role", ["user:li", "role:lead"]),
        ("users_disable", ["user:li"]),
        ("users_enable", ["user:li"]),
        ("users_password", ["user:li"]),
    ]


def test_the_files_stand_beside_the_store_for_their_owner_alone(desk: Suyuan):
    desk.text(*ADD)
    made = {"case.console.db", "case.audit.jsonl"}
    folder = desk.store.parent
    assert made <= {each.name for each in folder.iterdir()}
    assert {(folder / name).stat().st_mode & 0o777 for name in made} == {0o600}


def test_the_audit_is_verified_and_a_changed_line_is_named(desk: Suyuan):
    desk.text(*ADD)
    desk.text("users", "role", "li", "lead")
    assert desk.one("audit", "verify") == {"lines": 2, "intact": True, "fault": None}
    assert "whole" in desk.text("audit", "verify")
    file = desk.store.with_name("case.audit.jsonl")
    file.write_text(file.read_text("utf-8").replace("role:lead", "role:line"), "utf-8")
    done = desk("audit", "verify", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"lines": 1, "intact": False, "fault": {"n": 2, "how": "changed"}}
    said = desk("audit", "verify")
    assert (said.exit_code, said.stdout) == (1, "")
    assert "line 2" in said.stderr
    assert "changed" in said.stderr


def test_the_audit_is_listed_by_user_and_not_endlessly(desk: Suyuan):
    desk.text(*ADD)
    desk.text("users", "role", "li", "lead")
    who = desk.lines("audit", "list")[0]["user"]
    assert who.startswith("login:")
    assert [line["n"] for line in desk.lines("audit", "list", "--limit", "1")] == [2]
    assert [line["n"] for line in desk.lines("audit", "list", "--user", who)] == [2, 1]
    assert desk.lines("audit", "list", "--user", "li") == []
    assert "users_role" in desk.text("audit", "list")


def test_where_nobody_worked_there_is_nothing_to_verify(desk: Suyuan):
    done = desk("audit", "verify")
    assert done.exit_code == 1
    assert "SUYUAN_WORKBENCH" in done.stderr
    assert {each.name for each in desk.store.parent.iterdir()} == {"case.db"}
