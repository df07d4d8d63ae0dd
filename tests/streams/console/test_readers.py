"""Connections to the store are kept for the next question, and never what an earlier one saw."""

from __future__ import annotations

import shutil

import pytest

from graph.sqlite.reader import ReaderPool
from schemas.errors import StoreUnavailable, TooSlow
from streams import bootstrap
from streams.bench.made_store import make_store
from tests.streams.console.office import settings_in
from tests.streams.made_up import numbered, open_owner, tip

ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000000) SELECT sum(i) FROM n"
)


@pytest.fixture
def folder(world, tmp_path):
    shutil.copytree(world, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_next_question_sees_what_came_meanwhile(folder):
    with bootstrap.readers(settings_in(folder), 10.0) as opens:
        with opens(None) as reader:
            before = reader.position()
            connection = reader.connection
        with open_owner(folder) as owner:
            owner.ingest(numbered([tip("later", persons=[{"ref": "p", "name": "后来者"}])]))
        with opens(None) as reader:
            assert reader.connection is connection
            assert reader.position() > before
            assert len(reader.search("后来者")) == 1


def test_another_file_in_the_stores_place_is_read_from_then_on(folder):
    with bootstrap.readers(settings_in(folder), 10.0) as opens:
        with opens(None) as reader:
            assert reader.record("made-up/open") is not None
        make_store(folder / "other.db", 20, 20)
        (folder / "other.db").replace(folder / "world.db")
        with opens(None) as reader:
            assert reader.record("made-up/open") is None
        (folder / "world.db").unlink()
        with pytest.raises(StoreUnavailable), opens(None):
            pass


def test_a_question_that_was_cancelled_leaves_nothing_behind(folder):
    pool = ReaderPool(folder / "world.db")
    with pytest.raises(TooSlow), pool.reading(give_up=lambda: True) as reader:
        reader.connection.execute(ENDLESS)
    with pool.reading() as reader:
        assert reader.record("made-up/open") is not None
    pool.close()


def test_questions_at_the_same_time_have_a_connection_each(folder):
    pool = ReaderPool(folder / "world.db", kept=1)
    with pool.reading() as one, pool.reading() as other:
        assert one.connection is not other.connection
    with pool.reading() as again:
        assert again.connection in (one.connection, other.connection)
    pool.close()
