"""The page itself: built files whose names change with what is in them, one page for all addresses."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse, PlainTextResponse

from graph.console.faults import Fault
from graph.console.http.asking import office_of

router = APIRouter(include_in_schema=False)

_FOR_GOOD = "public, max-age=31536000, immutable"
_NOT_BUILT = "The page is not built: run `make page` (it needs Node 20 or later), or install the wheel.\n"


@router.get("/assets/{name:path}")
def asset(request: Request, name: str) -> Response:
    """A built file."""
    file = _inside(office_of(request).page / "assets", name)
    if file is None:
        raise Fault("unknown")
    return _file(request, file, _FOR_GOOD)


@router.get("/report.css")
def report_style() -> Response:
    """How a printed report looks."""
    sheet = resources.files("graph.console").joinpath("report.css").read_bytes()
    return Response(sheet, media_type="text/css")


@router.get("/sign-in.css")
def sign_in_style() -> Response:
    """How the pages around signing in by OpenID Connect look."""
    sheet = resources.files("graph.console").joinpath("sign_in.css").read_bytes()
    return Response(sheet, media_type="text/css")


@router.get("/api/{rest:path}")
def no_such_route(rest: str) -> Response:  # noqa: ARG001 -- it is the router's
    """What begins so and is no route is none of the page's addresses either."""
    raise Fault("unknown")


@router.get("/{address:path}")
def page(request: Request, address: str) -> Response:
    """The page, whatever its own address; and the few files that stand beside it."""
    folder = office_of(request).page.resolve()
    index = folder / "index.html"
    if not index.is_file():
        return PlainTextResponse(_NOT_BUILT, status_code=503)
    beside = _inside(folder, address) if address and "/" not in address else None
    return _file(request, beside or index, "no-cache")


def _inside(folder: Path, name: str) -> Path | None:
    """A file in a folder; None for what is none, leads out of it, or cannot be the name of one."""
    try:
        file = (folder / name).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (OSError, ValueError):
        return None


def _file(request: Request, file: Path, cache: str) -> Response:
    """A file; packed when it was built so and the browser takes it."""
    packed = file.with_name(file.name + ".gz")
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
        kind = FileResponse(file).media_type
        return FileResponse(packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return FileResponse(file, headers=headers)
