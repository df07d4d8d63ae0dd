"""What is asked before a route: who it is, whether they may, for which case and purpose, and their token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote

import msgspec
from fastapi import Depends, Request
from msgspec import structs

from graph.console.access import Action, case_name
from graph.console.faults import Fault
from graph.console.office import Asker, Office
from schemas.times import instant

COOKIE = "suyuan_session"
MOST_BYTES = 1 << 20
MOST_HUBS = 100
"""Entities whose neighbours are counted for one question."""

T = TypeVar("T")


def office_of(request: Request) -> Office:
    """The console that the application was made for."""
    office: Office = request.app.state.office
    return office


def signed_in(request: Request) -> Asker:
    """Whoever is signed in, though they may have a password to change. Raises `SessionEnded`."""
    office = office_of(request)
    session = office.desk.sessions.one(token_of(request), office.now())
    return Asker(office=office, session=session, address=address_of(request))


def token_of(request: Request) -> str:
    """The session's token, which only the cookie has."""
    return request.cookies.get(COOKIE, "")


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def changing(request: Request, asker: Annotated[Asker, Depends(signed_in)]) -> Asker:
    """The same with the session's token, which no other site can send along."""
    if not asker.session.proves(request.headers.get("x-csrf", "")):
        raise Fault("csrf")
    return asker


def may(action: Action, *, change: bool = False, purpose: bool = False) -> Callable[..., Asker]:
    """A dependency: who asks may do this. `change`: the token is asked for; `purpose`: so is a purpose."""

    def check(request: Request) -> Asker:
        # Called, not depended on: each dependency is another wait for a thread.
        asker = signed_in(request)
        if change:
            changing(request, asker)
        if asker.session.must_change:
            raise Fault("password")
        if not asker.account.scope.may(action):
            raise Fault("role")
        return _with_purpose(request, asker) if purpose else asker

    return check


def _with_purpose(request: Request, asker: Asker) -> Asker:
    case = case_name(unquote(request.headers.get("x-case", ""))) or None
    if case is not None and case not in asker.account.cases:
        raise Fault("case")
    purpose = asker.session.purposes.get(case or "")
    if purpose is None:
        raise Fault("purpose", case=case)
    return structs.replace(asker, case=case, purpose=purpose)


def moment(field: str, typed: str | None) -> int | None:
    """A typed moment in microseconds; None when none was typed. Raises `Fault`."""
    if not typed:
        return None
    found = instant(typed)
    if found is None:
        raise Fault.invalid(field)
    return found


async def body_of(request: Request) -> bytes:
    """The body, if it is not too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Fault("too_large")
        parts.append(part)
    return b"".join(parts)


def body(type_: type[T]) -> Callable[..., Awaitable[T]]:
    """A dependency: the body as a value of this type. Raises `Fault` when it is none."""
    decoder = msgspec.json.Decoder(type_)

    async def read(raw: Annotated[bytes, Depends(body_of)]) -> T:
        try:
            return decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Fault.invalid(str(error).rpartition("`$")[2].strip("`.") or "body") from None

    return read


def asked_with(type_: Any) -> dict[str, Any]:
    """What OpenAPI is told of such a body; the schema is put in by `graph.console.http.openapi`."""
    reference = {"$ref": f"#/components/schemas/{type_.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}}
