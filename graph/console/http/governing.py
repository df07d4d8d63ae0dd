"""Routes of those who see no case: the inspector's audit, the administrator's accounts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec import structs

from graph.console.access import Action
from graph.console.accounts import Account, Change, Newcomer
from graph.console.http.answers import Json
from graph.console.http.asking import asked_with, body, may
from graph.console.office import Asker

router = APIRouter(prefix="/api", tags=["governing"])

Inspector = Annotated[Asker, Depends(may(Action.READ_AUDIT))]
Administrator = Annotated[Asker, Depends(may(Action.MANAGE_USERS))]
Managing = Annotated[Asker, Depends(may(Action.MANAGE_USERS, change=True))]
User = Annotated[str, Path(max_length=80)]


@router.get("/audit")
def audit(
    asker: Inspector,
    after: Annotated[int | None, Query(ge=0)] = None,
    user: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Who read and did what, the last first, and whether anything is wrong with what is shown."""
    asker.noted("audit", (f"user:{user}",) if user else ())
    return Json(asker.desk.audit.page(after=after, user=user or None, limit=limit))


@router.get("/audit/whole")
def whole_audit(asker: Inspector) -> Response:
    """Whether any line of all was changed, moved or removed: reads all of them."""
    asker.noted("verify_audit")
    return Json(asker.desk.audit.verify())


@router.get("/users")
def users(asker: Administrator) -> Response:
    """All accounts."""
    asker.noted("users")
    now = asker.office.now()
    return Json({"users": [_shown(each, now) for each in asker.desk.accounts.all()]})


@router.post("/users", openapi_extra=asked_with(Newcomer))
def add_user(asker: Managing, new: Annotated[Newcomer, Depends(body(Newcomer))]) -> Response:
    """A new account, with a password that is shown this once."""
    given = structs.asdict(new)
    asker.noted("add_user", (f"user:{given.pop('user')}", *_told(given)))
    password = asker.desk.accounts.add(new, asker.office.now())
    return Json({"user": new.user, "password": password})


@router.put("/users/{user}", openapi_extra=asked_with(Change))
def change_user(asker: Managing, user: User, to: Annotated[Change, Depends(body(Change))]) -> Response:
    """Another name, role, region or case; or the account is shut or opened. Its sessions end."""
    asker.noted("change_user", (f"user:{user}", *_told(structs.asdict(to))))
    account = asker.desk.accounts.change(user, to)
    return Json(_shown(account, asker.office.now()))


@router.post("/users/{user}/password")
def reset_password(asker: Managing, user: User) -> Response:
    """Another password, shown this once, to be changed at the first use."""
    asker.noted("reset_password", (f"user:{user}",))
    return Json({"user": user, "password": asker.desk.accounts.reset_password(user)})


def _told(given: dict[str, Any]) -> tuple[str, ...]:
    """What of an account was given or changed, as the audit has it; no password is among it."""
    return tuple(f"{name}:{_plain(value)}" for name, value in given.items() if value is not None)


def _plain(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple | list) else str(value)


def _shown(account: Account, now: int) -> dict[str, Any]:
    return {
        "user": account.user,
        "name": account.name,
        "role": account.role,
        "regions": account.regions,
        "cases": account.cases,
        "locked": account.locked_until > now,
        "disabled": account.disabled,
    }
