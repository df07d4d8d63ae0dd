"""The console as an ASGI application: `create_app` puts the routes together, and opens nothing."""

from __future__ import annotations

from threading import BoundedSemaphore

from fastapi import FastAPI
from starlette.types import Lifespan

from graph.console.http import answers, governing, live, oidc, page, reading, session, working
from graph.console.http.openapi import documented, printed
from graph.console.office import Office

TITLE = "Suyuan console"
AT_THE_DOOR = 8
"""Who signs in at once, of one process: each takes a thread for a fraction of a second."""


def create_app(office: Office, version: str = "0", lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The application of one office, which is closed by whoever made it: in `lifespan`, or not with us."""
    app = _routed(version, lifespan)
    app.state.office = office
    app.state.watch = live.Watch(office)
    app.state.door = BoundedSemaphore(AT_THE_DOOR)
    return app


def interface_document() -> bytes:
    """The OpenAPI document of what it is asked, as it is published: the same for every office."""
    return printed(_routed("0"))


def _routed(version: str, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPI(
        title=TITLE,
        version=version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    answers.add_to(app)
    for part in (session, oidc, reading, working, governing, live):
        app.include_router(part.router)
    app.include_router(page.router)
    app.openapi = lambda: documented(app)  # type: ignore[method-assign]
    return app
