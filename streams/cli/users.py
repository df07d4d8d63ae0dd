"""`users`: who may sign in at the console, as what, and where."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import UsageError
from streams.cli.options import STORE, JsonOption, StoreOption, login, settings_of
from streams.cli.output import print_json, print_json_lines, print_table, print_text

if TYPE_CHECKING:
    from graph.console.accounts import Account
    from graph.console.desk import Desk

group = typer.Typer(
    no_args_is_help=True,
    help="Say who may sign in at the console, as what, and where. Each change stands in its audit.",
    epilog='Example: suyuan users add li --name "李安" --role investigator --region 46 --case 2019-551',
)


class RoleName(StrEnum):
    """`graph.console.access.Role`, spelled out: help would have to load it."""

    INVESTIGATOR = "investigator"
    LEAD = "lead"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


UserArgument = Annotated[str, typer.Argument(metavar="NAME", help="By which they sign in.")]
RegionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--region",
        metavar="CODE",
        help="A region's GB/T 2260 code or its first 2 or 4 digits; '' is everywhere. May be repeated.",
    ),
]
CaseOption = Annotated[
    list[str] | None,
    typer.Option("--case", metavar="CASE", help="A case of whose team they are. May be repeated."),
]
PasswordOption = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Take the password from the first line of standard input; else one is made."
    ),
]


@group.command(
    epilog='Example: suyuan users add li --name "李安" --role investigator --region 46 --case 2019-551'
)
def add(
    user: UserArgument,
    name: Annotated[str, typer.Option("--name", help="How they are called.")],
    role: Annotated[RoleName, typer.Option("--role", help="What they are here for.")],
    region: RegionOption = None,
    case: CaseOption = None,
    password_stdin: PasswordOption = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Make an account, and print its password once; it has to be changed at the first use.

    Records of a case are seen by its team only, others by whoever has their region.
    """
    from graph.console.access import Role
    from graph.console.accounts import Newcomer
    from streams import bootstrap

    given, regions, cases = _given(password_stdin), region or [], case or []
    with _desk(store, "users_add", user, _named(role=[role], region=regions, case=cases)) as desk:
        new = Newcomer(user=user, name=name, role=Role(role), regions=regions, cases=cases)
        password = desk.accounts.add(new, bootstrap.now(), given)
    _show_password(user, None if given else password, as_json)


