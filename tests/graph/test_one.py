"""Whom somebody means: exactly one, or an error that does not repeat what was typed."""

from __future__ import annotations

import pytest
from builder import phone

from graph.one import resolve_one
from schemas.errors import Ambiguous, NotFound


@pytest.fixture
def reader(store, reader_of):
    store.record("a/1")
    store.mention("a/1", "p", name="王五", identifiers=(phone("13800001234"),))
    store.mention("a/1", "q", name="王五", birth="1990")
    return reader_of(store.db)


def test_a_number_or_an_id_names_one(reader):
    key = resolve_one(reader, "13800001234")
    assert key == resolve_one(reader, reader.public_id(key)) == resolve_one(reader, "a/1#p")


def test_no_message_repeats_the_number_or_name_that_was_asked_for(reader):
    with pytest.raises(NotFound) as missing:
        resolve_one(reader, "13711112222")
    with pytest.raises(Ambiguous) as several:
        resolve_one(reader, "王五")
    assert "13711112222" not in str(missing.value)
    assert "王五" not in str(several.value)
    assert list(several.value.candidates) == sorted(reader.public_ids(reader.resolve("王五")).values())
