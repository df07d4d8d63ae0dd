"""Pages of the audit, and what is found out about the lines on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.console.audit_lines import Entry, Head, Line, chained, sound
from graph.console.audit_pages import _BLOCK, Checked, page
from graph.console.audit_reading import Breach, Verdict, Wrong, verify
from schemas.errors import StoreUnavailable
from tests.graph.console.audits import written
from tests.graph.console.people import AT

LINES, HEAD = written(6)
WHOLE = b"".join(LINES)
LONG, LONG_HEAD = written(2_000)
GOOD = Checked("chain")


def numbers(lines: list[Line]) -> list[int]:
    return [line.n for line in lines]


def test_pages_go_from_the_end_to_the_beginning(put: Callable[[bytes], Path]):
    file = put(WHOLE)
    first = page(file, HEAD, limit=4)
    second = page(file, HEAD, after=first.next, limit=4)
    assert (numbers(first.lines), first.next, first.checked) == ([6, 5, 4, 3], 3, GOOD)
    assert (numbers(second.lines), second.next, second.checked) == ([2, 1], None, GOOD)
    assert page(file, HEAD, limit=6).next is None
    assert page(file, HEAD, after=1).lines == []
    assert numbers(page(file, HEAD, after=99).lines) == [6, 5, 4, 3, 2, 1]


def test_pages_can_be_of_one_user_and_then_each_line_stands_for_itself(put: Callable[[bytes], Path]):
    file = put(WHOLE)
    assert numbers(page(file, HEAD, user="wang").lines) == [5, 2]
    one = page(file, HEAD, user="wang", limit=1)
    assert (numbers(one.lines), one.next, one.checked) == ([5], 5, Checked("lines"))
    assert page(file, HEAD, user="wang", after=5, limit=1).next is None
    assert page(file, HEAD, user="nobody").lines == []
    forged = WHOLE.replace("林某某4".encode(), "林某某9".encode())
    assert page(put(forged), HEAD, user="wang").checked.fault == Breach(5, Wrong.CHANGED)
    assert page(put(forged), HEAD, user="li").checked.fault is None


def test_pages_of_a_long_audit_have_every_line_once_from_wherever_they_begin(put: Callable[[bytes], Path]):
    file = put(b"".join(LONG))
    assert file.stat().st_size > 4 * _BLOCK
    seen, after = [], None
    while True:
        found = page(file, LONG_HEAD, after=after, limit=64)
        assert found.checked == GOOD
        seen += numbers(found.lines)
        if (after := found.next) is None:
            break
    assert seen == list(range(2_000, 0, -1))
    for begin in (2, 3, 777, 1_999, 2_000):
        assert numbers(page(file, LONG_HEAD, after=begin, limit=1).lines) == [begin - 1]
    assert verify(file, LONG_HEAD) == Verdict(2_000)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_change_of_a_line_that_is_shown_is_found(put: Callable[[bytes], Path], place: int, change: int):
    changed = bytearray(WHOLE)
    changed[place] ^= change
    assert page(put(bytes(changed)), HEAD).checked.fault is not None


def test_what_is_missing_or_moved_or_cut_off_is_found_where_it_is_shown(put: Callable[[bytes], Path]):
    def fault(lines: list[bytes], **more: int) -> Breach | None:
        return page(put(b"".join(lines)), HEAD, **more).checked.fault

    assert fault([*LINES[:3], *LINES[4:]]) == Breach(4, Wrong.MISSING)
    assert fault([*LINES[:3], *LINES[4:]], after=5) == Breach(4, Wrong.MISSING)
    assert fault([*LINES[:2], LINES[3], LINES[2], *LINES[4:]]) is not None
    assert fault(LINES[:-1]) == Breach(6, Wrong.CUT_OFF)
    assert fault([]) == Breach(1, Wrong.CUT_OFF)
    assert fault([*LINES[:3], *LINES[4:]], limit=2) is None, "what is not shown was not looked at"


def test_a_line_that_was_written_anew_with_a_hash_of_its_own_is_found(put: Callable[[bytes], Path]):
    before = sound(LINES[1][:-1])
    assert before is not None
    line, forged = chained(Head(n=2, hash=before.hash), Entry(user="wu", action="search"), AT)
    file = put(b"".join([*LINES[:2], forged, *LINES[3:]]))
    assert page(file, HEAD).checked.fault == Breach(3, Wrong.CHANGED)
    assert page(file, HEAD, after=4).checked.fault == Breach(3, Wrong.CHANGED)
    assert page(file, HEAD, user=line.user).checked.fault is None, "alone it is as it was written"
    assert page(put(WHOLE), Head(n=6, hash="0" * 64, size=len(WHOLE))).checked.fault == Breach(
        6, Wrong.CHANGED
    )


def test_lines_behind_the_known_end_are_right_and_a_torn_one_is_none(put: Callable[[bytes], Path]):
    early = Head(n=4, hash=page(put(WHOLE), HEAD).lines[2].hash, size=sum(map(len, LINES[:4])))
    assert page(put(WHOLE), early).checked == GOOD
    torn = page(put(WHOLE + LINES[0][:20]), HEAD)
    assert (numbers(torn.lines), torn.checked) == ([6, 5, 4, 3, 2, 1], GOOD)


def test_what_cannot_be_read_is_left_out_and_is_a_fault(put: Callable[[bytes], Path]):
    torn = [*LINES[:2], b"\xff broken\n", b"\n", *LINES[2:]]
    found = page(put(b"".join(torn)), HEAD)
    assert numbers(found.lines) == [6, 5, 4, 3, 2, 1]
    assert found.checked.fault == Breach(2, Wrong.CHANGED)


def test_an_audit_that_is_not_there_has_no_lines_and_one_that_cannot_be_read_is_said(tmp_path: Path):
    assert page(tmp_path / "none", Head()).checked == GOOD
    gone = page(tmp_path / "none", HEAD)
    assert (gone.lines, gone.checked.fault) == ([], Breach(6, Wrong.CUT_OFF))
    with pytest.raises(StoreUnavailable):
        page(tmp_path, HEAD)
