"""Tables and their fields as files: what is read, and what is said of those that cannot be."""

from __future__ import annotations

import gzip
import os
import threading

import pytest

from schemas.errors import InputError, UsageError
from streams.tables.fields import Fields, read_fields
from streams.tables.files import resolve_file, resolve_online
from streams.tables.reading import read_rows

FIELDS = Fields({"name": "name"})
TABLE = b'record_id,name,other\na,Anna Abel,1\nb,"Boris, B.",2\n'


@pytest.fixture
def table(tmp_path):
    def make(content: bytes):
        path = tmp_path / "people.csv"
        path.write_bytes(content)
        return path

    return make


def rows(path, fields=FIELDS):
    return list(read_rows(path, fields))


@pytest.mark.parametrize(
    "content",
    [TABLE, b"\xef\xbb\xbf" + TABLE, TABLE.replace(b"\n", b"\r\n"), TABLE + b"\n\n", gzip.compress(TABLE)],
    ids=["plain", "byte order mark", "lines of Windows", "empty lines at the end", "gzip"],
)
def test_rows_are_read_by_the_names_of_their_columns(table, content):
    assert rows(table(content)) == [("a", {"name": "Anna Abel"}), ("b", {"name": "Boris, B."})]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"record_id,name\na,Anna,3\n", "line 2: 3 cells, where the head has 2"),
        (b"record_id,name\na\n", "line 2: 1 cells"),
        (b"record_id,name\na,x\na,y\n", "line 3: the row has the id of an earlier row"),
        (b"record_id,name\n ,x\n", "line 2: the row has no id"),
        (b"record_id,name\na,\xcd\xf5\xce\xb0\n", "is not UTF-8 throughout"),
        (b'record_id,name\na,"open\n', "no CSV"),
        (gzip.compress(TABLE, mtime=0)[:-9], "in the middle of its gzip stream"),
        (b"\x1f\x8bnothing", "gzip"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_line(table, content, said):
    with pytest.raises(InputError, match=said):
        rows(table(content))


def test_what_stands_in_a_bad_row_is_not_said(table):
    with pytest.raises(InputError) as refused:
        rows(table(b"record_id,name\nsecret-id,x\nsecret-id,Anna Abel\n"))
    assert "secret" not in str(refused.value)
    assert "Anna" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        rows(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("record_id,nom", "has no column name: it has record_id, nom"),
        ("a1,Anna Abel", "its first line names none of the columns record_id, name$"),
        ("id,name", "has no column record_id.*id_column"),
        ("record_id,name,name", "has the column name twice"),
    ],
)
def test_columns_have_to_be_there_once(table, head, said):
    with pytest.raises(UsageError, match=said):
        rows(table(f"{head}\n".encode()))


def test_fields_say_which_column_is_the_id(tmp_path, table):
    path = tmp_path / "fields.toml"
    path.write_text('id_column = "key"\n[fields]\nname = "name"\n')
    assert rows(table(b"key,name\na,Anna\n"), read_fields(path)) == [("a", {"name": "Anna"})]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"\[fields\]"),
        ("[fields]\n", "is empty"),
        ("[fields]\nname = ", "is not TOML"),
        ('[fields]\nname = "surname"\n', "name = 'surname' is no kind; there are name, given_name"),
        ("[fields]\nname = 3\n", "is no kind"),
        ("fields = 3\n", "Expected `object`"),
        ('colour = "red"\n[fields]\nname = "name"\n', "colour"),
        ('[fields]\nrecord_id = "identifier"\n', "is the id column"),
        ('[fields]\nsex = "gender"\ntown = "city"\n', "city, gender alone cannot tell who is one: say which"),
    ],
)
def test_fields_that_cannot_be_used_are_refused_with_the_reason(tmp_path, text, said):
    path = tmp_path / "fields.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=said):
        read_fields(path)


def test_fields_that_are_not_there_are_named(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        read_fields(tmp_path / "none.toml")


def test_clusters_come_in_the_order_of_the_table(table, tmp_path):
    path = table(b"record_id,name\nz,Anna Abel\na,Boris Busch\n")
    figures = resolve_file(path, FIELDS, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "record_id,entity_id\nz,z\na,a\n"
    assert figures["rows"] == figures["entities"] == 2


def test_a_table_that_fails_leaves_the_clusters_as_they_were(table, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("before")
    with pytest.raises(InputError):
        resolve_file(table(b"record_id,name\na,x\na,y\n"), FIELDS, out)
    assert out.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"people.csv", "out.csv"}


@pytest.mark.parametrize("work", [resolve_file, resolve_online])
def test_clusters_that_cannot_be_written_are_said_before_the_work(table, tmp_path, work):
    stages = []
    with pytest.raises(InputError, match="No such file"):
        work(table(TABLE), FIELDS, tmp_path / "nowhere" / "out.csv", stages.append)
    assert not stages


@pytest.mark.parametrize("work", [resolve_file, resolve_online])
def test_the_table_is_not_written_over(table, tmp_path, work):
    path = table(TABLE)
    (tmp_path / "link.csv").symlink_to(path)
    with pytest.raises(UsageError, match="is the table itself"):
        work(path, FIELDS, tmp_path / "link.csv")
    assert path.read_bytes() == TABLE


def test_a_table_may_come_through_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(TABLE),))
    writer.start()
    assert [id_ for id_, _ in rows(pipe)] == ["a", "b"]
    writer.join()
