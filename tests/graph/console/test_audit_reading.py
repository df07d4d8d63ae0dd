"""Reading the audit, and finding what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from graph.console.audit_lines import Entry, Head, chained, sound
from graph.console.audit_reading import Breach, Verdict, Wrong, verify
from schemas.errors import StoreUnavailable
from tests.graph.console.audits import written
from tests.graph.console.people import AT

Lines = list[bytes]
LINES, HEAD = written(6)
WHOLE = b"".join(LINES)


def test_an_audit_as_it_was_written_is_whole(put: Callable[[bytes], Path]):
    assert verify(put(WHOLE), HEAD) == Verdict(6)
    assert verify(put(b""), Head()) == Verdict(0)
    assert verify(put(WHOLE).with_name("none"), Head()) == Verdict(0)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_change_of_any_byte_is_found_in_its_line(put: Callable[[bytes], Path], place: int, change: int):
    changed = bytearray(WHOLE)
    changed[place] ^= change
    fault = verify(put(bytes(changed)), HEAD).fault
    assert fault is not None
    assert fault.n == WHOLE[:place].count(b"\n") + 1
    assert fault.how in (Wrong.CHANGED, Wrong.CUT_OFF)


def test_every_byte_of_a_line_counts(put: Callable[[bytes], Path]):
    """Each byte of one line, one after the other: what chance may miss."""
    start = len(LINES[0])
    for place in range(start, start + len(LINES[1])):
        changed = bytearray(WHOLE)
        changed[place] ^= 1
        assert verify(put(bytes(changed)), HEAD) == Verdict(1, Breach(2, Wrong.CHANGED))


@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=3))
def test_any_byte_put_in_is_found(put: Callable[[bytes], Path], place: int, more: bytes):
    """At the very end it is no change, but the beginning of a line that a crash left."""
    verdict = verify(put(WHOLE[:place] + more + WHOLE[place:]), HEAD)
    assert verdict.intact == (place == len(WHOLE) and b"\n" not in more)


@given(st.integers(0, len(WHOLE) - 1))
def test_any_end_cut_off_is_found(put: Callable[[bytes], Path], length: int):
    whole_lines = WHOLE[:length].count(b"\n")
    verdict = verify(put(WHOLE[:length]), HEAD)
    assert verdict == Verdict(whole_lines, Breach(whole_lines + 1, Wrong.CUT_OFF))


@given(st.lists(st.sampled_from(LINES), max_size=8))
def test_any_lines_that_are_not_all_in_their_order_are_found(put: Callable[[bytes], Path], kept: Lines):
    assert verify(put(b"".join(kept)), HEAD).intact == (kept == LINES)


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        ([0, 1, 3, 4, 5], Breach(3, Wrong.MISSING)),
        ([1, 2, 3, 4, 5], Breach(1, Wrong.MISSING)),
        ([0, 2, 1, 3, 4, 5], Breach(2, Wrong.OUT_OF_ORDER)),
        ([5, 0, 1, 2, 3, 4], Breach(1, Wrong.OUT_OF_ORDER)),
        ([0, 1, 1, 2, 3, 4, 5], Breach(3, Wrong.OUT_OF_ORDER)),
        ([0, 1, 2, 3, 4], Breach(6, Wrong.CUT_OFF)),
        ([], Breach(1, Wrong.CUT_OFF)),
    ],
)
def test_it_says_which_line_is_the_first_and_what_was_done(
    put: Callable[[bytes], Path], order: list[int], fault: Breach
):
    assert verify(put(b"".join(LINES[n] for n in order)), HEAD).fault == fault


def forged(n: int, **changes) -> bytes:
    """A line with another content and a hash that fits it."""
    line = structs.replace(sound(LINES[n][:-1]), **changes)
    entry = Entry(user=line.user, action=line.action, about=line.about)
    return chained(Head(n=n, hash=line.previous), entry, AT + n)[1]


@pytest.mark.parametrize("n", range(6))
def test_a_line_written_anew_with_a_hash_that_fits_is_found(put: Callable[[bytes], Path], n: int):
    lines = [*LINES[:n], forged(n, user="wu"), *LINES[n + 1 :]]
    assert verify(put(b"".join(lines)), HEAD) == Verdict(n, Breach(n + 1, Wrong.CHANGED))


def test_a_line_that_names_another_one_before_it_is_found(put: Callable[[bytes], Path]):
    lines = [*LINES[:3], forged(3, previous="f" * 64), *LINES[4:]]
    assert verify(put(b"".join(lines)), HEAD) == Verdict(3, Breach(4, Wrong.CHANGED))


def test_a_whole_audit_written_anew_does_not_end_as_it_should(put: Callable[[bytes], Path]):
    other, _ = written(7)
    lines = [forged(0, user="wu")]
    head = Head(n=1, hash=sound(lines[0][:-1]).hash)
    for raw in other[1:]:
        line = sound(raw[:-1])
        entry = Entry(user=line.user, action=line.action, about=line.about)
        again, bytes_ = chained(head, entry, AT)
        head = Head(n=again.n, hash=again.hash)
        lines.append(bytes_)
    assert verify(put(b"".join(lines)), HEAD).fault == Breach(6, Wrong.CHANGED)


def test_lines_behind_the_head_are_right_when_they_fit(put: Callable[[bytes], Path]):
    early = Head(n=4, hash=sound(LINES[3][:-1]).hash)
    assert verify(put(WHOLE), early) == Verdict(6)
    assert verify(put(WHOLE[:-5]), early) == Verdict(5)
    assert verify(put(WHOLE + LINES[0]), early).fault == Breach(7, Wrong.OUT_OF_ORDER)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"n":1}', b" " + LINES[0][:-1], b"null"])
def test_what_is_no_line_is_not_sound(raw: bytes):
    assert sound(raw) is None


def test_a_line_is_written_in_one_way_only():
    """Another one would not be as it was written, though its hash fits."""
    wide = LINES[0][: LINES[0].rindex(b',"hash"')].replace(b'"n":1', b'"n": 1')
    fitting = sha256(wide + b"}").hexdigest().encode()
    assert sound(wide + b',"hash":"' + fitting + b'"}') is None


def test_an_audit_that_is_not_there_is_cut_off_and_one_that_cannot_be_read_is_said(tmp_path: Path):
    assert verify(tmp_path / "none", HEAD).fault == Breach(1, Wrong.CUT_OFF)
    with pytest.raises(StoreUnavailable):
        verify(tmp_path, HEAD)
