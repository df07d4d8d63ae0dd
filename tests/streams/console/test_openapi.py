"""The interface as it is written down: it is published, and the console keeps to it whatever it is asked."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from graph.console.access import Role
from graph.console.app import interface_document
from graph.console.http.asking import COOKIE
from tests.streams.console.office import CASE, OTHER_CASE, cookie_of

ROOT = Path(__file__).resolve().parents[3]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
LEAVES = {("delete", "/api/session"), ("get", "/api/events")}
"""Signing out ends the session that all others need; a stream does not end."""
EXAMPLES = 3
"""Of each route, and as many that do not fit its description."""
LONGEST = 60_000
"""Bytes of a query; longer ones the server refuses before anybody looks at them."""
THERE = {"who": "陈大勇", "from": "陈大勇", "to": "林小满", "source": "made-up", "source_id": "mine",
         "case": CASE, "user": "lin", "since": "2019-01-01T00:00:00Z"}  # fmt: skip
"""What parameters are in some of the examples, so that not all are of what does not exist."""


def test_the_published_document_is_the_generated_one():
    """After a change that is meant: `suyuan schema --openapi > deploy/openapi.json`."""
    assert (ROOT / "deploy" / "openapi.json").read_bytes() == interface_document()


@pytest.mark.parametrize(
    ("user", "role"),
    [("han", Role.LEAD), ("du", Role.INSPECTOR), ("root", Role.ADMINISTRATOR), (None, None)],
    ids=["lead", "inspector", "administrator", "nobody"],
)
def test_whatever_is_asked_is_answered_as_written_down(console, user, role):
    known = {"headers": {}, "cookies": {}}
    if user is not None:
        browser = console.person(user, role, cases=(CASE,))
        if role is not Role.ADMINISTRATOR:
            browser.work_on(CASE)
        known = {
            "headers": {"X-CSRF": browser.csrf, "X-Case": browser.case},
            "cookies": {COOKIE: cookie_of(browser)},
        }
    document = json.loads(interface_document())
    for operation in schemathesis.openapi.from_dict(document).get_all_operations():
        route = operation.ok()
        if (route.method.lower(), route.path) not in LEAVES:
            ask_many(route, GenerationMode.POSITIVE, console.address, known)
            if len(route.query) or len(route.body):
                ask_many(route, GenerationMode.NEGATIVE, console.address, known)


def ask_many(route, mode, address, known):
    """Some of all that fits a route's description or does not, always the same."""

    @settings(
        max_examples=EXAMPLES, database=None, derandomize=True, deadline=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=route.as_strategy(generation_mode=mode), there=strategies.booleans())
    def ask(case, there):
        assume(len(urlencode(case.query or {})) < LONGEST)
        if there and mode is GenerationMode.POSITIVE:
            for given_ in (case.path_parameters, case.query):
                given_.update({name: THERE[name] for name in given_ if name in THERE})
        answer = case.call(base_url=address, **known)
        case.validate_response(answer, checks=CHECKS)

    ask()


def test_the_answers_to_what_people_ask_are_as_written_down(console):
    document = json.loads(interface_document())
    browser = console.person("han", Role.LEAD, cases=(CASE, OTHER_CASE))
    browser.work_on(CASE)
    who = browser.get("/search", q="陈大勇")["hits"][0]["node"]["id"]
    (edge, *_) = browser.get("/trace", who=who)["links"][0]["edges"]
    view = {"name": "图", "case": CASE, "shared": True, "body": {"version": 1}}
    saved = browser.ask("POST", "/views", json=view).json()["id"]
    asked = [
        ("GET", "/session", "/session", None),
        ("GET", "/search?q=陈", "/search", None),
        ("GET", f"/entities/{who}", "/entities/{who}", None),
        ("GET", f"/entities/{who}/timeline", "/entities/{who}/timeline", None),
        ("GET", f"/entities/{who}/neighbours", "/entities/{who}/neighbours", None),
        ("POST", "/links", "/links", {"ids": [who]}),
        ("GET", f"/trace?who={who}", "/trace", None),
        ("GET", f"/path?from={who}&to=林小满", "/path", None),
        ("GET", f"/evidence?edges={edge}", "/evidence", None),
        ("GET", "/records/made-up/mine", "/records/{source}/{source_id}", None),
        ("GET", "/map", "/map", None),
        ("GET", "/changes?since=2019-01-01T00:00:00Z", "/changes", None),
        ("GET", "/alerts", "/alerts", None),
        ("GET", "/review", "/review", None),
        ("GET", "/cases", "/cases", None),
        ("PUT", f"/cases/{CASE}/members/lin", "/cases/{case}/members/{user}", None),
        ("GET", "/views", "/views", None),
        ("PUT", f"/views/{saved}", "/views/{view}", view),
    ]
    for method, path, template, body in asked:
        answer = browser.ask(method, path, json=body)
        check(document, method, template, answer)
    inspector = console.person("du", Role.INSPECTOR)
    check(document, "GET", "/audit", inspector.ask("GET", "/audit"))
    check(document, "GET", "/audit/whole", inspector.ask("GET", "/audit/whole"))
    administrator = console.person("root", Role.ADMINISTRATOR)
    check(document, "GET", "/users", administrator.ask("GET", "/users"))
    refused = administrator.ask("GET", "/search?q=x")
    jsonschema.validate(refused.json(), within(document, {"$ref": "#/components/schemas/Fault"}))


def check(document, method, template, answer):
    """The answer is of the type that is described, with everything that is named."""
    assert answer.status_code == 200, (template, answer.text)
    described = document["paths"][f"/api{template}"][method.lower()]["responses"]["200"]["content"]
    jsonschema.validate(answer.json(), within(document, described["application/json"]["schema"]))


def within(document, schema):
    """The schema with what it refers to."""
    return {**schema, "components": document["components"]}


def test_every_answer_has_a_type_or_a_kind_of_its_own():
    document = json.loads(interface_document())
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found = operation["responses"].get("200", {"content": {"none": {}}})
            for media, content in found["content"].items():
                assert media != "application/json" or content["schema"], (method, path)
