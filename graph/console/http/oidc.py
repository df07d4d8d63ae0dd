"""Signing in by OpenID Connect: to the identity provider and back, as the browser goes.

Accounts are not made here: who comes has one, by an administrator's act, with a role, regions and cases. What
is refused is told by a page, since a browser stands there and no script. Whoever comes back from another site
brings no cookie that is `strict`, to the page they go on to neither; that page is the same for everybody, and
what it then asks for is asked from our site and has the session's cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from graph.console.accounts import Account
from graph.console.audit_lines import Entry
from graph.console.errand import HOME, Errand
from graph.console.faults import Fault, fault_of
from graph.console.http.answers import Json, is_english
from graph.console.http.asking import address_of, office_of
from graph.console.http.session import hand_over
from graph.console.office import Asker, IdentityProvider, Office
from graph.console.sessions import Way
from schemas.errors import NoAccount, NotVouched, ProviderSilent, SessionEnded

router = APIRouter(prefix="/api", tags=["session"])

AWAY = "suyuan_away"
"""The cookie of an errand. It is `lax`: the answer comes from another site."""
_PATH = "/api/oidc"
_SECONDS = 600
_TOLD: dict[int | str, dict[str, Any]] = {
    status: {"description": "a fault, as a page", "content": {"text/html": {"schema": {"type": "string"}}}}
    for status in (401, 403, 503)
}
_WORDS = {False: ("溯源", "返回登录"), True: ("Suyuan", "Back to signing in")}


@router.get("/oidc")
def offered(request: Request) -> Response:
    """Whether one may sign in by an identity provider, and what it is called."""
    provider = office_of(request).provider
    return Json({"offered": provider is not None, "name": provider.name if provider else ""})


@router.get("/oidc/start", status_code=302, response_class=RedirectResponse, responses=_TOLD)
def start(request: Request, back: Annotated[str, Query(max_length=2000)] = HOME) -> Response:
    """To the provider. What fails here is in no audit: nobody has tried to be anybody yet."""
    office, provider = _both(request)
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return _told(request, Fault("away"))  # another site changes nobody's session
    try:
        errand, address = provider.ask(back, office.now())
    except ProviderSilent as error:
        return _told(request, fault_of(error))
    answer = RedirectResponse(address, status_code=302)
    answer.set_cookie(
        AWAY,
        errand.cookie,
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=provider.secure,
    )
    return answer


@router.get("/oidc/callback", status_code=302, response_class=RedirectResponse, responses=_TOLD)
def callback(request: Request) -> Response:
    """Back from the provider: a session, or in words why there is none."""
    office, provider = _both(request)
    errand = Errand.carried(request.cookies.get(AWAY, ""))
    if errand is None or not errand.fits(request.query_params.get("state", "")):
        return _told(request, Fault("away"))
    try:
        account = _account(office, provider, errand, request)
        token, session = office.desk.sessions.start(account, office.now(), Way.OIDC)
    except (NotVouched, SessionEnded) as error:
        fault = fault_of(NoAccount() if isinstance(error, SessionEnded) else error)
        return _forgotten(_told(request, fault))
    asker = Asker(office=office, session=session, address=address_of(request))
    asker.noted("sign_in", ("by:oidc",))
    answer = RedirectResponse(errand.back, status_code=302)
    hand_over(answer, token, secure=provider.secure or request.url.scheme == "https")
    return _forgotten(answer)


def _both(request: Request) -> tuple[Office, IdentityProvider]:
    office = office_of(request)
    if office.provider is None:
        raise Fault("unknown")
    return office, office.provider


def _account(office: Office, provider: IdentityProvider, errand: Errand, request: Request) -> Account:
    """Whose account it is. Raises `NotVouched`, which then stands in the audit."""
    about: tuple[str, ...] = ()
    answer: Mapping[str, str] = request.query_params
    try:
        user = provider.answered(errand, answer, office.now())
        about = (f"user:{user}",)
        return office.desk.accounts.vouched(user)
    except NotVouched as error:
        about = (*about, "by:oidc", f"because:{error.why}")
        entry = Entry(user="", action="sign_in_refused", about=about, address=address_of(request))
        office.desk.audit.append(entry)
        raise


def _told(request: Request, fault: Fault) -> Response:
    """A fault as a page."""
    english = is_english(request)
    title, again = _WORDS[english]
    words = fault.english if english else fault.chinese
    text = (
        f'<!doctype html><html lang="{"en" if english else "zh-CN"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f'<link rel="stylesheet" href="/sign-in.css"></head><body><main><h1>{title}</h1>'
        f'<p role="alert">{escape(words)}</p><p><a href="{HOME}">{again}</a></p></main></body></html>'
    )
    return HTMLResponse(text, status_code=fault.status)


def _forgotten(answer: Response) -> Response:
    """The errand is over, well or not."""
    answer.delete_cookie(AWAY, path=_PATH, httponly=True, samesite="lax")
    return answer
