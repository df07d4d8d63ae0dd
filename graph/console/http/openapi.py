"""The interface, written down: FastAPI's document with the schemas of our own types in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from graph.console.accounts import Change, Newcomer, Renewal
from graph.console.faults import statuses
from graph.console.http.described import ANSWERS, OTHERS, Fault
from graph.console.http.reading import Drawn
from graph.console.http.session import SaidPurpose, SignIn
from graph.console.http.working import Answered, Exported, Judged
from graph.console.views import Draft

BODIES = (SignIn, Renewal, SaidPurpose, Drawn, Answered, Judged, Draft, Exported, Newcomer, Change)


def documented(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    told = (*BODIES, *dict.fromkeys(ANSWERS.values()), Fault)
    of_types, components = msgspec.json.schema_components(told, ref_template="#/components/schemas/{name}")
    document["components"] = {"schemas": components}
    schema_of = dict(zip(told, of_types, strict=True))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _answers(operation, (method, path), schema_of)
    app.openapi_schema = document
    return document


def printed(app: FastAPI) -> bytes:
    """The document as it is published."""
    return msgspec.json.format(msgspec.json.encode(documented(app), order="deterministic"), indent=2) + b"\n"


def _answers(operation: dict[str, Any], route: Any, schema_of: Mapping[Any, dict[str, Any]]) -> None:
    """What a route answers when all is well; and any of the faults may be its answer."""
    given = operation["responses"]
    given.pop("422", None)
    if route in ANSWERS:
        given["200"]["content"] = {"application/json": {"schema": schema_of[ANSWERS[route]]}}
    if route in OTHERS:
        given["200"]["content"] = {media: {} for media in OTHERS[route]}
    fault = {"application/json": {"schema": schema_of[Fault]}}
    for status in statuses():
        given.setdefault(str(status), {"description": "a fault", "content": fault})
