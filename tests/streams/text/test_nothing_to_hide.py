"""Redaction may be left out only where it would change nothing."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.simulate.world import simulate
from streams.text.redaction import nothing_to_hide, redact_record

WORDS = st.sampled_from(
    ["我叫林水生", "本人", "举报", "人", "群众", "正常", "电话13800001234", "林水生", "我", "联系我", "\\",
     '"', "Ａ", "來電人", "署", "名", "\n", "x", "免貴姓", "举"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=4).map("".join)
NAMES = st.sampled_from(
    [
        "kind",
        "text",
        "persons",
        "source_id",
        "note",
        "reporter",
        "Reporter_phone",
        "informants",
        "举报人",
        "TIPſTER",
        "我叫林水生",
    ]
)
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_where_there_is_nothing_to_hide_redaction_changes_nothing(record):
    if nothing_to_hide(record, msgspec.json.encode(record, order="sorted").decode()):
        assert redact_record(record) == (record, {})


def test_most_made_records_have_nothing_to_hide_and_none_with_a_reporter_is_among_them():
    records = list(simulate(1, 400))
    plain = [each for each in records if nothing_to_hide(each, msgspec.json.encode(each).decode())]
    assert len(plain) > 200
    assert not any("reporter" in each for each in plain)
    assert all(redact_record(each) == (each, {}) for each in plain)
