"""The console answers the same of both stores."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

import pytest

from graph.console.access import Role
from tests.graph.stores import held
from tests.streams.console.office import CASE

ASKED = [
    *(f"/search?q={typed}" for typed in ("符玮强", "fuweiqiang", "0001", "made-up/open", "138****0001")),
    *(f"/entities/符玮强{what}" for what in ("", "/timeline", "/neighbours")),
    *(f"/records/made-up/{name}" for name in ("open", "mine", "theirs")),
    "/trace?who=陈大勇", "/path?from=陈大勇&to=林小满", "/map", "/alerts",
    "/changes?since=2019-01-01T00:00:00Z",
]  # fmt: skip


@pytest.mark.xdist_group("neo4j")
def test_both_stores_are_answered_from_alike(console, projections):
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    of_the_file = {path: told(browser, path) for path in ASKED}
    with held(projections) as shared, closing(sqlite3.connect(console.folder / "world.db")) as store:
        shared.show(store)

        @contextmanager
        def on_the_server(_as_of):
            yield shared.present()

        console.app.state.office = console.with_reader(on_the_server)
        of_the_server = {path: told(browser, path) for path in ASKED}
    assert of_the_server == of_the_file
    assert "秦守义" not in str(of_the_server)


def told(browser, path):
    answer = browser.ask("GET", path)
    document = answer.json()
    document.pop("now", None)
    return answer.status_code, document
