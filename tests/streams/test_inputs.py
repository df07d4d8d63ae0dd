"""Files give their lines, whatever is in them, and say clearly when they cannot be read."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import sys
import threading
import tracemalloc
from hashlib import sha256
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.records import Origin
from streams import inputs
from streams.inputs import KEPT, read_lines
from streams.stages.decode import CutLine


@pytest.fixture
def file(tmp_path):
    def write(content: bytes, name: str = "tips.jsonl") -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def collect(source, into) -> None:
    """What came before an error counts."""
    for each in source:
        into.append(each)  # `extend` would keep nothing


def lines(path) -> list[tuple[int | None, bytes]]:
    return [(origin.line, line) for origin, line in read_lines(path)]


def test_each_line_comes_with_where_it_stands(file):
    path = file(b'{"a":1}\n{"b":2}\n')
    assert list(read_lines(path)) == [
        (Origin(file=path, line=n), b) for n, b in ((1, b'{"a":1}'), (2, b'{"b":2}'))
    ]


def test_blank_lines_are_left_out_but_counted(file):
    assert lines(file(b"\n  \na\n\t\r\n\nb\n\n")) == [(3, b"a"), (6, b"b")]


def test_a_last_line_needs_no_line_end(file):
    assert lines(file(b"a\nb")) == [(1, b"a"), (2, b"b")]


def test_a_byte_order_mark_and_carriage_returns_are_not_of_the_record(file):
    assert lines(file(b"\xef\xbb\xbfa\r\nb\r\nc\r")) == [(1, b"a"), (2, b"b"), (3, b"c")]


def test_only_one_carriage_return_belongs_to_the_line_end(file):
    assert lines(file(b"a\r\r\nb\rc\n")) == [(1, b"a\r"), (2, b"b\rc")]


def test_a_byte_order_mark_alone_is_a_blank_line(file):
    assert lines(file(b"\xef\xbb\xbf\r\n")) == []


def test_an_empty_file_has_no_lines(file):
    assert lines(file(b"")) == []


def test_several_files_are_read_in_order_and_counted_anew(file):
    one, other = file(b"a\nb\n"), file(b"c\n", "more.jsonl")
    assert [(origin.file, origin.line) for origin, _ in read_lines([one, other])] == [
        (one, 1),
        (one, 2),
        (other, 1),
    ]


def test_gzip_is_found_by_what_is_in_the_file(file):
    packed = gzip.compress(b"a\nb\n")
    assert lines(file(packed, "tips.jsonl.gz")) == [(1, b"a"), (2, b"b")]
    assert lines(file(packed, "tips.jsonl")) == [(1, b"a"), (2, b"b")]
    assert lines(file(b"a\n", "plain.gz")) == [(1, b"a")]


def test_gzip_files_may_be_joined_and_padded(file):
    packed = gzip.compress(b"a\nb") + gzip.compress(b"c\n") + b"\0" * 100
    assert lines(file(packed)) == [(1, b"a"), (2, b"bc")]


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9])
def test_a_gzip_file_cut_short_gives_its_whole_lines_and_then_an_error(file, left):
    whole = [os.urandom(50).hex().encode() for _ in range(20_000)]
    packed = gzip.compress(b"\n".join(whole) + b"\n")
    path = file(packed[: int(len(packed) * left)])
    got: list[bytes] = []
    with pytest.raises(InputError, match="cut short"):
        collect((line for _, line in read_lines(path)), got)
    assert got == whole[: len(got)]
    assert len(got) > left * 0.8 * len(whole)


def test_a_gzip_file_without_its_last_bytes_is_cut_short(file):
    with pytest.raises(InputError, match="cut short"):
        lines(file(gzip.compress(b"a\n")[:-1]))


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"a\n" * 999)[:-8] + b"\1" * 8, gzip.compress(b"a\n") + b"junk"],
    ids=["a wrong sum at the end", "more after the end"],
)
def test_a_damaged_gzip_file_is_an_error(file, content):
    with pytest.raises(InputError, match="damaged"):
        lines(file(content))


def test_a_missing_file_is_an_error_before_anything_is_read(file, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_lines([file(b"a\n"), str(tmp_path / "none")])


def test_a_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="folder"):
        read_lines(str(tmp_path))


def test_a_file_that_may_not_be_read_is_an_error(file, monkeypatch):
    path = file(b"a\n")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="permissions"):
        read_lines(path)


def test_a_disk_that_fails_is_an_error_after_the_lines_before_it():
    def failing():
        yield b"a\nb"
        yield b"\nc"
        raise OSError(5, "Input/output error")

    def read():
        with inputs._errors("disk.jsonl"):
            yield from inputs._split(inputs._unpacked(failing()))

    got: list[bytes] = []
    with pytest.raises(InputError, match="disk\\.jsonl"):
        collect(read(), got)
    assert got == [b"a", b"b"]


def test_standard_input_is_a_dash(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(b"a\nb"))))
    reader = read_lines("-")
    assert reader.total is None
    assert list(reader) == [(Origin(file="-", line=1), b"a"), (Origin(file="-", line=2), b"b")]


def test_a_pipe_gives_its_lines_as_they_come(tmp_path):
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    goes_on = threading.Event()

    def write() -> None:
        with open(path, "wb", buffering=0) as pipe:  # noqa: PTH123 - unbuffered, byte by byte
            pipe.write(b"\xef")
            pipe.write(b"\xbb\xbfa\n")
            goes_on.wait(10)
            pipe.write(b"b\n")

    writer = threading.Thread(target=write)
    writer.start()
    with read_lines(path) as reader:
        assert next(reader)[1] == b"a"
        goes_on.set()
        assert next(reader)[1] == b"b"
    writer.join()


@pytest.mark.parametrize("size", [KEPT - 1, KEPT, KEPT + 1, 3 * KEPT, 3 * KEPT + 12345])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_of_any_length_costs_bounded_memory_and_the_next_is_read(file, size, end):
    long = (b"0123456789abcde\r" * (size // 16 + 1))[:size]
    path = file(b"a\n" + long + end + b"b\n" * bool(end))
    got = dict(lines(path))
    assert got[1] == b"a"
    assert got.get(3) == (b"b" if end else None)
    expected = long.removesuffix(b"\r") if end != b"\r\n" else long
    if isinstance(got[2], CutLine):
        assert (got[2].sha256, got[2].size) == (sha256(expected).digest(), len(expected))
        assert expected.startswith(got[2])
        assert len(got[2]) <= KEPT
    else:
        assert got[2] == expected
        assert len(got[2]) <= KEPT + inputs._CHUNK


def test_a_packed_line_far_larger_than_the_memory_allowed_is_cut(file):
    packed = gzip.compress(b"x" * 60_000_000 + b"\nb\n", compresslevel=1)
    path = file(packed)
    tracemalloc.start()
    got = lines(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(got[0][1], CutLine)
    assert got[0][1].size == 60_000_000
    assert got[1] == (2, b"b")
    assert peak < 12 * KEPT


def test_a_cut_line_goes_to_another_process_whole():
    line = pickle.loads(pickle.dumps(CutLine(b"begin", b"h" * 32, 10**9)))  # noqa: S301 - our own
    assert (line, line.sha256, line.size) == (b"begin", b"h" * 32, 10**9)


def test_progress_counts_the_bytes_of_the_files(file):
    one, other = file(b"a\n" * 1000), file(gzip.compress(b"b\n" * 1000), "b.gz")
    reader = read_lines([one, other])
    assert reader.read == 0
    assert reader.total == os.path.getsize(one) + os.path.getsize(other)  # noqa: PTH202
    assert len(list(reader)) == 2000
    assert reader.read == reader.total


def test_closing_early_closes_the_file(file):
    reader = read_lines(file(b"a\nb\n"))
    next(reader)
    reader.close()
    assert list(reader) == []


@given(st.lists(st.binary(max_size=20)), st.integers(1, 30))
def test_splitting_does_not_depend_on_the_chunks(parts, size):
    content = b"\n".join(parts)
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    whole = content.split(b"\n")
    expected = [line.removesuffix(b"\r") for line in (whole if whole[-1] else whole[:-1])]
    assert list(inputs._split(chunks)) == expected
