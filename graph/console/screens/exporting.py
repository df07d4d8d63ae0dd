"""What is seen, as files: a spreadsheet's tables, GraphML, and a report to print with its records' hashes."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from graph.export import graphml, write_csv
from graph.port import RecordCopy
from graph.seen import SeenReader
from graph.xml import escape
from schemas.entities import NOTICE, Edge, Entity
from schemas.times import iso


class Selection:
    """A reader of some entities and edges only, for what exports a whole graph."""

    def __init__(self, reader: SeenReader, nodes: Sequence[str], edges: Sequence[str]) -> None:
        self._reader = reader
        self._keys = sorted(set(reader.parts.identities.keys(nodes).values()))
        self._edges = reader.edges(edges)

    def all_entities(self, _batch: int = 0) -> Iterator[int]:
        return iter(self._keys)

    def entities(self, keys: Iterable[int]) -> list[Entity]:
        return self._reader.entities(keys)

    def all_edges(self, _batch: int = 0) -> Iterator[Edge]:
        return iter(self._edges)

    def about(self) -> tuple[str, ...]:
        """What leaves with it: ids of entities and edges, names of records."""
        ids = self._reader.public_ids(self._keys).values()
        return (*ids, *(edge.id for edge in self._edges), *(kept.record for kept in self.records()))

    def records(self) -> list[RecordCopy]:
        """The records behind the edges, by name."""
        return self._reader.records(sorted({name for edge in self._edges for name in edge.records}))


def as_csv(selection: Selection) -> bytes:
    """A zip file with `nodes.csv` and `edges.csv`."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="suyuan-") as folder, zipfile.ZipFile(packed, "w") as archive:
        write_csv(selection, Path(folder))  # type: ignore[arg-type]  # it asks for no more of a reader
        for name in ("nodes.csv", "edges.csv"):
            archive.write(Path(folder) / name, name, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def as_graphml(selection: Selection) -> bytes:
    """One GraphML document."""
    return b"".join(graphml(selection))  # type: ignore[arg-type]  # as above


def hash_of(kept: RecordCopy) -> str:
    """The SHA-256 of a record's working copy: of its JSON with sorted names, as anybody can count it."""
    return sha256(msgspec.json.encode(kept.body, order="sorted")).hexdigest()


class Heading(Struct, frozen=True, kw_only=True):
    """Who prints a report, when (microseconds), in which case and for what."""

    title: str
    by: str
    at: int
    case: str | None
    purpose: str


_REPORT = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/report.css"></head><body>
<header><p class="notice">{notice}</p><h1>{title}</h1>
<dl><dt>制作人</dt><dd>{by}</dd><dt>时间</dt><dd>{at}</dd><dt>案件</dt><dd>{case}</dd><dt>目的</dt><dd>{purpose}</dd></dl>
</header>
<h2>对象</h2>{nodes}
<h2>关系</h2>{edges}
<h2>依据记录</h2>{records}
<footer><p>SHA-256 按工作副本（键名排序的 JSON）计算，可复算核对。</p><p class="notice">{notice}</p></footer>
</body></html>
"""
_KINDS = {"tip": "举报线索", "seizure": "查获", "interception": "查缉拦截"}


def as_report(selection: Selection, heading: Heading) -> bytes:
    """One HTML page with style sheets for print."""
    entities = selection.entities(selection.all_entities())
    labels = {entity.id: entity.label for entity in entities}
    nodes = (
        (one.label, one.type, "；".join(one.aliases), "；".join(each.value for each in one.identifiers))
        for one in entities
    )
    edges = ((*_edge_row(edge, labels), "；".join(edge.records)) for edge in selection.all_edges())
    records = (
        (kept.record, _KINDS.get(kept.kind, kept.kind), iso(kept.reported), _text(kept), hash_of(kept))
        for kept in selection.records()
    )
    page = _REPORT.format(
        title=escape(heading.title), notice=NOTICE, by=escape(heading.by), at=iso(heading.at),
        case=escape(heading.case or "—"), purpose=escape(heading.purpose),
        nodes=_table(("名称", "类型", "别名", "号码"), nodes),
        edges=_table(("由", "到", "关系", "时间", "货物", "置信度", "记录"), edges),
        records=_table(("记录", "种类", "报告时间", "内容", "SHA-256"), records),
    )  # fmt: skip
    return page.encode()


def _edge_row(edge: Edge, labels: dict[str, str]) -> tuple[Any, ...]:
    ends = (labels.get(edge.source, edge.source), labels.get(edge.target, edge.target))
    time = f"{edge.earliest or '…'} – {edge.latest or '…'}"
    goods = " ".join(str(each) for each in (edge.substance, edge.quantity, edge.unit) if each is not None)
    return (*ends, edge.type, time, goods, f"{edge.confidence:.2f}")


def _text(kept: RecordCopy) -> str:
    return str(kept.body.get("text") or "")


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table>"
