"""The graph for other programs and for comparison: streams of bytes, whatever the size of the store.

`canonical` is the witness that knowledge is a function of the set: one line a node, edge and alert,
sorted by id, without anything that depends on arrival (transactions, receipts, integer keys). `jsonl` is
for scripts, `graphml` for Gephi and networkx, `cypher` for Neo4j, `write_csv` for spreadsheets.
"""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from graph.port import GraphReader
from graph.whole import whole_file
from graph.xml import escape
from schemas.entities import Edge, Entity

_AT_ONCE = 1000
_RUN_LINES = 200_000
"""Lines sorted in memory at once, some hundred bytes each."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_encode = msgspec.json.encode


def nodes(reader: GraphReader) -> Iterator[Entity]:
    """All live entities."""
    keys = reader.all_entities(_AT_ONCE)
    while batch := list(islice(keys, _AT_ONCE)):
        yield from reader.entities(batch)


def jsonl(reader: GraphReader) -> Iterator[bytes]:
    """`{"node": ENTITY}` and `{"edge": …}` lines; nodes come first."""
    for node in nodes(reader):
        yield _encode({"node": node}) + b"\n"
    for edge in reader.all_edges(_AT_ONCE):
        yield _encode({"edge": edge}) + b"\n"


def canonical(reader: GraphReader, run_lines: int = _RUN_LINES) -> Iterator[bytes]:
    """Live knowledge as JSON Lines sorted by id: equal bytes for equal sets of records and judgements."""
    yield from _sorted_by_id(_all_lines(reader), run_lines)


def _all_lines(reader: GraphReader) -> Iterator[tuple[str, bytes]]:
    for node in nodes(reader):
        yield node.id, _encode({"node": node})
    for edge in reader.all_edges(_AT_ONCE):
        yield edge.id, _encode({"edge": edge})
    for identifier, finding in reader.findings():
        yield identifier, _encode({"alert": {"id": identifier, **msgspec.to_builtins(finding)}})


def _sorted_by_id(lines: Iterable[tuple[str, bytes]], run_lines: int) -> Iterator[bytes]:
    """Sorts in runs that lie in nameless temporary files, so that memory stays bounded."""
    runs: list[IO[bytes]] = []
    keyed = (identifier.encode() + b"\t" + line + b"\n" for identifier, line in lines)
    try:
        while run := sorted(islice(keyed, run_lines)):
            spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed below, all together
            runs.append(spool)
            spool.writelines(run)
            spool.seek(0)
        for line in merge(*runs):
            yield line.partition(b"\t")[2]
    finally:
        for spool in runs:
            spool.close()


_GRAPHML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
_NODE_KEYS = ("type", "label", "aliases", "identifiers", "records")
_EDGE_KEYS = (
    "type", "earliest", "latest", "basis", "substance", "quantity", "unit", "amount", "confidence", "records",
)  # fmt: skip
_NUMBERS = frozenset(("quantity", "amount", "confidence"))


def graphml(reader: GraphReader) -> Iterator[bytes]:
    """GraphML with typed attributes; several edges may join two nodes."""
    yield _GRAPHML_HEAD.encode()
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for key in keys:
            kind = "double" if key in _NUMBERS else "string"
            head = f'<key id="{domain}_{key}" for="{domain}" attr.name="{key}" attr.type="{kind}"/>\n'
            yield head.encode()
    yield b'<graph edgedefault="directed">\n'
    for node in nodes(reader):
        yield f'<node id="{escape(node.id)}">{_data("node", _node_row(node))}</node>\n'.encode()
    for edge in reader.all_edges(_AT_ONCE):
        ends = f'id="{escape(edge.id)}" source="{escape(edge.source)}" target="{escape(edge.target)}"'
        yield f"<edge {ends}>{_data('edge', _edge_row(edge))}</edge>\n".encode()
    yield b"</graph>\n</graphml>\n"


def _data(domain: str, row: dict[str, object]) -> str:
    return "".join(
        f'<data key="{domain}_{key}">{escape(str(value))}</data>'
        for key, value in row.items()
        if value not in (None, "")
    )


def _node_row(node: Entity) -> dict[str, object]:
    return {
        "type": node.type,
        "label": node.label,
        "aliases": "; ".join(node.aliases),
        "identifiers": "; ".join(f"{each.kind} {each.value}" for each in node.identifiers),
        "records": "; ".join(sorted({mention.record for mention in node.mentions})),
    }


def _edge_row(edge: Edge) -> dict[str, object]:
    row: dict[str, object] = {key: getattr(edge, key) for key in _EDGE_KEYS}
    row["records"] = "; ".join(edge.records)
    return row


def write_csv(reader: GraphReader, folder: Path) -> None:
    """`nodes.csv` and `edges.csv` in a folder (made when missing), safe to open in a spreadsheet.

    UTF-8 with a byte order mark, without which spreadsheets read Chinese as something else. Neither
    file is there before both are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(folder / "nodes.csv") as node_file, whole_file(folder / "edges.csv") as edge_file:
        rows = ([node.id, *_node_row(node).values()] for node in nodes(reader))
        _write_rows(node_file, ("id", *_NODE_KEYS), rows)
        edges = reader.all_edges(_AT_ONCE)
        edge_rows = ([edge.id, edge.source, edge.target, *_edge_row(edge).values()] for edge in edges)
        _write_rows(edge_file, ("id", "from", "to", *_EDGE_KEYS), edge_rows)


