"""Small worlds for property tests: few names, numbers and places, so that everything collides.

With the caps of `small_caps` they cross into and out of generic, split clusters, and hold people who
share a number but cannot be one.
"""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from graph.export import canonical
from graph.sqlite import evidence
from graph.sqlite.reader import SqliteReader
from schemas.records import Origin
from streams import state
from streams.embedded import Owner
from streams.resolve import asked, blocks, clusters, pairs
from streams.stages import cluster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Document = dict[str, Any]

NAMES = ("符玮强", "符伟强", "陈明", "王建国", "王建军", "陈明亮", "林某某", "阿强", "符某强", None)
BIRTHS = ("1990-01-01", "1990-01-10", "1991-01-01", "1990", None, None)
PHONES = tuple(f"1380000{n:04d}" for n in range(3))
WECHATS = ("wx_made_up_1", "wx_made_up_2")
PLATES = ("琼A12345", "琼A54321")
CASES = ("2019-551", "2020-017")
SAID = (
    "有人在大同路12号", "金海岸酒吧后门", "当面卖气弹给学生", "每箱300元", f"电话{PHONES[0]}",
    "戴黑色帽子", "旁边有2个人望风", "半夜才开门",
)  # fmt: skip
ELSEWHERE = f"三亚市望潮路55号3栋202室有陌生人深夜搬运钢瓶，旁边有辆白色货车，电话{PHONES[1]}，邻居很担心。"
TEXTS = (
    *("，".join(SAID[:most]) for most in (3, 4, 5, 6, 7, 8)),
    "，".join(SAID[2:]),
    f"【转办】{'，'.join(SAID)}。请核查！",
    ELSEWHERE,
    f"转：{ELSEWHERE}",
    f"{'，'.join(SAID)}。另外，{ELSEWHERE}",
    "太短",
    None,
)
"""What tips say: of the first, neighbours are copies of each other and those far apart are not."""
HUKOU = ("460105", "460106", None)


def _id_number(n: int) -> str:
    body = f"46010019900101{n:03d}"
    return body + mod_11_2.calc_check_digit(body)


ID_NUMBERS = tuple(_id_number(n) for n in range(1, 4))


def _some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """A value now and then."""
    return st.one_of(st.just([]), st.sampled_from(values).map(lambda value: [value]))


@st.composite
def _people(draw: st.DrawFn, ref: str) -> Document:
    person: Document = {"ref": ref}
    optional = {
        "name": draw(st.sampled_from(NAMES)),
        "birth_date": draw(st.sampled_from(BIRTHS)),
        "id_number": draw(st.one_of(st.none(), st.none(), st.sampled_from(ID_NUMBERS))),
        "phones": draw(_some(PHONES)),
        "wechat": draw(_some(WECHATS)),
        "hukou": draw(st.sampled_from(HUKOU)),
        "gender": draw(st.sampled_from(("male", "female", None, None))),
    }
    return person | {key: value for key, value in optional.items() if value}


@st.composite
def _record(draw: st.DrawFn, number: int, revision: int) -> Document:
    kind = ("tip", "seizure", "interception")[number % 3]
    persons = [draw(_people(f"p{n}")) for n in range(draw(st.integers(1, 2)))]
    record: Document = {
        "kind": kind,
        "source": "made-up",
        "source_id": str(number),
        "revision": revision,
        "reported_at": f"2019-06-{draw(st.integers(1, 28)):02d}T10:00:00+08:00",
        "region": "460100",
        "persons": persons,
    }
    if len(persons) > 1:
        relation = draw(st.sampled_from(("supplied", "paid", "met", "carried_for")))
        record["relations"] = [{"from": "p0", "to": "p1", "kind": relation, "substance": "氯胺酮"}]
    if case := draw(st.sampled_from((*CASES, None, None, None))):
        record["case"] = case
    if plate := draw(st.sampled_from((*PLATES, None, None, None))):
        colour = draw(st.sampled_from(("白", "黑")))
        form = draw(st.sampled_from(("轿车", "货车")))
        record["vehicles"] = [{"ref": "v", "plate": plate, "colour": colour, "type": form, "driver": "p0"}]
    if kind == "tip":
        said = {
            "text": draw(st.sampled_from(TEXTS)),
            "channel": draw(st.sampled_from(("app", "phone", None))),
        }
        record |= {key: value for key, value in said.items() if value}
    if kind == "seizure":
        record["lots"] = [{"ref": "l", "substance": "氯胺酮", "quantity": 1, "unit": "克", "held_by": "p0"}]
    if kind == "interception":
        record["checkpoint"] = draw(st.sampled_from(("xuwen-haian", "haikou-xiuying")))
        record["outcome"] = draw(st.sampled_from(("released", "seized")))
    return record


