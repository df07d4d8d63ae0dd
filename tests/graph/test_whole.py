"""Files that are written whole or not at all: the disk may be full at any byte."""

from __future__ import annotations

import os
import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.export import write_csv
from graph.sqlite.reader import SqliteReader
from graph.svg import write_svg
from graph.trace import trace
from graph.whole import whole_file


@contextmanager
def room_for(size):
    """The system refuses to make a file longer than `size`, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def reader(store):
    store.supply("a/1", "陈大文", "王五")
    return SqliteReader(store.db)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_csv_folder_that_does_not_fit_leaves_the_good_one(reader, tmp_path):
    write_csv(reader, tmp_path)
    good = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with room_for(60), pytest.raises(OSError, match="too large"):
        write_csv(reader, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == good


def test_edges_that_cannot_be_read_leave_no_nodes_either(reader, tmp_path):
    class Broken(SqliteReader):
        def all_edges(self, batch=1000):  # noqa: ARG002  the port's
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        write_csv(Broken(reader.connection), tmp_path)
    assert names(tmp_path) == []


def test_a_drawing_that_does_not_fit_leaves_the_good_one(reader, tmp_path):
    found = trace(reader, reader.resolve("王五")[0])
    drawing = tmp_path / "chain.svg"
    write_svg(found, drawing)
    good = drawing.read_bytes()
    with room_for(100), pytest.raises(OSError, match="too large"):
        write_svg(found, drawing)
    assert drawing.read_bytes() == good
    assert names(tmp_path) == ["chain.svg"]


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    with whole_file(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "link").is_symlink()


def test_a_device_is_written_to_and_not_replaced():
    with whole_file(Path(os.devnull)) as file:
        file.write(b"gone")
    assert Path(os.devnull).is_char_device()
