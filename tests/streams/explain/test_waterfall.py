"""The waterfall in the terminal: aligned, at most as wide as it is, and the same without colour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from schemas.decisions import Evidence, Score
from streams.cli.waterfall import terminal_width, waterfall, wrap
from streams.explain.steps import steps_of
from streams.resolve.model import LINK
from tests.streams.explain.made import evidence, explained

FOR, AGAINST = "█", "░"


def lines(found, width=80):
    return [line.plain for line in waterfall(found, width)]


def row(found, name, width=80):
    (line,) = [each for each in lines(found, width) if each.split()[0] == name]
    return line


def span(line, block):
    """The columns that a block fills, first and behind the last."""
    return line.index(block), line.rindex(block) + 1


def test_a_bar_starts_where_the_last_one_ended():
    found = explained(evidence(20.0, -14.0, 12.0))
    phone, name, birth = (row(found, each) for each in ("phone", "name", "birth"))
    assert span(phone, FOR)[1] == span(name, AGAINST)[1]
    assert span(name, AGAINST)[0] == span(birth, FOR)[0]


def test_what_speaks_against_differs_without_colour():
    found = explained(evidence(20.0, -14.0))
    assert FOR in row(found, "phone")
    assert AGAINST not in row(found, "phone")
    assert AGAINST in row(found, "name")
    assert FOR not in row(found, "name")


def test_the_sum_and_both_thresholds_stand_under_each_other():
    found = explained(evidence(20.0, -6.0))
    total = row(found, "sum")
    ruler, words = lines(found)[-2:]
    assert total.index("│") == ruler.index("0")
    assert total.index("┊") == ruler.index("13") == words.index("ask")
    assert total.index("╎") == ruler.index("20") == words.index("join")
    assert total.index("┊") < total.index("◆") < total.index("╎")


def test_a_sum_that_reaches_the_threshold_ends_at_its_mark():
    found = explained(evidence(LINK))
    assert span(row(found, "phone"), FOR)[1] == row(found, "phone").index("╎")


def test_bits_that_fill_no_block_and_none_at_all_are_still_seen():
    found = explained(evidence(60.0, 0.4, 0.0))
    assert "▏" in row(found, "name")
    assert "·" in row(found, "birth")


def test_numbers_that_exclude_each_other_run_off_the_scale():
    never = Score(-99.0, (Evidence("id_number", -99.0, "two different valid ID numbers"),), exclusive=True)
    shown = lines(explained(never))
    assert "<░" in shown[0]
    assert "-99.0" in shown[0]
    assert shown[-3].index("◆") == shown[0].index("<"), "its sum stands where the scale ends"
    assert max(map(cell_len, shown)) <= 80


def test_a_long_reason_goes_on_in_its_own_column():
    why = "one character of the given name differs"
    found = explained(Score(-2.0, (Evidence("name", -2.0, why),)))
    first, second = lines(found)[:2]
    assert first.index("one character") == len(second) - len(second.lstrip())
    assert " ".join((first[first.index("one character") :] + second).split()) == why


def test_chinese_takes_two_columns_in_a_reason():
    found = explained(Score(2.0, (Evidence("name", 2.0, "姓名读音相同，" * 8),)))
    assert max(map(cell_len, lines(found))) <= 80


BITS = st.floats(-30, 30).map(lambda bits: round(bits, 3))


@given(st.lists(BITS, min_size=1, max_size=6), st.integers(60, 120))
def test_no_line_is_wider_than_the_terminal_and_every_feature_has_its_line(bits, width):
    found = explained(evidence(*bits))
    shown = lines(found, width)
    assert max(map(cell_len, shown)) <= width
    assert len(shown) == len(bits) + 3
    for step, line in zip(steps_of(evidence(*bits)), shown, strict=False):
        assert step.why in line


@pytest.mark.parametrize(("columns", "width"), [("20", 60), ("80", 80), ("100", 100), ("500", 120)])
def test_the_width_is_the_terminals_within_reason(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width() == width


def test_what_steers_a_terminal_is_shown_as_text():
    assert wrap("x\x1b[31m", 40) == ["x\\u001b[31m"]