def withdrawal(number: int, day: int) -> Document:
    """Takes back what was reported of a record until that day of June 2019."""
    return {
        "kind": "withdrawal",
        "source": "made-up",
        "source_id": str(number),
        "reported_at": f"2019-06-{day:02d}T11:00:00+08:00",
    }


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 24, withdrawals: bool = True) -> list[Document]:
    """Records with revisions and, when wished, withdrawals; no two with one name and revision differ."""
    count = draw(st.integers(2, most))
    records = []
    for number in range(count):
        revisions = draw(st.sampled_from(((1,), (1,), (1,), (2,), (1, 2), (1, 3))))
        records += [draw(_record(number, revision)) for revision in revisions]
        if withdrawals and draw(st.integers(0, 5)) == 0:
            records.append(withdrawal(number, draw(st.integers(1, 28))))
    return records


# --- running them ---------------------------------------------------------------------------------


@contextmanager
def small_caps() -> Iterator[None]:
    """The caps made so small that worlds of twenty records cross all of them."""
    kept = [(module, name, getattr(module, name)) for module, name, _ in _SMALL]
    for module, name, value in _SMALL:
        setattr(module, name, value)
    blocks.people.cache_clear()
    try:
        yield
    finally:
        for module, name, value in kept:
            setattr(module, name, value)
        blocks.people.cache_clear()


_SMALL = (
    (blocks, "CAP", 2),
    (blocks, "NAMELESS_ANCHORS", 1),
    (blocks, "SPELLINGS", 4),
    (pairs, "LARGE", 4),
    (asked, "LARGE", 4),
    (asked, "PORTION", 3),
    (cluster, "PORTION", 3),
    (clusters, "BOUND", 5),
    (clusters, "REPRESENTATIVES", 2),
    (evidence, "_MANY", 2),
    (state, "CROWD", 2),
)


class Desk:
    """A store in memory-backed files with a clock of its own."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108  a sync costs nothing there
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self._ticks = itertools.count(1_700_000_000_000_000, 1_000_000)
        self.owner = self._open()

    def _open(self) -> Owner:
        return Owner.open(self.folder / "world.db", clock=lambda: next(self._ticks))

    def restart(self) -> None:
        self.owner.close()
        self.owner = self._open()

    def put(self, documents: Sequence[Document], batch: int = 500) -> None:
        lines = [
            (Origin(file="made-up", line=n), json.dumps(doc).encode()) for n, doc in enumerate(documents, 1)
        ]
        report = self.owner.ingest(lines, batch=batch)
        assert not report.rejected, report.rejected

    def export(self, as_of: int | None = None) -> list[bytes]:
        """The canonical export, and after it which record is a copy of which."""
        reader = SqliteReader(self.owner.connection, as_of)
        return [*canonical(reader), *self._copies(reader)]

    def _copies(self, reader: SqliteReader) -> Iterator[bytes]:
        names = self.owner.connection.execute("SELECT DISTINCT name FROM record ORDER BY name").fetchall()
        for (name,) in names:
            record = reader.record(name)
            if record is not None and (record.copy_of or record.copies):
                yield msgspec.json.encode((name, record.copy_of, record.copies))

    def received(self) -> int:
        """The time of the last transaction."""
        return self.owner.state.received

    def close(self) -> None:
        self.owner.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def desk() -> Iterator[Desk]:
    opened = Desk()
    try:
        yield opened
    finally:
        opened.close()


def known(documents: Sequence[Document], batch: int = 500) -> list[bytes]:
    """The canonical export after putting the documents into a fresh store."""
    with desk() as fresh:
        fresh.put(documents, batch)
        return fresh.export()


def first_difference(left: list[bytes], right: list[bytes]) -> str:
    """For a failing test: the first line in which two exports differ."""
    for one, two in itertools.zip_longest(left, right):
        if one != two:
            return f"{one!r}\n{two!r}"
    return "none"
