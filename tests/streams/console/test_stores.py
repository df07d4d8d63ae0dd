"""The console answers the same of both stores."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

import pytest

from graph.console.access import Role
from graph.neo4j.reader import Neo4jReader
from tests.graph.stores import held
from tests.streams.console.office import CASE
from tests.streams.made_up import RECEIVED, numbered, open_owner, ticking, tip

THEN = "2023-11-15T12:00:00Z"
"""Before it was told of the last delivery."""
ASKED = [
    *(f"/search?q={typed}" for typed in ("符玮强", "fuweiqiang", "0001", "made-up/open", "138****0001")),
    *(f"/entities/符玮强{what}" for what in ("", "/timeline", "/neighbours")),
    *(f"/records/made-up/{name}" for name in ("open", "mine", "theirs")),
    "/trace?who=陈大勇", "/path?from=陈大勇&to=林小满", "/map", "/alerts",
    "/changes?since=2019-01-01T00:00:00Z",
    *(f"{path}as_of={THEN}" for path in ("/entities/陈大勇/neighbours?", "/path?from=陈大勇&to=林小满&")),
]  # fmt: skip
LATER = tip(
    "later", persons=[{"ref": "b", "name": "陈大勇"}, {"ref": "c", "name": "苏晚来"}],
    relations=[{"from": "b", "to": "c", "kind": "supplied", "substance": "冰毒", "at": "2019-05-06"}],
)  # fmt: skip


@pytest.mark.xdist_group("neo4j")
def test_both_stores_are_answered_from_alike(console, projections):
    with open_owner(console.folder, ticking(RECEIVED + 86_400_000_000)) as owner:
        owner.ingest(numbered([LATER]))
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    of_the_file = {path: told(browser, path) for path in ASKED}
    with held(projections) as shared, closing(sqlite3.connect(console.folder / "world.db")) as store:
        shared.show(store)

        @contextmanager
        def on_the_server(as_of):
            yield Neo4jReader(shared.session, as_of)

        console.app.state.office = console.with_reader(on_the_server)
        of_the_server = {path: told(browser, path) for path in ASKED}
    assert of_the_server == of_the_file
    assert "秦守义" not in str(of_the_server)
    then = [answer for path, answer in of_the_server.items() if THEN in path]
    assert [status for status, _ in then] == [200, 200]
    assert "苏晚来" not in str(then)


def told(browser, path):
    answer = browser.ask("GET", path)
    document = answer.json()
    document.pop("now", None)
    return answer.status_code, document
