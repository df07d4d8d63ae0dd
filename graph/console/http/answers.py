"""How answers look: JSON by msgspec, errors with a code and words, headers for all."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

    app.add_middleware(_Headers)


class _Headers:
    """Puts the headers on every answer. Not made from a function of FastAPI's: that costs each answer a task
    of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["path"].startswith("/api/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_headers)
