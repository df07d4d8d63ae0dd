"""The interface, written down: FastAPI's document with the schemas of our own types in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from msgspec import Struct

from graph.console.accounts import Change, Newcomer, Renewal
from graph.console.audit_pages import Page
from graph.console.audit_reading import Verdict
from graph.console.faults import statuses
from graph.console.http import described
from graph.console.http.described import Fault
from graph.console.http.reading import Picture
from graph.console.http.session import SaidPurpose, SignIn
from graph.console.http.working import Answered, Exported, Judged
from graph.console.screens.picture import Drawn, Neighbours
from graph.console.screens.tracing import TracePicture
from graph.console.views import Draft

BODIES = (SignIn, Renewal, SaidPurpose, Picture, Answered, Judged, Draft, Exported, Newcomer, Change)


Method = Literal["get", "post", "put", "delete"]

ANSWERS: Mapping[tuple[Method, str], type[Struct]] = {
    ("post", "/api/session"): described.SessionAnswer,
    ("get", "/api/session"): described.SessionAnswer,
    ("put", "/api/purpose"): described.SessionAnswer,
    ("get", "/api/oidc"): described.OidcAnswer,
    ("get", "/api/search"): described.Hits,
    ("get", "/api/entities/{who}"): described.DossierAnswer,
    ("get", "/api/entities/{who}/timeline"): described.Lanes,
    ("get", "/api/entities/{who}/neighbours"): Neighbours,
    ("post", "/api/links"): Drawn,
    ("get", "/api/trace"): TracePicture,
    ("get", "/api/path"): described.WayAnswer,
    ("get", "/api/evidence"): described.EvidenceAnswer,
    ("get", "/api/records/{source}/{source_id}"): described.RecordAnswer,
    ("get", "/api/map"): described.AtlasAnswer,
    ("get", "/api/changes"): described.ChangesAnswer,
    ("get", "/api/alerts"): described.Alerts,
    ("get", "/api/alerts/{alert}"): described.AlertAnswer,
    ("post", "/api/alerts/{alert}/answers"): described.AlertAnswer,
    ("get", "/api/review"): described.ReviewAnswer,
    ("post", "/api/review"): described.Judgement,
    ("get", "/api/cases"): described.Cases,
    ("put", "/api/cases/{case}/members/{user}"): described.CaseAnswer,
    ("delete", "/api/cases/{case}/members/{user}"): described.CaseAnswer,
    ("get", "/api/views"): described.Views,
    ("post", "/api/views"): described.ViewAnswer,
    ("put", "/api/views/{view}"): described.ViewAnswer,
    ("get", "/api/audit"): Page,
    ("get", "/api/audit/whole"): Verdict,
    ("get", "/api/users"): described.Users,
    ("post", "/api/users"): described.NewPassword,
    ("put", "/api/users/{user}"): described.UserAnswer,
    ("post", "/api/users/{user}/password"): described.NewPassword,
}
"""What is answered when all is well, where that is JSON."""
OTHERS: Mapping[tuple[Method, str], tuple[str, ...]] = {
    ("get", "/api/events"): ("text/event-stream",),
    ("post", "/api/export"): ("application/zip", "application/graphml+xml", "text/html"),
}
"""Media types of the answers that are no JSON."""


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