def _write_rows(file: IO[bytes], head: Iterable[str], rows: Iterable[list[object]]) -> None:
    writer = csv.writer(codecs.getwriter("utf-8-sig")(file))
    writer.writerow(head)
    for row in rows:
        writer.writerow([formula_safe(cell) for cell in row])


def formula_safe(cell: object) -> object:
    """Text that a spreadsheet would take for a formula gets a quote in front; numbers stay numbers.

    >>> formula_safe("=1+1"), formula_safe("林小强"), formula_safe(-0.5), formula_safe(None)
    ("'=1+1", '林小强', -0.5, '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        cell = cell.replace("\x00", "\ufffd")
        if cell.lstrip(" ").startswith(_FORMULA):
            return "'" + cell
    return cell


def cypher(reader: GraphReader) -> Iterator[bytes]:
    """Cypher statements, one a line, that may be run any number of times (Neo4j 5)."""
    yield b"CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;\n"
    for node in nodes(reader):
        label = node.type.capitalize()
        row = _cypher_map(_node_row(node))
        yield f"MERGE (n:Entity {{id: {_text(node.id)}}}) SET n:{label}, n += {row};\n".encode()
    for edge in reader.all_edges(_AT_ONCE):
        ends = f"MATCH (a:Entity {{id: {_text(edge.source)}}}), (b:Entity {{id: {_text(edge.target)}}})"
        type_ = "`" + edge.type.upper().replace("`", "``") + "`"
        row = _cypher_map(_edge_row(edge))
        yield f"{ends} MERGE (a)-[r:{type_} {{id: {_text(edge.id)}}}]->(b) SET r += {row};\n".encode()


def _cypher_map(row: dict[str, object]) -> str:
    pairs = (
        f"{key}: {_text(value) if isinstance(value, str) else repr(value)}"
        for key, value in row.items()
        if value not in (None, "")
    )
    return "{" + ", ".join(pairs) + "}"


def _text(value: str) -> str:
    r"""A string literal. Neo4j reads `\u` as a character before it reads strings, so a backslash is never
    left in front of a `u`: the literal is taken apart there.

    >>> print(_text("it's"), _text("\\u0027"))
    'it\'s' '\\' + 'u0027'
    """
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    for char, name in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\x00", "\ufffd")):
        escaped = escaped.replace(char, name)
    return "'" + escaped.replace("\\\\u", "\\\\' + 'u").replace("\\\\U", "\\\\' + 'U") + "'"
