"""Signing in and out, the password, and for which purpose somebody reads."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from msgspec import Meta, Struct, structs

from graph.console.accounts import Account, Renewal
from graph.console.audit_lines import Entry
from graph.console.desk import Desk
from graph.console.faults import Fault
from graph.console.http.answers import Json
from graph.console.http.asking import (
    COOKIE,
    address_of,
    asked_with,
    body,
    changing,
    office_of,
    signed_in,
    token_of,
)
from graph.console.office import Asker
from graph.console.sessions import Session
from schemas.errors import AccessDenied, CredentialsRefused
from schemas.times import iso

router = APIRouter(prefix="/api", tags=["session"])


class SignIn(Struct, frozen=True):
    """Who signs in."""

    user: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=1000)]


class SaidPurpose(Struct, frozen=True):
    """For what somebody reads, in a case or (None) outside one."""

    case: Annotated[str, Meta(max_length=80)] | None
    purpose: Annotated[str, Meta(min_length=4, max_length=200)]


def shown(desk: Desk, session: Session) -> dict[str, Any]:
    """A session as the page knows it."""
    account = session.account
    before = desk.visits.last(account.user)
    return {
        "user": account.user,
        "name": account.name,
        "role": account.role,
        "regions": account.regions,
        "cases": account.cases,
        "csrf": session.csrf,
        "purposes": session.purposes,
        "expires": iso(session.expires),
        "must_change": session.must_change,
        "last_visit": None if before is None else iso(before),
    }


def hand_over(answer: Response, token: str, *, secure: bool) -> None:
    """Gives a session's token to the browser, which shows it to no script and sends it for no other site."""
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")


@router.post("/session", openapi_extra=asked_with(SignIn))
def sign_in(request: Request, said: Annotated[SignIn, Depends(body(SignIn))]) -> Response:
    """Sign in: a cookie that no script can read and no other site sends."""
    office = office_of(request)
    desk, now = office.desk, office.now()
    account = _known(request, said, now)
    token, session = desk.sessions.start(account, now)
    Asker(office=office, session=session, address=address_of(request)).noted("sign_in")
    answer = Json(shown(desk, session))
    hand_over(answer, token, secure=request.url.scheme == "https")
    return answer


def _known(request: Request, said: SignIn, now: int) -> Account:
    """Whoever has this name and password; who has not is written down, and waits in no long row: to look at a
    password takes a while, and others want to be answered meanwhile.
    """
    desk, door = office_of(request).desk, request.app.state.door
    if not door.acquire(blocking=False):
        raise Fault("busy")
    try:
        return desk.accounts.authenticate(said.user, said.password, now)
    except AccessDenied as refused:
        user = said.user.strip().casefold()
        known = any(account.user == user for account in desk.accounts.all())
        entry = Entry(user=user if known else "", action="sign_in_refused", address=address_of(request))
        desk.audit.append(structs.replace(entry, about=(type(refused).__name__,)))
        raise
    finally:
        door.release()


@router.get("/session")
def session_of(asker: Annotated[Asker, Depends(signed_in)]) -> Response:
    """Who is signed in."""
    return Json(shown(asker.desk, asker.session))


@router.delete("/session", status_code=204)
def sign_out(request: Request, asker: Annotated[Asker, Depends(changing)]) -> Response:
    """Sign out: the session ends here and now."""
    asker.noted("sign_out")
    asker.desk.sessions.end(token_of(request))
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


@router.put("/password", status_code=204, openapi_extra=asked_with(Renewal))
def change_password(
    asker: Annotated[Asker, Depends(changing)], words: Annotated[Renewal, Depends(body(Renewal))]
) -> Response:
    """Another password; all other sessions of this account end."""
    now = asker.office.now()
    asker.noted("change_password")
    try:
        asker.desk.accounts.change_password(asker.account.user, words, now, asker.session.digest)
    except CredentialsRefused:
        raise Fault.invalid("old") from None  # and no end of the session
    return Response(status_code=204)


@router.put("/purpose", openapi_extra=asked_with(SaidPurpose))
def say_purpose(
    request: Request,
    asker: Annotated[Asker, Depends(changing)],
    said: Annotated[SaidPurpose, Depends(body(SaidPurpose))],
) -> Response:
    """For what one reads, once for each case and session."""
    token, now = token_of(request), asker.office.now()
    session = asker.desk.sessions.state_purpose(token, said.case, said.purpose, now)
    purpose = session.purpose(said.case) or ""
    structs.replace(asker, session=session, case=said.case, purpose=purpose).noted("purpose")
    return Json(shown(asker.desk, session))
