"""Files of records, line by line: plain, gzip or standard input, in bounded memory.

Only whole files fail here; a bad line is given on as it is, for intake to refuse.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedReader
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from schemas.errors import InputError
from schemas.records import Origin
from streams.pace import Pace
from streams.stages.decode import LIMIT, CutLine

KEPT = 4 * LIMIT
"""Bytes kept of a longer line, which is refused anyway; hash and length are of the whole line."""
_CHUNK = 1 << 18
_BATCH_BYTES = 32 << 20
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class Lines(Iterator[tuple[Origin, bytes]]):
    """The lines of some files, each with where it stands, without line ends; blank ones left out.

    `read` counts the bytes taken from the files so far (compressed ones as they are on disk) and
    `total` their size, None when that cannot be known; for showing progress.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self.read = 0
        self.total = _total(paths)
        self._lines = self._all(paths)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> tuple[Origin, bytes]:
        return next(self._lines)

    def close(self) -> None:
        """Closes the file that is open; the lines end."""
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _all(self, paths: Sequence[str]) -> Generator[tuple[Origin, bytes], None, None]:
        for path in paths:
            with _errors(path), _reading(path) as read:
                yield from _numbered(path, _split(_unpacked(self._counted(read))))

    def _counted(self, read: Callable[[int], bytes]) -> Iterator[bytes]:
        while chunk := read(_CHUNK):
            self.read += len(chunk)
            yield chunk


def read_lines(paths: str | Sequence[str]) -> Lines:
    """The lines of one or several files in order; `-` is standard input, gzip is found by itself.

    Raises `InputError` at once when a file is missing, is a folder or may not be read; and while
    reading, when a disk fails or a gzip file is cut short, after all lines that are whole.
    """
    return Lines([paths] if isinstance(paths, str) else list(paths))


def chunks(lines: Iterable[tuple[Origin, bytes]], pace: Pace) -> Iterator[list[tuple[Origin, bytes]]]:
    """Lines in batches of at most the pace's size, and of no more bytes than fit easily into memory.

    A file that turns out to be cut short raises after all that was read of it.
    """
    chunk: list[tuple[Origin, bytes]] = []
    held = 0
    cut: InputError | None = None
    try:
        for line in lines:
            chunk.append(line)
            held += len(line[1])
            if len(chunk) >= pace.size or held > _BATCH_BYTES:
                yield chunk
                chunk, held = [], 0
    except InputError as error:
        cut = error
    if chunk:
        yield chunk
    if cut is not None:
        raise cut


def _total(paths: Sequence[str]) -> int | None:
    """The size of all files; raises `InputError` when one cannot be read."""
    sizes: list[int | None] = []
    for path in paths:
        if path == "-":
            sizes.append(None)
            continue
        with _errors(path):
            found = Path(path).stat()
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not os.access(path, os.R_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            sizes.append(found.st_size if stat.S_ISREG(found.st_mode) else None)
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


@contextmanager
def _reading(path: str) -> Iterator[Callable[[int], bytes]]:
    if path == "-":
        yield cast("BufferedReader", sys.stdin.buffer).read1
        return
    with Path(path).open("rb", buffering=0) as file:
        yield file.read


def _numbered(path: str, lines: Iterable[bytes]) -> Iterator[tuple[Origin, bytes]]:
    for number, line in enumerate(lines, 1):
        if number == 1 and not isinstance(line, CutLine):
            line = line.removeprefix(_BOM)
        if line and not line.isspace():
            yield Origin(file=path, line=number), line


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    tail = b""
    endless: _EndlessLine | None = None
    for chunk in chunks:
        rest = chunk
        if endless is not None:
            part, ended, rest = chunk.partition(b"\n")
            endless.add(part)
            if not ended:
                continue
            yield endless.cut()
            endless = None
        *lines, tail = (tail + rest).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r")
        if len(tail) > KEPT:
            endless, tail = _EndlessLine(tail), b""
    if endless is not None:
        yield endless.cut()
    elif tail:
        yield tail.removesuffix(b"\r")


class _EndlessLine:
    """Hashes and counts a line of any length while keeping only its beginning."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning[:KEPT]
        self._hash = sha256()
        self._size = 0
        self._held = b""  # a carriage return belongs to the line end when nothing follows it
        self.add(beginning)

    def add(self, part: bytes) -> None:
        part = self._held + part
        self._held = part[-1:] if part.endswith(b"\r") else b""
        part = part.removesuffix(b"\r")
        self._hash.update(part)
        self._size += len(part)

    def cut(self) -> CutLine:
        return CutLine(self._beginning, self._hash.digest(), self._size)


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What is inside, whether packed with gzip or not; JSON never begins as gzip does."""
    first = next(chunks, b"")
    if len(first) == 1:  # a pipe may give single bytes
        first += next(chunks, b"")
    together = chain([first], chunks)
    return _inflated(together) if first.startswith(_GZIP) else together


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacks all members of a gzip stream, at most a chunk at a time."""
    member = zlib.decompressobj(wbits=31)
    ended = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if ended:
                rest = rest.lstrip(b"\0")  # padding after a member is allowed
                if not rest:
                    break
                member, ended = zlib.decompressobj(wbits=31), False
            yield member.decompress(rest, _CHUNK)
            ended = member.eof
            rest = member.unused_data if ended else member.unconsumed_tail
    if not ended:
        raise EOFError


_ADVICE = {
    errno.ENOENT: "there is no such file: check the name",
    errno.EISDIR: "it is a folder: name the files in it",
    errno.EACCES: "it may not be read: change its permissions",
}


@contextmanager
def _errors(path: str) -> Iterator[None]:
    """Failures of reading as `InputError`s that name the file and what to do."""
    try:
        yield
    except EOFError:
        raise InputError(
            f"{path} was cut short: what is whole in it was read; get the file again for the rest"
        ) from None
    except zlib.error:
        raise InputError(f"{path} is damaged: it cannot be unpacked from here on; get it again") from None
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, error.strerror)
        raise InputError(f"{path} cannot be read: {advice}") from error
