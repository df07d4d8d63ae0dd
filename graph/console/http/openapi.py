"""The interface, written down: FastAPI's document with the schemas of our own types in it."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from graph.console.accounts import Change, Newcomer, Renewal
from graph.console.faults import statuses
from graph.console.http.reading import Drawn
from graph.console.http.session import SaidPurpose, SignIn
from graph.console.http.working import Answered, Exported, Judged
from graph.console.views import Draft

BODIES = (SignIn, Renewal, SaidPurpose, Drawn, Answered, Judged, Draft, Exported, Newcomer, Change)
_FAULT = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {
        "error": {"type": "string", "description": "a code for programs"},
        "message": {"type": "string", "description": "words for people"},
    },
}


def documented(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    _, components = msgspec.json.schema_components(BODIES, ref_template="#/components/schemas/{name}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(components, Fault=_FAULT)
    for path in document["paths"].values():
        for operation in path.values():
            _answers(operation)
    app.openapi_schema = document
    return document


def _answers(operation: dict[str, Any]) -> None:
    """Every route may be answered by any of the faults."""
    fault = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    given = operation["responses"]
    given.pop("422", None)
    for status in statuses():
        given.setdefault(str(status), {"description": "a fault", "content": fault})
