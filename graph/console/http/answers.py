"""How answers look: JSON by msgspec, errors with a code and words, headers for all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from graph.console.faults import Fault, fault_of
from schemas.errors import SuyuanError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_encode = msgspec.json.Encoder().encode


class Json(Response):
    """An answer of any value that msgspec knows."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return _encode(content)


def is_english(request: Request) -> bool:
    """Whether English is asked for, and not Chinese."""
    return request.headers.get("accept-language", "zh").lower().startswith("en")


def say(fault: Fault, request: Request) -> Json:
    """A fault as an answer, in the language that is asked for."""
    words = fault.english if is_english(request) else fault.chinese
    body = {"error": fault.code, "message": words, **fault.more}
    headers = {"Retry-After": "1"} if fault.status == 503 else None
    return Json(body, status_code=fault.status, headers=headers)


def add_to(app: FastAPI) -> None:
    """Every error leaves as `Fault`, and every answer has the headers."""

    async def known(request: Request, error: Exception) -> Response:
        return say(fault_of(error), request)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return say(Fault.invalid(".".join(map(str, first["loc"][1:]))), request)

    async def by_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return say(Fault.of_status(error.status_code), request)

    async def headers_of_a_fault(request: Request, _error: Exception) -> Response:
        answer = say(Fault("fault"), request)
        answer.headers.update(HEADERS)
        return answer

    app.add_exception_handler(Exception, headers_of_a_fault)
    app.add_exception_handler(SuyuanError, known)
    app.add_exception_handler(Fault, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_http)

    @app.middleware("http")
    async def headers(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        answer = await go_on(request)
        answer.headers.update(HEADERS)
        if request.url.path.startswith("/api/"):
            answer.headers["Cache-Control"] = "no-store"
        return answer