@group.command("list", epilog="Example: suyuan users list --json")
def list_(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """List all accounts; no password is kept that could be shown."""
    from streams import bootstrap

    with bootstrap.desk(settings_of(store)) as desk:
        accounts = desk.accounts.all()
    at = bootstrap.now()
    if as_json:
        print_json_lines(_shown(each, at) for each in accounts)
        return
    columns = ("user", "name", "role", "regions", "cases", "state")
    print_table("Users", columns, [_row(each, at) for each in accounts])


@group.command(epilog="Example: suyuan users password li")
def password(
    user: UserArgument,
    password_stdin: PasswordOption = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Give another password, printed once; it has to be changed at the first use.

    Their sessions end, and a lock after failed attempts is taken away.
    """
    given = _given(password_stdin)
    with _desk(store, "users_password", user) as desk:
        made = desk.accounts.reset_password(user, given)
    _show_password(user, None if given else made, as_json)


@group.command(epilog="Example: suyuan users disable li")
def disable(user: UserArgument, store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Let somebody in no more; their sessions end at once, what they wrote stays."""
    from graph.console.accounts import Change

    with _desk(store, "users_disable", user) as desk:
        _show(desk.accounts.change(user, Change(disabled=True)), as_json)


@group.command(epilog="Example: suyuan users enable li")
def enable(user: UserArgument, store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Let somebody in again; a lock after failed attempts is taken away too."""
    from graph.console.accounts import Change

    with _desk(store, "users_enable", user) as desk:
        _show(desk.accounts.change(user, Change(disabled=False)), as_json)


@group.command(epilog="Example: suyuan users grant li --case 2019-551 --region 4601")
def grant(
    user: UserArgument,
    region: RegionOption = None,
    case: CaseOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Add regions or cases to what somebody sees. Their sessions end."""
    regions, cases = _something(region, case)
    with _desk(store, "users_grant", user, _named(region=regions, case=cases)) as desk:
        _show(desk.accounts.grant(user, regions, cases), as_json)


@group.command(epilog="Example: suyuan users revoke li --case 2019-551")
def revoke(
    user: UserArgument,
    region: RegionOption = None,
    case: CaseOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Take regions or cases away from what somebody sees. Their sessions end."""
    regions, cases = _something(region, case)
    with _desk(store, "users_revoke", user, _named(region=regions, case=cases)) as desk:
        _show(desk.accounts.revoke(user, regions, cases), as_json)


@group.command(epilog="Example: suyuan users role li lead")
def role(
    user: UserArgument,
    role: Annotated[RoleName, typer.Argument(metavar="ROLE", help="What they are here for from now on.")],
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Change what somebody is here for. Their sessions end."""
    from graph.console.access import Role
    from graph.console.accounts import Change

    with _desk(store, "users_role", user, _named(role=[role])) as desk:
        _show(desk.accounts.change(user, Change(role=Role(role))), as_json)


@contextmanager
def _desk(store: str, action: str, user: str, more: tuple[str, ...] = ()) -> Iterator[Desk]:
    """The desk, after the audit has who is about to do what."""
    from graph.console.audit_lines import Entry
    from streams import bootstrap

    with bootstrap.desk(settings_of(store)) as desk:
        desk.audit.append(
            Entry(
                user=f"login:{login()}",
                action=action,
                about=(f"user:{user.strip()}", *more),
                address="command line",
            )
        )
        yield desk


def _named(**values: Iterable[str]) -> tuple[str, ...]:
    """How changes stand in the audit.

    >>> _named(role=["lead"], region=["46", ""], case=["2019-551"])
    ('role:lead', 'region:46', 'region:everywhere', 'case:2019-551')
    """
    return tuple(f"{kind}:{each or 'everywhere'}" for kind, several in values.items() for each in several)


def _something(region: list[str] | None, case: list[str] | None) -> tuple[list[str], list[str]]:
    if not region and not case:
        raise UsageError("say which regions or cases: --region CODE, --case CASE")
    return region or [], case or []


def _given(from_stdin: bool) -> str | None:
    """The password from standard input, without its line end."""
    if not from_stdin:
        return None
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UsageError("there is no password on standard input: give it as the first line")
    return line


def _show_password(user: str, password: str | None, as_json: bool) -> None:
    if as_json:
        print_json({"user": user, "password": password})
    elif password is None:
        print_text("Done: to be changed when they sign in.")
    else:
        print_text(f"Password, shown this once and to be changed when they sign in: {password}")


def _show(account: Account, as_json: bool) -> None:
    from streams import bootstrap

    at = bootstrap.now()
    if as_json:
        print_json(_shown(account, at))
    else:
        print_table("", ("user", "name", "role", "regions", "cases", "state"), [_row(account, at)])


def _shown(account: Account, at: int) -> dict[str, Any]:
    return {
        "user": account.user,
        "name": account.name,
        "role": account.role.value,
        "regions": account.regions,
        "cases": account.cases,
        "locked": at < account.locked_until,
        "disabled": account.disabled,
        "must_change": account.must_change,
    }


def _row(account: Account, at: int) -> tuple[str, ...]:
    states = {
        "disabled": account.disabled,
        "locked": at < account.locked_until,
        "has to change the password": account.must_change,
    }
    return (
        account.user,
        account.name,
        account.role.value,
        ", ".join(each or "everywhere" for each in account.regions),
        ", ".join(account.cases),
        ", ".join(state for state, holds in states.items() if holds),
    )


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="users")
