"""What is seen, as files for machines: a spreadsheet's tables and GraphML. They keep the codes."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from graph.console.screens.picture import Beyond, beyond
from graph.export import graphml, write_csv
from graph.port import RecordCopy
from graph.seen import SeenReader
from schemas.entities import Edge, Entity


class Selection:
    """A reader of some entities and edges only, for what exports a whole graph. Of `hubs`, which are among
    the nodes, it is told how many neighbours are not.
    """

    def __init__(
        self, reader: SeenReader, nodes: Sequence[str], edges: Sequence[str], hubs: Sequence[str] = ()
    ) -> None:
        self._reader = reader
        self.beyond = beyond(reader, nodes, hubs)
        ids = reader.public_ids(reader.parts.identities.keys(nodes).values())
        self._keys = sorted(ids, key=ids.__getitem__)  # a key tells who was spoken of first, by whomever
        self._edges = reader.edges(edges)

    def all_entities(self, _batch: int = 0) -> Iterator[int]:
        return iter(self._keys)

    def entities(self, keys: Iterable[int]) -> list[Entity]:
        return self._reader.entities(keys)

    def all_edges(self, _batch: int = 0) -> Iterator[Edge]:
        return iter(self._edges)

    def about(self) -> tuple[str, ...]:
        """What leaves with it, each once: ids of entities (those that edges end at too), ids of edges, names
        of records.
        """
        ids = self._reader.public_ids(self._keys).values()
        ends = (end for edge in self._edges for end in (edge.source, edge.target))
        named = (edge.id for edge in self._edges)
        records = (name for edge in self._edges for name in edge.records)
        return tuple(dict.fromkeys((*ids, *ends, *named, *records)))

    def records(self) -> list[RecordCopy]:
        """The records behind the edges, by name."""
        return self._reader.records(sorted({name for edge in self._edges for name in edge.records}))


def as_csv(selection: Selection) -> bytes:
    """A zip file with `nodes.csv` and `edges.csv`, and `beyond.csv` where not all neighbours are in it."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="suyuan-") as folder, zipfile.ZipFile(packed, "w") as archive:
        write_csv(selection, Path(folder))  # type: ignore[arg-type]  # it asks for no more of a reader
        for name in ("nodes.csv", "edges.csv"):
            archive.write(Path(folder) / name, name, zipfile.ZIP_DEFLATED)
        if selection.beyond:
            archive.writestr("beyond.csv", _beyond_csv(selection.beyond), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _beyond_csv(left: Iterable[Beyond]) -> str:
    lines = io.StringIO()
    rows = csv.writer(lines)
    rows.writerow(("id", "type", "count", "at_least"))
    rows.writerows((one.id, one.type, one.count, "" if one.whole else "1") for one in left)
    return lines.getvalue()


def as_graphml(selection: Selection) -> bytes:
    """One GraphML document."""
    return b"".join(graphml(selection))  # type: ignore[arg-type]  # as above


def hash_of(kept: RecordCopy) -> str:
    """The SHA-256 of a record's working copy: of its JSON with sorted names, as anybody can count it."""
    return sha256(msgspec.json.encode(kept.body, order="sorted")).hexdigest()
