"""What the console shows of a store with hidden records is what it shows of one that never had them."""

from __future__ import annotations

import msgspec

from graph.console.screens.tracing import trace_picture
from graph.seen import seen_by
from schemas.ids import hash64, part_id


def in_hainan(region, case):
    return case is None and region.startswith("46")


def whole(reader):
    """A reader on a test's store, as `seen_by` wants it."""
    return reader.present() if hasattr(reader, "present") else reader


def traced(reader, who):
    (key,) = reader.resolve(who)
    return trace_picture(reader, key, "up", substance=None, until=None, max_hops=8)


def test_a_withdrawn_supplier_of_whom_only_hidden_records_still_speak_is_told_by_no_id(store, reader_of):
    store.record("secret/7", case_no="2020-017")
    store.mention("secret/7", "x", name="李秘密")
    store.record("v/1")
    store.mention("v/1", "s", name="李公开", entity=("secret/7", "x"))
    store.mention("v/1", "t", name="王伟")
    store.edge("v/1", "supplied", "s", "t", latest="2019-11-02")
    store.record("v/2")
    store.mention("v/2", "t", name="王伟")
    store.withdraw("v/1")
    told = msgspec.json.encode(traced(seen_by(whole(reader_of(store.db)), in_hainan), "王伟")).decode()
    assert "王伟" in told
    assert part_id("per", hash64("secret/7"), "x") not in told
