"""A console that reads Neo4j: questions have an end, one driver serves all of them, and a server that goes
away is missed and found again."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from graph.console.access import Role
from graph.neo4j import lookup
from graph.neo4j.access import Access
from graph.neo4j.reader import ReaderPool
from schemas.errors import TooSlow
from streams import bootstrap
from streams.at_the_console import open_office
from streams.configuration import read_configuration
from tests.graph.stores import held
from tests.streams.console.office import CASE
from tests.streams.kafka.outpost import eventually
from tests.wire import Wire

ENDLESS = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)"
RUNNING = "SHOW TRANSACTIONS YIELD currentQuery AS query WHERE query STARTS WITH 'UNWIND range' RETURN query"


class Server:
    """The console's world on the shared Neo4j, at the end of a wire."""

    def __init__(self, console, shared, address):
        self.console, self.shared, self.address = console, shared, address
        self.wire = Wire(urlsplit(address.uri).port)
        self.settings = read_configuration(
            {
                "SUYUAN_STORE": f"bolt://127.0.0.1:{self.wire.port}",
                "SUYUAN_NEO4J_PASSWORD": address.password,
                "SUYUAN_WORKBENCH": str(console.settings.workbench),
                "SUYUAN_AUDIT": str(console.settings.audit),
            },
            store=None,
            config=None,
        ).settings

    def read_by(self, reading):
        self.console.app.state.office = self.console.with_reader(reading)


@pytest.fixture
def server(console, projections, neo4j):
    with held(projections) as shared, closing(sqlite3.connect(console.folder / "world.db")) as store:
        shared.show(store)
        there = Server(console, shared, neo4j)
        yield there
        there.wire.cut()


@pytest.fixture
def lin(console):
    browser = console.person("lin", Role.INVESTIGATOR, cases=(CASE,))
    browser.work_on(CASE)
    return browser


def said(browser):
    """How a search is answered: the status, and what is wrong."""
    answer = browser.ask("GET", "/search", params={"q": "符玮强"})
    return answer.status_code, answer.json().get("error")


def test_a_question_that_takes_too_long_is_cancelled_on_the_server_and_said_so(server, lin, monkeypatch):
    with bootstrap.readers(server.settings, 0.5) as reading:
        server.read_by(reading)
        with monkeypatch.context() as slow:
            slow.setattr(lookup, "_HITS", ENDLESS)
            assert said(lin) == (503, "slow")
        assert server.shared.session.run(RUNNING).values() == []
        # A server that was asked little yet may need more than half a second for its first answers.
        eventually(lambda: said(lin) == (200, None), "an answer in time")


def test_the_time_is_that_of_the_question_and_not_of_each_statement(server):
    left = iter((9.0, 9.0, 0.1, 0.1, -0.1))
    with closing(ReaderPool(Access(uri=server.address.uri, password=server.address.password))) as pool:
        with pool.reading(left=lambda: next(left)) as reader:
            with pytest.raises(TooSlow):
                reader._view.rows(ENDLESS)
            with pytest.raises(TooSlow):
                reader.record("made-up/open")  # it is not even asked
        assert next(left, None) is None


def test_all_questions_of_a_console_go_through_one_driver_which_ends_with_it(server, lin):
    with bootstrap.readers(server.settings, 10.0) as reading:
        server.read_by(reading)
        assert [said(lin) for _ in range(4)] == 4 * [(200, None)]
        assert server.wire.taken == 1
    eventually(lambda: server.wire.open == 0, "the driver to end")


def test_a_server_that_is_cut_off_is_missed_and_found_again(server, lin):
    with bootstrap.readers(server.settings, 10.0) as reading:
        server.read_by(reading)
        assert said(lin) == (200, None)
        server.wire.cut()
        assert said(lin) == (503, "store")
        server.wire.mend()
        assert said(lin) == (200, None)


def test_a_server_that_says_nothing_any_more_is_given_up(server, lin):
    """The browser here waits for thirty seconds; the driver alone would for a hundred and twenty."""
    with bootstrap.readers(server.settings, 5.0) as reading:
        server.read_by(reading)
        assert said(lin) == (200, None)
        server.wire.silent = True
        assert said(lin) == (503, "store")
        server.wire.silent = False
        assert said(lin) == (200, None)


def test_a_console_starts_without_its_server_and_answers_when_it_is_there(server, lin):
    server.wire.cut()
    told = []
    with ExitStack() as opened:
        office = open_office(opened, server.settings, told.append)
        assert "no Neo4j answers at this address" in told[0]
        server.read_by(office.open_reader)
        assert said(lin) == (503, "store")
        server.wire.mend()
        assert said(lin) == (200, None)
